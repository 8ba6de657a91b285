from tests.face.conftest import faces, landmarker, networks

__all__ = ["faces", "landmarker", "networks"]
