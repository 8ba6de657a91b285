"""How a person speaks, measured: from a transcript or a recording to a profile with its evidence.

`formats` reads transcripts, `measure` makes the profile by counting, `reading` asks a language model where there is
one, `tube` fetches the sound of a video. What is not known stays null: nothing is invented.
"""
