"""What a person gets in hand under Articles 15 and 20, and the answer that nothing is left."""
