"""Whether everything is in order: the log and its proof, doctor, drills, reminders."""
