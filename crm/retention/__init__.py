"""Forgetting on time, and erasing whoever asks."""
