"""Copies of data outside the register: listed before their first byte, and brought to an end."""
