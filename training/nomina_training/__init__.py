"""Training, evaluation and export of the recognisers that Nomina runs."""

import os

# onnxruntime's own builds send statistics of use to their maker unless they are told not to.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__version__ = "0.1.0"
