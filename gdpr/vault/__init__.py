"""Keys, seals and blind tokens: the only floor that touches a cipher, and it knows no database."""
