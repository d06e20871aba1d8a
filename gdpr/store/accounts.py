"""The tables of the vault itself: its root, its users, their slots, and the keys that wrap keys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gdpr.errors import Damaged, WrongPassword
from gdpr.store.errors import NotAVault
from gdpr.store.fields import (
    OptionalBlob,
    OptionalInteger,
    OptionalText,
    PlainBlob,
    PlainInteger,
    PlainText,
)
from gdpr.store.ids import new_id
from gdpr.store.key_versions import CardIssue, KeyVersion, versions_in_use
from gdpr.store.record import Record
from gdpr.vault.cards import CardStatus, UserCard
from gdpr.vault.kdf import KdfParameters
from gdpr.vault.keyring import WrappedSecret
from gdpr.vault.opening import Account, VaultKeys
from gdpr.vault.root import RootLink
from gdpr.vault.slots import Slot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from peewee import Database

    from gdpr.store.transaction import Transaction
    from gdpr.vault.founding import NewRecovery, NewVault


class VaultRow(Record):
    """The vault's own row: its id, and the public root that every desk pins."""

    few = True

    root_public = PlainBlob("a public key")
    created = PlainInteger("when the vault was made, µs UTC")
    demo = PlainInteger("1 for a vault of invented people")


class UserAccount(Record):
    """A user: the signed card and the wrapped key pairs; the recovery key is a user without KDF."""

    few = True

    name = PlainText("the login name a colleague chose", unique=True)
    roles = PlainText("role codes")
    x_public = PlainBlob("a public key")
    ed_public = PlainBlob("a public key")
    counter = PlainInteger("which issue of the card this is")
    status = PlainText("active or disabled")
    card_signature = PlainBlob("the root's signature")
    kdf_salt = OptionalBlob("KDF parameter")
    kdf_memory = OptionalInteger("KDF parameter, KiB")
    kdf_time = OptionalInteger("KDF parameter")
    kdf_lanes = OptionalInteger("KDF parameter")
    wrapped_bundle = OptionalBlob("key pairs, wrapped under the password")
    must_change = PlainInteger("1 until a first password was replaced, or a recovery key confirmed")
    created = PlainInteger("when the user was added, µs UTC")
    confidentiality = OptionalText("the day the user promised confidentiality, ISO")
    root_proof = OptionalBlob("fingerprint of the root, with a MAC under the recovery key")


class RootStep(Record):
    """The step from one root to the next: an old root lets whoever trusts it follow."""

    few = True

    number = PlainInteger("which root this leads to; the first was 1", unique=True)
    old_public = PlainBlob("a public key")
    new_public = PlainBlob("a public key")
    old_signature = PlainBlob("the old root's signature")
    new_signature = PlainBlob("the new root's signature")
    created = PlainInteger("when, µs UTC")


class SlotRow(Record):
    """A key sealed to one user."""

    few = True

    user_id = PlainBlob("whose slot", index=True)
    category = PlainText("key class")
    version = PlainInteger("key version")
    card_counter = PlainInteger("for which issue of the card")
    blob = PlainBlob("HPKE and signature")


class SecretRow(Record):
    """A key that outlives rotation (index keys, integrity), wrapped under its category."""

    few = True

    kind = PlainText("what the key is for", unique=True)
    category = PlainText("which category wraps it")
    wrapped = PlainBlob("the wrapped key")

    class Meta:
        """One row for each kind."""

        table_name = "vault_secret"


KEY_TABLES = (VaultRow, UserAccount, SlotRow, SecretRow, KeyVersion, CardIssue, RootStep)


@dataclass(frozen=True, slots=True)
class VaultFacts:
    """What can be read of a vault before anybody has unlocked it."""

    vault_id: bytes
    root_public: bytes
    created: int
    demo: bool


def read_vault(database: Database) -> VaultFacts:
    """Read the vault's row, unverified, because the key that verifies it is inside."""
    rows = _tuples(database, VaultRow, "id", "root_public", "created", "demo")
    if not rows and not _tuples(database, UserAccount, "id"):
        raise NotAVault  # its founding was cut short
    if len(rows) != 1 or [type(value) for value in rows[0]] != [bytes, bytes, int, int]:
        raise Damaged(table="vault")
    vault_id, root_public, created, demo = rows[0]
    return VaultFacts(vault_id, root_public, created, bool(demo))


