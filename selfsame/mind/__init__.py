"""The mind: a question and its context come in, a streamed reply goes out (events.thought)."""
