"""Selfsame turns a person into a clone others can talk with. `docs/architecture.md` draws the house."""

import os

# Our matrices are small: threads of numpy's OpenBLAS would spin against one another, and against everything else here.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
