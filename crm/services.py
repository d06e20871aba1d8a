"""The table of services behind the front door: what is asked for by name, and where it lives.

A service is loaded and built when it is first asked for, so that a command pays for what it uses.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from crm.i18n import Words
from crm.session.cards import CurrentUser
from gdpr.errors import KartotekaError, Refused
from gdpr.store.accounts import UserAccount
from gdpr.store.database import STORAGE_ERRORS, apart, readers_are_free
from gdpr.store.settings import read_setting
from gdpr.vault.root import fingerprint, readable

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import date, datetime

    from crm.backup.backups import Backups
    from crm.clients.clients import Clients
    from crm.clients.contacts import Contacts
    from crm.clients.notes import Notes
    from crm.consents.consent_receipts import ConsentReceipts
    from crm.consents.consents import ConsentVerbs
    from crm.consents.suppression_list import SuppressionList
    from crm.copies.copies import Copies
    from crm.grounds.grounds import GroundVerbs
    from crm.keys.keys import Keys, Recovery
    from crm.keys.rotation import Rotation
    from crm.keys.users import Users
    from crm.lists.agenda import Today
    from crm.lists.client_list import ClientList
    from crm.oversight.audit import AuditVerbs
    from crm.oversight.doctor import Doctor
    from crm.oversight.drills import Drills
    from crm.packages.leftovers import Leftovers
    from crm.packages.packages import Packages
    from crm.records.records import Records
    from crm.retention.erasure import SubjectRights
    from crm.retention.retention_run import Retention
    from crm.session.context import RegisterContext
    from crm.shape.description import Shape
    from crm.transfer.consent_lists import ConsentLists
    from crm.transfer.exports import Exports
    from crm.transfer.full_export import FullExport
    from crm.transfer.imports import Imports
    from crm.transparency.firm_details import Controller
    from crm.transparency.notice_proofs import NoticeDelivery
    from crm.transparency.notices import Notices
    from crm.transparency.purposes import Purposes
    from crm.transparency.wordings import Wordings
    from gdpr.vault.pin_unlock import PinUnlock

_Built = TypeVar("_Built")
# Arguments and errors that name purposes or relations by their codes.
_NAMED = frozenset(
    {"purpose", "purposes", "relation", "relations", "UnknownPurpose", "UnknownRelation"}
)


class Service(Generic[_Built]):
    """One service of an opened register: `place` is its module and class, `module:Class`."""

    def __init__(self, place: str) -> None:
        self.place = place
        self._name = ""

    def __set_name__(self, _owner: type[Services], name: str) -> None:
        self._name = name

    def __get__(self, services: Services, _owner: type[Services]) -> _Built:
        """Build the service; from then on the register holds it under its name."""
        module, _colon, name = self.place.partition(":")
        built = getattr(import_module(module), name)(services.context)
        services.__dict__[self._name] = built
        return cast("_Built", built)


class Services:
    """Gives the services of one opened register by name."""

    context: RegisterContext
    proved: datetime

    # Whom the register is about.
    clients: Service[Clients] = Service("crm.clients.clients:Clients")
    contacts: Service[Contacts] = Service("crm.clients.contacts:Contacts")
    notes: Service[Notes] = Service("crm.clients.notes:Notes")
    agenda: Service[Today] = Service("crm.lists.agenda:Today")
    # Why somebody is kept, and how that ends.
    grounds: Service[GroundVerbs] = Service("crm.grounds.grounds:GroundVerbs")
    consents: Service[ConsentVerbs] = Service("crm.consents.consents:ConsentVerbs")
    consent_receipts: Service[ConsentReceipts] = Service(
        "crm.consents.consent_receipts:ConsentReceipts"
    )
    suppressions: Service[SuppressionList] = Service(
        "crm.consents.suppression_list:SuppressionList"
    )
    retention: Service[Retention] = Service("crm.retention.retention_run:Retention")
    # What people are told, ask for and get.
    purposes: Service[Purposes] = Service("crm.transparency.purposes:Purposes")
    controller: Service[Controller] = Service("crm.transparency.firm_details:Controller")
    notices: Service[Notices] = Service("crm.transparency.notices:Notices")
    notice_delivery: Service[NoticeDelivery] = Service(
        "crm.transparency.notice_proofs:NoticeDelivery"
    )
    wordings: Service[Wordings] = Service("crm.transparency.wordings:Wordings")
    subjects: Service[SubjectRights] = Service("crm.retention.erasure:SubjectRights")
    packages: Service[Packages] = Service("crm.packages.packages:Packages")
    leftovers: Service[Leftovers] = Service("crm.packages.leftovers:Leftovers")
    # Files in and out, and what became of them.
    imports: Service[Imports] = Service("crm.transfer.imports:Imports")
    exports: Service[Exports] = Service("crm.transfer.exports:Exports")
    consent_lists: Service[ConsentLists] = Service("crm.transfer.consent_lists:ConsentLists")
    full_export: Service[FullExport] = Service("crm.transfer.full_export:FullExport")
    copies: Service[Copies] = Service("crm.copies.copies:Copies")
    backups: Service[Backups] = Service("crm.backup.backups:Backups")
    # Who keeps it, with which keys, and whether all is well.
    users: Service[Users] = Service("crm.keys.users:Users")
    rotation: Service[Rotation] = Service("crm.keys.rotation:Rotation")
    recovery: Service[Recovery] = Service("crm.keys.keys:Recovery")
    keys: Service[Keys] = Service("crm.keys.keys:Keys")
    audit: Service[AuditVerbs] = Service("crm.oversight.audit:AuditVerbs")
    doctor: Service[Doctor] = Service("crm.oversight.doctor:Doctor")
    drills: Service[Drills] = Service("crm.oversight.drills:Drills")

    @cached_property
    def client_list(self) -> ClientList:
        """The list of everybody, as the screen shows it; it says what is due for each."""
        from crm.lists.client_list import ClientList  # noqa: PLC0415 - as for every service

        return ClientList(self.context, self.agenda)

    def records(self, shape: Shape) -> Records:
        """Give the records of a described kind."""
        from crm.records.records import Records  # noqa: PLC0415 - as above

        return Records(self.context, shape)

    @cached_property
    def current_user(self) -> CurrentUser:
        """Whose keys are open, and what they may do."""
        context, access = self.context, self.context.access
        return CurrentUser(
            name=context.session.get(UserAccount, context.user).name,
            roles=access.roles,
            reads=access.reads,
            writes=access.writes,
            duties=frozenset(duty.value for duty in access.duties),
            firm=read_setting(context.session, "firm_name"),
            country=context.country,
            demo=context.demo,
        )

    def furnish(self, error: BaseException | None) -> None:
        """Tell a failure what purposes are called here, and a refusal where the firm is at home."""
        if isinstance(error, Refused):
            error.country = self.context.country
        if isinstance(error, KartotekaError) and not _NAMED.isdisjoint(
            {*error.arguments, type(error).__name__}
        ):
            with suppress(KartotekaError, *STORAGE_ERRORS):
                rulebook = self.context.grounds.rulebook
                relations = {code: one.names for code, one in rulebook.relations.items()}
                purposes = {
                    code: {language: text.name for language, text in one.texts.items()}
                    for code, one in rulebook.purposes.items()
                }
                error.names = {
                    code: Words.of(names) for code, names in (relations | purposes).items() if names
                }

    def keep_for_pin(self, pin: str) -> PinUnlock:
        """Keep the user's keys in this process under a PIN, for some hours after the password."""
        from crm.keys.users import keep_for_pin  # noqa: PLC0415 - as above

        return keep_for_pin(self.context, pin, self.proved)

    @property
    def lags(self) -> bool:
        """Tell whether this desk's notes beside the register could not follow what was done."""
        journal = self.context.journal
        return journal.anchor_lags or bool(journal.unwritten)

    @property
    def root(self) -> str:
        """Return the fingerprint of the register's root key, as two people compare it."""
        return readable(fingerprint(self.context.session.ring.root_public))

    @property
    def can_go_apart(self) -> bool:
        """Tell whether others may ask and write while one state is read on another thread."""
        return readers_are_free(self.context.session.database)

    def apart(self) -> AbstractContextManager[None]:
        """Give the calling thread a connection of its own; it must not work while another does."""
        return apart(self.context.session.database)

    @property
    def today(self) -> date:
        """The day the rules count with, which a leaping system clock cannot move."""
        return self.context.day
