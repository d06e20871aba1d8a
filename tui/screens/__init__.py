"""One screen a file: what it asks the register, what it shows, and which keys work there."""
