"""A small text that a clone knows, questions about it, and a voice to ask them: all our own."""

import ctypes
import functools

import numpy as np
import soxr

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
def espeak():
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    rate = library.espeak_Initialize(2, 0, str(espeakng_loader.get_data_path()).encode(), 0)
    return library, rate


@functools.cache
def say(text, voice=b"en-us"):
    """16 kHz speech of espeak-ng."""
    library, rate = espeak()
    heard = []
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

    @kind
    def take(wave, count, _events):
        if wave and count:
            heard.append(np.ctypeslib.as_array(wave, (count,)).copy())
        return 0

    library.espeak_SetSynthCallback(take)
    library.espeak_SetVoiceByName(voice)
    data = text.encode() + b"\0"
    library.espeak_Synth(data, len(data), 0, 0, 0, 1, None, None)
    library.espeak_Synchronize()
    quiet = np.zeros(3200, np.int16)
    pcm = soxr.resample(np.concatenate(heard), rate, 16000).astype(np.int16)
    return np.concatenate([quiet, pcm, quiet])
