"""Why somebody may be kept or written to, what forbids it, and what follows when it ends."""
