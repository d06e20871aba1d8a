"""The floor that stores: sealed columns, authenticated rows, and one transaction at a time."""
