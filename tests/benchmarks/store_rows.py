"""The sealed register against plain ones."""
