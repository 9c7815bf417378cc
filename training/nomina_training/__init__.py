"""Training, evaluation and export of the recognisers that Nomina runs.

The rooms, from the top down; each may import those below it and none above (`[tool.importlinter]` in pyproject.toml,
held by tests/test_layers.py):

    cli             the command `nomina-train`
    commands        its sub-commands: options, and calls into the rooms below
    parity          golden vectors that hold the app to the same numbers
    learner         rounds of it for a program that asks in JSON Lines
    finetuning      a shipped reader taught a new hand
    export          ONNX, 8 bits, manifest, model card
    training        a run: batches, losses, optimiser, schedule, validation
    synthesis       fields that nobody wrote
    evaluation      error rates, intervals, comparisons, reports
    inference       models run on fields, from checkpoints or exported files
    decoding        scores to texts with probabilities; the language model
    weights         checkpoints, and what a run begins with
    configuration   a run's settings
    architectures   the networks
    data            labelled pictures, their formats, cleaning and splits
    images          preprocessing and augmentation
    models          manifest, charset, ONNX session
    runtime         files written whole, environment, processes
    errors          the one error that is the user's to mend
"""

import os

# onnxruntime's own builds send statistics of use to their maker unless they are told not to.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__version__ = "0.1.0"