def read_account(database: Database, vault_id: bytes, name: str) -> Account:
    """Read a user's account by login name; an unknown name fails as a wrong password does.

    Nothing of the others' rows is read: a damaged one must not shut out who is not meant.
    """
    for row in _tuples(database, UserAccount, *_ACCOUNT):
        account = _account(vault_id, row) if row[1] == name else None
        if account is not None:
            return account
    raise WrongPassword


def read_card(database: Database, vault_id: bytes, user_id: bytes) -> tuple[UserCard, bytes]:
    """Read the card of a user or of the recovery key with its signature, for a restore."""
    for row in _tuples(database, UserAccount, *_ACCOUNT):
        if bytes(row[0]) == user_id:
            return _card(vault_id, row), bytes(row[_SIGNATURE])
    raise WrongPassword


def login_names(database: Database) -> list[str]:
    """Return the names that may log in, in the order they were added."""
    rows = _tuples(database, UserAccount, "id", "name", "kdf_salt")
    return [
        name for _, name, salt in sorted(rows, key=lambda row: bytes(row[0])) if salt is not None
    ]


def read_keys(
    database: Database, facts: VaultFacts, user_id: bytes, pin: bytes | None
) -> VaultKeys:
    """Read the slots of one user and the wrapped secrets."""
    slots = tuple(
        Slot(bytes(user), category, version, counter, bytes(blob))
        for user, category, version, counter, blob in _tuples(
            database, SlotRow, "user_id", "category", "version", "card_counter", "blob"
        )
        if bytes(user) == user_id
    )
    secrets = tuple(
        WrappedSecret(kind, category, bytes(wrapped))
        for kind, category, wrapped in _tuples(database, SecretRow, "kind", "category", "wrapped")
    )
    active = {name: used.active for name, used in versions_in_use(database).items()}
    return VaultKeys(
        vault_id=facts.vault_id,
        root_public=facts.root_public,
        pin=pin,
        slots=slots,
        secrets=secrets,
        active=active,
        links=read_links(database, facts.vault_id),
        proof=_proof(database, user_id),
    )


def read_links(database: Database, vault_id: bytes) -> tuple[RootLink, ...]:
    """Read the steps between roots, unverified: each is signed, and one that is not leads nowhere.

    A row of another shape than was written is left out.
    """
    rows = _tuples(database, RootStep, "number", *_STEP)
    return tuple(
        RootLink(vault_id, number, *map(bytes, parts))
        for number, *parts in rows
        if isinstance(number, int) and all(isinstance(part, bytes) for part in parts)
    )


def account_row(account: Account, name: str, created: int, *, must_change: bool) -> UserAccount:
    """Make the row of a user."""
    return UserAccount(
        id=account.card.user_id,
        name=name,
        **card_columns(account.card, account.card_signature),
        **password_columns(account),
        must_change=int(must_change),
        created=created,
    )


def recovery_row(recovery: NewRecovery, created: int) -> UserAccount:
    """Make the row of the recovery key, unconfirmed until two groups were asked back."""
    return UserAccount(
        id=recovery.card.user_id,
        name="",
        **card_columns(recovery.card, recovery.card_signature),
        must_change=1,
        created=created,
        root_proof=recovery.root_proof,
    )


def card_columns(card: UserCard, signature: bytes) -> dict[str, Any]:
    """Give a card as the row of a user holds it, or that of an old issue."""
    return {
        "roles": ",".join(card.roles),
        "x_public": card.x_public,
        "ed_public": card.ed_public,
        "counter": card.counter,
        "status": card.status.value,
        "card_signature": signature,
    }


def password_columns(account: Account) -> dict[str, Any]:
    """Give the wrap of a user's key pairs, and what the password is stretched with."""
    return {
        "kdf_salt": account.kdf.salt,
        "kdf_memory": account.kdf.memory_kib,
        "kdf_time": account.kdf.time,
        "kdf_lanes": account.kdf.lanes,
        "wrapped_bundle": account.wrapped_bundle,
    }


