"""Why we may keep: purposes, grounds, clocks, and the one function that decides."""
