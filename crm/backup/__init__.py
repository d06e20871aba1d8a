"""Backups of the whole register, and the way back from them."""
