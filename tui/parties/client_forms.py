"""The forms in which a client is entered and corrected."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from crm.i18n import _, ngettext
from crm.kinds.party import MENDED_IN
from crm.parties.cards import NewClient
from crm.parties.words import (
    card_labels,
    countries,
    evidence_words,
    kind_words,
    named,
    status_words,
)
from tui.app_screen import run_once, task
from tui.dialogs.asking import Choose
from tui.parties.party_form import NOTHING, FurtherFields, InformedFields, PartyForm, texts
from tui.widgets.form_field import FormField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.kartoteka import Kartoteka
    from crm.parties.cards import ClientCard
    from crm.transparency.cards import RelationLine

_KINDS: Final = ("legal", "natural")
# What a new client is made of, as typed.
_TYPED: Final = frozenset(one.name for one in fields(NewClient)) - {"more", "informed", "since"}
_STATUS: Final = ("active", "former", "prospect", "contact")


class NewClientForm(InformedFields, PartyForm):
    """A new client: who it is, how to reach them, and what they are to us in plain words."""

    def __init__(self, kind: str = "legal") -> None:
        """Begin with a company, because most clients are, or with a person."""
        super().__init__()
        self.kind = kind
        # What was chosen already, or is right for most, stands before what somebody has to say.
        self.first = "relation"
        self._relations: dict[str, RelationLine] = {}
        self._items: dict[str, frozenset[str]] = {}

    async def prepare(self) -> str:
        """Ask for the relations and the data their purposes name."""
        me = self.register.me
        self.country = me.country if me is not None else ""

        def asked(register: Kartoteka) -> tuple[Any, Any, Any]:
            return register.today, register.purposes.relations(), register.purposes.listing()

        self.today, relations, purposes = await self.desk.ask(asked)
        items = {one.code: one.items for one in purposes}
        self._relations = {one.code: one for one in relations}
        self._items = {
            one.code: frozenset(item for code in one.purposes for item in items.get(code, ()))
            for one in relations
        }
        return _("New client")

    def asked(self) -> Sequence[FormField]:
        """Ask who it is first; what they are to us decides what else is kept."""
        labels = card_labels()
        if not self.register.user_may(write="identity"):
            return []
        kinds = [(kind, kind_words(kind)) for kind in _KINDS]
        bundles = [
            (code, named(one.names, code))
            for code, one in self._relations.items()
            if code != "contact"
        ]
        fields = [
            FormField("kind", labels["kind"], value=self.kind, choices=kinds),
            FormField("country", labels["country"], value=self.country, choices=countries()),
            FormField("relation", _("relationship"), choices=[("", _("– choose –")), *bundles]),
            FormField("evidence", _("evidence"), choices=self._evidence()),
        ]
        fields += map(self.field_of, self.writable())
        if self.kind == "natural":
            fields += self.informed_fields()
        return fields

    def _evidence(self) -> list[tuple[str, str]]:
        relation = self._relations.get(self._now.get("relation", ""))
        known = relation.evidence if relation is not None else ()
        return [NOTHING, *((code, evidence_words(code)) for code in known)]

    def after_laid(self) -> None:
        """Show what the chosen relation keeps, and nothing it does not."""
        code = self._now.get("relation", "")
        relation = self._relations.get(code)
        self.fields["evidence"].display = relation is not None and relation.assumed is None
        items = self._items.get(code)
        lost = []
        for one in self.questions():
            if (field := self.fields.get(one.name)) is not None:
                field.display = items is None or one.item in items
                lost += [] if field.display or not field.value else [field.label]
        said = _("Not kept for this relationship: {fields}").format(fields=", ".join(lost))
        self.tell_all(said if lost else "")
        super().after_laid()

    def after_changed(self, key: str) -> None:
        """Ask other things of a person than of a company, and what the relation needs."""
        if key == "kind":
            self.kind = self.fields["kind"].value
            self.again()
        elif key == "relation":
            self.fields["evidence"].offer(self._evidence())
            self._now["evidence"] = self.fields["evidence"].value
            self.after_laid()
        else:
            super().after_changed(key)

    @task
    async def again(self) -> None:
        """Draw the fields anew; what was typed stays."""
        await self.lay(self.asked())

    async def store(self, *, anyway: bool) -> str:
        """Enter the client; what is missing is asked for first."""
        await self._ask_reason()
        values = self.values
        named_here = set(_TYPED) & set(values)
        typed: dict[str, Any] = texts({key: values[key] for key in named_here})
        beside = {one.name for one in self.questions()} - set(_TYPED)
        more = texts({key: text for key, text in values.items() if key in beside})
        new = NewClient(**typed, more=more, informed=self.informed(), own_wish=self.own_wish)
        card = await self.desk.ask(lambda register: register.clients.add(new, anyway=anyway))
        self.number = card.number
        said = _("Saved as number {number}.").format(number=card.number)
        if typed.get("evidence") == "consent":
            said += " " + _("Now record the consent itself (c).")
        return said

    async def _ask_reason(self) -> None:
        """Ask in plain words what they are to us, and what shows it where that is not clear."""
        if not self.values["relation"]:
            choices = self.fields["relation"].control.choices[1:]  # type: ignore[union-attr]
            await self._choose("relation", _("Relationship?"), choices)
        relation = self._relations.get(self._now["relation"])
        if relation is not None and relation.assumed is None and not self._now["evidence"]:
            choices = tuple((code, evidence_words(code)) for code in relation.evidence)
            await self._choose("evidence", _("Evidence"), choices)

    async def _choose(self, key: str, title: str, choices: Sequence[tuple[str, str]]) -> None:
        chosen = await self.app.push_screen_wait(Choose(title, choices))
        if chosen is not None:
            self.put(key, chosen)

    def done(self) -> None:
        """Go on to the card of the new client, unless somebody has gone elsewhere."""
        number, is_here = self.number, self.is_active
        self.dismiss(number)
        if is_here:
            self.app.call_later(self.register.visit, "card", number)


class EditClientForm(FurtherFields, PartyForm):
    """Corrects a client; what another desk changed meanwhile is shown and not overwritten."""

    def __init__(self, number: int) -> None:
        """Correct the party with this number."""
        super().__init__(number)
        self._card: ClientCard | None = None
        self._revealed = False

    async def prepare(self) -> str:
        """Ask for the card; what is masked stays so."""
        number = str(self.number)
        self._card = await self.desk.ask(lambda register: register.clients.show(number))
        self.today = await self.desk.ask(lambda register: register.today)
        self.kind, self.country = self._card.kind, self._card.country
        return _("Edit number {number}: {name}").format(
            number=self.number, name=self._card.name or ""
        )

    def asked(self) -> Sequence[FormField]:
        """Ask for what is to be mended first, then for all the user may write."""
        card = self._shown()
        mends = {MENDED_IN.get(one.field, one.field) for one in card.to_mend}
        fields = [
            self.field_of(one, card) for one in self.writable() if self._is_asked(one.name, card)
        ]
        fields.sort(key=lambda field: field.key not in mends)
        self.seen = {field.key: card.value(field.key) for field in fields}
        if self.register.user_may(write="identity"):
            fields += self._plain(card)
        return [*fields, *self.further_fields(card, self.register.writes)]

    def _is_asked(self, key: str, card: ClientCard) -> bool:
        """Ask a person for the parts of the name; for the whole only where nothing else is."""
        return key != "name" or card.kind == "legal" or not (card.given_name or card.family_name)

    def _plain(self, card: ClientCard) -> list[FormField]:
        labels = card_labels()
        self.seen["country"] = card.country
        known = countries()
        states = [(code, status_words(code)) for code in _STATUS]
        fields = [FormField("country", labels["country"], value=card.country, choices=known)]
        if card.status in _STATUS:
            self.seen["status"] = card.status
            status = FormField("status", labels["status"], value=card.status, choices=states)
            fields.append(status)
        return fields

    def after_laid(self) -> None:
        """Say what is to be mended, and how what is masked is shown."""
        card = self._shown()
        for one in card.to_mend:
            key = MENDED_IN.get(one.field, one.field)
            told = _("From an import: {value} failed its check.").format(value=one.value or "")
            self.blame(key, told, "!")
        if card.to_mend:
            count = len(card.to_mend)
            said = ngettext("{count} value to correct.", "{count} values to correct.", count)
            self.tell_all(said.format(count=count))

    def _shown(self) -> ClientCard:
        if self._card is None:
            raise RuntimeError
        return self._card

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to show what is masked where something is."""
        if action == "reveal":
            return bool(self.masked)
        return super().check_action(action, parameters)

    @run_once
    async def action_reveal(self) -> None:
        """Show what is masked, which is an entry in the log, so that it can be corrected."""
        number = str(self.number)
        card = await self.desk.ask(lambda register: register.clients.show(number, reveal=True))
        for key in self.masked & set(self.fields):
            several, _slash, place = key.partition("/")
            value = getattr(card, several)[int(place)] if place else card.value(key)
            if not self.fields[key].value:
                self.settle(key, value or "")
                self.fields[key].reveal(value or "")
                if not place:
                    self.seen[key] = value
        self.masked.clear()
        self._revealed = True
        self._card = card
        self.refresh_bindings()

    async def store(self, *, anyway: bool) -> str:
        """Store what differs, and only that."""
        changes = self.changes
        typed: dict[str, str | None] = {
            key: text for key, text in changes.items() if "/" not in key
        }
        further = self.further_changes(self._shown(), changes)
        said = _("Saved: number {number}.").format(number=self.number)
        if not typed and not further:
            return said
        number = str(self.number)
        seen = {key: self.seen.get(key) for key in typed}
        await self.desk.ask(
            lambda register: register.clients.edit(
                number, typed, further, anyway=anyway, seen=seen, own_wish=self.own_wish
            )
        )
        return said

    async def compare(self) -> bool:
        """Compare with the card as it stands now."""
        number, reveal = str(self.number), self._revealed
        card = await self.desk.ask(lambda register: register.clients.show(number, reveal=reveal))
        return await self.compare_with(card)
