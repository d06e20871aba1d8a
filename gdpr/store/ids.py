"""Ids that clients make themselves: in time order for locality, or random where time would tell."""

from __future__ import annotations

from os import urandom
from time import time_ns
from uuid import uuid4


def new_id() -> bytes:
    """Return a 16-byte UUIDv7 (RFC 9562), so that new rows land beside each other in the table."""
    drawn = bytearray(urandom(10))
    drawn[0] = 0x70 | drawn[0] & 0x0F
    drawn[2] = 0x80 | drawn[2] & 0x3F
    return (time_ns() // 1_000_000).to_bytes(6, "big") + bytes(drawn)


def random_id() -> bytes:
    """Return a 16-byte UUIDv4 for what must not show when it began, such as a remainder."""
    return uuid4().bytes
