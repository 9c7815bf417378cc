"""What a model is beside its weights: manifest, charset, input; its ONNX file ready to run."""
