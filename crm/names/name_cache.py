"""The name directory of the open register, loaded when a name is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.kinds.party import NAMES
from crm.models.party import Party, called
from crm.names.directory import Directory, NameEntry
from crm.privacy import IDENTITY
from gdpr.errors import Damaged, NotFound
from gdpr.store.overview import pieces, written_by_others

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.session.context import RegisterContext

# So many names are put into their place; for more, loading all anew is quicker.
_FEW: Final = 50


class Names:
    """Holds one directory for all services of a register, so that one change reaches all.

    What another program wrote is followed at the next search: a colleague's new client is found,
    and the name of somebody erased is forgotten here too. For a role that may not read names it
    holds everybody without one.
    """

    def __init__(self) -> None:
        """Load nothing yet: most commands name a number."""
        self._directory: Directory | None = None
        self._version: int | None = None
        self._revisions: dict[bytes, int] = {}
        self.changes = 0
        """How often the list changed; whoever walks it begins anew when it did."""

    def of(self, context: RegisterContext) -> Directory:
        """Return the directory as of now, loading it from the names the user may read."""
        self.follow(context)
        if self._directory is None:
            self._version = written_by_others(context.session.database)
            self._revisions = _revisions(context)
            self._directory = Directory()
            self._directory.build(_entries(context))
        return self._directory

    def load(self, context: RegisterContext) -> None:
        """Load the names if none are, for whoever will ask while others wait for the write lock."""
        if self._directory is None:
            self.of(context)

    def follow(self, context: RegisterContext) -> None:
        """Take in what another program has written to the register since, if anything is listed."""
        if self._directory is None:
            return
        version = written_by_others(context.session.database)
        if version == self._version:
            return
        found = _revisions(context)
        changed = [party for party, rev in found.items() if self._revisions.get(party) != rev]
        gone = self._revisions.keys() - found.keys()
        self._version, self._revisions = version, found
        # The list of names is overwritten when somebody has gone, as after an erasure of our own.
        if gone or len(changed) > _FEW or not self._note_all(context, changed):
            self.forget()

    def _note_all(self, context: RegisterContext, changed: list[bytes]) -> bool:
        """List parties anew that were added or changed; tell whether each could be read."""
        reads = IDENTITY.code in context.access.reads
        try:
            parties = [context.session.get(Party, one) for one in changed]
        except (Damaged, NotFound):
            return False
        for party in parties:
            self.note(party, party.display_name() if reads else "")
        return True

    def note(self, party: Party, name: str | None = None) -> None:
        """List a party that was added or renamed, if anything is listed yet."""
        self.changes += 1
        if self._directory is not None:
            name = party.display_name() if name is None else name
            self._directory.add(
                NameEntry(bytes(party.id), name, party.number, party.kind, party.status)
            )

    def forget(self) -> None:
        """Let the next search load all names anew, because many changed or some went."""
        self.changes += 1
        if self._directory is not None:
            self._directory.drop()
        self._directory = None


def _entries(context: RegisterContext) -> Iterator[NameEntry]:
    """Yield everybody; those without a name, or for whom there is no key, come first."""
    if IDENTITY.code not in context.access.reads:
        for rows in pieces(context.session, Party, ("number", "kind", "status")):
            for party, number, kind, status in rows:
                yield NameEntry(bytes(party), "", number, kind, status)
        return
    plain = ("number", "kind", "status")
    for row in context.session.scan(Party, plain, NAMES):
        party, number, kind, status, name, given, family = row
        text = called(kind, name, given, family)
        yield NameEntry(bytes(party), text, number, kind, status)


def _revisions(context: RegisterContext) -> dict[bytes, int]:
    """Return how often each party was written, by id; read without opening anything."""
    return {
        bytes(party): rev
        for rows in pieces(context.session, Party, ("rev",))
        for party, rev in rows
    }
