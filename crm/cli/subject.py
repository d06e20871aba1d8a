"""`subject`: what a person may ask of the register."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from crm.cli.frame import argument, format_option, group, option, pass_session
from crm.cli.output import answer
from crm.cli.reasons import say_because
from crm.cli.receipts import preview_labels, receipt_labels
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.cli.session import Session


@group("subject", N_("Answer what a person may ask: today, to be erased."))
def subject() -> None:
    """Group the rights of data subjects."""


@subject.command("erase", help=N_("Erase a person, or preview what goes and what stays."))
@argument("who")
@option("--preview", is_flag=True, help=N_("Show what would go and stay; change nothing."))
@option(
    "--because",
    default="no-longer-needed",
    show_default=True,
    help=N_("consent-withdrawn, objection, no-longer-needed, unlawful or request:NUMBER."),
)
@option("--confirm", type=int, help=N_("The person's number, once more."))
@format_option
@pass_session
def erase(
    session: Session,
    who: str,
    because: str,
    confirm: int | None,
    *,
    preview: bool,
    form: str,
) -> None:
    """Preview or erase; without a confirmation nothing goes."""
    with session.open() as kartoteka:
        if preview:
            shown = asdict(kartoteka.subjects.preview(who, because, say_because))
            labels = preview_labels()
        else:
            shown = asdict(kartoteka.subjects.erase(who, because, confirm))
            labels = receipt_labels()
    answer(shown, form, labels)
