"""Pixels: image files to grey, augmentation, and a field's grey to a network's numbers."""
