"""`selfsame clone`: a person's clones. Each module of this package exports one `command`, loaded when it is called."""

from __future__ import annotations

from selfsame.cli.main import Commands

SUMMARIES = {
    "list": "List your clones.",
    "show": "Show one: its profile, and its face.",
    "create": "Make a new clone.",
    "delete": "Delete one, with everything that belongs to it.",
    "knowledge": "Give it documents, pages, questions with answers, and products.",
    "persona": "Have its manner learnt from recordings or transcripts; see and change it.",
    "questions": "See what it could not answer; answer, correct, take back.",
    "voice": "Agree by voice, give it your voice from recordings, hear it, accept it.",
    "face": "Give it a face from photos or a video, look at it, accept it.",
    "export": "Write everything that it is into one file.",
    "import": "Make a clone of such a file.",
}

command = Commands(
    name="clone",
    package="selfsame.cli.clones",
    summaries=SUMMARIES,
    modules={"import": "import_clone"},
    help="Make clones and change them. Works beside a running server, and without one.",
)
