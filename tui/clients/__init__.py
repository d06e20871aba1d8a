"""The start screens: the list of everybody, and what is due today."""
