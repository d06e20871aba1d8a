"""Whom the register is about: found, masked, checked, compared with those already known."""
