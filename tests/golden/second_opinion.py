"""A second opinion on a register's log and ledger, from public keys alone.

`python second_opinion.py DATABASE LEDGER [ROOT_FINGERPRINT]` imports nothing of the product and
needs no password: whoever doubts the program's own verification can read this page instead of it.
It follows docs/internals/vault-formats.md: cards signed by the root, chains linked and signed by
cards that were valid at that place, ledger lines linked, signed and each about an entry of the log.
What it cannot see without keys is whether the rows add up. It prints one JSON object, and ends with
7 where something does not hold.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

GENESIS = bytes(32)
_HEAD = 16 + 8 + 32
_ENDS_CARDS = {
    "vault:file:created",
    "vault:recovery:issued",
    "user:card:added",
    "user:card:reissued",
    "user:card:disabled",
}
_ENTRY = (
    "desk, seq, time, actor, card_counter, event, object_id, body, digests, heads, rights, prev,"
    " hash, sig"
)
_CARD = "roles, x_public, ed_public, counter, status, card_signature"


class Ending(NamedTuple):
    """The entry behind which an older issue of a card signs nothing any more."""

    user: bytes
    issue: int
    desk: bytes
    seq: int
    heads: dict[bytes, int]

    def admits(self, desk: bytes, seq: int) -> bool:
        return seq <= (self.seq if desk == self.desk else self.heads.get(desk, 0))


def joined(*parts: bytes) -> bytes:
    """Write L(part, …)."""
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def split(packed: bytes) -> list[bytes]:
    """Read L(part, …) back."""
    parts, at = [], 0
    while at < len(packed):
        size = int.from_bytes(packed[at : at + 2], "big")
        parts.append(packed[at + 2 : at + 2 + size])
        at += 2 + size
    return parts


def label(name: str) -> bytes:
    return b"kartoteka/v1/" + name.encode()


def unsigned(number: int, size: int) -> bytes:
    return number.to_bytes(size, "big")


def moment(time: int) -> bytes:
    return time.to_bytes(8, "big", signed=True)


class Opinion:
    """Reads one register and collects what does not hold."""

    def __init__(self, database: Path, fingerprint: str | None = None) -> None:
        self.problems: list[str] = []
        log = database.with_name(database.name + "-wal")
        if log.exists() and log.stat().st_size:
            self.problems.append("the database is open, or was not closed: its log is apart")
        self.database = sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True)
        ((self.vault, self.root),) = self.database.execute("SELECT id, root_public FROM vault")
        pin = hashlib.sha256(self.root).hexdigest()
        if fingerprint not in (None, pin):
            self.problems.append(f"the root has the fingerprint {pin}")
        self.cards = dict(self._cards())
        self.entries: dict[tuple[bytes, int], dict[str, Any]] = {}

    def _cards(self) -> Any:
        rows = self.database.execute(f"SELECT id, {_CARD} FROM user_account").fetchall()
        rows += self.database.execute(f"SELECT user_id, {_CARD} FROM card_issue").fetchall()
        for user, roles, x_public, ed_public, counter, status, signature in rows:
            message = joined(
                label("card"),
                self.vault,
                user,
                joined(*[role.encode() for role in roles.split(",")]),
                x_public,
                ed_public,
                unsigned(counter, 4),
                status.encode(),
            )
            if self._signed(self.root, signature, message):
                yield (user, counter), (ed_public, status)
            else:
                self.problems.append(f"card {user.hex()} {counter}: the root did not sign it")

    @staticmethod
    def _signed(public: bytes, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        except (InvalidSignature, TypeError, ValueError):
            return False
        return True

    def _signed_by(self, user: bytes, counter: int, signature: bytes, message: bytes) -> bool:
        public, status = self.cards.get((user, counter), (b"", "disabled"))
        return status == "active" and self._signed(public, signature, message)

    def follow_log(self) -> int:
        """Follow every chain; return how many entries there are."""
        names = [name.strip() for name in _ENTRY.split(",")]
        query = f"SELECT {_ENTRY} FROM audit_entry ORDER BY desk, seq"
        where: dict[bytes, tuple[int, bytes]] = {}
        for row in self.database.execute(query):
            entry = dict(zip(names, row, strict=True))
            place = (entry["desk"], entry["seq"])
            name = f"entry {place[0].hex()}:{place[1]}"
            seq, last = where.get(entry["desk"], (0, GENESIS))
            if entry["seq"] != seq + 1:
                self.problems.append(f"{name}: {seq + 1} is missing")
            if entry["prev"] != last:
                self.problems.append(f"{name}: does not follow the one before")
            if self.hash_of(entry) != entry["hash"]:
                self.problems.append(f"{name}: another hash")
            signer = entry["actor"], entry["card_counter"]
            if not self._signed_by(*signer, entry["sig"], entry["hash"]):
                self.problems.append(f"{name}: not signed by whom it names")
            where[entry["desk"]] = entry["seq"], entry["hash"]
            self.entries[place] = entry
        self._refuse_ended_cards()
        return len(self.entries)

    def hash_of(self, entry: dict[str, Any]) -> bytes:
        """Hash an entry as the formats page says."""
        said = joined(entry["body"].encode(), entry["heads"] or b"", entry["rights"] or b"")
        return hashlib.sha256(
            joined(
                label("audit"),
                self.vault,
                entry["desk"],
                unsigned(entry["seq"], 8),
                moment(entry["time"]),
                entry["actor"],
                unsigned(entry["card_counter"], 4),
                entry["event"].encode(),
                entry["object_id"] or b"",
                hashlib.sha256(said).digest(),
                entry["digests"] or b"",
                entry["prev"],
            )
        ).digest()

    def endings(self) -> list[Ending]:
        """Read behind which heads older issues of cards sign nothing any more."""
        found = []
        for (desk, seq), entry in self.entries.items():
            body = dict(part.split("=", 1) for part in entry["body"].split(" ") if part)
            if entry["event"] not in _ENDS_CARDS or "card" not in body or not entry["object_id"]:
                continue
            packed = entry["heads"] or b""
            quotes = [packed[at : at + _HEAD] for at in range(0, len(packed), _HEAD)]
            heads = {quote[:16]: int.from_bytes(quote[16:24], "big") for quote in quotes}
            found.append(Ending(entry["object_id"], int(body["card"]), desk, seq, heads))
        return found

    def _refuse_ended_cards(self) -> None:
        endings = self.endings()
        for (desk, seq), entry in self.entries.items():
            for ending in endings:
                older = (ending.user, ending.issue) > (entry["actor"], entry["card_counter"])
                if ending.user == entry["actor"] and older and not ending.admits(desk, seq):
                    self.problems.append(f"entry {desk.hex()}:{seq}: its card had ended")

    def follow_ledger(self, path: Path) -> int:
        """Follow the ledger; return how many lines it has."""
        prev = GENESIS
        borne = {}
        lines = path.read_bytes().splitlines() if path.exists() else []
        for number, raw in enumerate(lines, 1):
            line = json.loads(raw)
            name = f"ledger line {number}"
            message = self.line_message(line)
            if line["line"] != number or bytes.fromhex(line["prev"]) != prev:
                self.problems.append(f"{name}: does not follow the one before")
            signer = bytes.fromhex(line["actor"]), line["card"]
            if not self._signed_by(*signer, bytes.fromhex(line["sig"]), message):
                self.problems.append(f"{name}: not signed by whom it names")
            prev = hashlib.sha256(message).digest()
            borne[bytes.fromhex(line["desk"]), line["seq"]] = bytes.fromhex(line["entry"])
        for place, entry in self.entries.items():
            if entry["rights"] is not None and borne.get(place) != entry["hash"]:
                self.problems.append(f"entry {place[0].hex()}:{place[1]}: not in the ledger")
        return len(lines)

    def line_message(self, line: dict[str, Any]) -> bytes:
        """Write what the signature of a ledger line covers."""
        return joined(
            label("ledger"),
            self.vault,
            unsigned(line["line"], 8),
            line["state"].encode(),
            bytes.fromhex(line["desk"]),
            unsigned(line["seq"], 8),
            bytes.fromhex(line["entry"]),
            line["kind"].encode(),
            bytes.fromhex(line["subject"]),
            joined(*[bytes.fromhex(ground) for ground in line["grounds"]]),
            line["because"].encode(),
            moment(line["at"]),
            moment(line["time"]),
            bytes.fromhex(line["actor"]),
            unsigned(line["card"], 4),
            bytes.fromhex(line["prev"]),
        )


def opinion(database: Path, ledger: Path, fingerprint: str | None = None) -> dict[str, Any]:
    """Return what was read and what does not hold."""
    reader = Opinion(database, fingerprint)
    try:
        entries = reader.follow_log()
        lines = reader.follow_ledger(ledger)
    finally:
        reader.database.close()
    return {"entries": entries, "lines": lines, "problems": reader.problems}


if __name__ == "__main__":
    told = opinion(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4])
    sys.stdout.write(json.dumps(told) + "\n")
    sys.exit(7 if told["problems"] else 0)
