"""What is to be looked at, now or once a quarter or a year, before somebody has to ask."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from crm.keys.keys import CONFIRMED, USED
from crm.keys.users import REVIEWED
from crm.keys.versions import due_classes, unfinished
from crm.models.party import Party, PartyKind
from crm.session.calendar import founded
from crm.session.context import RegisterService
from crm.transparency.purposes import Purposes
from gdpr.errors import Damaged, NotFound
from gdpr.store.accounts import UserAccount
from gdpr.store.settings import read_setting
from gdpr.vault.cards import CardStatus
from gdpr.vault.recovery import RECOVERY_ID
from gdpr.vault.root import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


_YEAR: Final = timedelta(days=365)
_QUARTER: Final = timedelta(days=92)


class Reminders(RegisterService):
    """Each says what is due, and nothing where all is well."""

    def all(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each reminder by its code; a damaged row was named before and hides no other."""
        looks: dict[str, Callable[[], list[str]]] = {
            "recovery": self._recovery,
            "recovery-used": self._used,
            "recovery-root": self._root,
            "rotating": lambda: list(unfinished(self._context.session)),
            "rotation": lambda: list(due_classes(self._context)),
            "access": self._access,
            "confidentiality": self._confidentiality,
            "unconfirmed": self._unconfirmed,
        }
        for code, look in looks.items():
            try:
                yield code, look()
            except (Damaged, NotFound):
                # What is missing is named by verifying.
                yield code, []

    def _recovery(self) -> list[str]:
        """Remind of the paper once a year, not only on the first day."""
        context = self._context
        paper = context.session.get(UserAccount, RECOVERY_ID)
        if paper.must_change:
            return [context.clock.day_of(paper.created).isoformat()]
        confirmed = read_setting(context.session, CONFIRMED)
        last = date.fromisoformat(confirmed) if confirmed else context.clock.day_of(paper.created)
        return [last.isoformat()] if last + _YEAR <= context.day else []

    def _used(self) -> list[str]:
        """Remind of replacing a key that was typed at a restore: its paper may have been read."""
        used = read_setting(self._context.session, USED)
        return [used] if used else []

    def _unconfirmed(self) -> list[str]:
        """Remind of purposes nobody made the firm's own, once people are kept for some."""
        people = Party.select(Party.id).where(Party.kind == PartyKind.NATURAL.value).limit(1)
        if not list(people.bind(self._context.session.database).tuples()):
            return []
        return Purposes(self._context).waiting()

    def _root(self) -> list[str]:
        """Remind of a recovery key that vouches for a root which was replaced since."""
        session = self._context.session
        proof = bytes(session.get(UserAccount, RECOVERY_ID).root_proof or b"")
        present = fingerprint(session.ring.root_public)
        return [] if proof.startswith(present) else ["root"]

    def _access(self) -> list[str]:
        """Remind of reading who may do what, where more than one may do anything."""
        context = self._context
        if len(self._users()) < 2:  # noqa: PLR2004 - one user reviews nobody
            return []
        reviewed = read_setting(context.session, REVIEWED)
        last = date.fromisoformat(reviewed) if reviewed else founded(context)
        return [last.isoformat()] if last + _QUARTER <= context.day else []

    def _confidentiality(self) -> list[str]:
        """Name who has not promised it on any day (Art. 32(4)); owners are the firm itself."""
        return [
            row.name
            for row in self._users()
            if row.confidentiality is None and "owner" not in row.roles.split(",")
        ]

    def _users(self) -> list[UserAccount]:
        return [
            row
            for row in self._context.session.rows(UserAccount)
            if row.kdf_salt is not None and row.status == CardStatus.ACTIVE
        ]
