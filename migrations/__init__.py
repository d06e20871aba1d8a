"""Numbered changes of the database; a released one never changes and imports nothing of ours."""
