"""Moonshine on onnxruntime: a small English recogniser from the public ONNX files, by our own loader."""
