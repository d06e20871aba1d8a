"""The floor of what a person may ask: today, to be erased, and to be told what stays and why."""
