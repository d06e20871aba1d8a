"""`notice`: the privacy notice, its versions, and the proof of who was given it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crm.cli.errors import NumbersUnreadable
from crm.cli.frame import argument, group, option, pass_register, with_register, with_session
from crm.cli.options import DAY, chosen, language_option
from crm.cli.output import answer, answer_rows, columns, put, say
from crm.cli.reading import STDIN, bytes_of
from crm.i18n import LANGUAGES, _, ngettext
from gdpr.errors import Due
from gdpr.text import N_

if TYPE_CHECKING:
    from datetime import date

    from crm.cli.session import CommandSession
    from crm.kartoteka import Kartoteka

_CHANNELS = ("email", "letter", "in-person", "phone", "web", "form", "other")
_kind_option = option(
    "--kind",
    type=click.Choice(("13", "14")),
    default="13",
    show_default=True,
    help=N_("13: data collected from the person; 14: data from somebody else."),
)


notice = group("notice")


@notice.command("render", help=N_("Write the notice from the register as it is, or as published."))
@_kind_option
@language_option
@option(
    "--format",
    "form",
    type=click.Choice(("md", "html")),
    default="md",
    show_default=True,
    help=N_("Markdown, or one self-contained HTML page."),
)
@option("--version", type=int, help=N_("A published version, exactly as it was published."))
@option(
    "--out", default=STDIN, metavar="FILE|-", help=N_("Where to write it; - is standard output.")
)
@pass_register
def render(register: Kartoteka, /, kind: str, form: str, out: str, **chosen_: Any) -> None:
    """Render a notice; nothing in it is personal, so no copy is registered."""
    language, version = chosen(chosen_["language"]), chosen_["version"]
    text = register.notices.render(int(kind), language, form, version=version)
    if version is None:
        _hint(register)
    put(text, out)


@notice.command(
    "publish", help=N_("Publish the notice as a new version; a change takes effect after a month.")
)
@option("--effective", type=DAY, required=True, help=N_("The day it takes effect."))
@option("--material", is_flag=True, help=N_("People must be informed of this change."))
@option(
    "--language",
    "languages",
    type=click.Choice(LANGUAGES),
    multiple=True,
    help=N_("Publish in this language only; may be repeated."),
)
@with_register
def publish(
    register: Kartoteka,
    effective: date,
    material: bool,
    languages: tuple[str, ...],
    form: str,
) -> None:
    """Publish a version."""
    line = register.notices.publish(effective, material=material, languages=languages)
    _hint(register)
    waiting = register.notice_delivery.count() if line.material else 0
    answer(line, form)
    if line.material:
        say(_("The change is material: inform the people concerned before it takes effect."))
        words = ngettext(
            "{count} person must be informed; list: kartoteka notice uninformed",
            "{count} persons must be informed; list: kartoteka notice uninformed",
            waiting,
        )
        say(words.format(count=waiting))


@notice.command("list", help=N_("List the published versions."))
@with_register
def listing(register: Kartoteka, form: str) -> None:
    """List versions."""
    shown = ("version", "published", "effective", "material", "state", "languages", "hash")
    answer_rows(register.notices.listing(), form, columns(*shown))


@notice.command("diff", help=N_("Compare two versions, or the last one with the register."))
@argument("old", type=int, required=False)
@argument("new", type=int, required=False)
@_kind_option
@language_option
@pass_register
def diff(
    register: Kartoteka, old: int | None, new: int | None, kind: str, language: str | None
) -> None:
    """Show what changed, line by line."""
    text = register.notices.diff(int(kind), chosen(language), old, new)
    if text:
        put(text, STDIN)
    else:
        say(_("Nothing would change."))


@notice.command("give", help=N_("Record that people were given a version of the notice."))
@argument("who", nargs=-1)
@option("--version", type=int, required=True, help=N_("Which version they were given."))
@option(
    "--channel", type=click.Choice(_CHANNELS), required=True, help=N_("How it was given to them.")
)
@option("--on", "on", type=DAY, help=N_("The day; today if not given."))
@option("--relation", help=N_("Everybody with this relationship, such as client."))
@option(
    "--from", "source", metavar="FILE|-", help=N_("A file with the numbers of people, one a line.")
)
@option("--evidence", metavar="TEXT", help=N_("Evidence, such as where the letter is kept."))
@with_session
def give(session: CommandSession, /, who: tuple[str, ...], form: str, **told: Any) -> None:
    """Record proof, for one or for many in one entry."""
    source = told.pop("source")
    people = [*who, *(_numbers(source) if source else ())]
    with session.open() as register:
        answer(register.notice_delivery.give(people, **told), form, "notice")


@notice.command("uninformed", help=N_("List the persons not known to be informed."))
@option("--check", is_flag=True, help=N_("Exit with code 6 if there are any (for scheduled jobs)."))
@with_register
def uninformed(kartoteka: Kartoteka, check: bool, form: str) -> None:
    """List people nobody is known to have told."""
    lines = kartoteka.notice_delivery.uninformed()
    shown = ("number", "name", "since", "purposes", "change", "by")
    answer_rows(lines, form, columns(*shown, of="notice"))
    if check and lines:
        raise Due


# Eight digits and a line end for each of 100,000 people.
_MOST = 1 << 20


def _numbers(source: str) -> list[str]:
    raw = bytes_of(source, _MOST)
    if len(raw) > _MOST:
        raise NumbersUnreadable
    try:
        lines = [line.strip() for line in raw.decode("utf-8-sig").splitlines()]
    except ValueError:
        raise NumbersUnreadable from None
    numbers = [line for line in lines if line]
    if not all(number.isascii() and number.isdigit() for number in numbers):
        raise NumbersUnreadable
    return numbers


def _hint(register: Kartoteka) -> None:
    count = register.notices.unconfirmed()
    if count:
        say(
            ngettext(
                "{count} purpose is not confirmed by the firm yet; read it and run: "
                "kartoteka purpose confirm",
                "{count} purposes are not confirmed by the firm yet; read them and run: "
                "kartoteka purpose confirm",
                count,
            ).format(count=count)
        )
