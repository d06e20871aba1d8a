"""A host that can write the file and holds no key: it signs everything anew with its own root.

Cards and slots keep what was true in them and get signatures of the host's; beside the true keys
stand versions that the host knows, and every row has a MAC under an integrity key of the host's.
"""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING, Any

from crm.opening.opening import context_of
from crm.privacy import CATEGORIES, REGISTER_KEY
from crm.schema import SCHEMA
from gdpr.audit.chain import GENESIS, EntryHash, pack_digests
from gdpr.audit.entries import Entry
from gdpr.audit.journal import Journal
from gdpr.store.key_versions import CardIssue
from gdpr.store.layout import layout_of
from gdpr.store.sealing import RowSeal
from gdpr.store.session import Session
from gdpr.store.shred_file import ShredFile, default_place
from gdpr.vault.authenticator import Authenticator
from gdpr.vault.bundle import new_bundle
from gdpr.vault.cards import CardStatus, UserCard, sign_card
from gdpr.vault.encoding import KEY_LENGTH, label, pack, unpack_numbers
from gdpr.vault.fields import DataKey, open_wrap
from gdpr.vault.keyring import IMPORT, INTEGRITY, Keyring, WrappedSecret, new_secret, secret_ad
from gdpr.vault.root import new_root
from gdpr.vault.slots import seal_slot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crm.session.context import RegisterContext
    from gdpr.clock import Clock
    from gdpr.vault.root import RootKey

VERSION = 2
_SEALED = 81


class _Integrity:
    """As much of a keyring as the MAC of a row needs."""

    def __init__(self, vault_id: bytes, integrity: Authenticator) -> None:
        self.vault_id = vault_id
        self.integrity = integrity
        self.house_key = DataKey(bytes(KEY_LENGTH))

    def token_key(self, _kind: str) -> None:
        return None


