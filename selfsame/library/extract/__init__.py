"""Text out of documents, safely: what people upload is never trusted.

One pure module for each kind of file turns bytes into an `Extracted`; `read` chooses it by what the bytes are, not by
their name. `worker` runs that in a process of its own with limits, and `reader` talks to it: a hostile file can end
that process, never ours.
"""
