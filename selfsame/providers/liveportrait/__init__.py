"""LivePortrait on onnxruntime, driven by our motion track (Guo et al. 2024, "LivePortrait: Efficient Portrait
Animation with Stitching and Retargeting Control").

The six networks come in their public ONNX form. Lips and eyes are moved by the model's own retargeting networks, from
how far our track opens them; head, brows, gaze and the mouth's width move the implicit keypoints.
"""
