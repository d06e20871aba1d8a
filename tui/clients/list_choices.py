"""What the list of clients may be narrowed to, and which columns it has: the two boxes that ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from crm.i18n import _, pgettext
from crm.lists.cards import ListQuery
from crm.lists.words import COLUMNS, CONSENTS
from crm.parties.words import kind_words, named, status_words
from tui.dialogs.filling import PICK, TICKS, BoxField, Fill, Sift

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from crm.lists.cards import Choices
    from tui.app_screen import Program

_KINDS: Final = ("legal", "natural")
_STATES: Final = ("active", "prospect", "former", "contact", "going")
_YES: Final = "yes"


def ask_filters(
    app: Program, wish: ListQuery, known: Choices, then: Callable[[ListQuery | None], None]
) -> None:
    """Ask for every filter at once; a wish comes back, or None when nothing was chosen."""

    async def save(values: Mapping[str, Any]) -> ListQuery:
        return ListQuery(
            text=wish.text,
            sort=wish.sort,
            kind=values["kind"] or None,
            status=values["status"] or None,
            relation=values["relation"] or None,
            purpose=values["purpose"] or None,
            consent=values["consent"] or None,
            due=values["due"] == _YES,
            to_check=values["to_check"] == _YES,
        )

    every = ("", pgettext("filter", "all"))
    fields = [
        _pick("kind", _("Kind"), wish.kind, [(code, kind_words(code)) for code in _KINDS]),
        _pick("status", _("Status"), wish.status, [(c, status_words(c)) for c in _STATES]),
        _pick("relation", _("Relationship"), wish.relation, _sorted(known.relations)),
        _pick("purpose", _("Purpose"), wish.purpose, _sorted(known.purposes)),
    ]
    if "evidence" in (app.me.reads if app.me is not None else ()):
        agreed = [(code, _(said)) for code, said in CONSENTS.items()]
        fields.append(_pick("consent", _("Consent"), wish.consent, agreed))
    fields.append(
        _pick(
            "due",
            pgettext("filter", "Due"),
            _YES if wish.due else "",
            [(_YES, _("only what is due"))],
        )
    )
    marked = [(_YES, _("only values inferred or not checked"))]
    fields.append(_pick("to_check", _("To check"), _YES if wish.to_check else "", marked))
    shown = [field._replace(choices=(every, *field.choices)) for field in fields]

    async def save_all(values: Mapping[str, Any]) -> ListQuery:
        return await save({"consent": "", **values})

    app.push_screen(Sift(_("Show only"), shown, save_all), then)


def ask_columns(
    app: Program, now: Sequence[str], then: Callable[[tuple[str, ...] | None], None]
) -> None:
    """Ask which columns the list has; the name always stays."""

    async def save(values: Mapping[str, Any]) -> tuple[str, ...]:
        return ("name", *values["columns"])

    offered = tuple((code, _(said)) for code, said in COLUMNS.items() if code != "name")
    field = BoxField("columns", _("Columns"), kind=TICKS, choices=offered, chosen=tuple(now))
    app.push_screen(Fill(_("Columns of the list"), [field], save), then)


def _pick(name: str, label: str, now: str | None, choices: list[tuple[str, str]]) -> BoxField:
    return BoxField(name, label, now or "", PICK, choices=tuple(choices))


def _sorted(known: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    return sorted(((code, named(names, code)) for code, names in known.items()), key=lambda c: c[1])
