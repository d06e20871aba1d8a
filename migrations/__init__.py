"""The numbered scripts that bring an older database up to date; released ones never change."""
