"""Nomina on many machines, by an existing engine: Ray does the scheduling, `nomina worker` the reading."""
