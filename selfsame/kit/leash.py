"""`python -m selfsame.kit.leash PROGRAM ARGUMENT...`: runs a program that must not outlive whoever started it.

When standard input ends, because the server closed it or died, the program and everything it started is killed.
Otherwise the exit status is the program's own.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress


def main() -> None:
    """Run the program that the arguments name."""
    apart = os.name == "posix"
    program = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, start_new_session=apart)
    watch = threading.Thread(target=_watch, args=(program,), daemon=True)
    watch.start()
    code = program.wait()
    _end(program)  # what it left behind
    sys.stdout.flush()
    os._exit(code if 0 <= code < 256 else 1)


def _watch(program: subprocess.Popen[bytes]) -> None:
    while os.read(0, 4096):
        pass
    _end(program)
    os._exit(1)


def _end(program: subprocess.Popen[bytes]) -> None:
    """Kill the program with its group (on Windows the program alone)."""
    with suppress(OSError):
        if os.name == "posix":
            os.killpg(program.pid, signal.SIGKILL)
        else:
            program.kill()


if __name__ == "__main__":
    main()
