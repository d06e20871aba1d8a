"""`subject`: what a person may ask of the register."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm.cli.errors import PlaceNeeded
from crm.cli.frame import argument, group, option, together, with_register, with_session
from crm.cli.options import DIRECT_MARKETING, no_options, preview_option
from crm.cli.output import answer, say
from crm.cli.reading import typed_text
from crm.cli.verbs.ground import say_receipt
from crm.consents.words import suppression_labels
from crm.grounds.words import say_because
from crm.i18n import LANGUAGES, _
from crm.session.words import copies_words, stays_words
from gdpr.errors import NotFound
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.cli.session import CommandSession
    from crm.kartoteka import Kartoteka
    from crm.packages.cards import PackageMade, Packing


# What is no longer than this is a number of the register and no phone or personal code.
_LONGEST_NUMBER = 6


subject = group("subject")


@subject.command("erase", help=N_("Erase a person, or preview what is erased and what is kept."))
@argument("who")
@preview_option
@option(
    "--because",
    default="no-longer-needed",
    show_default=True,
    help=N_(
        "Consent withdrawn (consent-withdrawn), objection, no longer needed (no-longer-needed), "
        "kept unlawfully (unlawful), or request:NUMBER."
    ),
)
@option("--confirm", type=int, help=N_("The person's number, to confirm."))
@option(
    "--not-remembered",
    is_flag=True,
    help=N_("The person does not want to be recognised for a year (after a request)."),
)
@option(
    "--mentions",
    type=click.Choice(("keep", "blank")),
    default="keep",
    show_default=True,
    help=N_(
        "What to do with notes and records about others that mention the person; see --preview."
    ),
)
@with_register
def erase(kartoteka: Kartoteka, /, who: str, because: str, form: str, **told: Any) -> None:
    """Preview or erase; without a confirmation nothing goes."""
    if told["preview"]:
        shown = asdict(kartoteka.subjects.preview(who, because, say_because))
    else:
        chosen = {"declined": told["not_remembered"], "mentions": told["mentions"]}
        shown = asdict(kartoteka.subjects.erase(who, because, told["confirm"], **chosen))
    country = kartoteka.controller.show()["country"]
    answer(shown, form)
    if shown["stays"]:
        say(stays_words(country))
    elif shown.get("whole") and shown["state"] == "shredded":
        say(copies_words())


@subject.command("object", help=N_("Record an objection (Art. 21), or preview its effects."))
@argument("who")
@option(
    "--purpose", default=DIRECT_MARKETING, show_default=True, help=N_("What the person objects to.")
)
@no_options
@with_register
def object_(kartoteka: Kartoteka, /, who: str, purpose: str, form: str, **told: Any) -> None:
    """Take an objection; to marketing it is never weighed."""
    desk = kartoteka.consents
    if told["preview"]:
        answer(desk.preview(who, purpose, say_because, objection=True), form)
        return
    note = typed_text(told["note"])
    say_receipt(desk.object_to(who, purpose, channel=told["channel"], note=note), form)


# What both packages have in common.
_packing_options = together(
    option(
        "--reviewed",
        metavar="FILE",
        help=N_("The review file, with the passages to be redacted marked."),
    ),
    option(
        "--language",
        type=click.Choice(LANGUAGES),
        help=N_("Language of the report; by default the person's, else the firm's."),
    ),
    option("--zip", "archive", is_flag=True, help=N_("One ZIP instead of a folder.")),
    option("--encrypt", is_flag=True, help=N_("One ZIP, encrypted with a passphrase.")),
)


@subject.command(
    "access", help=N_("Write the information and copy of all data of a person (Art. 15).")
)
@argument("who")
@option("--out", metavar="PLACE", help=N_("Where to write the package; a folder is created."))
@option(
    "--review",
    metavar="FILE",
    help=N_("Write texts that may concern others to a file for review; no package is made."),
)
@_packing_options
@with_session
def access(
    session: CommandSession,
    /,
    who: str,
    out: str | None,
    review: str | None,
    form: str,
    **chosen: Any,
) -> None:
    """Make an access package, or the review that comes before it."""
    if (out is None) is (review is None):
        raise PlaceNeeded
    if review is not None:
        with session.open() as kartoteka:
            answer(kartoteka.packages.review(who, Path(review)), form)
        say(_("Set redact to true or false, add passages, and give the file to --reviewed."))
        return
    place = Path(out or "")
    with session.open() as kartoteka:
        try:
            made = kartoteka.packages.access(who, place, _packing(**chosen))
        except NotFound:
            if who.isdecimal() and len(who) <= _LONGEST_NUMBER:
                raise
            answered = kartoteka.leftovers.answer(who, place)
            answer(answered, form, suppression_labels())
            if answered.nothing:
                say(_("No data are held for it, and the reply says so."))
            return
    _tell(made, form)


@subject.command("portable", help=N_("Write the portable data of a person (Art. 20)."))
@argument("who")
@option(
    "--out",
    required=True,
    metavar="PLACE",
    help=N_("Where to write the package; a folder is created."),
)
@_packing_options
@with_register
def portable(kartoteka: Kartoteka, /, who: str, out: str, form: str, **chosen: Any) -> None:
    """Make a portable package."""
    _tell(kartoteka.packages.portable(who, Path(out), _packing(**chosen)), form)


def _packing(
    *, archive: bool, encrypt: bool, language: str | None, reviewed: str | None
) -> Packing:
    from crm.packages.cards import Packing

    return Packing(archive, encrypt, language, Path(reviewed) if reviewed else None)


def _tell(made: PackageMade, form: str) -> None:
    answer(made, form)
    if made.empty_because is not None:
        say(made.empty_because)
        say(
            _("All data in the same form: kartoteka subject access {number} --out PLACE").format(
                number=made.number
            )
        )
    if made.passphrase is not None:
        say(_("The passphrase is not stored; give it to the person through another channel."))
        say(
            _(
                "The archive opens with 7-Zip, WinZip, Keka or the archive program of a current"
                " desktop; the unzip of the command line cannot."
            )
        )
    say(_("This is a copy of personal data. Destroy it with: kartoteka files shred PLACE"))
