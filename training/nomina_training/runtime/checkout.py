"""Where the checkout's own files are, which no installed package has."""

from __future__ import annotations

from pathlib import Path

TRAINING = Path(__file__).resolve().parents[2]
"""The folder that holds the package, the configurations, the splits and the records."""
