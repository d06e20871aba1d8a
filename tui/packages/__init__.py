"""What a person gets in hand: made, reviewed, checked."""
