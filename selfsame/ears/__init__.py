"""The ears: sound comes in (events.audio), what was heard goes out (events.heard)."""
