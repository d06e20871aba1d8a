"""The commands: thin, lazily loaded, and without a rule of their own."""
