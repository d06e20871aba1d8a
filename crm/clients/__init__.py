"""Natural and legal persons, their contacts and notes: entered, shown, corrected."""
