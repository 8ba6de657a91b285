"""Texts to read aloud, one sentence a line, in the order of their worth (`sentences.py`)."""
