"""Silero's voice-activity network on onnxruntime.

Silero Team, "Silero VAD: pre-trained enterprise-grade voice activity detector", 2021 (MIT). The network takes 64
samples of context and 512 new ones, and a recurrent state of shape (2, 1, 128) that each stream keeps for itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

from selfsame.errors import BadOutput, Unavailable
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm, Samples
from selfsame.providers.embedded.voice_activity.noise_floor import SILENCE_DB, NoiseFloor, level_db

FRAME_SAMPLES = 512
CONTEXT_SAMPLES = 64
STATE_SHAPE = (2, 1, 128)
GATE_DB = 2.0
HOLD_FRAMES = 12
ASLEEP_FRAMES = 16
VOICE = 0.15


class SileroModel:
    """The network, loaded once and shared by all streams: one session of one thread, no state of its own."""

    def __init__(self, path: Path) -> None:
        """Raises Unavailable when the file is missing or is not the network."""
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as fault:  # onnxruntime raises its own classes, which share no public base
            raise Unavailable("Silero's network could not be loaded", role="vad", provider="silero") from fault
        names = {each.name for each in self._session.get_inputs()}
        if not {"input", "state"} <= names:
            raise Unavailable("the file is not Silero's network", role="vad", provider="silero")
        self._rate = {"sr": np.array(MICROPHONE_RATE, dtype=np.int64)} if "sr" in names else {}
        self.quiet = self._settle()

    def _settle(self) -> Samples:
        """The state after a second of a quiet room; from zeros the network finds an onset a frame later."""
        room = np.random.default_rng(0).standard_normal((32, 1, CONTEXT_SAMPLES + FRAME_SAMPLES)) * 1e-4
        state = np.zeros(STATE_SHAPE, dtype=np.float32)
        for frame in room.astype(np.float32):
            _, state = self.run(frame, state)
        return state

    def run(self, sound: Samples, state: Samples) -> tuple[float, Samples]:
        """Probability of voice and the next state. `sound` is (1, 576) in [-1, 1); `state` is (2, 1, 128)."""
        try:
            outputs: Any = self._session.run(None, {"input": sound, "state": state, **self._rate})
        except Exception as fault:  # as above
            raise BadOutput("Silero's network failed", role="vad", provider="silero") from fault
        return float(outputs[0][0, 0]), outputs[1]


class SileroDetector:
    """One stream: 32 ms frames. The network rests while the sound stays at the level of the room.

    The gate opens on a frame 2 dB above the floor (which sits on the quieter side of the room's own noise) and stays
    open for 12 frames after the last hint of voice. When it opens, the frame before is run first, so that the network
    hears the onset whole. `runs` counts the frames that reached the network.
    """

    frame_samples = FRAME_SAMPLES

    def __init__(self, model: SileroModel, *, gate: bool = True) -> None:
        self._model = model
        self._gate = gate
        self._floor = NoiseFloor()
        self._input = np.zeros((1, CONTEXT_SAMPLES + FRAME_SAMPLES), dtype=np.float32)
        self.runs = 0
        self.reset()

    def reset(self) -> None:
        """Forget the stream so far."""
        self._floor.reset()
        self._before = np.zeros(FRAME_SAMPLES, dtype=np.float32)
        self._fall_asleep()
        self._hold = 0

    def probability(self, frame: Pcm) -> float:
        """0..1 for exactly 512 samples. Raises BadOutput when the network fails."""
        if len(frame) != FRAME_SAMPLES:
            raise ValueError(f"a frame has {FRAME_SAMPLES} samples, not {len(frame)}")
        sound = frame.astype(np.float32)
        sound *= np.float32(1 / 32768)
        db = level_db(sound)
        if self._rests(db):
            self._sleep(sound, db)
            return 0.0
        if self._slept:
            self._wake()
        probability = self._run(sound)
        if probability > VOICE:
            self._hold = HOLD_FRAMES
        else:
            self._hold -= 1
            self._floor.learn(db)
        return probability

    def _rests(self, db: float) -> bool:
        return self._gate and self._hold <= 0 and (db < SILENCE_DB or self._floor.above(db) < GATE_DB)

    def _sleep(self, sound: Samples, db: float) -> None:
        self._floor.learn(db)
        self._before = sound
        self._slept += 1

    def _wake(self) -> None:
        """After a long sleep the recurrent state is stale: begin anew from quiet, warmed up with the frame before."""
        if self._slept >= ASLEEP_FRAMES:
            self._fall_asleep()
            self._state = self._model.quiet
        self._run(self._before)
        self._slept = 0

    def _fall_asleep(self) -> None:
        self._state = np.zeros(STATE_SHAPE, dtype=np.float32)
        self._input[:] = 0.0
        self._slept = 0

    def _run(self, sound: Samples) -> float:
        self.runs += 1
        self._input[0, :CONTEXT_SAMPLES] = self._input[0, FRAME_SAMPLES:]
        self._input[0, CONTEXT_SAMPLES:] = sound
        probability, self._state = self._model.run(self._input, self._state)
        return probability
