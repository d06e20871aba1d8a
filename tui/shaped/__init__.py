"""Shows, enters and corrects records of any described kind, from its description."""
