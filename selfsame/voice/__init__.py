"""The voice: streamed text comes in, speech with exact times goes out (events.spoken)."""
