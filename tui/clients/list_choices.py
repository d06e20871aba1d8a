"""What the list of clients may be narrowed to, and which columns it has: the two boxes that ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from crm.i18n import _, pgettext
from crm.lists.cards import ListQuery
from crm.lists.words import COLUMNS, CONSENTS
from crm.parties.words import kind_words, named, status_words
from tui.dialogs.filling import Fill, Sift, pick, ticks, worded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm.lists.cards import Choices
    from tui.app_screen import Program

_KINDS: Final = ("legal", "natural")
_STATES: Final = ("active", "prospect", "former", "contact", "going")
_YES: Final = "yes"


async def ask_filters(app: Program, query: ListQuery, known: Choices) -> ListQuery | None:
    """Ask for every filter at once; a query comes back, or None when nothing was chosen."""

    async def save(values: Mapping[str, Any]) -> ListQuery:
        return ListQuery(
            text=query.text,
            sort=query.sort,
            kind=values["kind"] or None,
            status=values["status"] or None,
            relation=values["relation"] or None,
            purpose=values["purpose"] or None,
            consent=values.get("consent") or None,
            due=values["due"] == _YES,
            to_check=values["to_check"] == _YES,
        )

    kinds = [(code, kind_words(code)) for code in _KINDS]
    states = [(code, status_words(code)) for code in _STATES]
    marked = [(_YES, _("only values inferred or not checked"))]
    due, to_check = (_YES if chosen else "" for chosen in (query.due, query.to_check))
    fields = [
        pick("kind", _("Kind"), kinds, query.kind),
        pick("status", _("Status"), states, query.status),
        pick("relation", _("Relationship"), _sorted(known.relations), query.relation),
        pick("purpose", _("Purpose"), _sorted(known.purposes), query.purpose),
        pick("consent", _("Consent"), worded(CONSENTS), query.consent),
        pick("due", pgettext("filter", "Due"), [(_YES, _("only what is due"))], due),
        pick("to_check", _("To check"), marked, to_check),
    ]
    reads = app.me.reads if app.me is not None else ()
    every = ("", pgettext("filter", "all"))
    shown = [
        field._replace(choices=(every, *field.choices))
        for field in fields
        if field.name != "consent" or "evidence" in reads
    ]
    return await app.push_screen_wait(Sift(_("Show only"), shown, save))


async def ask_columns(app: Program, now: Sequence[str]) -> tuple[str, ...] | None:
    """Ask which columns the list has; the name always stays."""

    async def save(values: Mapping[str, Any]) -> tuple[str, ...]:
        return ("name", *values["columns"])

    offered = [(code, words) for code, words in worded(COLUMNS) if code != "name"]
    field = ticks("columns", _("Columns"), offered, now)
    return await app.push_screen_wait(Fill(_("Columns of the list"), [field], save))


def _sorted(known: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    return sorted(((code, named(names, code)) for code, names in known.items()), key=lambda c: c[1])
