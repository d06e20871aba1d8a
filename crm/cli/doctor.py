"""`doctor`: whether everything is in order, each line with what to do about it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from crm.cli.audit import refuse_damage
from crm.cli.frame import command, format_option, option, pass_session
from crm.cli.output import answer
from crm.i18n import _
from gdpr.errors import Damaged, Due
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.cli.session import Session
    from crm.keeper_cards import Check, Health

# What was looked at, and what to do when it is not as it should be.
_WORDS = {
    "modes": (
        N_("files that others may read"),
        N_("Take the rights of others away: chmod go= FILE."),
    ),
    "place": (
        N_("place of the register"),
        N_("It is synchronised or on a network drive; move it to a disk of this machine."),
    ),
    "sqlite": (
        N_("SQLite too old for its fast log"),
        N_("The slow one is used; install pysqlite3 or a newer Python."),
    ),
    "pin": (
        N_("root key not pinned on this desk"),
        N_("Ask the owner to compare, before you go on."),
    ),
    "anchor": (
        N_("log behind its anchor"),
        N_("An older register was put in place; restore the newest backup."),
    ),
    "ledger": (
        N_("rights in the ledger that the register lost"),
        N_("Look into it with: kartoteka audit verify."),
    ),
    "shreds": (
        N_("erasures waiting to be shredded"),
        N_("Another program holds the register open; close it and run doctor again."),
    ),
    "clockless": (
        N_("grounds without a clock"),
        N_("Give the purpose a period or a review."),
    ),
    "unreadable": (
        N_("damaged rows and entries"),
        N_("Restore them from a backup."),
    ),
    "going": (N_("persons and companies with data going"), ""),
    "due": (
        N_("persons and companies due to be forgotten"),
        N_("Run: kartoteka retention run."),
    ),
    "unproven": (
        N_("grounds on a consent that is not on record"),
        N_("Record it with kartoteka consent give, or end the ground."),
    ),
    "recovery": (
        N_("recovery key not confirmed, or not for a year"),
        N_("Run: kartoteka key recovery --confirm."),
    ),
    "recovery-used": (
        N_("recovery key typed at a restore and not replaced since"),
        N_("Issue another one: kartoteka key recovery --new."),
    ),
    "rotating": (
        N_("rotations of keys that were begun"),
        N_("Run: kartoteka key rotate."),
    ),
    "rotation": (
        N_("keys due to be rotated"),
        N_("Run: kartoteka key rotate --due."),
    ),
    "access": (
        N_("who may do what was not looked at for a quarter"),
        N_("Run: kartoteka user review."),
    ),
    "confidentiality": (
        N_("users without a promise of confidentiality"),
        N_("Have them sign, then run: kartoteka user edit NAME --confidentiality DATE."),
    ),
    "uninformed": (
        N_("people not known to be informed"),
        N_("See kartoteka notice uninformed; record it with kartoteka notice give."),
    ),
    "copies": (
        N_("known copies past their end"),
        N_("Destroy these files."),
    ),
    "backup": (
        N_("no backup of the last week"),
        N_("Run: kartoteka backup create --to DIR."),
    ),
    "places": (
        N_("backups in one place only"),
        N_("Make one in a second place, away from this machine."),
    ),
    "upgrades": (
        N_("copies left by failed upgrades"),
        N_("They hold what was erased since; remove them once the register works."),
    ),
    "clock": (
        N_("date to be confirmed"),
        N_("Run: kartoteka retention run --accept-date DATE."),
    ),
}
_STATES = {"ok": N_("in order"), "warning": N_("look"), "damage": N_("damaged")}


@command("doctor", N_("Look whether everything is in order."))
@option("--check", is_flag=True, help=N_("Exit with 6 when there are warnings, for schedules."))
@format_option
@pass_session
def doctor(session: Session, /, check: bool, form: str) -> None:
    """Answer with every check; damage gives 7, a warning 6 where it was asked for."""
    with session.open() as register:
        health = register.doctor.examine()
        answer(_record(health, spoken=form == "table"), form, _labels())
        if health.damages:
            refuse_damage(health.damages[0])
        for damaged in (one for one in health.checks if one.state == "damage"):
            raise Damaged(table=damaged.check)
    if check and health.warnings:
        raise Due


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
    words, advice = _WORDS[check.check]
    return {
        "check": _(words),
        "state": _(_STATES[check.state]),
        "count": check.count,
        "detail": ", ".join(check.detail),
        "advice": _(advice) if check.state != "ok" and advice else "",
    }


def _labels() -> dict[str, str]:
    return {
        "ok": _("all in order"),
        "warnings": _("warnings"),
        "rows": _("rows"),
        "grounds": _("grounds"),
        "grounds_without_clock": _("grounds without a clock"),
        "checks": _("what was looked at"),
        "check": _("check"),
        "state": _("state"),
        "count": _("count"),
        "detail": _("which"),
        "advice": _("what to do"),
        "damages": _("damage"),
        "table": _("table"),
        "row": _("row"),
        "why": _("why"),
    }
