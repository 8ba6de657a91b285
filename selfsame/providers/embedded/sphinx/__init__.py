"""The embedded recogniser: pocketsphinx in processes of its own, its language model adapted to each clone's knowledge.

Comes in: 16 kHz speech of any number of sessions. Goes out: hypotheses with word times. `recogniser` is the server's
side, `worker` the process's main loop, `desk` decides which session gets a decoder and whose sound is next, `decoder`
wraps pocketsphinx, `written` turns its words into a sentence, `adaptation` makes the models.
"""
