"""`doctor`: whether everything is in order, each line with what to do about it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from crm.cli.frame import command, option, with_session
from crm.cli.options import on_option
from crm.cli.output import answer, say
from crm.cli.verbs.audit import refuse_damage
from crm.i18n import _, ngettext
from crm.oversight.words import CHECKS, STATES, which
from gdpr.errors import Damaged, Due
from gdpr.text import N_

if TYPE_CHECKING:
    from datetime import date

    from crm.cli.session import CommandSession
    from crm.oversight.cards import Check, Health


@command("doctor")
@option(
    "--mend",
    is_flag=True,
    help=N_("First remove foreign objects from the database file (owners only)."),
)
@option(
    "--check", is_flag=True, help=N_("Exit with code 6 if there are warnings (for scheduled jobs).")
)
@on_option
@with_session
def doctor(session: CommandSession, /, mend: bool, check: bool, on: date | None, form: str) -> None:
    """Answer with every check; damage gives 7, a warning 6 where it was asked for."""
    with session.open() as register:
        if mend and on is None:
            say(_mended(register.doctor.mend()))
        doctor_ = register.doctor
        health = doctor_.examine() if on is None else doctor_.look_ahead(on)
        answer(_record(health, spoken=form == "table"), form, "doctor")
        if health.damages:
            refuse_damage(health.damages[0], register.damage)
        for damaged in (one for one in health.checks if one.state == "damage"):
            raise Damaged(table=damaged.check)
    if check and health.warnings:
        raise Due


def _mended(count: int) -> str:
    words = ngettext("{count} problem was fixed.", "{count} problems were fixed.", count)
    return words.format(count=count)


def _record(health: Health, *, spoken: bool) -> dict[str, object]:
    record: dict[str, object] = {
        "ok": not health.warnings and not health.damages,
        "warnings": health.warnings,
        "rows": health.rows,
        "grounds": health.grounds,
        "grounds_without_clock": next(c.count for c in health.checks if c.check == "clockless"),
        "sqlite": health.sqlite,
        "checks": [_line(check, spoken=spoken) for check in health.checks],
    }
    if health.damages or not spoken:
        record["damages"] = [asdict(damage) for damage in health.damages]
    return record


def _line(check: Check, *, spoken: bool) -> dict[str, object]:
    if not spoken:
        return asdict(check)
    words, advice = CHECKS[check.check]
    return {
        "check": _(words),
        "state": _(STATES[check.state]),
        "count": check.count,
        "detail": which(check),
        "advice": _(advice) if check.state != "ok" and advice else "",
    }
