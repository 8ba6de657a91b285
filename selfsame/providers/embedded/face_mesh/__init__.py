"""MediaPipe's four face networks on LiteRT, without MediaPipe: detector, mesh and iris, a few milliseconds a picture.

`landmarker` is the engine behind `face.port`, `detector` (anchors, boxes, weighted suppression), `mesh` (crop by the
eye line, 468 points, iris), `pictures` (sampling without aliasing) and `networks` (the files, one user at a time).
"""

from selfsame.providers.embedded.face_mesh.landmarker import LiteFaceLandmarker

__all__ = ["LiteFaceLandmarker"]
