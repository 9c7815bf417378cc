"""A run's configuration: its file, and the sections that it has."""
