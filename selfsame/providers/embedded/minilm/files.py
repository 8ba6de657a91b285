"""What the model's folder holds, and how wide its vectors are."""

TOKENIZER = "tokenizer.json"
WEIGHTS = "model.safetensors"
GRAPH = "model.onnx"
WIDTH = 384
