"""Weights that are kept: checkpoints, exported files put back into a network, and what a run begins with."""
