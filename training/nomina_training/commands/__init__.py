"""The sub-commands of `nomina-train`, a module for each part of the work.

Each command imports what it needs when it runs: `--help` and a wrong argument answer without loading PyTorch.
"""
