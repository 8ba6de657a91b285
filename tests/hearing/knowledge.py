"""A small text that a clone knows, questions about it, and a voice to ask them: all our own."""

import functools

import numpy as np
import soxr

from selfsame.providers.embedded.espeak.library import Manner, shared

TEXT = """# The mill of Odalys Brenner

I am Odalys Brenner and I run a water mill near the river Ilm. My grandfather Casimir bought the mill in 1923.
The mill grinds rye, spelt and buckwheat between two granite stones. We dress the millstones with a hammer every spring.

- The wheel has 24 buckets and turns six times a minute.
- A sack of spelt flour costs 12 euros.

Bread needs patience. I bake sourdough on Fridays, and visitors of Brenner's mill are welcome from May to October.
"""
QUESTIONS = (
    "who bought the mill",
    "what does the mill grind",
    "how many buckets does the wheel have",
    "how much does a sack of spelt flour cost",
    "when do you bake sourdough",
    "can i visit the mill in october",
)


@functools.cache
def say(text, voice="en-us"):
    """16 kHz speech of espeak-ng."""
    heard = []
    shared().speak(text, Manner(voice), lambda pcm, _events: heard.append(pcm) is None)
    quiet = np.zeros(3200, np.int16)
    pcm = soxr.resample(np.concatenate(heard), shared().sample_rate, 16000).astype(np.int16)
    return np.concatenate([quiet, pcm, quiet])
