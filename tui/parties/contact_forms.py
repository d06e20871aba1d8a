"""The forms in which a contact person of a company is entered and corrected."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from crm.i18n import _
from crm.kinds.party import OF_CONTACTS
from crm.parties.cards import NewContact
from crm.parties.words import card_labels
from tui.parties.party_form import FurtherFields, InformedFields, PartyForm, texts
from tui.widgets.form_field import FormField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.parties.cards import ClientCard, Workplace

_POSITION: Final = "position"


class NewContactForm(InformedFields, PartyForm):
    """A new contact person of a company, or somebody known who speaks for it as well."""

    def __init__(self, company: int) -> None:
        """Enter somebody who speaks for the company with this number."""
        super().__init__()
        self._company = company

    async def prepare(self) -> str:
        """Ask for the company."""
        company = str(self._company)
        card = await self.desk.ask(lambda register: register.clients.show(company))
        self.today = await self.desk.ask(lambda register: register.today)
        self.country = card.country
        return _("New contact person of {number}: {name}").format(
            number=card.number, name=card.name or ""
        )

    def asked(self) -> Sequence[FormField]:
        """Ask for the name, the position, and how to reach them."""
        fields = _fields(self, None)
        if not self.register.user_may(write="identity"):
            return []
        fields.insert(2, FormField(_POSITION, card_labels()[_POSITION]))
        hint = _("only if they are in the register")
        return [
            *fields,
            FormField("person", _("parent's number"), hint=hint),
            *self.informed_fields(),
        ]

    def judge_text(self, key: str, text: str) -> tuple[str, str]:
        """Check the number of somebody known."""
        if key == "person" and not text.strip().isdecimal():
            return "✗", _("A register number consists of digits only.")
        return super().judge_text(key, text)

    async def store(self, *, anyway: bool) -> str:
        """Enter the contact person."""
        known = frozenset(one.name for one in fields(NewContact)) - {"informed", "since"}
        typed: dict[str, Any] = texts({k: text for k, text in self.values.items() if k in known})
        new = NewContact(**typed, informed=self.informed(), own_wish=self.own_wish)
        company = str(self._company)
        card = await self.desk.ask(
            lambda register: register.contacts.add(company, new, anyway=anyway)
        )
        self.number = card.number
        return _("Saved as number {number}.").format(number=card.number)

    def done(self) -> None:
        """Go back to the company."""
        self.dismiss(self.number)


class EditContactForm(FurtherFields, PartyForm):
    """Corrects a contact person, with the position at each company."""

    def __init__(self, number: int) -> None:
        """Correct the person with this number."""
        super().__init__(number)
        self._places: tuple[Workplace, ...] = ()

    async def prepare(self) -> str:
        """Ask for the card."""
        card = await self._ask()
        self.today = await self.desk.ask(lambda register: register.today)
        self.country = card.country
        self._places = tuple(one for one in card.works_at if one.left is None)
        self._card = card
        return _("Edit number {number}: {name}").format(number=self.number, name=card.name or "")

    async def _ask(self) -> ClientCard:
        number = str(self.number)
        return await self.desk.ask(lambda register: register.clients.show(number))

    def asked(self) -> Sequence[FormField]:
        """Ask for the name, how to reach them, and what they are at each company."""
        fields = _fields(self, self._card)
        self.seen = {field.key: self._card.value(field.key) for field in fields}
        label = card_labels()[_POSITION]
        for place in self._places if self.register.user_may(write="contact") else ():
            key = f"{_POSITION}/{place.number}"
            field = FormField(key, f"{label} ({place.number})", value=place.position or "")
            fields.append(field)
        if "email" in self.seen:
            fields += self.further_fields(self._card, frozenset({"contact"}))
        return fields

    async def store(self, *, anyway: bool) -> str:
        """Store what differs: fields of the person first, then each position."""
        number, changes = str(self.number), self.changes
        typed: dict[str, str | None] = {k: text for k, text in changes.items() if "/" not in k}
        seen = {key: self.seen.get(key) for key in typed}
        if typed:
            await self.desk.ask(
                lambda register: register.contacts.edit(
                    number, typed, seen=seen, own_wish=self.own_wish
                )
            )
        beside = {k: v for k, v in changes.items() if "/" in k and not k.startswith(_POSITION)}
        if further := self.further_changes(self._card, beside):
            await self.desk.ask(
                lambda register: register.clients.edit(
                    number, {}, further, anyway=anyway, own_wish=self.own_wish
                )
            )
        for key, text in changes.items():
            several, _slash, company = key.partition("/")
            if several == _POSITION:
                await self._position(number, company, text)
        return _("Saved: number {number}.").format(number=self.number)

    async def _position(self, number: str, company: str, text: str) -> None:
        await self.desk.ask(
            lambda register: register.contacts.edit(number, {_POSITION: text}, company=company)
        )

    async def compare(self) -> bool:
        """Compare with the card as it stands now."""
        return await self.compare_with(await self._ask())


def _fields(form: PartyForm, card: ClientCard | None) -> list[FormField]:
    whole = card is not None and not (card.given_name or card.family_name)
    wanted = OF_CONTACTS if whole else OF_CONTACTS[1:]
    asked = {one.name: one for one in form.writable()}
    return [form.field_of(asked[name], card) for name in wanted if name in asked]