class Host:
    """Whoever keeps the file, at night."""

    def __init__(self, vault: Path) -> None:
        self.database = sqlite3.connect(vault, isolation_level=None)
        self.database.execute("PRAGMA ignore_check_constraints = 1")
        self.vault_id, self.true_root = self.all("SELECT id, root_public FROM vault")[0]
        self.root: RootKey = new_root()
        self.keys = {category.code: os.urandom(KEY_LENGTH) for category in CATEGORIES}
        self.keys[REGISTER_KEY] = os.urandom(KEY_LENGTH)
        self.ghost = new_bundle(self.root.public)
        self.ghost_card = UserCard(
            self.vault_id,
            os.urandom(16),
            ("owner",),
            self.ghost.x_public,
            self.ghost.ed_public,
            1,
            CardStatus.ACTIVE,
        )
        self.secrets: tuple[WrappedSecret, ...] = ()
        self.event, self.body = "vault:desk:opened", "failures=0"

    def all(self, statement: str, *values: Any) -> list[Any]:
        return self.database.execute(statement, values).fetchall()

    def take_over(self) -> None:
        """Put its root under everything."""
        self.database.execute("BEGIN")
        cards = self._sign_cards()
        self._sign_slots(cards)
        self._plant_keys(cards)
        self.all("DELETE FROM key_version")
        self._plant_versions()
        self.all("UPDATE vault SET root_public = ?", self.root.public)
        sealed = self._renew_secrets()
        self._renew_macs(sealed)
        self._make_sums_agree(sealed)
        self.all("DELETE FROM audit_checkpoint")
        self.database.execute("COMMIT")

    def context(self, state: Path, clock: Clock) -> RegisterContext:
        """Work in what was taken over, with the keys of the host's own making."""
        from gdpr.store.database import open_database

        held = {name: {1: key, VERSION: key} for name, key in self.keys.items()}
        ring = Keyring(self.ghost_card, self.ghost, held, self.secrets, self.root.public)
        (_name, path) = self.all("PRAGMA database_list")[0][1:]
        secrets = default_place(path)
        secrets.unlink()
        ShredFile.create(secrets, self.vault_id, ring.integrity)
        desk = Session(open_database(path), ring, SCHEMA, frozenset(self.keys), secrets)
        journal = Journal(desk, state, clock)
        office = context_of(desk, journal, clock, state, ("owner",))
        journal.guards.clear()  # it has no row of its own
        return office

    def close(self) -> None:
        self.database.close()

    def _sign_cards(self) -> dict[bytes, UserCard]:
        cards = {}
        for row in self.all(
            "SELECT id, roles, x_public, ed_public, counter, status FROM user_account"
        ):
            user, roles, x_public, ed_public, counter, status = row
            keys = (x_public, ed_public, counter, CardStatus(status))
            cards[user] = UserCard(self.vault_id, user, tuple(roles.split(",")), *keys)
            signature = sign_card(self.root, cards[user])
            self.all("UPDATE user_account SET card_signature = ? WHERE id = ?", signature, user)
        return cards

    def _sign_slots(self, cards: dict[bytes, UserCard]) -> None:
        """Leave what is sealed in a slot, which nobody can read, and sign it anew."""
        for slot, user, category, version, counter, blob in self.all(
            "SELECT id, user_id, category, version, card_counter, blob FROM slot"
        ):
            numbers = (version.to_bytes(4, "big"), counter.to_bytes(4, "big"))
            place = pack(label("slot"), self.vault_id, user, category.encode(), *numbers)
            signature = self.root.sign(place + pack(blob[:_SEALED]))
            assert cards[user].counter == counter
            self.all("UPDATE slot SET blob = ? WHERE id = ?", blob[:_SEALED] + signature, slot)

    def _plant_keys(self, cards: dict[bytes, UserCard]) -> None:
        for user, card in cards.items():
            held = {row[0] for row in self.all("SELECT category FROM slot WHERE user_id = ?", user)}
            for name in held & self.keys.keys():
                blob = seal_slot(self.root, card, name, VERSION, self.keys[name]).blob
                self.all(
                    "INSERT INTO slot"
                    " (id, rev, mac, user_id, category, version, card_counter, blob)"
                    " VALUES (?, 1, x'00', ?, ?, ?, ?, ?)",
                    *(os.urandom(16), user, name, VERSION, card.counter, blob),
                )

    def _plant_versions(self) -> None:
        """Say that each key was replaced: the true one is for reading, the host's is in use."""
        for name in self.keys:
            for version, state in ((1, "decrypt"), (VERSION, "active")):
                self.all(
                    "INSERT INTO key_version (id, rev, mac, category, version, state, created)"
                    " VALUES (?, 1, x'00', ?, ?, ?, 0)",
                    *(os.urandom(16), name, version, state),
                )

    def _renew_secrets(self) -> _Integrity:
        key, vault_id = self.keys[REGISTER_KEY], self.vault_id
        made = [
            new_secret(key, VERSION, vault_id, kind, REGISTER_KEY) for kind in (INTEGRITY, IMPORT)
        ]
        for each in made:
            self.all("UPDATE vault_secret SET wrapped = ? WHERE kind = ?", each.wrapped, each.kind)
        self.secrets = tuple(made)
        ad = secret_ad(vault_id, INTEGRITY, REGISTER_KEY)
        integrity = open_wrap({VERSION: key}, made[0].wrapped, ad, REGISTER_KEY)
        return _Integrity(vault_id, Authenticator(integrity))

    def _rows(self, sealed: Any) -> Iterator[tuple[Any, RowSeal, list[Any]]]:
        for model in SCHEMA.all_models():
            layout = layout_of(model)
            names = ",".join(f'"{name}"' for name in layout.columns)
            rows = self.all(f'SELECT {names} FROM "{layout.table}"')
            yield layout, RowSeal(layout, sealed), rows

    def _renew_macs(self, sealed: Any) -> None:
        for layout, seal, rows in self._rows(sealed):
            for row in rows:
                mac = b"\1" + seal.digest(row)[:16]
                self.all(f'UPDATE "{layout.table}" SET mac = ? WHERE id = ?', mac, row[0])

    def _make_sums_agree(self, sealed: Any) -> None:
        """Let a user nobody lists, an old issue of a card, sign what the sums lack."""
        card, layout = self.ghost_card, layout_of(CardIssue)
        row: list[Any] = [os.urandom(16), 1, b"", *[None] * (layout.width - 3)]
        values = {
            "user_id": card.user_id,
            "counter": 1,
            "roles": "owner",
            "x_public": card.x_public,
            "ed_public": card.ed_public,
            "status": "active",
            "card_signature": sign_card(self.root, card),
        }
        for name, value in values.items():
            row[layout.position(name)] = value
        RowSeal(layout, sealed).seal_row(row, b"", {})
        marks = ",".join("?" * layout.width)
        self.all(f"INSERT INTO card_issue ({','.join(layout.columns)}) VALUES ({marks})", *row)
        noted = self._noted()
        lacking = {}
        for layout, seal, rows in self._rows(sealed):
            now = sum(int.from_bytes(seal.digest(row), "big") for row in rows)
            if (now - noted.get(layout.table, 0)) % (1 << 256):
                lacking[layout.table] = (now - noted.get(layout.table, 0)) % (1 << 256)
        entry = Entry(
            desk=os.urandom(16),
            seq=1,
            time=1,
            actor=card.user_id,
            card_counter=1,
            event=self.event,
            object_id=None,
            body=self.body,
            digests=pack_digests(lacking),
            heads=None,
            rights=None,
            prev=GENESIS,
            hash=b"",
            sig=b"",
        )
        digest = EntryHash(self.vault_id).of(entry)
        entry = entry._replace(hash=digest, sig=self.ghost.sign(digest))
        names = ",".join(Entry._fields)
        marks = ",".join("?" * len(Entry._fields))
        self.all(f"INSERT INTO audit_entry ({names}) VALUES ({marks})", *entry)

    def _noted(self) -> dict[str, int]:
        total: dict[str, int] = {}
        for (desk,) in self.all("SELECT DISTINCT desk FROM audit_entry"):
            running: dict[str, int] = {}
            for (digests,) in self.all(
                "SELECT digests FROM audit_entry WHERE desk = ? AND digests IS NOT NULL"
                " ORDER BY seq",
                desk,
            ):
                running.update(unpack_numbers(digests))
            for table, value in running.items():
                total[table] = (total.get(table, 0) + value) % (1 << 256)
        return total
