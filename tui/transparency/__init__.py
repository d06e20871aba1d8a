"""What the firm must be able to show: purposes, notices, wordings, its own details."""
