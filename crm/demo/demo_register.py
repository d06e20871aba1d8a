"""Fills a register with invented people, as an import would: one change, written in bulk."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from peewee import DatabaseError

from crm.clients.clients import SEQUENCE
from crm.demo.invented import invented_clients
from crm.files.parsing import Who
from crm.kinds.party import TYPED
from crm.models.party import STATUS_OF, Party, PartyKind, Status
from crm.parties.field_rules import columns_of
from crm.parties.grace_period import is_going
from crm.session.access import access_of
from crm.session.firm import Firm
from crm.session.shred_file_place import shred_place
from crm.transfer.bulk_insert import PartyRows, covered
from gdpr.audit.events import Event
from gdpr.clock import microseconds
from gdpr.errors import Damaged, VaultExists
from gdpr.rules.endings import end
from gdpr.rules.facts import Ending
from gdpr.rules.purposes import Evidence
from gdpr.store.accounts import account_row, read_vault, store_slots
from gdpr.store.database import open_database, remove_files
from gdpr.store.errors import NotAVault
from gdpr.store.ids import new_id
from gdpr.store.settings import next_number
from gdpr.store.shred_file import destroy_secrets
from gdpr.vault.founding import Member, new_user
from gdpr.vault.kdf import FLOOR

if TYPE_CHECKING:
    from datetime import date

    from crm.demo.invented import DemoClient, DemoContact
    from crm.parties.cards import PartyFields
    from crm.session.context import RegisterContext
    from crm.transfer.bulk_insert import NewParty
    from gdpr.audit.journal import AuditedChange
    from gdpr.audit.state_folders import StateFolders
    from gdpr.rules.grounds import Opening

# Published: everybody may open a register in which nobody is real.
PASSWORD: Final = "visi-cilveki-ir-izdomati"  # noqa: S105 - see above
OWNER: Final = "anna"
COST: Final = FLOOR
FIRM: Final = Firm(
    name="SIA Izdomātais birojs",
    country="LV",
    address="Izdomu iela 1, Rīga",
    email="privacy@example.com",
    language="lv",
)
COLLEAGUES: Final = (
    ("paula", ("privacy",)),
    ("oskars", ("office",)),
    ("tina", ("technician",)),
    ("gianni", ("accountant",)),
    ("rita", ("auditor",)),
)
_CONTACT: Final = "contact"
_NEWSLETTER: Final = "direct_marketing"
# Every so many human clients also take the newsletter, and every so many of those took it once.
_SUBSCRIBE_EVERY: Final = 3
_WITHDREW_EVERY: Final = 4
_ITEMS: Final = frozenset(column.name for column in Party.layout().sealed)
_QUIETEST_DAYS: Final = 400


class _Ended(NamedTuple):
    """Grounds of a party that ended on a day; `purposes` is None when all of them did."""

    party: bytes
    on: date
    why: Ending
    purposes: frozenset[str] | None


class Demo:
    """Puts invented people into an empty register."""

    def __init__(self, context: RegisterContext) -> None:
        """Work in `context`."""
        self._context = context
        self._openings: dict[tuple[str, bool], Opening] = {}
        self._ended: list[_Ended] = []
        self._edits: list[tuple[bytes, str, str]] = []

    def is_empty(self) -> bool:
        """Tell whether nobody is in the register yet, as after a filling that was cut off."""
        return self._context.session.first(Party, number=1) is None

    def fill(self) -> dict[str, int]:
        """Store clients, contact persons, notes, grounds and colleagues; return the counts."""
        context = self._context
        clients = list(invented_clients(context.day))
        with context.journal.audited_change(Event.DEMO_FILLED) as change:
            count = len(clients) + sum(len(client.contacts) for client in clients)
            rows = PartyRows(context, change, next_number(change, SEQUENCE, count), count)
            for turn, client in enumerate(clients):
                self._client(rows, client, turn)
            change.flush()
            self._end_grounds(change)
            counts = Counter(parties=count, clients=len(clients), contacts=count - len(clients))
            change.note(**counts)
        self._edit()
        self._hire()
        return dict(counts)

    def _client(self, rows: PartyRows, client: DemoClient, turn: int) -> None:
        opening = self._opening(client.relation, client.kind == PartyKind.LEGAL, client.evidence)
        left = next((e.on for e in client.history if e.field == "relation"), None)
        plain: dict[str, Any] = {
            "kind": client.kind,
            "status": (Status.FORMER if left else STATUS_OF.get(opening.kind, Status.ACTIVE)).value,
            "created": _at(client.since),
            "last_activity": self._last_activity(client).isoformat(),
        }
        before = {e.field: e.before for e in reversed(client.history) if e.field in _ITEMS}
        typed = {**_told(client), "country": client.country}
        columns = self._columns({**typed, **before}, plain, opening)
        who = rows.party(columns, opening, client.since)
        self._edits += [(who.id, field, typed[field]) for field in before if field in typed]
        if left:
            self._ended.append(_Ended(who.id, left, Ending.ENDED, None))
        for note in client.notes:
            rows.note(who, note.text, _at(note.written))
        rows.finish(who)
        if client.kind == PartyKind.NATURAL and client.relation == "client":
            self._maybe_subscribe(rows, who, client.since, turn)
        for contact in client.contacts:
            self._contact(rows, client, contact, who.id)

    def _contact(
        self, rows: PartyRows, client: DemoClient, contact: DemoContact, company: bytes
    ) -> None:
        opening = self._opening(_CONTACT, legal=False)
        typed = {**_told(contact), "country": client.country}
        plain = {
            "kind": PartyKind.NATURAL.value,
            "status": Status.CONTACT.value,
            "created": _at(contact.since),
            "last_activity": max(self._last_activity(client), contact.since).isoformat(),
        }
        who = rows.party(self._columns(typed, plain, opening), opening, contact.since)
        rows.employ(who, company, contact.position, contact.since, contact.left)
        rows.finish(who)
        if contact.left:
            self._ended.append(_Ended(who.id, contact.left, Ending.LEFT, None))

    def _columns(
        self, typed: dict[str, str], plain: dict[str, Any], opening: Opening
    ) -> dict[str, Any]:
        """Make a row of what was typed; what no purpose of the relation names stays out."""
        who = Who(PartyKind(plain["kind"]).value, typed["country"], self._context.day)
        columns = {"phone_unchecked": 0, **columns_of(typed, who)}
        return {**covered(columns, opening), **plain}

    def _maybe_subscribe(self, rows: PartyRows, who: NewParty, since: date, turn: int) -> None:
        turn, rest = divmod(turn, _SUBSCRIBE_EVERY)
        if rest:
            return
        opening = self._context.grounds.by_purposes(
            [_NEWSLETTER], kind="client", is_legal=False, evidence=Evidence.SOFT_OPT_IN
        )
        rows.open(who, opening, since)
        if turn % _WITHDREW_EVERY == 0:
            withdrawn = max(since, self._context.day - timedelta(days=40))
            only = frozenset({_NEWSLETTER})
            self._ended.append(_Ended(who.id, withdrawn, Ending.OBJECTION, only))

    def _opening(self, relation: str, legal: bool, evidence: str | None = None) -> Opening:  # noqa: FBT001
        key = (relation, legal)
        if key not in self._openings:
            self._openings[key] = self._context.grounds.by_relation(
                relation, is_legal=legal, evidence=Evidence(evidence) if evidence else None
            )
        return self._openings[key]

    def _last_activity(self, client: DemoClient) -> date:
        """Return the last thing that is known, or some day of the last year or so."""
        quiet = len(client.email or "") * 37 % _QUIETEST_DAYS
        days = [note.written for note in client.notes] + [event.on for event in client.history]
        return max([client.since, self._context.day - timedelta(days=quiet), *days])

    def _end_grounds(self, change: AuditedChange) -> None:
        grounds = self._context.grounds
        for ended in self._ended:
            for ground in grounds.of(ended.party):
                if ended.purposes is None or ground.purpose.code in ended.purposes:
                    gone = end(ground, ended.why, ended.on, ended.on, grounds.rulebook.settings)
                    grounds.save(change, gone)

    def _edit(self) -> None:
        """Correct what has changed since, one change each, so that the log shows it."""
        context = self._context
        for party, field, value in self._edits:
            if is_going(context, party):
                continue
            with context.journal.audited_change(Event.PARTY_EDITED, party, fields=1) as change:
                record = context.session.get(Party, party)
                who = Who(PartyKind(record.kind).value, record.country, context.day)
                for column, stored in columns_of({field: value}, who).items():
                    setattr(record, column, stored)
                change.update(record, context.grounds.warrant(party, context.day))

    def _hire(self) -> None:
        """Add a colleague for each role, all with the published password."""
        context = self._context
        created = microseconds(context.clock.now())
        for name, roles in COLLEAGUES:
            access = access_of(roles)
            member = Member(new_id(), access.roles, access.key_classes())
            user = new_user(
                context.session.ring, member, cost=COST, language="lv", password=PASSWORD
            )
            with context.journal.audited_change(
                Event.USER_ADDED, member.user_id, card=member.counter
            ) as change:
                row = account_row(user.account, name, created, must_change=False)
                row.confidentiality = context.day.isoformat()
                change.insert(row)
                store_slots(change, user.slots)


def _told(person: PartyFields) -> dict[str, str]:
    return {name: value for name in TYPED if (value := person.value(name))}


def _at(day: date) -> int:
    return microseconds(datetime.combine(day, time(10), UTC))


def is_demo(target: str, *, own: bool) -> bool:
    """Tell whether a register of invented people lies here; another one raises VaultExists.

    In the demo's `own` place a file that never became a register is none.
    """
    return _vault_of_demo(target, own=own) is not None


def remove(target: str, folders: StateFolders, *, own: bool) -> None:
    """Remove a register of invented people with what this desk knew of it; never a real one."""
    if not Path(target).exists():
        return
    vault_id = _vault_of_demo(target, own=own)
    state = None if vault_id is None else folders.at(target, vault_id)
    if state is not None:
        shutil.rmtree(state, ignore_errors=True)
    remove_files(target)
    destroy_secrets(shred_place(target))


def _vault_of_demo(target: str, *, own: bool) -> bytes | None:
    try:
        database = open_database(target)
        try:
            facts = read_vault(database)
        finally:
            database.close()
    except (NotAVault, Damaged, DatabaseError):
        if own:
            return None
        raise VaultExists from None
    if not facts.demo:
        raise VaultExists
    return facts.vault_id
