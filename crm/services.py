"""The rooms behind the front door: each aggregate's service, built when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from crm.oversight.audit import AuditDesk
from gdpr.errors import Refused
from gdpr.store.database import apart, readers_are_free
from gdpr.vault.root import fingerprint, readable

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import date, datetime

    from crm.backup.backups import Backups
    from crm.clients.clients import Clients
    from crm.clients.contacts import Contacts
    from crm.clients.notes import Notes
    from crm.consents.consent_receipts import ConsentReceipts
    from crm.consents.consents import ConsentDesk
    from crm.consents.suppression_list import SuppressionList
    from crm.copies.copies import Copies
    from crm.grounds.grounds import GroundVerbs
    from crm.keys.keys import Keys
    from crm.keys.membership import Membership
    from crm.keys.recovery import Recovery
    from crm.keys.rotation import Rotation
    from crm.keys.users import Users
    from crm.lists.agenda import Today
    from crm.lists.client_list import Roll
    from crm.oversight.doctor import Doctor
    from crm.oversight.drills import Drills
    from crm.packages.leftovers import Leftovers
    from crm.packages.packages import Packages
    from crm.records.records import Records
    from crm.retention.erasure import Subjects
    from crm.retention.retention import Retention
    from crm.session.cards import Myself
    from crm.session.context import Office
    from crm.shape.description import Shape
    from crm.transfer.consent_lists import ConsentLists
    from crm.transfer.exports import Exports
    from crm.transfer.full_export import Leaving
    from crm.transfer.imports import Imports
    from crm.transparency.firm_details import Controller
    from crm.transparency.notice_delivery import Informing
    from crm.transparency.notices import Notices
    from crm.transparency.purposes import Purposes
    from crm.transparency.wordings import Wordings
    from gdpr.vault.quick import QuickUnlock


class Rooms:
    """Gives the services of one opened register by name; a command pays for what it uses."""

    office: Office
    proved: datetime

    def name_country(self, error: BaseException | None) -> None:
        """Tell a refusal where the firm is at home, so that a face can name the authority."""
        if isinstance(error, Refused):
            error.country = self.office.country

    def keep_for_pin(self, pin: str) -> QuickUnlock:
        """Keep the user's keys in this process under a PIN, for some hours after the password."""
        from crm.keys.pins import keep  # noqa: PLC0415 - a command pays for what it uses

        return keep(self.office, pin, self.proved)

    @property
    def lags(self) -> bool:
        """Tell whether this desk's notes beside the register could not follow what was done."""
        journal = self.office.journal
        return journal.anchor_lags or bool(journal.unwritten)

    @property
    def root(self) -> str:
        """Return the fingerprint of the register's root key, as two people compare it."""
        return readable(fingerprint(self.office.desk.ring.root_public))

    @cached_property
    def clients(self) -> Clients:
        """Natural and legal persons."""
        from crm.clients.clients import Clients  # noqa: PLC0415 - a command pays for what it uses

        return Clients(self.office)

    @cached_property
    def roll(self) -> Roll:
        """The list of everybody, as the screen shows it."""
        from crm.lists.client_list import Roll  # noqa: PLC0415 - as above

        return Roll(self.office, self.agenda)

    @cached_property
    def agenda(self) -> Today:
        """What is due."""
        from crm.lists.agenda import Today  # noqa: PLC0415 - as above

        return Today(self.office)

    @cached_property
    def contacts(self) -> Contacts:
        """Contact persons of companies."""
        from crm.clients.contacts import Contacts  # noqa: PLC0415 - as above

        return Contacts(self.office)

    @cached_property
    def notes(self) -> Notes:
        """What staff wrote down."""
        from crm.clients.notes import Notes  # noqa: PLC0415 - as above

        return Notes(self.office)

    def records(self, shape: Shape) -> Records:
        """Give the records of a described kind."""
        from crm.records.records import Records  # noqa: PLC0415 - as above

        return Records(self.office, shape)

    @cached_property
    def grounds(self) -> GroundVerbs:
        """Why somebody may be kept."""
        from crm.grounds.grounds import GroundVerbs  # noqa: PLC0415 - as above

        return GroundVerbs(self.office)

    @cached_property
    def consents(self) -> ConsentDesk:
        """What people agreed to."""
        from crm.consents.consents import ConsentDesk  # noqa: PLC0415 - as above

        return ConsentDesk(self.office)

    @cached_property
    def consent_receipts(self) -> ConsentReceipts:
        """What people get of a consent."""
        from crm.consents.consent_receipts import ConsentReceipts  # noqa: PLC0415 - as above

        return ConsentReceipts(self.office)

    @cached_property
    def consent_lists(self) -> ConsentLists:
        """Lists of consents, and of those who want no more."""
        from crm.transfer.consent_lists import ConsentLists  # noqa: PLC0415 - as above

        return ConsentLists(self.office)

    @cached_property
    def leftovers(self) -> Leftovers:
        """What is left of people who are no parties any more."""
        from crm.packages.leftovers import Leftovers  # noqa: PLC0415 - as above

        return Leftovers(self.office)

    @cached_property
    def suppressions(self) -> SuppressionList:
        """Who said no, remembered without a name."""
        from crm.consents.suppression_list import SuppressionList  # noqa: PLC0415 - as above

        return SuppressionList(self.office)

    @cached_property
    def purposes(self) -> Purposes:
        """Purposes and relations, version by version."""
        from crm.transparency.purposes import Purposes  # noqa: PLC0415 - as above

        return Purposes(self.office)

    @cached_property
    def controller(self) -> Controller:
        """The details of the firm itself."""
        from crm.transparency.firm_details import Controller  # noqa: PLC0415 - as above

        return Controller(self.office)

    @cached_property
    def notices(self) -> Notices:
        """The privacy notice and its versions."""
        from crm.transparency.notices import Notices  # noqa: PLC0415 - as above

        return Notices(self.office)

    @cached_property
    def informing(self) -> Informing:
        """Who was given a notice, and who was not."""
        from crm.transparency.notice_delivery import Informing  # noqa: PLC0415 - as above

        return Informing(self.office)

    @cached_property
    def wordings(self) -> Wordings:
        """Texts people are shown, unchanged for good."""
        from crm.transparency.wordings import Wordings  # noqa: PLC0415 - as above

        return Wordings(self.office)

    @cached_property
    def retention(self) -> Retention:
        """What clocks have brought up."""
        from crm.retention.retention import Retention  # noqa: PLC0415 - as above

        return Retention(self.office)

    @cached_property
    def subjects(self) -> Subjects:
        """What a person may ask."""
        from crm.retention.erasure import Subjects  # noqa: PLC0415 - as above

        return Subjects(self.office)

    @cached_property
    def packages(self) -> Packages:
        """What a person gets in hand."""
        from crm.packages.packages import Packages  # noqa: PLC0415 - as above

        return Packages(self.office)

    @cached_property
    def imports(self) -> Imports:
        """Files in."""
        from crm.transfer.imports import Imports  # noqa: PLC0415 - as above

        return Imports(self.office)

    @cached_property
    def exports(self) -> Exports:
        """Files out."""
        from crm.transfer.exports import Exports  # noqa: PLC0415 - as above

        return Exports(self.office)

    @cached_property
    def backups(self) -> Backups:
        """Copies of the whole register, and what is left of them."""
        from crm.backup.backups import Backups  # noqa: PLC0415 - as above

        return Backups(self.office)

    @cached_property
    def drills(self) -> Drills:
        """Backups brought back to see that they can be."""
        from crm.oversight.drills import Drills  # noqa: PLC0415 - as above

        return Drills(self.office)

    @cached_property
    def leaving(self) -> Leaving:
        """Everything, in files for another program."""
        from crm.transfer.full_export import Leaving  # noqa: PLC0415 - as above

        return Leaving(self.office)

    @cached_property
    def copies(self) -> Copies:
        """Copies of data outside the register."""
        from crm.copies.copies import Copies  # noqa: PLC0415 - as above

        return Copies(self.office)

    @cached_property
    def users(self) -> Users:
        """Who may open the vault."""
        from crm.keys.users import Users  # noqa: PLC0415 - as above

        return Users(self.office)

    @cached_property
    def membership(self) -> Membership:
        """What an owner decides about a colleague's card."""
        from crm.keys.membership import Membership  # noqa: PLC0415 - as above

        return Membership(self.office)

    @cached_property
    def rotation(self) -> Rotation:
        """New keys for categories."""
        from crm.keys.rotation import Rotation  # noqa: PLC0415 - as above

        return Rotation(self.office)

    @cached_property
    def recovery(self) -> Recovery:
        """Another recovery key."""
        from crm.keys.recovery import Recovery  # noqa: PLC0415 - as above

        return Recovery(self.office)

    @cached_property
    def keys(self) -> Keys:
        """Keys, their versions, and the recovery key."""
        from crm.keys.keys import Keys  # noqa: PLC0415 - as above

        return Keys(self.office)

    @cached_property
    def audit(self) -> AuditDesk:
        """What happened, and the proof of it."""
        return AuditDesk(self.office)

    @cached_property
    def doctor(self) -> Doctor:
        """Whether everything is in order."""
        from crm.oversight.doctor import Doctor  # noqa: PLC0415 - as above

        return Doctor(self.office)

    @property
    def can_go_apart(self) -> bool:
        """Tell whether others may ask and write while one state is read on another thread."""
        return readers_are_free(self.office.desk.database)

    def apart(self) -> AbstractContextManager[None]:
        """Give the calling thread a connection of its own; it must not work while another does."""
        return apart(self.office.desk.database)

    @property
    def today(self) -> date:
        """The day the rules count with, which a leaping system clock cannot move."""
        return self.office.day

    @cached_property
    def myself(self) -> Myself:
        """Whose keys are open, and what they may do."""
        from crm.session.current_user import myself  # noqa: PLC0415 - as above

        return myself(self.office)
