"""Training, evaluation and export of the recognisers that Nomina runs."""

__version__ = "0.1.0"
