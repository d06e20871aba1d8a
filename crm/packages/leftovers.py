"""The answer to somebody who is no party any more: what is left of them, or that nothing is.

Who was erased may still ask (Art. 15(1)). What can be left is the proof of a consent, and marks by
which a no is known again; both are found under the address or number the person gives.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from crm.consents.consents import ConsentVerbs
from crm.consents.suppression_list import SuppressionList
from crm.copies.copies import PACKAGE, new_copy
from crm.copies.outgoing import outgoing
from crm.grounds.consent_rules import proofs_under
from crm.packages.cards import AnswerWritten
from crm.packages.errors import StillHere
from crm.privacy import CATEGORIES
from crm.session.context import RegisterService
from gdpr.audit.events import Event
from gdpr.store.settings import read_setting

if TYPE_CHECKING:
    from pathlib import Path


NAME = "answer.json"


class Leftovers(RegisterService):
    """What is left of people who are no parties any more."""

    def answer(self, text: str, target: Path) -> AnswerWritten:
        """Write the answer into a new folder, a known copy from before its first byte."""
        context = self._context
        for category in CATEGORIES:
            context.access.need_read(category)
        kept = SuppressionList(context).check(text)
        if kept.numbers:
            raise StillHere(numbers=", ".join(map(str, kept.numbers)))
        consents = (
            ConsentVerbs(context).listing(text).consents if proofs_under(context, text) else ()
        )
        document = {
            "format": "kartoteka-answer",
            "article": "15(1)",
            "controller": read_setting(context.session, "firm_name"),
            "made": context.clock.now().isoformat(timespec="seconds"),
            "asked_about": text,
            "anything_kept": not kept.nothing,
            "consents": [asdict(line) for line in consents],
            "remembered_no": [asdict(line) for line in kept.listed],
            "remembered_why": "Art. 21(3), 17(1): keyed marks, so that no list brings you back",
            "complaint": "Art. 77, 79",
        }
        content = (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
        copy = new_copy(context, PACKAGE, target)
        with outgoing(context, copy) as work, work.folder(copy, {NAME: content}):
            context.journal.log_access(
                Event.ACCESS_PACKED, None, consents=len(consents), listed=len(kept.listed)
            )
        return AnswerWritten(
            path=str(copy.place),
            ends=copy.ends,
            consents=len(consents),
            listed=len(kept.listed),
            nothing=kept.nothing,
        )
