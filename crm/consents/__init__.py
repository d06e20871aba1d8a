"""Consents on record, their receipts, and who said no."""
