"""What one unlocked user holds: the keys of the categories the role may read, and a signature."""

from __future__ import annotations

from dataclasses import dataclass
from os import urandom
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gdpr.errors import Damaged, KartotekaError, NoKey
from gdpr.vault import _layout
from gdpr.vault._secret import Secret
from gdpr.vault.authenticator import Authenticator
from gdpr.vault.batch_texts import BatchTexts
from gdpr.vault.cards import check_place, verify_card
from gdpr.vault.encoding import ID_LENGTH, KEY_LENGTH, derive, label, pack
from gdpr.vault.errors import CardRefused, UnknownKeyVersion
from gdpr.vault.fields import DataKey, open_wrap
from gdpr.vault.root import RootKey, fingerprint
from gdpr.vault.slots import Slot, open_slot, seal_slot
from gdpr.vault.tokens import TokenKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from gdpr.clock import Clock
    from gdpr.vault.bundle import Bundle
    from gdpr.vault.cards import UserCard
    from gdpr.vault.group_wraps import GroupWraps
    from gdpr.vault.kdf import KdfCost
    from gdpr.vault.pin_unlock import PinUnlock

REGISTER: Final = "register"
ROOT: Final = "root"
SUPPRESSION: Final = "suppression"
INTEGRITY: Final = "integrity"
IMPORT: Final = "import"
# The slots of these hold a key with a use of its own, not one that wraps others.
_APART: Final = frozenset({ROOT, SUPPRESSION})
_NOT_CATEGORIES: Final = _APART | {REGISTER}
_SECRET: Final = label("secret")
_DEK: Final = label("dek")
_ID_PREFIX: Final = ID_LENGTH.to_bytes(2, "big")
_NONCE: Final = _layout.NONCE_LENGTH
_DRAW: Final = KEY_LENGTH + _NONCE


@dataclass(frozen=True, slots=True)
class WrappedSecret:
    """A key that outlives rotation, as it is stored: it wraps anew and is never computed anew."""

    kind: str
    category: str
    wrapped: bytes


