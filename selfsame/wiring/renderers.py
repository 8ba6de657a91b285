"""Which engine draws faces on the server, and what else a face needs."""

from __future__ import annotations

from selfsame.errors import BadInput
from selfsame.face.port import FaceAnimator, VideoRenderer
from selfsame.face.warp import WarpRenderer
from selfsame.models.check import status
from selfsame.models.manifest import FACE, LIVEPORTRAIT, WAV2LIP, Model
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

        model, folder = LIVEPORTRAIT, settings.models_dir / LIVEPORTRAIT.name
        renderer: VideoRenderer = LivePortraitRenderer(folder, warp)
    elif wanted == "wav2lip":
        from selfsame.providers.wav2lip.renderer import Wav2LipRenderer

        model, folder = WAV2LIP, settings.models_dir / WAV2LIP.name
        renderer = Wav2LipRenderer(folder, warp)
    else:
        raise BadInput(f"there is no face engine called {wanted}; `selfsame providers` lists them")
    why = "asked for; it draws clips and server pictures, pages draw their own"
    return renderer, Choice("face", renderer.abilities.name, "neural", why, hint=_wish(settings, model))


def behind_faces(settings: Settings, animator: FaceAnimator) -> tuple[Choice, ...]:
    """What moves a face, finds one in a photo, and writes its pictures as video. Blocks: it looks at files."""
    moved = "by the voice's phoneme times, by its sound where it has none"
    hint = _wish(settings, FACE)
    found = "finds a face in photos and video" if hint is None else "its files are not here; no face can be built"
    return (
        Choice("animator", animator.abilities.name, "embedded", moved, ("EN", "ES", "ZH")),
        Choice("landmarks", FACE.name, "embedded", found, hint=hint),
        _encoder(),
    )


def _wish(settings: Settings, model: Model) -> str | None:
    """The command that brings a model's files, unless they are here."""
    return None if status(model, settings.models_dir).state == "ready" else f"selfsame models pull {model.name}"


def _encoder() -> Choice:
    import av

    if "libx264" in av.codecs_available:
        return Choice("encoder", "x264", "embedded", "H.264 for clips and live pictures, JPEG beside it")
    why = "this build of FFmpeg has no x264: no clips, and live pictures as JPEG"
    return Choice("encoder", "jpeg", "embedded", why, hint="install PyAV from its own wheel: pip install av")
