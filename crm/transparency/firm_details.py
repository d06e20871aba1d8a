"""The details of the firm itself, as letters and notices quote them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.errors import FieldUnknown, NotAmong, NothingToChange
from crm.kinds.party import SOURCES
from crm.privacy import Duty
from crm.session.context import RegisterService
from crm.session.firm import check_detail
from gdpr.audit.events import Event
from gdpr.store.settings import read_setting, write_setting
from gdpr.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping


EDITABLE: Final = (
    *("name", "reg_no", "address", "email", "phone", "dpo", "transfers", "automated", "sources"),
)
OBTAINED_FROM: Final = tuple(source for source in SOURCES if source != "subject")
DETAILS: Final = ("name", "country", *EDITABLE[1:])
# Without these nobody knows who is responsible and whom to write to (Art. 13(1)(a)).
NEEDED: Final = ("name", "address", "email")
# What a notice says of these nobody but the firm knows (Art. 13(1)(f), 13(2)(f), 14(2)(f)).
DECLARED: Final = ("transfers", "automated", "sources")
NONE: Final = "none"
# The supervisory authority of the firm's country, as the Data Privacy Vocabulary names it.
AUTHORITIES: Final = {
    "LV": "https://w3id.org/dpv/legal/lv#DPA-LV",
    "IT": "https://w3id.org/dpv/legal/it#DPA-IT",
}
"""The word by which a firm declares that there is nothing of a kind."""


class Controller(RegisterService):
    """The firm as controller: who it is, where, and how it is reached."""

    def show(self) -> dict[str, str]:
        """Give every detail; what was never told is an empty text."""
        return {name: read_setting(self._context.session, f"firm_{name}") for name in DETAILS}

    def edit(self, changes: Mapping[str, str]) -> dict[str, str]:
        """Correct details; an empty text takes one away, but the firm keeps a name."""
        context = self._context
        context.access.need(Duty.PURPOSES)
        if not changes:
            raise NothingToChange
        if not set(EDITABLE).issuperset(changes):
            raise FieldUnknown(known=", ".join(EDITABLE))
        checked = {name: self._checked(name, clean(text)) for name, text in changes.items()}
        with context.journal.audited_change(
            Event.SETTING_CHANGED, None, count=len(checked)
        ) as change:
            for name, text in checked.items():
                write_setting(change, f"firm_{name}", text)
        return self.show()

    def _checked(self, name: str, text: str) -> str:
        if name == "sources":
            return _checked_sources(text)
        return check_detail("firm" if name == "name" else name, text, self._context.country)


def _checked_sources(text: str) -> str:
    """Take the sources other than the people themselves, in the order of their codes."""
    told = {word for word in text.replace(",", " ").split() if word}
    if not told <= {*OBTAINED_FROM, NONE} or (NONE in told and len(told) > 1):
        raise NotAmong(field="sources", known=", ".join((*OBTAINED_FROM, NONE)))
    return ", ".join(one for one in (*OBTAINED_FROM, NONE) if one in told)
