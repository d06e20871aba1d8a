"""`consent`: what people agreed to, and how they take it back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm.cli.errors import LinesOfNobody, OneOfTwo
from crm.cli.frame import argument, group, option, together, with_register, with_session
from crm.cli.options import DAY, DIRECT_MARKETING, SAID_BY, no_options
from crm.cli.output import answer, write
from crm.cli.reading import STDIN, source_of, typed_text
from crm.cli.verbs.ground import say_receipt
from crm.cli.verbs.importing import into_demo_option, refuse_rows, rejects_option
from crm.consents.words import STATES_NOTED, import_labels, say_reason, stop_labels
from crm.grounds.cards import Receipt
from crm.grounds.words import say_because
from crm.transfer.cards import ConsentOrder
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.cli.session import CommandSession
    from crm.kartoteka import Kartoteka


# What every word about a consent tells.
_told = together(
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
            "A scan or message as evidence; it is encrypted, and destroyed when the consent ends."
        ),
    ),
)


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
        answer(register.consents.give(who, order), form, "consent")


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
        say_receipt(done, form)
    else:
        answer(done, form, "consent")


@consent.command(
    "withdraw", help=N_("Withdraw a consent at once, or preview what would be erased.")
)
@argument("who", required=False)
@option(
    "--purpose", default=DIRECT_MARKETING, show_default=True, help=N_("For which purpose it stops.")
)
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
            note = typed_text(told["note"])
            done = register.consents.withdraw(
                str(who), told["purpose"], channel=told["channel"], note=note
            )
            say_receipt(done, form)


@consent.command(
    "list", help=N_("List the consents of a person and whether they may be contacted.")
)
@argument("who")
@with_register
def listing(register: Kartoteka, who: str, form: str) -> None:
    """List consents; a table shows each as a line, the machine forms all that happened to it."""
    found = register.consents.listing(who)
    shown = asdict(found)
    if form == "table":
        shown["marketing_channels"] = ", ".join(found.marketing_channels) or None
        for line in shown["consents"]:
            line.pop("events")
            line.pop("id")
    answer(shown, form)


@consent.command("receipt", help=N_("Write the receipt of a consent for the person (JSON-LD)."))
@argument("who")
@option("--purpose", default=DIRECT_MARKETING, show_default=True, help=N_("For which consent."))
@option("--out", "out", required=True, metavar="FILE|-", help=N_("Where to write it."))
@with_register
def receipt(register: Kartoteka, who: str, purpose: str, out: str, form: str) -> None:
    """Write a receipt; its schema is put beside a file."""
    if out == STDIN:
        document = register.consent_receipts.receipt(who, purpose)
        answer(document, "json" if form == "table" else form)
    else:
        answer(register.consent_receipts.write(who, purpose, Path(out))._asdict(), form)


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
        result = register.consent_lists.take(source_of(file), rejects=rejects, into_demo=into_demo)
        shown = asdict(result)
        if form == "table":
            shown["rejects"] = [
                {**line, "reason": say_reason(line["reason"])} for line in shown["rejects"]
            ]
        answer(shown, form, import_labels())
    refuse_rows(result.rejected, rejects)


def _stop(session: CommandSession, source: str, told: dict[str, Any], form: str) -> None:
    with session.open() as register:
        stopped = register.consent_lists.stop(
            source_of(source), told["purpose"], channel=told["channel"], preview=told["preview"]
        )
        answer(stopped, form, stop_labels())
    outside = {*stopped.unknown, *stopped.differing}
    if outside:
        raise LinesOfNobody(count=len(outside))


def _order(told: dict[str, Any]) -> ConsentOrder:
    return ConsentOrder(**{**told, "note": typed_text(told["note"])})
