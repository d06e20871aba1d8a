"""The names of everybody the user may read, in memory, so that a search answers while one types."""
