"""Voice-activity detectors that need no hub: Silero's network, WebRTC's detector, energy.

Start at `choice.detectors`, which picks the best that works here and says why.
"""
