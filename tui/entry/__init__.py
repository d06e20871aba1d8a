"""The screens before a register: unlocked, founded, recovered, brought back."""
