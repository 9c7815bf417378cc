"""What every part stands on: files written whole, the machine, a run's processes."""
