"""What the forms about clients and contact persons share: checks, likenesses, what both changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from crm.grounds.words import day_typed
from crm.i18n import _
from crm.kinds.party import BY_NAME, FURTHER, IN_FILES, LOOKED_AT, NUMBERS
from crm.parties.cards import Further
from crm.parties.words import card_labels, code_words, languages
from gdpr.errors import KartotekaError
from tui.app_screen import explain
from tui.dialogs.merging import Both, Merge
from tui.dialogs.recognised import recognised
from tui.parties.form import Form
from tui.widgets.form_field import FormField

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from crm.parties.cards import CheckedField, ClientCard, FieldQuestion, Likeness

_LOOKED_UP: Final = frozenset({*NUMBERS, *LOOKED_AT})
NOTHING: Final = ("", "–")
UNKNOWN: Final = "unknown"
_FURTHER: Final = {one.several: one.kind for one in FURTHER.values()}


class PartyForm(Form):
    """A form about one party; `number` is None while it is new."""

    def __init__(self, number: int | None = None) -> None:
        """Be about this party."""
        super().__init__()
        self.number = number
        self.kind = "natural"
        self.country = ""
        self.today: date | None = None
        self.seen: dict[str, str | None] = {}
        self.masked: set[str] = set()

    def questions(self) -> Sequence[FieldQuestion]:
        """Return what is asked of a party of this kind, whoever may write it."""
        from crm.kartoteka import form_fields  # noqa: PLC0415 - loaded long ago

        return form_fields(self.kind)

    def writable(self) -> list[FieldQuestion]:
        """Return what the user may write of it."""
        return [one for one in self.questions() if one.category in self.register.writes]

    def field_of(self, asked: FieldQuestion, card: ClientCard | None = None) -> FormField:
        """Make the field for what is asked, filled from a card; what is masked stays empty."""
        name = asked.name
        label = card_labels().get(name, name)
        value = ""
        if card is not None:
            value = (card.value(name) or "").replace("\n", ", ")
        if asked.codes or name == "language":
            known = list(languages() if name == "language" else _worded(asked.codes))
            if value and value not in {code for code, _words in known}:
                known.append((value, self.worded(name, value)))
            return FormField(name, label, value=value, choices=[NOTHING, *known])
        if card is not None and name in card.masked:
            self.masked.add(name)
            return FormField(name, label, hint=_("{dots} · type to replace").format(dots=value))
        return FormField(name, label, value=value)

    @staticmethod
    def worded(name: str, value: str) -> str:
        """Say a value as people read it."""
        from crm.parties.words import value_words  # noqa: PLC0415 - only a rare value needs it

        return value_words(name, value)

    def judge_text(self, key: str, text: str) -> tuple[str, str]:
        """Check a field as the services will."""
        name = _name_of(key)
        told = None if name is None else self._checked(name, text)
        if told is None:
            return "✓", ""
        if told.to_check:
            return "!", _("Saved as entered; its format could not be checked.")
        if name in {"email", "phone", "vat_no"} and told.stored and told.stored != text.strip():
            return "✓", f"→ {told.stored}"
        return "✓", ""

    def _checked(self, name: str, text: str) -> CheckedField | None:
        from crm.kartoteka import check_field  # noqa: PLC0415 - loaded long ago

        if self.today is None:
            return None
        return check_field(name, text, kind=self.kind, country=self.country, today=self.today)

    async def _alike(self, typed: Mapping[str, str]) -> Sequence[Likeness]:
        return await self.desk.ask(
            lambda register: register.clients.possible_duplicates(
                typed, kind=self.kind, country=self.country, but=self.number
            )
        )

    def after_changed(self, key: str) -> None:
        """Check numbers by the rules of the country that is chosen."""
        if key == "country":
            self.country = self.fields["country"].value
            for name in self._judged & set(self.fields):
                self.judge(name)

    def after_left(self, key: str) -> None:
        """Look who has the same number or address."""
        name = _name_of(key)
        if name == "vat_no" and self.kind == "legal":
            self.take_reg_no()
        if name in _LOOKED_UP:
            self.run_worker(self._look(key, name), group=f"look-{key}", exclusive=True)

    def take_reg_no(self) -> None:
        """Fill in the registration number that a VAT number holds, where none stands yet."""
        field = self.fields.get("reg_no")
        if field is None or field.value:
            return
        told = self._checked("vat_no", self.fields["vat_no"].value)
        if told is not None and told.reg_no:
            self.put("reg_no", told.reg_no)
            field.say(_("Taken from the VAT number; check it."), "!")

    async def _look(self, key: str, name: str) -> None:
        text = self.fields[key].value
        try:
            # What is found is an entry in the log, so it waits for its turn.
            found = await self._alike({name: text})
        except KartotekaError:
            return
        if not found or key not in self.fields or self.fields[key].value != text:
            return
        number = self.known[key] = found[0].numbers[0]
        told, sign = _("Client {who} has it too. F8 opens that card."), "!"
        if found[0].field in NUMBERS:
            told, sign = _("Client {who} has it already. F8 opens that card."), "✗"
        who = (await self.desk.ask(lambda register: recognised(register, (number,))))[number]
        self.blame(key, told.format(who=who), sign)
        self.refresh_bindings()

    async def doubt(self) -> str:
        """Say who is alike, field by field."""
        typed = {
            name: text for key, text in self.changes.items() if (name := _name_of(key)) is not None
        }
        found = await self._alike(typed)
        labels = card_labels()
        for one in found:
            self.known.setdefault(one.field, one.numbers[0])
        self.refresh_bindings()
        numbers = {number for one in found for number in one.numbers}
        who = await self.desk.ask(lambda register: recognised(register, numbers))
        return "\n".join(
            "\n  ".join(
                [f"{labels.get(one.field, one.field)}:", *(who[number] for number in one.numbers)]
            )
            for one in found
        )

    async def compare_with(self, card: ClientCard) -> bool:
        """Show what another desk changed beside what was typed here; store again once chosen."""
        labels = card_labels()
        both = []
        for key, mine in self.changes.items():
            theirs = card.value(key)
            if key in self.seen and (theirs or None) != (self.seen[key] or None):
                label = labels.get(key, key)
                said = self.worded(key, theirs or ""), self.worded(key, mine)
                both.append(Both(key, label, *said))
        if not both:
            self.seen = {key: card.value(key) for key in self.seen}
            return True
        kept = await self.app.push_screen_wait(Merge(both))
        if kept is None:
            return False
        for key in kept:
            theirs = card.value(key)
            self.seen[key] = theirs
            if not kept[key]:
                text = "" if key in self.masked else theirs or ""
                self.put(key, text)
                self.settle(key, text)
        return True

    def _blamed(self, problem: KartotekaError) -> list[str]:
        """Name the fields that an error is about: a missing name, or an item nothing names."""
        if getattr(problem, "reason", "") == "no name":
            return [key for key in ("name", "given_name") if key in self.fields]
        item = problem.arguments.get("item")
        named = {one.name for one in self.questions() if one.item == item}
        return [key for key, field in self.fields.items() if field.value and key in named]

    def refused(self, problem: KartotekaError) -> None:
        """Say beside the field why nothing was stored, where the item or the number tells it."""
        super().refused(problem)
        blamed = self._blamed(problem)
        for key in blamed:
            self.blame(key, explain(problem))
        if blamed:
            self.fields[blamed[0]].go()
        number = problem.arguments.get("number")
        key = str(problem.arguments.get("field", ""))
        if isinstance(number, int) and number != self.number and key in self.fields:
            self.known[key] = number
            self.refresh_bindings()


def _worded(codes: Sequence[str]) -> list[tuple[str, str]]:
    return [(code, code_words(code)) for code in codes]


def _name_of(key: str) -> str | None:
    """Return the field whose rules hold: a further phone is a phone; some fields have no rules."""
    several, slash, _place = key.partition("/")
    if slash:
        name = _FURTHER.get(several, "")
        return name if name in BY_NAME else None
    return key if key in IN_FILES else None


def texts(values: Mapping[str, str]) -> dict[str, str]:
    """Leave out what is empty."""
    return {key: text for key, text in values.items() if text.strip()}


class FurtherFields(PartyForm):
    """A form in which second and further phones, addresses and accounts are added and removed."""

    def further_fields(self, card: ClientCard, writes: frozenset[str]) -> list[FormField]:
        """Return a field for each further one, and an empty one of each kind."""
        labels = card_labels()
        fields = []
        for one in FURTHER.values():
            several, held = one.several, card.further(one.kind)
            if one.item.category.code not in writes:
                continue
            for place, value in enumerate(held):
                key = f"{several}/{place}"
                if one.kind in card.masked:
                    field = FormField(key, labels[several], hint=value)
                    field.control.disabled = True
                    self.masked.add(key)
                else:
                    field = FormField(key, labels[several], value=value.replace("\n", ", "))
                fields.append(field)
            fields.append(FormField(f"{several}/+", labels[several], hint=_("add another")))
        return fields

    @staticmethod
    def further_changes(card: ClientCard, changes: Mapping[str, str]) -> list[Further]:
        """Turn what differs into what is added and removed."""
        further: list[Further] = []
        for key, text in changes.items():
            several, slash, place = key.partition("/")
            if not slash:
                continue
            kind = _FURTHER[several]
            if place != "+":
                further.append(Further(kind, card.further(kind)[int(place)], remove=True))
            if text.strip():
                further.append(Further(kind, text))
        return further


class InformedFields(PartyForm):
    """A form that asks whether a new person was told that their data are kept, and when."""

    def informed_fields(self) -> list[FormField]:
        """Ask whether, and on which day."""
        if not self.register.user_may(write="evidence"):
            return []
        choices = [
            ("", _("not yet")),
            ("today", _("yes, today")),
            ("day", _("yes, on another day")),
            (UNKNOWN, _("not known")),
        ]
        return [
            FormField("informed", _("informed?"), choices=choices),
            FormField("informed_day", _("informed on"), hint="2026-03-31"),
        ]

    def after_laid(self) -> None:
        """Ask for the day only where it is another one."""
        if "informed_day" in self.fields:
            self.fields["informed_day"].display = self.fields["informed"].value == "day"

    def after_changed(self, key: str) -> None:
        """Ask for the day, or not."""
        super().after_changed(key)
        InformedFields.after_laid(self)

    def judge_text(self, key: str, text: str) -> tuple[str, str]:
        """Check the day."""
        if key == "informed_day":
            day = day_typed(text)
            if day is None:
                return "✗", _("Write the day as 2026-03-31.")
            if self.today is not None and day > self.today:
                return "✗", _("The day must not be in the future.")
        return super().judge_text(key, text)

    def informed(self) -> date | str | None:
        """Return the day they were told, `unknown`, or None."""
        told: dict[str, Any] = {"today": self.today, UNKNOWN: UNKNOWN}
        values = self.values
        if values.get("informed") == "day":
            return day_typed(values.get("informed_day", ""))
        return told.get(values.get("informed", ""))
