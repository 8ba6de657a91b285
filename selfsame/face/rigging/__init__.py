"""Rigging: a photo and its landmarks become a rig that moves."""

from selfsame.face.rigging.build import build_rig

__all__ = ["build_rig"]
