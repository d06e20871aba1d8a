"""The short texts of whole rows opened in one go, for the directory that is loaded at unlock.

A hundred thousand names pass here, so it does what `GroupWraps.open`, `Keyring.open_data_key` and
the seal of a row do without a call for each step. Whatever is unusual is left to the slow way,
which says what is wrong with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gdpr.vault._layout import BODY_AT, NONCE_LENGTH, is_plausible, text_in, wrap_header
from gdpr.vault._secret import Secret
from gdpr.vault.encoding import ID_LENGTH
from gdpr.vault.group_wraps import BODY, TAIL_AT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gdpr.vault.group_wraps import GroupWraps

    _Cipher = Callable[[bytes, bytes, bytes | None], bytes]


class BatchTexts(Secret):
    """Opens the texts of one category, for rows whose columns all lie under its keys."""

    __slots__ = ("_edges", "_outer", "_places", "_unwraps", "_wraps")

    def __init__(
        self,
        wraps: GroupWraps,
        edges: tuple[bytes, bytes],
        ciphers: Mapping[int, AESGCM],
        places: Sequence[tuple[bytes, bytes, bytes]],
    ) -> None:
        """Take the ciphers of a category by version, and the fixed parts of each column's place."""
        self._wraps = wraps
        self._outer: dict[bytes, tuple[_Cipher, _Cipher, bytes]] = {}
        self._edges = edges
        self._places = places
        self._unwraps = {
            wrap_header(version): cipher.decrypt for version, cipher in ciphers.items()
        }

    def texts(
        self, row_id: bytes, owner: bytes, stored: bytes | None, sealed: Sequence[bytes | None]
    ) -> list[str | None] | None:
        """Return the texts, or None for a row that must be looked at closely."""
        if stored is None or len(owner) != ID_LENGTH:
            return None
        known = self._outer.get(stored[TAIL_AT:]) or self._known(stored)
        if known is None:
            return None
        mask, unwrap, header = known
        before, after = self._edges
        nonce = stored[:NONCE_LENGTH]
        opened: list[str | None] = []
        add = opened.append
        try:
            body = mask(nonce, stored[NONCE_LENGTH:TAIL_AT], None)[:BODY]
            key = unwrap(nonce, body, before + owner + after + header)
            decrypt = AESGCM(key).decrypt
            for (start, middle, end), blob in zip(self._places, sealed, strict=True):
                if blob is None:
                    add(None)
                    continue
                if not is_plausible(blob):
                    return None
                ad = start + row_id + middle + owner + end
                text = text_in(decrypt(blob[1:BODY_AT], blob[BODY_AT:], ad))
                if text is None:
                    return None
                add(text)
        except (InvalidTag, TypeError, UnicodeDecodeError):
            return None
        return opened

    def _known(self, stored: bytes) -> tuple[_Cipher, _Cipher, bytes] | None:
        found = self._wraps.known(stored)
        unwrap = None if found is None else self._unwraps.get(found[1])
        if found is None or unwrap is None:
            return None
        opener = self._outer[stored[TAIL_AT:]] = (found[0].encrypt, unwrap, found[1])
        return opener
