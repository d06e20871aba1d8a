"""The commands of a described kind of record, made from its description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crm.cli.frame import argument, group, option, together, with_register, with_session
from crm.cli.options import PAGE, limit_option
from crm.cli.output import answer, answer_rows, columns, own_words, say
from crm.cli.reading import STDIN, fields_from_stdin
from crm.cli.verbs.client import as_text, changes_of, field_options
from crm.cli.verbs.exporting import out_option, profile_option, say_written, target_of
from crm.cli.verbs.importing import (
    encoding_option,
    into_demo_option,
    map_option,
    rejects_option,
    take_in,
)
from crm.i18n import _
from crm.shape.cards import OWN_FIELDS, RecordQuery
from crm.shape.description import CODE
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.cli.frame import Group
    from crm.cli.session import CommandSession
    from crm.kartoteka import Kartoteka
    from crm.shape.cards import RecordCard, RecordList
    from crm.shape.description import Move, Shape
    from crm.transfer.cards import ImportResult


def commands_of(shape: Shape) -> Group:
    """Make the group of a kind: its verbs, and those that lead from state to state."""
    made = group(shape.noun)
    for add in (_add, _edit, _show, _list, _find, _export, _import):
        add(made, shape)
    for move in shape.states.moves if shape.states is not None else ():
        _move(made, shape, move)
    return made


def _add(made: Group, shape: Shape) -> None:
    @made.command(
        "add", help=N_("Enter a record; with -, fields are read as JSON from standard input.")
    )
    @argument("who")
    @argument("source", required=False, type=click.Choice([STDIN]))
    @field_options(shape.fields)
    @with_session
    def add(
        session: CommandSession, /, who: str, source: str | None, form: str, **typed: Any
    ) -> None:
        """Enter a record and show it."""
        fields = {name: value for name, value in typed.items() if value is not None}
        if source == STDIN:
            fields = {**_from_stdin(shape), **fields}
        with session.open() as register:
            _answer(shape, register.records(shape).add(who, fields), form)


def _edit(made: Group, shape: Shape) -> None:
    @made.command(
        "edit", help=N_("Correct fields: FIELD=VALUE …, or - and JSON on standard input.")
    )
    @argument("number", type=int)
    @argument("changes", nargs=-1)
    @option(
        "--seen",
        multiple=True,
        metavar="FIELD=VALUE",
        help=N_("Value of a field when you read it; if it has changed since, nothing is saved."),
    )
    @with_session
    def edit(
        session: CommandSession,
        /,
        number: int,
        changes: tuple[str, ...],
        seen: tuple[str, ...],
        form: str,
    ) -> None:
        """Correct a record and show it."""
        typed = _from_stdin(shape) if changes == (STDIN,) else changes_of(changes)
        before = changes_of(seen)
        with session.open() as register:
            _answer(shape, register.records(shape).edit(number, typed, seen=before), form)


def _show(made: Group, shape: Shape) -> None:
    @made.command("show", help=N_("Show a record, by its number."))
    @argument("number", type=int)
    @option("--reveal", is_flag=True, help=N_("Show masked values; this is logged."))
    @with_register
    def show(register: Kartoteka, /, number: int, reveal: bool, form: str) -> None:
        """Show a record."""
        _answer(shape, register.records(shape).show(number, reveal=reveal), form)


def _list(made: Group, shape: Shape) -> None:
    states = tuple(shape.states.words) if shape.states is not None else ()

    narrowing = []
    if states:
        line = N_("Only those in this state.")
        narrowing.append(option("--state", type=click.Choice(states), help=line))
    if any(one.type is CODE for one in shape.fields):
        line = N_("Only those with this code; may be repeated.")
        narrowing.append(option("--where", multiple=True, metavar="FIELD=CODE", help=line))

    @made.command("list", help=N_("List the records, all or those of one client."))
    @argument("who", required=False)
    @together(*narrowing)
    @option("--sort", default="number", metavar="FIELD", help=N_("In the order of this field."))
    @option("--descending", is_flag=True, help=N_("In reverse order."))
    @option(
        "--start", type=click.IntRange(0), default=0, help=N_("How many to skip at the beginning.")
    )
    @limit_option()
    @with_session
    def listing(
        session: CommandSession, /, form: str, where: tuple[str, ...] = (), **wanted: Any
    ) -> None:
        """List records."""
        codes = {name: code or "" for name, code in changes_of(where).items()}
        with session.open() as register:
            found = register.records(shape).list(RecordQuery(equals=codes, **wanted))
        _answer_list(shape, found, form)


def _find(made: Group, shape: Shape) -> None:
    @made.command("find", help=N_("Find records by part of their content, or by number."))
    @argument("text", nargs=-1, required=True)
    @limit_option(PAGE)
    @with_register
    def find(register: Kartoteka, /, text: tuple[str, ...], limit: int, form: str) -> None:
        """Find records."""
        _answer_list(shape, register.records(shape).find(" ".join(text), limit), form)


def _export(made: Group, shape: Shape) -> None:
    @made.command("export", help=N_("Write the records you may see to a file (CSV)."))
    @argument("who", required=False)
    @profile_option
    @out_option
    @with_register
    def export(register: Kartoteka, /, who: str | None, profile: str, out: str, form: str) -> None:
        """Export; what is written to a file is remembered as a copy that has to go."""
        result = register.records(shape).export(target_of(out), profile, RecordQuery(who=who))
        names = ("written", "profile", "path", "ends", "left_out")
        told = {name: getattr(result, name) for name in names}
        say_written(told, form, written=_("records written"))


def _import(made: Group, shape: Shape) -> None:
    @made.command(
        "import", help=N_("Import a file (CSV); one column gives the client of each record.")
    )
    @argument("file")
    @map_option
    @encoding_option
    @option("--dry-run", is_flag=True, help=N_("Show what would happen; save nothing."))
    @rejects_option
    @option("--update", is_flag=True, help=N_("Update existing records, field by field."))
    @into_demo_option
    @with_session
    def import_(session: CommandSession, /, form: str, **ordered: Any) -> None:
        """Import, answer with the counts, and end with 8 when rows stayed outside."""

        def service(register: Kartoteka) -> Callable[..., ImportResult]:
            return register.records(shape).take

        take_in(session, form, ordered, service, labels=_labels(shape))


def _move(made: Group, shape: Shape, move: Move) -> None:
    @made.command(move.verb.replace("_", "-"), help=move.words)
    @argument("number", type=int)
    @with_register
    def moved(register: Kartoteka, /, number: int, form: str) -> None:
        """Take a record to another state."""
        _answer(shape, register.records(shape).move(number, move.verb), form)


def _from_stdin(shape: Shape) -> dict[str, str | None]:
    """Read fields as a script gives them; what an answer says beside them is passed over."""
    found = fields_from_stdin(None, [one.name for one in shape.fields if one.several])
    return {name: as_text(value) for name, value in found.items() if name not in OWN_FIELDS}


def _answer(shape: Shape, card: RecordCard, form: str) -> None:
    from crm.shape.rows import rows_of

    record = _record(shape, card, form)
    for field in shape.fields if form == "table" else ():
        if field.rows:
            # Lists are drawn as tables of their own.
            record[field.name] = [
                {_(one.label): _(one.word(row[one.name])) for one in field.rows}
                for row in rows_of(field, card.values[field.name])
            ]
    answer(record, form, _labels(shape))


def _answer_list(shape: Shape, found: RecordList, form: str) -> None:
    before = ("number", "client", *(("state",) if shape.states is not None else ()))
    labels = _labels(shape)
    shown = {name: labels[name] for name in (*before, *(one.name for one in shape.columns))}
    rows = [_record(shape, card, form) for card in found.cards]
    answer_rows(rows, form, shown if form == "table" else None)
    if len(found.cards) < found.total:
        say(_("{shown} of {total} shown.").format(shown=len(found.cards), total=found.total))


def _record(shape: Shape, card: RecordCard, form: str) -> dict[str, object]:
    """Give a record for scripts as it is stored, and for people with its codes in words."""
    from crm.shape.parsing import as_json, listed

    record = card.as_record()
    if form != "table":
        return record | {one.name: as_json(one, card.values[one.name]) for one in shape.fields}
    record |= {one.name: listed(one, card.values[one.name]) or None for one in shape.fields}
    if card.state is not None:
        record["state"] = _(shape.state_word(card.state))
    if card.client is not None:
        record["client"] = " ".join(filter(None, (str(card.client), card.client_name)))
    return record


def _labels(shape: Shape) -> dict[str, str]:
    described = {one.name: _(one.label) for one in shape.fields}
    return {**columns("number", "state"), **described, **own_words("records")}
