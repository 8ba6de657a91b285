"""The embedded renderer: bends the photo on the CPU, the same model as the browser's."""

from selfsame.face.warp.renderer import WarpPainter, WarpRenderer

__all__ = ["WarpPainter", "WarpRenderer"]
