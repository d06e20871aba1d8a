"""What a person may ask of the register: today, to be erased, with a preview and a receipt."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from crm.copies.outgoing import need_folder
from crm.errors import NotADataSubject, NotAmong
from crm.files.private import private_file
from crm.grounds.ground_endings import contacts_of, erasing, preview_of, receipt_of
from crm.parties.find_party import find_party
from crm.privacy import Duty
from crm.retention.errors import ConfirmNeeded
from crm.retention.mentions import DECISIONS, KEEP, decide_on, mentions_of
from crm.session.context import RegisterService
from gdpr.rules.destroying import goes_whole
from gdpr.rules.endings import parse_cause

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crm.grounds.cards import Preview, Receipt
    from crm.models.party import Party
    from gdpr.rules.because import Because

DEFAULT_CAUSE = "no-longer-needed"


class SubjectRights(RegisterService):
    """The rights of data subjects; legal persons have none and are told where to go."""

    def preview(
        self, reference: str, because: str = DEFAULT_CAUSE, say: Callable[[Because], str] = str
    ) -> Preview:
        """Say what an erasure for this reason would destroy and what stays; ends nothing."""
        party = self._data_subject(reference)
        cause = parse_cause(because)
        planned = erasing(self._context).preview(bytes(party.id), cause, self._context.day)
        told = preview_of(self._context, party, str(cause), planned.decision, say)
        mentions = mentions_of(self._context, party) if goes_whole(planned.decision) else ()
        return replace(told, mentions=mentions)

    def erase(
        self,
        reference: str,
        because: str,
        confirm: int | None,
        *,
        declined: bool = False,
        mentions: str = KEEP,
    ) -> Receipt:
        """Destroy what may go; `confirm` must repeat the person's number.

        Who asked for it is remembered for a year by keyed marks alone, unless they `declined`.
        `mentions` decides on notes about others that speak of the person: kept, or blanked out.
        """
        self._context.access.need(Duty.ERASURE)
        if mentions not in DECISIONS:
            raise NotAmong(field="mentions", known=", ".join(DECISIONS))
        party = self._data_subject(reference)
        cause = parse_cause(because)._replace(declined=declined)
        number = party.number
        if confirm != number:
            raise ConfirmNeeded(number=number)
        context, subject = self._context, bytes(party.id)
        planned = erasing(context).preview(subject, cause, context.day)
        found = mentions_of(context, party) if goes_whole(planned.decision) else ()
        left = decide_on(context, party, found, mentions)
        outcome = erasing(context).erase(subject, cause, context.day)
        receipt = receipt_of(context, subject, number, str(cause), outcome)
        blanked = {one.number for one in found} - {one.number for one in left}
        return replace(
            receipt,
            mentions_left=tuple(sorted({one.number for one in left})),
            mentions_blanked=tuple(sorted(blanked)),
        )

    @staticmethod
    def save_receipt(receipt: Receipt, target: Path) -> None:
        """Write a receipt to a private file; it holds counts and codes, so is no copy of data."""
        need_folder(target.parent)
        with private_file(target) as stream:
            stream.write((json.dumps(asdict(receipt), indent=2) + "\n").encode())

    def _data_subject(self, reference: str) -> Party:
        party = find_party(self._context, reference)
        if party.is_legal_person():
            numbers = contacts_of(self._context, bytes(party.id))
            raise NotADataSubject(contacts=", ".join(map(str, numbers)) or "–")
        return party
