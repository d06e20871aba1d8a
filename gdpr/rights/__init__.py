"""What a person may ask: to be erased, with proof, and to have their data in hand, with reasons."""
