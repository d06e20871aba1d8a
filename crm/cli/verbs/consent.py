"""`consent`: what people agreed to, and how they take it back."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm.cli.errors import LinesOfNobody, OneOfTwo, RowsLeftOutside
from crm.cli.frame import argument, group, option, with_register, with_session
from crm.cli.options import DAY, NEWS, SAID_BY, no_options
from crm.cli.output import answer, write
from crm.cli.reading import STDIN, text_from_stdin
from crm.cli.verbs.ground import say_of_copies
from crm.cli.verbs.importing import into_demo_option, rejects_option
from crm.consents.words import STATES_NOTED, import_labels, say_reason, stop_labels
from crm.grounds.cards import Receipt
from crm.grounds.words import say_because
from crm.i18n import pgettext
from crm.transfer.cards import ConsentOrder
from gdpr.errors import RowsRejected
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from crm.cli.session import CommandSession
    from crm.consents.cards import ConsentLine, ConsentList
    from crm.kartoteka import Kartoteka


def show_list(found: ConsentList, form: str) -> None:
    """Write a list of consents; a table shows each consent as a line, JSON everything."""
    shown = asdict(found)
    if form == "table":
        shown["marketing_channels"] = ", ".join(found.marketing_channels) or None
        for line in shown["consents"]:
            line.pop("events")
            line.pop("id")
    answer(shown, form)


def _told(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that every word about a consent shares."""
    for decorate in reversed(
        (
            option("--purpose", required=True, help=N_("For which purpose.")),
            option("--wording", metavar="CODE[@VERSION]", help=N_("Which text was shown.")),
            option("--language", help=N_("In which language it was shown.")),
            option(
                "--channel",
                type=click.Choice(SAID_BY),
                required=True,
                help=N_("How the answer or objection was received."),
            ),
            option("--on", "on", type=DAY, help=N_("The day it was given, if not today.")),
            option(
                "--evidence-note",
                "note",
                metavar="TEXT|-",
                help=N_("Evidence in words; - reads it from standard input."),
            ),
            option(
                "--evidence-file",
                "scan",
                type=click.Path(path_type=Path),
                metavar="FILE",
                help=N_(
                    "A scan or message as evidence; it is encrypted, and destroyed when the "
                    "consent ends."
                ),
            ),
        )
    ):
        function = decorate(function)
    return function


consent = group("consent")


@consent.command("give", help=N_("Record that somebody consented to a purpose."))
@argument("who")
@_told
@option("--guardian", metavar="NUMBER", help=N_("The parent who consented for a child."))
@option("--minor", is_flag=True, help=N_("The person is a child."))
@with_session
def give(session: CommandSession, /, who: str, form: str, **told: Any) -> None:
    """Record a yes and show how the consent stands."""
    order = _order(told)
    with session.open() as register:
        line = register.consents.give(who, order)
    _show(line, form)


@consent.command("note", help=N_("Record that consent was requested, postponed or refused."))
@argument("who")
@option("--state", type=click.Choice(STATES_NOTED), required=True, help=N_("The outcome."))
@_told
@with_session
def note(session: CommandSession, /, who: str, form: str, **told: Any) -> None:
    """Record a step that is neither a yes nor a withdrawal."""
    order = _order(told)
    with session.open() as register:
        done = register.consents.note(who, order)
    if isinstance(done, Receipt):
        answer(done, form)
        say_of_copies(done)
    else:
        _show(done, form)


@consent.command(
    "withdraw", help=N_("Withdraw a consent at once, or preview what would be erased.")
)
@argument("who", required=False)
@option("--purpose", default=NEWS, show_default=True, help=N_("For which purpose it stops."))
@no_options
@option("--from", "source", metavar="FILE", help=N_("Instead, for everybody on this list."))
@with_session
def withdraw(session: CommandSession, /, who: str | None, form: str, **told: Any) -> None:
    """Stop one person, or exactly those on a list."""
    source = told.pop("source")
    if (who is None) is (source is None) or (source and told["note"]):
        raise OneOfTwo(first="NUMBER", second="--from FILE")
    if source is not None:
        _stop(session, source, told, form)
        return
    with session.open() as register:
        if told["preview"]:
            answer(register.consents.preview(str(who), told["purpose"], say_because), form)
        else:
            note = _text(told["note"])
            done = register.consents.withdraw(
                str(who), told["purpose"], channel=told["channel"], note=note
            )
            answer(done, form)
            say_of_copies(done)


@consent.command(
    "list", help=N_("List the consents of a person and whether they may be contacted.")
)
@argument("who")
@with_register
def listing(register: Kartoteka, who: str, form: str) -> None:
    """List consents with everything that happened to them."""
    found = register.consents.listing(who)
    show_list(found, form)


@consent.command("receipt", help=N_("Write the receipt of a consent for the person (JSON-LD)."))
@argument("who")
@option("--purpose", default=NEWS, show_default=True, help=N_("For which consent."))
@option("--out", "out", required=True, metavar="FILE|-", help=N_("Where to write it."))
@with_register
def receipt(register: Kartoteka, who: str, purpose: str, out: str, form: str) -> None:
    """Write a receipt; its schema is put beside a file."""
    if out == STDIN:
        document = register.consent_receipts.receipt(who, purpose)
    else:
        written = register.consent_receipts.write(who, purpose, Path(out))
        answer(written._asdict(), form)
        return
    answer(document, "json" if form == "table" else form)


@consent.command("schema", help=N_("Print the schema that every receipt conforms to."))
def schema() -> None:
    """Print the JSON Schema; no register is needed for it."""
    from crm.kartoteka import receipt_schema

    write(receipt_schema())


@consent.command(
    "import", help=N_("Import a list of earlier consents (CSV); a refusal stays a refusal.")
)
@argument("file")
@rejects_option
@into_demo_option
@with_session
def import_(
    session: CommandSession, file: str, rejects: Path | None, *, into_demo: bool, form: str
) -> None:
    """Import, answer with the counts, and end with 8 when rows stayed outside."""
    with session.open() as register:
        result = register.consent_lists.take(_source(file), rejects=rejects, into_demo=into_demo)
        shown = asdict(result)
        if form == "table":
            shown["rejects"] = [
                {**line, "reason": say_reason(line["reason"])} for line in shown["rejects"]
            ]
        answer(shown, form, import_labels())
    if result.rejected:
        rejected = RowsRejected if rejects is not None else RowsLeftOutside
        raise rejected(count=result.rejected)


def _stop(session: CommandSession, source: str, told: dict[str, Any], form: str) -> None:
    with session.open() as register:
        stopped = register.consent_lists.stop(
            _source(source), told["purpose"], channel=told["channel"], preview=told["preview"]
        )
        answer(stopped, form, stop_labels())
    outside = {*stopped.unknown, *stopped.differing}
    if outside:
        raise LinesOfNobody(count=len(outside))


def _order(told: dict[str, Any]) -> ConsentOrder:
    return ConsentOrder(**{**told, "note": _text(told["note"])})


def _text(told: str | None) -> str | None:
    return text_from_stdin() if told == STDIN else told


def _source(file: str) -> Path | BinaryIO:
    return sys.stdin.buffer if file == STDIN else Path(file)


def _show(line: ConsentLine, form: str) -> None:
    answer(line, form, {"seq": pgettext("number", "no.")})
