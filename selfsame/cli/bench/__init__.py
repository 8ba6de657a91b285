"""`selfsame bench`: measurements. Each module of this package exports one `command` and is loaded when it is called."""

from __future__ import annotations

from selfsame.cli.main import Commands

SUMMARIES = {
    "turn": "From the end of speech to the first audible answer, with the waterfall.",
    "barge-in": "From the onset of speech to silence of the clone.",
    "sessions": "What many sessions at once cost the orchestration alone.",
    "retrieval": "Searching what a clone knows among 100,000 chunks: speed and recall.",
    "page": "How fast the talk page comes in a browser, and how much it transfers.",
    "face": "Drawing and encoding the face, a clip, live pictures.",
    "face-sync": "The face against its sound, on the page in a browser and on the wire.",
    "ingest": "Reading documents, and a catalogue of products.",
    "ears": "Word error of the recogniser before and after adaptation.",
    "voice": "A cloned voice from recordings: likeness, word error, melody, speed.",
}

command = Commands(
    name="bench",
    package="selfsame.cli.bench",
    summaries=SUMMARIES,
    help="Measure on this machine. Every benchmark takes --json.",
)
