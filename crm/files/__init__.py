"""Tables from and for other programs: reading, judging and writing them, row by row."""