class Keyring(Secret):
    """The opened keys of one user; what the role may not read has no key in here at all."""

    __slots__ = (
        "_active",
        "_bundle",
        "_ciphers",
        "_closed",
        "_edges",
        "_keys",
        "_root",
        "_tokens",
        "card_counter",
        "house_key",
        "import_key",
        "integrity",
        "refresh",
        "root_public",
        "user_id",
        "vault_id",
        "vouched",
    )

    def __init__(
        self,
        card: UserCard,
        bundle: Bundle,
        keys: Mapping[str, Mapping[int, bytes]],
        secrets: Iterable[WrappedSecret],
        root_public: bytes,
        *,
        active: Mapping[str, int] | None = None,
    ) -> None:
        """Take the opened slots by class and version; `active` names the versions to wrap under.

        `root_public` is the root that this user trusts: cards signed by another are nobody's.

        Without `active` the highest version of each class is taken. Secrets of categories that
        this user cannot read are left out; `register` is in everybody's slots, else NoKey.
        """
        self.vault_id = card.vault_id
        self.user_id = card.user_id
        self.card_counter = card.counter
        self.root_public = root_public
        # The root that password or recovery key vouch for: an earlier one, until bound anew.
        self.vouched = fingerprint(root_public)
        self._bundle = bundle
        self._closed: dict[str, Damaged] = {}
        # Asked once when a version is missing: another desk may have rotated since.
        self.refresh: Callable[[], None] | None = None
        self._take(keys, active)
        head = pack(_DEK, self.vault_id) + _ID_PREFIX
        self._edges = {name: (head, pack(name.encode())) for name in self.categories()}
        self._root: RootKey | None = None
        self._take_root()
        opened = {
            secret.kind: self.unwrap_secret(secret)
            for secret in secrets
            if secret.category in self._ciphers
        }
        if REGISTER not in keys or not {INTEGRITY, IMPORT} <= opened.keys():
            raise NoKey(category=REGISTER)
        # It seals what the program itself notes, such as where a file lies, and goes with the key
        # of the row MACs: whoever may verify a row may read what it says of itself.
        self.house_key = DataKey(derive(opened[INTEGRITY], "house", self.vault_id))
        self.integrity = Authenticator(opened.pop(INTEGRITY))
        self.import_key = Authenticator(opened.pop(IMPORT))
        self._tokens = {kind: TokenKey(key) for kind, key in opened.items()}
        if SUPPRESSION in keys:
            self._tokens[SUPPRESSION] = TokenKey(self._current(SUPPRESSION))

    def renew(
        self,
        root_public: bytes,
        card: UserCard,
        card_signature: bytes,
        slots: Iterable[Slot],
        active: Mapping[str, int] | None,
    ) -> None:
        """Take the slots as they are stored now, so that a rotation shuts out no open desk.

        Index keys and the integrity key stay: rotation wraps them anew and never draws them anew.
        """
        verify_card(root_public, card, card_signature)
        check_place(card, self.vault_id, self.user_id)
        if card.counter != self.card_counter:
            raise CardRefused
        opened: dict[str, dict[int, bytes]] = {}
        for slot in slots:
            key = open_slot(self._bundle, root_public, card, slot)
            opened.setdefault(slot.category, {})[slot.version] = key
        self.root_public = root_public
        self._take(opened, active)
        self._take_root()

    def _take(
        self, keys: Mapping[str, Mapping[int, bytes]], active: Mapping[str, int] | None
    ) -> None:
        keys = {name: versions for name, versions in keys.items() if name not in self._closed}
        self._keys = {name: dict(versions) for name, versions in keys.items()}
        self._active = {name: max(versions) for name, versions in keys.items()}
        for name, version in (active or {}).items():
            self._activate(name, version)
        self._ciphers = {
            name: _ciphers(versions) for name, versions in keys.items() if name not in _APART
        }

    def _take_root(self) -> None:
        self._root = RootKey(self._current(ROOT)) if ROOT in self._keys else None

    def _activate(self, name: str, version: int) -> None:
        if name in self._keys:
            if version not in self._keys[name]:
                raise UnknownKeyVersion(category=name, version=version)
            self._active[name] = version

    def _current(self, name: str) -> bytes:
        return self._keys[name][self._active[name]]

    def close(self, damages: Mapping[str, Damaged]) -> None:
        """Use the keys of some classes no more; whoever asks for one is told what is wrong."""
        self._closed.update(damages)
        self._take(self._keys, self._active)

    def is_closed(self, name: str) -> bool:
        """Tell whether a class is not used because of damage, whatever the role may read."""
        return name in self._closed

    def categories(self) -> frozenset[str]:
        """Return the categories of personal data this user can read and therefore write."""
        return frozenset({*self._ciphers, *self._closed}) - _NOT_CATEGORIES

    def classes(self) -> frozenset[str]:
        """Return every key class held, `register`, `root` and `suppression` included."""
        return frozenset(self._keys)

    def can(self, category: str) -> bool:
        """Tell whether this user holds the key of a category."""
        return category in self._ciphers

    def versions(self, category: str) -> frozenset[int]:
        """Return the versions of a class's key that are held; none when the role has none."""
        return frozenset(self._keys.get(category, ()))

    def version(self, category: str) -> int:
        """Return the version that new keys of a category are wrapped under."""
        if category not in self._ciphers:
            raise self._missing(category)
        return self._active[category]

    def new_data_keys(
        self, categories: Iterable[str], owner: bytes
    ) -> dict[str, tuple[DataKey, bytes]]:
        """Draw the data keys of a whole new owner with one call to the system."""
        names = list(categories)
        drawn = urandom(_DRAW * len(names))
        return {
            name: self._drawn_key(name, owner, drawn[at * _DRAW : (at + 1) * _DRAW])
            for at, name in enumerate(names)
        }

    def _drawn_key(self, category: str, owner: bytes, drawn: bytes) -> tuple[DataKey, bytes]:
        cipher, version = self._wrapping(category)
        ad = self._key_ad(category, owner)
        key = drawn[:KEY_LENGTH]
        return DataKey(key), _layout.wrap(cipher, drawn[KEY_LENGTH:], key, version, ad)

    def open_data_key(self, category: str, owner: bytes, wrapped: bytes) -> DataKey:
        """Open a stored data key; NoKey when the role has none, Damaged when it fails."""
        return DataKey(self._open(category, wrapped, self._key_ad(category, owner)))

    def quick_texts(
        self, wraps: GroupWraps, category: str, places: Sequence[tuple[bytes, bytes, bytes]]
    ) -> BatchTexts | None:
        """Return what opens short texts of a category in one go; None where the role has no key."""
        edges = self._edges.get(category)
        if edges is None:
            return None
        return BatchTexts(wraps, edges, self._ciphers[category], places)

    def rewrap(self, category: str, owner: bytes, wrapped: bytes) -> bytes:
        """Wrap a data key anew under the active version, for rotation; fields stay as they are."""
        ad = self._key_ad(category, owner)
        key = self._open(category, wrapped, ad)
        cipher, version = self._wrapping(category)
        return _layout.wrap(cipher, urandom(_NONCE), key, version, ad)

    def rewrap_secret(self, secret: WrappedSecret) -> WrappedSecret:
        """Wrap a secret anew under the active version, for rotation; its tokens stay the same."""
        key = self.unwrap_secret(secret)
        cipher, version = self._wrapping(secret.category)
        ad = secret_ad(self.vault_id, secret.kind, secret.category)
        wrapped = _layout.wrap(cipher, urandom(_NONCE), key, version, ad)
        return WrappedSecret(secret.kind, secret.category, wrapped)

    def unwrap_secret(self, secret: WrappedSecret) -> bytes:
        """Open a key that is bound to a kind."""
        ad = secret_ad(self.vault_id, secret.kind, secret.category)
        return self._open(secret.category, secret.wrapped, ad)

    def token_key(self, kind: str) -> TokenKey | None:
        """Return the key of a kind of token, or None where the role may not search by it."""
        return self._tokens.get(kind)

    def sign(self, message: bytes) -> bytes:
        """Sign as this user; what is signed must carry a label of its own."""
        return self._bundle.sign(message)

    def quick_unlock(self, pin: str, cost: KdfCost, proved: tuple[datetime, Clock]) -> PinUnlock:
        """Keep this user's key pairs in memory under a PIN, counted from when a password was."""
        from gdpr.vault.pin_unlock import PinUnlock  # noqa: PLC0415 - only a lock pays for it

        return PinUnlock(self._bundle, (self.vault_id, self.user_id), pin, cost, proved)

    @property
    def root(self) -> RootKey:
        """The root key, which owners hold; NoKey for everybody else."""
        if self._root is None:
            raise NoKey(category=ROOT)
        return self._root

    def grant(
        self, card: UserCard, card_signature: bytes, classes: Iterable[str]
    ) -> tuple[Slot, ...]:
        """Seal every version of the named classes to a card; you can give only what you hold.

        The card is verified first: a host that swapped its keys would else receive ours.
        """
        root = self._checked(card, card_signature)
        slots: list[Slot] = []
        for name in classes:
            if name not in self._keys:
                raise NoKey(category=name)
            versions = self._keys[name].items()
            slots += [seal_slot(root, card, name, version, key) for version, key in versions]
        return tuple(slots)

    def new_version(
        self, category: str, cards: Iterable[tuple[UserCard, bytes]]
    ) -> tuple[Slot, ...]:
        """Draw the next key of a category and seal it to its readers' cards; it is not active yet.

        `cards` come with their signatures and include the recovery card.
        Open the keyring again with the new slots, then `active` decides when it is used.
        """
        if not self.can(category):
            raise NoKey(category=category)
        version = max(self._keys[category]) + 1
        key = urandom(KEY_LENGTH)
        return tuple(
            seal_slot(self._checked(card, signature), card, category, version, key)
            for card, signature in cards
        )

    def _checked(self, card: UserCard, card_signature: bytes) -> RootKey:
        root = self.root
        verify_card(root.public, card, card_signature)
        check_place(card, self.vault_id, card.user_id)
        return root

    def _missing(self, name: str) -> KartotekaError:
        return self._closed.get(name) or NoKey(category=name)

    def _wrapping(self, category: str) -> tuple[AESGCM, int]:
        version = self.version(category)
        return self._ciphers[category][version], version

    def _key_ad(self, category: str, owner: bytes) -> bytes:
        edges = self._edges.get(category)
        if edges is None:
            raise NoKey(category=category)
        if len(owner) != ID_LENGTH:
            message = "an owner is an id of 16 bytes"
            raise ValueError(message)
        return edges[0] + owner + edges[1]

    def _open(self, category: str, wrapped: bytes, ad: bytes) -> bytes:
        ciphers = self._ciphers.get(category)
        if ciphers is None:
            raise self._missing(category)
        try:
            return open_wrap(ciphers, wrapped, ad, category)
        except UnknownKeyVersion:
            if self.refresh is None:
                raise
            self.refresh()
        return open_wrap(self._ciphers.get(category, {}), wrapped, ad, category)


def secret_ad(vault_id: bytes, kind: str, category: str) -> bytes:
    """Name the one use of a wrapped secret, so that no kind's key serves another."""
    return pack(_SECRET, vault_id, kind.encode(), category.encode())


def new_secret(
    category_key: bytes, version: int, vault_id: bytes, kind: str, category: str
) -> WrappedSecret:
    """Draw the key of a kind and wrap it under its category."""
    ad = secret_ad(vault_id, kind, category)
    drawn = urandom(_DRAW)
    key, nonce = drawn[:KEY_LENGTH], drawn[KEY_LENGTH:]
    return WrappedSecret(
        kind, category, _layout.wrap(AESGCM(category_key), nonce, key, version, ad)
    )


def _ciphers(versions: Mapping[int, bytes]) -> dict[int, AESGCM]:
    return {version: AESGCM(key) for version, key in versions.items()}
