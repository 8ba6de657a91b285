"""The face: speech comes in, motion and pictures go out.

`port.py` says what the room needs from engines: someone who finds landmarks, someone who turns speech into motion,
someone who draws motion. The rig (`rig.py`) is one photo made movable; it serves the browser and the server alike.
"""
