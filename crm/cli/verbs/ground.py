"""`ground`: why somebody is kept, and ending it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crm.cli.frame import argument, group, option, with_register
from crm.cli.options import (
    DAY,
    evidence_option,
    preview_option,
    purposes_option,
    relation_option,
)
from crm.cli.output import answer, answer_rows, columns, say
from crm.grounds.words import say_because
from crm.i18n import _
from crm.session.words import copies_words
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.grounds.cards import GroundLine, Receipt
    from crm.kartoteka import Kartoteka


def say_receipt(receipt: Receipt, form: str) -> None:
    """Write what an end came to, and of somebody who went whole what old copies still tell."""
    answer(receipt, form)
    if receipt.whole and receipt.state == "shredded":
        say(copies_words())


_BACK = ("mistake", "returned", "other")
_KEPT = ("needed", "returned", "claim", "other")


ground = group("ground")


@ground.command("add", help=N_("Add a lawful basis: a relationship or single purposes."))
@argument("who")
@relation_option
@purposes_option
@option("--since", type=DAY, help=N_("First day; today if not given."))
@evidence_option
@option("--informed", type=DAY, help=N_("When the person was informed of it; this is recorded."))
@with_register
def add(kartoteka: Kartoteka, /, who: str, form: str, **chosen: Any) -> None:
    """Open grounds and list them all."""
    _show(kartoteka.grounds.add(who, **chosen), form)
    if chosen["evidence"] == "consent":
        say(_("The consent itself is recorded with: kartoteka consent give"))


@ground.command(
    "end", help=N_("End lawful bases; data no longer covered are erased after the grace period.")
)
@argument("who")
@option("--purpose", "purposes", multiple=True, help=N_("End this purpose; may be repeated."))
@option("--all-but", "all_but", multiple=True, help=N_("End all purposes but this one."))
@option("--on", "on", type=DAY, help=N_("The first day on which it no longer applies."))
@option("--now", is_flag=True, help=N_("Erase at once, without a grace period."))
@preview_option
@with_register
def end(kartoteka: Kartoteka, /, who: str, form: str, **chosen: Any) -> None:
    """End grounds and print the receipt, or preview the end."""
    ways = {name: chosen[name] for name in ("purposes", "all_but")}
    if chosen["preview"]:
        answer(kartoteka.grounds.preview(who, **ways, say=say_because), form)
        return
    say_receipt(kartoteka.grounds.end(who, **ways, on=chosen["on"], now=chosen["now"]), form)


@ground.command("keep", help=N_("Keep data that are due for review, and set the next review."))
@argument("who")
@option("--purpose", required=True, help=N_("The purpose to keep."))
@option("--until", type=DAY, help=N_("When to review again; after the usual period if not given."))
@option(
    "--because",
    type=click.Choice(_KEPT),
    default="needed",
    show_default=True,
    help=N_("Why it is kept, for the log."),
)
@with_register
def keep(kartoteka: Kartoteka, /, who: str, form: str, **chosen: Any) -> None:
    """Keep a ground after somebody looked."""
    _show(kartoteka.grounds.keep(who, **chosen), form)


@ground.command("reopen", help=N_("Restore all data of a person scheduled for erasure."))
@argument("who")
@option(
    "--because",
    type=click.Choice(_BACK),
    default="mistake",
    show_default=True,
    help=N_("Why it is restored, for the log."),
)
@with_register
def reopen(kartoteka: Kartoteka, who: str, because: str, form: str) -> None:
    """Reopen what is going."""
    _show(kartoteka.grounds.reopen(who, because), form)


@ground.command("list", help=N_("List the lawful bases of a person, ended ones included."))
@argument("who")
@with_register
def listing(kartoteka: Kartoteka, who: str, form: str) -> None:
    """List grounds."""
    _show(kartoteka.grounds.listing(who), form)


def _show(lines: list[GroundLine], form: str) -> None:
    shown = columns("purpose", "article", "evidence", "since", "until", "state")
    answer_rows(lines, form, shown)
