"""Second and further phones, addresses and accounts, each a field of a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.i18n import _
from crm.kinds.party import FURTHER
from crm.parties.cards import Further
from crm.parties.words import card_labels
from tui.parties.party_form import PartyForm
from tui.widgets.form_field import FormField

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.parties.cards import ClientCard

_KINDS: Final = {one.several: one.kind for one in FURTHER.values()}


class FurtherFields(PartyForm):
    """A form in which they are added, changed and removed."""

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
            kind = _KINDS[several]
            if place != "+":
                further.append(Further(kind, card.further(kind)[int(place)], remove=True))
            if text.strip():
                further.append(Further(kind, text))
        return further
