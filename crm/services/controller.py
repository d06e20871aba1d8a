"""The details of the firm itself, as letters and notices quote them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.errors import NoName
from crm.privacy import Duty
from crm.services.errors import FieldUnknown, NothingToChange
from crm.services.firm import checked_email, checked_reg_no
from gdpr.audit.events import Event
from gdpr.store.settings import read_setting, write_setting
from gdpr.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.services.office import Office

EDITABLE: Final = ("name", "reg_no", "address", "email", "phone", "dpo", "transfers")
DETAILS: Final = ("name", "country", *EDITABLE[1:])
# Without these nobody knows who is responsible and whom to write to (Art. 13(1)(a)).
NEEDED: Final = ("name", "address", "email")


class Controller:
    """The firm as controller: who it is, where, and how it is reached."""

    def __init__(self, office: Office) -> None:
        """Work in `office`."""
        self._office = office

    def show(self) -> dict[str, str]:
        """Give every detail; what was never told is an empty text."""
        return {name: read_setting(self._office.desk, f"firm_{name}") for name in DETAILS}

    def edit(self, changes: Mapping[str, str]) -> dict[str, str]:
        """Correct details; an empty text takes one away, but the firm keeps a name."""
        office = self._office
        office.access.need(Duty.PURPOSES)
        if not changes:
            raise NothingToChange
        if not set(EDITABLE).issuperset(changes):
            raise FieldUnknown(known=", ".join(EDITABLE))
        checked = {name: self._checked(name, clean(text)) for name, text in changes.items()}
        with office.journal.deed(Event.SETTING_CHANGED, None, count=len(checked)) as deed:
            for name, text in checked.items():
                write_setting(deed, f"firm_{name}", text)
        return self.show()

    def _checked(self, name: str, text: str) -> str:
        if name == "name" and not text:
            raise NoName
        if name == "reg_no":
            return checked_reg_no(text, self._office.country)
        return checked_email(text) if name == "email" else text
