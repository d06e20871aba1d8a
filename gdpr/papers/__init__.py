"""What the firm must be able to show: wordings, notices, and the proof that they were given."""
