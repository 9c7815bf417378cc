"""Models run on fields: a checkpoint or exported files, CTC or attention, to scores and texts."""
