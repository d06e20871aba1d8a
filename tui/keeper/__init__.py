"""What the keeper of a register sees to: log, backups, keys, users, doctor, settings."""
