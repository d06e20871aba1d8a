"""A register of invented people, to be tried without fear."""
