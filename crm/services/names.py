"""The name directory of the open register, loaded when a name is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.models.party import Party
from crm.privacy import IDENTITY
from crm.services.directory import Directory, Entry
from gdpr.store.overview import pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.services.office import Office


class Names:
    """Holds one directory for all services of an office, so that one change reaches all.

    For a role that may not read names it holds everybody without one.
    """

    def __init__(self) -> None:
        """Load nothing yet: most commands name a number."""
        self._directory: Directory | None = None
        self.changes = 0
        """How often the list changed; whoever walks it begins anew when it did."""

    def of(self, office: Office) -> Directory:
        """Return the directory, loading it from the names the user may read."""
        if self._directory is None:
            self._directory = Directory()
            self._directory.build(_entries(office))
        return self._directory

    def note(self, party: Party) -> None:
        """List a party that was added or renamed, if anything is listed yet."""
        self.changes += 1
        if self._directory is not None:
            name = party.display_name()
            self._directory.add(
                Entry(bytes(party.id), name, party.number, party.kind, (), party.status)
            )

    def forget(self) -> None:
        """Let the next search load all names anew, because many changed or some went."""
        self.changes += 1
        if self._directory is not None:
            self._directory.drop()
        self._directory = None


def _entries(office: Office) -> Iterator[Entry]:
    """Yield everybody; those without a name, or for whom there is no key, come first."""
    if IDENTITY.code not in office.access.reads:
        for rows in pieces(office.desk, Party, ("number", "kind", "status")):
            for party, number, kind, status in rows:
                yield Entry(bytes(party), "", number, kind, (), status)
        return
    plain = ("number", "kind", "status")
    for row in office.desk.scan(Party, plain, ("name", "given_name", "family_name")):
        party, number, kind, status, name, given, family = row
        text = name or " ".join(part for part in (given, family) if part)
        yield Entry(bytes(party), text, number, kind, (), status)
