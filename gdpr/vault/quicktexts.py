"""The short texts of whole rows opened in one go, for the directory that is loaded at unlock.

A hundred thousand names pass here, so it does what `OuterWraps.open`, `Keyring.open_data_key` and
the seal of a row do without a call for each step. Whatever is unusual is left to the slow way,
which says what is wrong with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gdpr.vault._layout import BODY_AT, FORMAT, is_plausible, text_in
from gdpr.vault._secret import Secret
from gdpr.vault.encoding import ID_LENGTH
from gdpr.vault.outer import BODY_AT as WRAP_AT
from gdpr.vault.outer import HEADER, LENGTH, PLACE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gdpr.vault.outer import OuterWraps

_INNER: Final = 5
_INNER_AT: Final = 17


class QuickTexts(Secret):
    """Opens the texts of one category, for rows whose columns all lie under its keys."""

    __slots__ = ("_edges", "_outer", "_outer_edges", "_places", "_unwraps", "_wraps")

    def __init__(
        self,
        wraps: OuterWraps,
        category: str,
        edges: tuple[bytes, bytes],
        ciphers: Mapping[int, AESGCM],
        places: Sequence[tuple[bytes, bytes, bytes]],
    ) -> None:
        """Take the ciphers of a category by version, and the fixed parts of each column's place."""
        self._wraps = wraps
        self._outer: dict[bytes, Callable[[bytes, bytes, bytes], bytes]] = {}
        self._outer_edges = wraps.edges(category)
        self._edges = edges
        self._places = places
        self._unwraps = {
            FORMAT + version.to_bytes(4, "big"): cipher.decrypt
            for version, cipher in ciphers.items()
        }

    def texts(
        self, row_id: bytes, owner: bytes, stored: bytes | None, sealed: Sequence[bytes | None]
    ) -> list[str | None] | None:
        """Return the texts, or None for a row that must be looked at closely."""
        if stored is None or len(stored) != LENGTH or len(owner) != ID_LENGTH:
            return None
        open_outer = self._outer.get(stored[:PLACE]) or self._known(stored)
        if open_outer is None:
            return None
        head, edge = self._outer_edges
        before, after = self._edges
        opened: list[str | None] = []
        add = opened.append
        try:
            wrapped = open_outer(
                stored[HEADER:WRAP_AT], stored[WRAP_AT:], head + owner + edge + stored[:HEADER]
            )
            header = wrapped[:_INNER]
            key = self._unwraps[header](
                wrapped[_INNER:_INNER_AT], wrapped[_INNER_AT:], before + owner + after + header
            )
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
        except (InvalidTag, KeyError, TypeError, UnicodeDecodeError):
            return None
        return opened

    def _known(self, stored: bytes) -> Callable[[bytes, bytes, bytes], bytes] | None:
        found = self._wraps.known(stored)
        if found is None:
            return None
        decrypt = self._outer[stored[:PLACE]] = found.decrypt
        return decrypt
