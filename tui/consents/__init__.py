"""What people agreed to: given, taken back, listed, taken in from files."""
