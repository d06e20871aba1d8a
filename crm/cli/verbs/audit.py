"""`audit`: what happened, and the proof that nobody changed it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NoReturn

import click

from crm.cli.frame import group, option, with_register
from crm.cli.options import DAY
from crm.cli.output import answer, answer_rows, columns, say
from crm.oversight.words import acknowledged_words
from crm.session.words import translate
from gdpr.errors import Damaged, EntryRefused, SumsDiffer, Unreadable
from gdpr.store.errors import SchemaDamaged
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka
    from crm.session.cards import DamageLine

# What misses from a table, and entries that verify but were signed by somebody who might not.
_SUM = "sum"
_LOG = ("time", "seq", "user", "event", "number", "told")
_REFUSED = frozenset({"card", "role"})


audit = group("audit")


@audit.command("verify", help=N_("Verify the log and every row; exit 7 names what is damaged."))
@option("--quick", is_flag=True, help=N_("Only the log since the last full verification."))
@with_register
def verify(register: Kartoteka, /, quick: bool, form: str) -> None:
    """Answer with counts; damage decides the exit code."""
    found = register.audit.verify(quick=quick)
    record = asdict(found)
    if form == "table":
        record = {name: said for name, said in record.items() if said not in ((), [])}
    answer(record, form, "audit")
    for line in acknowledged_words(found):
        say(line)
    if found.first_bad is not None:
        refuse_damage(found.first_bad, register.damage)


@audit.command(
    "acknowledge", help=N_("Acknowledge known damage, so that only new damage is reported.")
)
@option(
    "--count",
    type=click.IntRange(1),
    required=True,
    help=N_("Number of damaged places, as shown by audit verify."),
)
@with_register
def acknowledge(register: Kartoteka, /, count: int, form: str) -> None:
    """Acknowledge exactly the damage there is; what is damaged stays so."""
    done = register.audit.acknowledge(count)
    answer(done, form)


@audit.command("log", help=N_("List the entries of the log, newest first."))
@option("--since", type=DAY, help=N_("From this day on."))
@option("--until", type=DAY, help=N_("Up to and including this day."))
@option(
    "--event",
    metavar="CODE",
    help=N_("The code of an event or its beginning, such as register:party."),
)
@option("--by", "user", metavar="NAME", help=N_("Only what this user did."))
@option("--client", metavar="NUMBER", help=N_("Only what concerns this client."))
@option(
    "--limit",
    type=click.IntRange(1, 100_000),
    default=100,
    show_default=True,
    help=N_("Maximum number of entries."),
)
@with_register
def log(register: Kartoteka, /, form: str, **wanted: Any) -> None:
    """List entries; reading the log is an entry too."""
    from crm.kartoteka import LogFilter

    lines = register.audit.log(LogFilter(**wanted))
    answer_rows(lines, form, columns(*_LOG, of="audit"))


@audit.command(
    "head", help=N_("Print a checkpoint: the hash of the newest entry, to keep on paper.")
)
@with_register
def head(register: Kartoteka, /, form: str) -> None:
    """Print the head; whoever keeps it can prove that the log was cut later."""
    newest = register.audit.head()
    if newest is not None:
        answer(newest, form)


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
