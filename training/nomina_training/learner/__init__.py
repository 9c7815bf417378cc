"""The learner: a process that keeps PyTorch warm and runs rounds that it is asked for in JSON Lines (LEARNER.md)."""
