"""Open whatever can be opened of an old copy of a database: `python -I old_copies.py < wish.json`.

It imports nothing of the product. It is given every key that any role ever had, and if wished a
shred file, all of whose secrets it tries on every key, named or not. The answer is one JSON object
for each copy: whose keys opened, how many values, and the values.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PAGE, SLOT, HALF, SLOTS = 4096, 72, 36, 56


def packed(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def secrets_in(shred: bytes) -> set[bytes]:
    """Take every 32 bytes that may be a secret, from both copies of every page."""
    found = set()
    for at in range(2 * PAGE, len(shred), PAGE):
        for slot in range(SLOTS):
            start = at + 8 + slot * SLOT
            found |= {shred[start + 4 : start + HALF], shred[start + HALF + 4 : start + SLOT]}
    return found - {bytes(32)}


def opened(cipher: AESGCM, nonce: bytes, body: bytes, ad: bytes) -> bytes | None:
    try:
        return cipher.decrypt(nonce, body, ad)
    except InvalidTag:
        return None


def unwrapped(
    vault: bytes, owner: bytes, category: str, stored: bytes, secrets: list[AESGCM],
    keys: list[AESGCM],
) -> bytes | None:  # fmt: skip
    """Open both wraps of a data key, or the inner one as if there were no other."""
    inner = [stored]
    # The last number of the tail is the version of the category's key.
    version = stored[-1 - (stored[61] >> 6) :] if len(stored) > 61 else b""
    for secret in secrets:
        body = secret.encrypt(stored[:12], stored[12:60], None)[:48]
        inner.append(b"\x01" + version.rjust(4, b"\0") + stored[:12] + body)
    for wrap in inner:
        ad = packed(b"kartoteka/v1/dek", vault, owner, category.encode()) + wrap[:5]
        for key in keys:
            found = opened(key, wrap[5:17], wrap[17:], ad)
            if found is not None:
                return found
    return None


def values(database: sqlite3.Connection, vault: bytes, data: dict[tuple[bytes, str], AESGCM]):
    """Try every data key that opened on everything its owner has, in every place it could be."""
    by_owner: dict[bytes, list[tuple[str, AESGCM]]] = {}
    for (owner, category), cipher in data.items():
        by_owner.setdefault(owner, []).append((category, cipher))
    for (table,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'"):
        cursor = database.execute(f'SELECT * FROM "{table}"')
        columns = [part[0] for part in cursor.description]
        for row in cursor:
            owners = {v for v in row if isinstance(v, bytes) and len(v) == 16}
            for owner in owners & by_owner.keys():
                for column, value in zip(columns, row, strict=True):
                    if not isinstance(value, bytes) or value[:1] != b"\x01" or len(value) < 45:
                        continue
                    for category, cipher in by_owner[owner]:
                        where = (table.encode(), bytes(row[0]), column.encode())
                        ad = packed(b"kartoteka/v1/field", vault, *where, owner, category.encode())
                        plain = opened(cipher, value[1:13], value[13:], ad)
                        if plain is not None:
                            length = int.from_bytes(plain[:4], "big")
                            yield plain[5 : 4 + length].decode("utf-8", "replace")


def look(copy: str, vault: bytes, secrets: list[AESGCM], keys: dict[str, list[AESGCM]]):
    """Open one copy."""
    database = sqlite3.connect(copy)
    cursor = database.execute("SELECT * FROM owner_key")
    columns = [part[0] for part in cursor.description]
    data = {}
    for row in cursor:
        for column, stored in zip(columns, row, strict=True):
            if not column.startswith("key_") or stored is None:
                continue
            category = column.removeprefix("key_")
            held = keys.get(category, [])
            found = unwrapped(vault, bytes(row[0]), category, bytes(stored), secrets, held)
            if found is not None:
                data[bytes(row[0]), category] = AESGCM(found)
    texts = sorted(values(database, vault, data))
    database.close()
    return {"owners": sorted({owner.hex() for owner, _ in data}), "values": texts}


def main() -> None:
    """Answer for every copy."""
    wish = json.load(sys.stdin)
    keys = {
        category: [AESGCM(bytes.fromhex(key)) for key in held]
        for category, held in wish["keys"].items()
    }
    shred = Path(wish["shred"]).read_bytes() if wish["shred"] else b""
    secrets = [AESGCM(secret) for secret in secrets_in(shred)]
    vault = bytes.fromhex(wish["vault"])
    json.dump([look(copy, vault, secrets, keys) for copy in wish["copies"]], sys.stdout)


if __name__ == "__main__":
    main()
