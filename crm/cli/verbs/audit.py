"""`audit`: what happened, and the proof that nobody changed it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, NoReturn

import click

from crm.cli.choices import DAY
from crm.cli.frame import format_option, group, option, pass_session
from crm.cli.output import answer, answer_rows, say
from crm.i18n import _, pgettext, translate
from crm.oversight.words import acknowledged_words
from gdpr.audit.errors import EntryRefused, SumsDiffer
from gdpr.errors import Damaged, Unreadable
from gdpr.store.errors import SchemaDamaged
from gdpr.text import N_

if TYPE_CHECKING:
    from datetime import datetime

    from crm.cli.session import CommandSession
    from crm.session.cards import DamageLine

# What misses from a table, and entries that verify but were signed by somebody who might not.
_SUM = "sum"
_REFUSED = frozenset({"card", "role"})


@group("audit", N_("Read the log of what happened, and verify it."))
def audit() -> None:
    """Group the verbs about the log."""


@audit.command("verify", help=N_("Verify the log and every row; exit 7 names what is damaged."))
@option("--quick", is_flag=True, help=N_("Only the log since the last full verification."))
@format_option
@pass_session
def verify(session: CommandSession, /, quick: bool, form: str) -> None:
    """Answer with counts; damage decides the exit code."""
    with session.open() as register:
        found = register.audit.verify(quick=quick)
        record = asdict(found)
        record["damages"] = [asdict(damage) for damage in found.damages]
        if form == "table":
            record = {name: said for name, said in record.items() if said not in ((), [])}
        answer(record, form, _labels())
        for line in acknowledged_words(found):
            say(line)
        if found.first_bad is not None:
            refuse_damage(found.first_bad, register.damage)


def _labels() -> dict[str, str]:
    return {
        "entries": _("entries in the log"),
        "rows": _("rows"),
        "ok": pgettext("log and rows", "intact"),
        "first_bad": _("first damage"),
        "damages": _("damage"),
        "table": _("table"),
        "row": _("row"),
        "why": _("why"),
        "acknowledged": _("acknowledged"),
        "time": _("time"),
        "user": _("user"),
    }


@audit.command(
    "acknowledge", help=N_("Acknowledge known damage, so that only new damage is reported.")
)
@option(
    "--count",
    type=click.IntRange(1),
    required=True,
    help=N_("How many places are damaged, as audit verify has shown."),
)
@format_option
@pass_session
def acknowledge(session: CommandSession, /, count: int, form: str) -> None:
    """Acknowledge exactly the damage there is; what is damaged stays so."""
    with session.open() as register:
        done = register.audit.acknowledge(count)
    answer(asdict(done), form, _labels())


@audit.command("log", help=N_("List what happened, the newest first."))
@option("--since", type=DAY, help=N_("From this day on."))
@option("--until", type=DAY, help=N_("Up to and with this day."))
@option("--event", metavar="CODE", help=N_("A code or its beginning, such as register:party."))
@option("--by", "user", metavar="NAME", help=N_("What this user did."))
@option("--client", metavar="NUMBER", help=N_("What concerned this client."))
@option(
    "--limit",
    type=click.IntRange(1, 100_000),
    default=100,
    show_default=True,
    help=N_("At most so many entries."),
)
@format_option
@pass_session
def log(
    session: CommandSession,
    /,
    form: str,
    since: datetime | None,
    until: datetime | None,
    **rest: str,
) -> None:
    """List entries; reading the log is an entry too."""
    from crm.kartoteka import LogFilter

    wanted = LogFilter(
        since=since.date() if since else None,
        until=until.date() if until else None,
        event=rest["event"],
        user=rest["user"],
        client=rest["client"],
        limit=int(rest["limit"]),
    )
    with session.open() as register:
        lines = register.audit.log(wanted)
        answer_rows([asdict(line) for line in lines], form, _columns())


def _columns() -> dict[str, str]:
    return {
        "time": _("time"),
        "seq": _("entry"),
        "user": _("user"),
        "event": _("event"),
        "number": _("client"),
        "told": _("details"),
    }


@audit.command(
    "head", help=N_("Print a checkpoint: the hash of the newest entry, to keep on paper.")
)
@format_option
@pass_session
def head(session: CommandSession, /, form: str) -> None:
    """Print the head; whoever keeps it can prove that the log was cut later."""
    with session.open() as register:
        newest = register.audit.head()
        labels = {"desk": _("workstation"), "seq": _("entry"), "hash": _("hash")}
        if newest is not None:
            answer(asdict(newest), form, labels)


def refuse_damage(damage: DamageLine, met: tuple[Damaged, ...] = ()) -> NoReturn:
    """Leave with exit 7, naming the table, and the row where one is left to name.

    Of the schema, what was `met` on the way in says more than a table and a row.
    """
    strange = [problem for problem in met if isinstance(problem, SchemaDamaged)]
    for problem in strange[1:]:
        say(translate(problem))
    if strange:
        raise strange[0]
    if damage.row is None:
        raise (SumsDiffer if damage.why == _SUM else Damaged)(table=damage.table)
    if damage.why in _REFUSED:
        raise EntryRefused(table=damage.table, row=damage.row)
    raise Unreadable(table=damage.table, row=damage.row)
