"""Which engine draws faces on the server."""

from __future__ import annotations

from selfsame.errors import BadInput
from selfsame.face.port import VideoRenderer
from selfsame.face.warp import WarpRenderer
from selfsame.models.manifest import LIVEPORTRAIT, WAV2LIP
from selfsame.settings import Settings
from selfsame.wiring.choices import Choice


def choose_renderer(settings: Settings) -> tuple[VideoRenderer, Choice]:
    """The renderer for clips and live pictures. Raises BadInput for an unknown name.

    `auto` is the warp: networks draw better, but not in real time without a GPU, so they are taken by name only.
    """
    warp = WarpRenderer()
    wanted = settings.face
    if wanted in ("auto", "embedded", "warp"):
        why = "needs nothing; pages draw the same face themselves"
        return warp, Choice("face", warp.abilities.name, "embedded", why)
    if wanted == "liveportrait":
        from selfsame.providers.liveportrait.renderer import LivePortraitRenderer

        renderer: VideoRenderer = LivePortraitRenderer(settings.models_dir / LIVEPORTRAIT.name, warp)
    elif wanted == "wav2lip":
        from selfsame.providers.wav2lip.renderer import Wav2LipRenderer

        renderer = Wav2LipRenderer(settings.models_dir / WAV2LIP.name, warp)
    else:
        raise BadInput(f"there is no face engine called {wanted}; `selfsame providers` lists them")
    why = "asked for; it draws clips and server pictures, pages draw their own"
    return renderer, Choice("face", renderer.abilities.name, "neural", why)
