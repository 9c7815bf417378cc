"""A run: its data as batches, losses, steps of the optimiser, schedule, validation, history."""