def take(row: UserAccount, columns: dict[str, Any]) -> None:
    """Put another card or another password into the row of a user."""
    for name, value in columns.items():
        setattr(row, name, value)


def store_vault(work: Transaction, vault: NewVault, name: str, created: int, *, demo: bool) -> None:
    """Store a new vault's keys: nothing in these rows opens without a password."""
    root = VaultRow(
        id=vault.vault_id, root_public=vault.root_public, created=created, demo=int(demo)
    )
    work.insert(root)
    work.insert(account_row(vault.account, name, created, must_change=False))
    work.insert(recovery_row(vault.recovery, created))
    store_slots(work, (*vault.slots, *vault.recovery.slots))
    for secret in vault.secrets:
        row = SecretRow(
            id=new_id(), kind=secret.kind, category=secret.category, wrapped=secret.wrapped
        )
        work.insert(row)


def store_slots(work: Transaction, slots: Iterable[Slot]) -> None:
    """Store slots of one or several users."""
    for slot in slots:
        row = SlotRow(
            id=new_id(),
            user_id=slot.user_id,
            category=slot.category,
            version=slot.version,
            card_counter=slot.card_counter,
            blob=slot.blob,
        )
        work.insert(row)


def store_bundle(work: Transaction, account: Account) -> None:
    """Replace the wrap of a user's key pairs under the same password."""
    row = work.session.get(UserAccount, account.card.user_id)
    row.wrapped_bundle = account.wrapped_bundle
    work.update(row)


def store_password(work: Transaction, account: Account) -> None:
    """Replace the wrap of a user's key pairs; reads it back inside the same transaction."""
    row = work.session.get(UserAccount, account.card.user_id)
    take(row, password_columns(account))
    row.must_change = 0
    work.update(row)


def card_of(vault_id: bytes, row: UserAccount | CardIssue) -> UserCard:
    """Return the card in a user's row, or an old issue; the caller checks the root's signature."""
    user_id = row.id if isinstance(row, UserAccount) else row.user_id
    publics = (row.x_public, row.ed_public)
    return _card(vault_id, (user_id, "", row.roles, *publics, row.counter, row.status))


_ACCOUNT = (
    "id",
    "name",
    "roles",
    "x_public",
    "ed_public",
    "counter",
    "status",
    "card_signature",
    "kdf_salt",
    "kdf_memory",
    "kdf_time",
    "kdf_lanes",
    "wrapped_bundle",
)
_SIGNATURE = _ACCOUNT.index("card_signature")
_STEP = ("old_public", "new_public", "old_signature", "new_signature")


def _proof(database: Database, user_id: bytes) -> bytes | None:
    """Read what the recovery key knows its root by; users have none."""
    for row_id, proof in _tuples(database, UserAccount, "id", "root_proof"):
        if bytes(row_id) == user_id and isinstance(proof, bytes):
            return proof
    return None


def _account(vault_id: bytes, row: tuple[Any, ...]) -> Account | None:
    signature, salt, memory, time, lanes, wrapped = row[_SIGNATURE:]
    if salt is None:
        return None
    parameters = KdfParameters(bytes(salt), memory, time, lanes)
    return Account(_card(vault_id, row), bytes(signature), parameters, bytes(wrapped))


def _card(vault_id: bytes, row: tuple[Any, ...]) -> UserCard:
    user_id, _, roles, x_public, ed_public, counter, status = row[:_SIGNATURE]
    return UserCard(
        vault_id,
        bytes(user_id),
        tuple(roles.split(",")),
        bytes(x_public),
        bytes(ed_public),
        counter,
        CardStatus(status),
    )


def _tuples(database: Database, model: type[Record], *names: str) -> list[tuple[Any, ...]]:
    kind: Any = type(database)
    # As stored: peewee would stumble over one value that is no text, and give no row at all.
    return list(database.execute_sql(_question(kind, model, names)).fetchall())


@lru_cache(maxsize=32)
def _question(kind: Any, model: type[Record], names: tuple[str, ...]) -> str:
    """Write the question once for each kind of database; peewee's builder is slow."""
    fields: Any = model._meta.fields  # noqa: SLF001 - peewee keeps its column table there
    return str(model.select(*(fields[name] for name in names)).bind(kind(None)).sql()[0])
