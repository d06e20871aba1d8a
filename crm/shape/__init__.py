"""What a kind of record is: its description, how its fields are read, and its table."""
