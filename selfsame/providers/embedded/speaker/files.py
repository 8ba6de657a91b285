"""What the model's folder holds."""

CHECKPOINT = "pretrained.pt"
GRAPH = "speaker.onnx"
