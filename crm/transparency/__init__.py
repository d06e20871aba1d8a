"""What people are told of their data: purposes, notices, wordings, and the proof of it."""
