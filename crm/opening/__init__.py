"""The way into a register: founded, unlocked, opened, adopted, upgraded."""
