"""How vaults, users and recovery keys come to be; everything returned is plain, to be stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from os import urandom
from typing import TYPE_CHECKING, Final

from gdpr.vault._secret import Secret
from gdpr.vault.bundle import new_bundle, wrap_bundle
from gdpr.vault.cards import CardStatus, UserCard, sign_card, verify_card
from gdpr.vault.encoding import ID_LENGTH, KEY_LENGTH
from gdpr.vault.keyring import (
    IMPORT,
    INTEGRITY,
    REGISTER,
    ROOT,
    SUPPRESSION,
    Keyring,
    WrappedSecret,
    new_secret,
)
from gdpr.vault.opening import Account
from gdpr.vault.passwords import suggest_passphrase
from gdpr.vault.recovery import RECOVERY_ID, RECOVERY_ROLE, RecoveryKey, new_recovery_key
from gdpr.vault.root import new_root

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gdpr.vault.kdf import KdfCost
    from gdpr.vault.slots import Slot

_FIRST: Final = 1
_RESERVED_KINDS: Final = frozenset({INTEGRITY, IMPORT, SUPPRESSION})
_RESERVED_CLASSES: Final = frozenset({REGISTER, ROOT, SUPPRESSION})


@dataclass(frozen=True, slots=True, repr=False)
class Owner(Secret):
    """The first user of a vault; the password must have passed `check_password`."""

    user_id: bytes
    roles: tuple[str, ...]
    password: str


@dataclass(frozen=True, slots=True)
class NewRecovery:
    """A recovery key to be shown once, and the card and slots that make it work."""

    card: UserCard
    card_signature: bytes
    slots: tuple[Slot, ...]
    key: RecoveryKey
    root_proof: bytes


@dataclass(frozen=True, slots=True)
class NewVault:
    """Everything a new vault stores, and beside it the opened keyring of its owner."""

    vault_id: bytes
    root_public: bytes
    account: Account
    slots: tuple[Slot, ...]
    secrets: tuple[WrappedSecret, ...]
    recovery: NewRecovery
    keyring: Keyring


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who is to become a user.

    `classes` are the categories of the roles, with `suppression` and `root` where due; `register`
    is added, because everybody verifies rows.
    """

    user_id: bytes
    roles: tuple[str, ...]
    classes: frozenset[str]
    counter: int = _FIRST


@dataclass(frozen=True, slots=True, repr=False)
class NewUser(Secret):
    """A user to be stored, and the first password to be told once and changed at first login."""

    account: Account
    slots: tuple[Slot, ...]
    password: str


def found_vault(
    categories: Iterable[str],
    token_kinds: Mapping[str, str],
    owner: Owner,
    cost: KdfCost,
    vault_id: bytes | None = None,
) -> NewVault:
    """Make every key of a new vault.

    `token_kinds` maps each kind of token to the category of its item, whose key will wrap it.
    """
    names = tuple(categories)
    _check_names(names, token_kinds)
    vault_id = vault_id or urandom(ID_LENGTH)
    root = new_root()
    keys = {name: {_FIRST: urandom(KEY_LENGTH)} for name in (*names, REGISTER, SUPPRESSION)}
    keys[ROOT] = {_FIRST: root.seed}
    bundle = new_bundle(root.public)
    card = UserCard(vault_id, owner.user_id, owner.roles, bundle.x_public, bundle.ed_public, _FIRST)
    secrets = _new_secrets(vault_id, keys, token_kinds)
    keyring = Keyring(card, bundle, keys, secrets, root.public)
    signature = sign_card(root, card)
    parameters = cost.salted()
    wrapped = wrap_bundle(bundle, owner.password, parameters, vault_id, owner.user_id)
    return NewVault(
        vault_id=vault_id,
        root_public=root.public,
        account=Account(card, signature, parameters, wrapped),
        slots=keyring.grant(card, signature, keys),
        secrets=secrets,
        recovery=new_recovery(keyring),
        keyring=keyring,
    )


def new_user(
    keyring: Keyring, member: Member, *, cost: KdfCost, language: str, password: str | None = None
) -> NewUser:
    """Make a user with a first password in `language`; the caller holds the root.

    A `password` of the caller's choice is for invented users, where everybody may know it.

    With the next `counter` it gives an old user a new password and new key pairs, without the
    password that was forgotten; the slots of the issue before must go.
    """
    bundle = new_bundle(keyring.root.public)
    place = (keyring.vault_id, member.user_id)
    card = UserCard(*place, member.roles, bundle.x_public, bundle.ed_public, member.counter)
    password = password or suggest_passphrase(language)
    parameters = cost.salted()
    wrapped = wrap_bundle(bundle, password, parameters, *place)
    account = Account(card, sign_card(keyring.root, card), parameters, wrapped)
    return NewUser(account, _granted(keyring, account, member.classes), password)


def new_recovery(keyring: Keyring, counter: int = _FIRST) -> NewRecovery:
    """Make a recovery key over everything an owner holds; the slots of the one before must go."""
    key = new_recovery_key()
    bundle = key.bundle(keyring.vault_id)
    card = UserCard(
        keyring.vault_id,
        RECOVERY_ID,
        (RECOVERY_ROLE,),
        bundle.x_public,
        bundle.ed_public,
        counter,
    )
    signature = sign_card(keyring.root, card)
    slots = keyring.grant(card, signature, sorted(keyring.classes()))
    return NewRecovery(card, signature, slots, key, bundle.prove(keyring.root.public))


def reissue(
    keyring: Keyring, account: Account, roles: tuple[str, ...], classes: Iterable[str]
) -> tuple[Account, tuple[Slot, ...]]:
    """Give a user other roles: the next issue of the card over the same keys, and its slots.

    The slots of the issue before must go, and what the user no longer reads is due for rotation.
    """
    issued = _issue(keyring, account, roles, CardStatus.ACTIVE)
    return issued, _granted(keyring, issued, classes)


def disable(keyring: Keyring, account: Account) -> Account:
    """Shut a user out: a card that says so, one counter on, so that no old slot fits it."""
    return _issue(keyring, account, account.card.roles, CardStatus.DISABLED)


def _issue(
    keyring: Keyring, account: Account, roles: tuple[str, ...], status: CardStatus
) -> Account:
    # The root never signs what it did not sign before: a host may have swapped the keys on it.
    old = account.card
    verify_card(keyring.root.public, old, account.card_signature)
    card = replace(old, roles=roles, counter=old.counter + 1, status=status)
    return replace(account, card=card, card_signature=sign_card(keyring.root, card))


def _granted(keyring: Keyring, account: Account, classes: Iterable[str]) -> tuple[Slot, ...]:
    return keyring.grant(account.card, account.card_signature, sorted({*classes, REGISTER}))


def _check_names(names: tuple[str, ...], token_kinds: Mapping[str, str]) -> None:
    if _RESERVED_CLASSES & set(names) or _RESERVED_KINDS & token_kinds.keys():
        message = "register, root, suppression, integrity and import are the vault's own names"
        raise ValueError(message)
    if not set(token_kinds.values()) <= set(names):
        message = "a kind of token belongs to a category of the vault"
        raise ValueError(message)


def _new_secrets(
    vault_id: bytes, keys: Mapping[str, Mapping[int, bytes]], token_kinds: Mapping[str, str]
) -> tuple[WrappedSecret, ...]:
    kinds = {INTEGRITY: REGISTER, IMPORT: REGISTER, **token_kinds}
    return tuple(
        new_secret(keys[category][_FIRST], _FIRST, vault_id, kind, category)
        for kind, category in kinds.items()
    )
