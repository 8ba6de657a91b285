"""The voice: streamed text comes in, speech with exact times goes out (events.spoken).

`port` is what it needs from engines; `sentences`, `spoken_text`, `markdown`, `languages`, `chunks` and `pacing` are
pure; `speak` is the stage: `speaking(texts, engine, options)`.
"""
