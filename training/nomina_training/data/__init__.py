"""Labelled pictures: read from any format, cleaned, split; where their pixels are."""
