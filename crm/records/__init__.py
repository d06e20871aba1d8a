"""Works with records of any described kind: entered, corrected, moved on, listed, filed."""
