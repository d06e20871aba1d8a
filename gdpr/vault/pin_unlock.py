"""Quick unlocking: a user's key pairs kept in memory under a PIN, for the hours after a password.

A PIN has so few digits that whoever holds what it shuts can try them all. So what it shuts never
leaves this process: half of the key is drawn here, no file has either, and the third wrong PIN
forgets both. Against somebody who reads this process's memory a PIN protects nothing.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from os import urandom
from time import monotonic
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gdpr.errors import PinForgotten
from gdpr.vault import _layout
from gdpr.vault._secret import Secret
from gdpr.vault.bundle import Bundle, read_bundle
from gdpr.vault.encoding import KEY_LENGTH, derive, label, pack
from gdpr.vault.errors import PinShape, PinTooPlain, WrongPin
from gdpr.vault.kdf import derive_password_key

if TYPE_CHECKING:
    from datetime import datetime

    from gdpr.clock import Clock
    from gdpr.vault.kdf import KdfCost, KdfParameters

LEAST_DIGITS: Final = 4
MOST_DIGITS: Final = 12
TRIES: Final = 3
LASTS: Final = timedelta(hours=12)
_QUICK: Final = label("quick")
_ONE_DIGIT: Final = 10


class PinUnlock(Secret):
    """What a PIN opens again: one user's key pairs, for some hours and three wrong tries."""

    __slots__ = (
        "_clock",
        "_parameters",
        "_secret",
        "_started",
        "_wrapped",
        "proved",
        "tries",
        "who",
    )

    def __init__(
        self,
        bundle: Bundle,
        who: tuple[bytes, bytes],
        pin: str,
        cost: KdfCost,
        proved: tuple[datetime, Clock],
    ) -> None:
        """Shut the key pairs of `who` (vault and user) under a PIN.

        `proved` is when the password was last typed, for from then on the hours count, and by
        which clock.
        """
        check_pin_digits(pin)
        self.who = who
        self.proved, self._clock = proved
        self.tries = TRIES
        self._started = monotonic()
        self._parameters: KdfParameters = cost.salted()
        self._secret: bytes | None = urandom(KEY_LENGTH)
        nonce = urandom(_layout.NONCE_LENGTH)
        cipher = self._cipher(self._secret, pin)
        self._wrapped = _layout.shut_bundle(cipher, nonce, bundle.packed(), pack(_QUICK, *who))

    def is_alive(self) -> bool:
        """Tell whether a PIN may still be tried; past its hours everything is forgotten.

        A clock that was put back would stretch the hours, so that counts as their end.
        """
        now = self._clock.now()
        passed = max(now - self.proved, timedelta(seconds=monotonic() - self._started))
        if now < self.proved or passed >= LASTS:
            self.forget()
        return self._secret is not None

    def open(self, pin: str) -> Bundle:
        """Return the key pairs; the last wrong PIN, and the end of the hours, forget them."""
        if not self.is_alive() or self._secret is None:
            raise PinForgotten
        self.tries -= 1
        nonce, body = self._wrapped[1 : _layout.BODY_AT], self._wrapped[_layout.BODY_AT :]
        cipher = self._cipher(self._secret, pin)
        try:
            packed = cipher.decrypt(nonce, body, pack(_QUICK, *self.who) + _layout.FORMAT)
        except InvalidTag:
            if not self.tries:
                self.forget()
            raise WrongPin(left=self.tries) from None
        self.tries = TRIES
        return read_bundle(packed)

    def forget(self) -> None:
        """Drop what the PIN opens; only the password opens the vault then."""
        self._secret = None
        self._wrapped = b""

    def _cipher(self, secret: bytes, pin: str) -> AESGCM:
        stretched = derive_password_key(pin, self._parameters)
        vault_id, user_id = self.who
        return AESGCM(derive(secret, "quickunlock", vault_id, user_id, stretched))


def check_pin_digits(pin: str) -> None:
    """Refuse what is no PIN, and those that a stranger would type first."""
    if not (LEAST_DIGITS <= len(pin) <= MOST_DIGITS and pin.isascii() and pin.isdigit()):
        raise PinShape(least=LEAST_DIGITS, most=MOST_DIGITS)
    digits = [int(digit) for digit in pin]
    steps = {(b - a) % _ONE_DIGIT for a, b in pairwise(digits)}
    if len(steps) == 1:  # 0000, 1234, 9876, 2468
        raise PinTooPlain
