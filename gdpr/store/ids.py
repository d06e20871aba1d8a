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


def new_ids(count: int) -> list[bytes]:
    """Return several such ids with one draw and one look at the clock; in no order among them."""
    drawn = bytearray(urandom(10 * count))
    drawn[0::10] = bytes([0x70 | byte & 0x0F for byte in drawn[0::10]])
    drawn[2::10] = bytes([0x80 | byte & 0x3F for byte in drawn[2::10]])
    moment = (time_ns() // 1_000_000).to_bytes(6, "big")
    return [moment + drawn[at : at + 10] for at in range(0, 10 * count, 10)]


def random_id() -> bytes:
    """Return a 16-byte UUIDv4 for what must not show when it began, such as a remainder."""
    return uuid4().bytes
