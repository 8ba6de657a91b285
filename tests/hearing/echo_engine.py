"""An engine for tests: answers, refuses, answers late, dies, or ignores."""

import os

from selfsame.kit.engine_child import Inbox

inbox = Inbox()
held = []
while True:
    frame = inbox.wait()
    match frame.head.get("do"):
        case "echo":
            inbox.answer(frame, {"said": frame.head["say"], "pid": os.getpid()}, frame.payload[::-1])
        case "print":
            print("this must not reach the frames", flush=True)
            inbox.answer(frame)
        case "hold":
            held.append(frame)
        case "release":
            for late in reversed(held):
                inbox.answer(late, {"said": late.head["say"]})
            held.clear()
            inbox.answer(frame)
        case "refuse":
            inbox.refuse(frame, "nonsense", "no")
        case "die":
            os._exit(3)
