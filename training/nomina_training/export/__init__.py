"""What the app loads: ONNX, 8 bits, manifest, model card."""
