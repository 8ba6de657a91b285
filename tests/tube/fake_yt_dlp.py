"""A stand-in for yt-dlp with the same command line, output and exit status; what it does is told by FAKE_TUBE (JSON).

Keys: `facts` (for --dump-json), `sound` (bytes to write, a number), `error` (a line on standard error), `fails_at`
("facts" or "sound"), `hangs_at`, `captions` (text), `trace` (a file that gets every command line and the process id).
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path


def main() -> int:
    plan = json.loads(os.environ["FAKE_TUBE"])
    arguments = sys.argv[1:]
    if plan.get("trace"):
        with open(plan["trace"], "a") as trace:
            trace.write(json.dumps({"pid": os.getpid(), "arguments": arguments}) + "\n")
    doing = "facts" if "--dump-json" in arguments else "captions" if "--write-subs" in arguments else "sound"
    if plan.get("hangs_at") == doing:
        if doing == "sound":
            Path(arguments[arguments.index("-o") + 1].replace("%(ext)s", "m4a") + ".part").write_bytes(b"half")
            print("SELFSAME 100 1000 NA", flush=True)
        time.sleep(600)
    if plan.get("fails_at") == doing:
        print("WARNING: something odd", file=sys.stderr)
        print(plan["error"], file=sys.stderr)
        return plan.get("code", 1)
    if doing == "facts":
        print(json.dumps(plan["facts"]) if isinstance(plan["facts"], dict) else plan["facts"])
    elif doing == "captions":
        if plan.get("captions"):
            Path(arguments[arguments.index("-o") + 1].replace("%(ext)s", "en.vtt")).write_text(plan["captions"])
    else:
        size = plan.get("sound", 1000)
        target = Path(arguments[arguments.index("-o") + 1].replace("%(ext)s", "m4a"))
        most = int(arguments[arguments.index("--max-filesize") + 1])
        if size > most and not plan.get("lies"):
            print(f"[download] File is larger than max-filesize ({size} bytes > {most} bytes). Aborting.")
            return 0
        for part in range(1, 5):
            print(f"SELFSAME {size * part // 4} {size} NA", flush=True)
        source = plan.get("file")
        target.write_bytes(Path(source).read_bytes() if source else b"s" * size)
    return 0


if __name__ == "__main__":
    sys.exit(main())
