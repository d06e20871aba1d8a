"""The name directory of the open register, loaded when a name is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.models.party import Party
from crm.privacy import IDENTITY
from crm.services.directory import Directory, Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.services.office import Office


class Names:
    """Holds one directory for all services of an office, so that one change reaches all.

    A role that may not read names has an empty one.
    """

    def __init__(self) -> None:
        """Load nothing yet: most commands name a number."""
        self._directory: Directory | None = None

    def of(self, office: Office) -> Directory:
        """Return the directory, loading it from the names the user may read."""
        if self._directory is None:
            self._directory = Directory()
            if IDENTITY.code in office.access.reads:
                self._directory.build(_entries(office))
        return self._directory

    def note(self, party: Party) -> None:
        """List a party that was added or renamed, if anything is listed yet."""
        if self._directory is not None:
            name = party.display_name()
            self._directory.add(Entry(bytes(party.id), name, party.number, party.kind))

    def forget(self) -> None:
        """Let the next search load all names anew, because many changed or some went."""
        if self._directory is not None:
            self._directory.drop()
        self._directory = None


def _entries(office: Office) -> Iterator[Entry]:
    rows = office.desk.scan(Party, ("number", "kind"), ("name", "given_name", "family_name"))
    for party, number, kind, name, given, family in rows:
        text = name or " ".join(part for part in (given, family) if part)
        if text:
            yield Entry(bytes(party), text, number, kind)
