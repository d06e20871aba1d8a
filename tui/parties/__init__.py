"""One party: the card with what can be done from it, and the forms behind it."""
