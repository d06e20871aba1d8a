"""How a vault opens: pin, card, password or recovery key, slots, keys; nothing is skipped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gdpr.errors import RootChanged, WrongRecoveryKey
from gdpr.vault.bundle import Bundle, unwrap_bundle, wrap_bundle
from gdpr.vault.cards import UserCard, check_keys, check_place, verify_card
from gdpr.vault.errors import RootForeign
from gdpr.vault.keyring import Keyring, WrappedSecret
from gdpr.vault.recovery import RECOVERY_ID, RecoveryKey
from gdpr.vault.root import RootLink, fingerprint, follow_roots
from gdpr.vault.slots import Slot, open_slot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdpr.vault.kdf import KdfCost, KdfParameters


@dataclass(frozen=True, slots=True)
class Account:
    """What the database keeps of one user: nothing in it opens without the password."""

    card: UserCard
    card_signature: bytes
    kdf: KdfParameters
    wrapped_bundle: bytes


@dataclass(frozen=True, slots=True)
class VaultKeys:
    """What the database keeps of the vault's keys, read by whoever opens it.

    `slots` are those of the one who opens. `pin` is the root's fingerprint from outside the
    database, or None on a desk that meets this vault for the first time. `links` lead from earlier
    roots to the present one, and `proof` lets the recovery key know its root.
    """

    vault_id: bytes
    root_public: bytes
    pin: bytes | None
    slots: tuple[Slot, ...]
    secrets: tuple[WrappedSecret, ...]
    active: Mapping[str, int] | None = None
    links: tuple[RootLink, ...] = ()
    proof: bytes | None = None

    def follow(self, trusted: bytes) -> tuple[RootLink, ...]:
        """Return the steps from a trusted root to the one the database names; RootChanged."""
        return follow_roots(trusted, self.root_public, self.vault_id, self.links)


def open_keyring(account: Account, keys: VaultKeys, password: str) -> Keyring:
    """Open what a user may read.

    The pin and the card come before the password, because a host that swapped them must not get
    a signature or a key out of us. The password then says which root is the true one.
    """
    card = account.card
    _check_card(card, account.card_signature, keys, card.user_id)
    bundle = unwrap_bundle(
        account.wrapped_bundle, password, account.kdf, keys.vault_id, card.user_id
    )
    return _open(card, bundle, keys)


def open_with_recovery(
    card: UserCard, card_signature: bytes, keys: VaultKeys, recovery_key: RecoveryKey
) -> Keyring:
    """Open the whole vault with the key on paper; its use must be audited and a new one issued."""
    _check_card(card, card_signature, keys, RECOVERY_ID)
    bundle = recovery_key.bundle(keys.vault_id)
    if bundle.x_public != card.x_public:
        raise WrongRecoveryKey
    return _open(card, bundle, keys)


def open_with_bundle(
    card: UserCard, card_signature: bytes, keys: VaultKeys, bundle: Bundle
) -> Keyring:
    """Open what a user may read with key pairs that a backup has already given out.

    A restore has paid for the password once; the card and its keys are checked all the same.
    """
    _check_card(card, card_signature, keys, card.user_id)
    return _open(card, bundle, keys)


def change_password(
    account: Account, old: str, new: str, cost: KdfCost, root_public: bytes
) -> Account:
    """Wrap the same key pairs under a new password; the caller has checked its strength.

    They are bound to the root that opened the vault. The new wrap is opened once before it is
    handed out, because the old one dies after it.
    """
    card = account.card
    place = (card.vault_id, card.user_id)
    bundle = unwrap_bundle(account.wrapped_bundle, old, account.kdf, *place)
    parameters = cost.salted()
    wrapped = wrap_bundle(bundle.bound_to(root_public), new, parameters, *place)
    unwrap_bundle(wrapped, new, parameters, *place)
    return replace(account, kdf=parameters, wrapped_bundle=wrapped)


def rebind(account: Account, password: str, root_public: bytes) -> Account | None:
    """Bind a user's key pairs to a root that has replaced theirs; None when they are already.

    Until then the password vouches for the earlier root, and for the way that leads from it.
    """
    place = (account.card.vault_id, account.card.user_id)
    bundle = unwrap_bundle(account.wrapped_bundle, password, account.kdf, *place)
    if bundle.vouched_root(None) == fingerprint(root_public):
        return None
    wrapped = wrap_bundle(bundle.bound_to(root_public), password, account.kdf, *place)
    return replace(account, wrapped_bundle=wrapped)


def _check_card(card: UserCard, signature: bytes, keys: VaultKeys, user_id: bytes) -> None:
    if keys.pin is not None:
        keys.follow(keys.pin)
    verify_card(keys.root_public, card, signature)
    check_place(card, keys.vault_id, user_id)


def _open(card: UserCard, bundle: Bundle, keys: VaultKeys) -> Keyring:
    vouched = bundle.vouched_root(keys.proof)
    try:
        keys.follow(vouched)
    except RootChanged:
        raise RootForeign from None
    check_keys(card, bundle)
    opened: dict[str, dict[int, bytes]] = {}
    for slot in keys.slots:
        key = open_slot(bundle, keys.root_public, card, slot)
        opened.setdefault(slot.category, {})[slot.version] = key
    ring = Keyring(card, bundle, opened, keys.secrets, keys.root_public, active=keys.active)
    ring.vouched = vouched
    return ring
