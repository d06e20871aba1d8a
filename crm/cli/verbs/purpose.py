"""`purpose`: why anything is kept, read and changed version by version."""

from __future__ import annotations

from dataclasses import asdict
from functools import wraps
from typing import TYPE_CHECKING, Any

from crm.cli.errors import NobodyNamed
from crm.cli.frame import argument, group, option, with_register, with_session
from crm.cli.output import answer, answer_rows, columns
from crm.cli.reading import patch
from crm.i18n import current
from crm.transparency.words import in_language, purpose_labels
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crm.cli.session import CommandSession
    from crm.kartoteka import Kartoteka
    from crm.transparency.cards import PurposeCard, PurposeLine


def edits(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the open register and what changes, which is read before it is opened."""

    @argument("code")
    @argument("source", required=False)
    @option(
        "--set",
        "settings",
        multiple=True,
        metavar="KEY=VALUE",
        help=N_("Change one field, such as texts.en.why=…; may be repeated."),
    )
    @with_session
    @wraps(function)
    def run(
        session: CommandSession, code: str, source: str | None, settings: tuple[str, ...], form: str
    ) -> None:
        changes = patch(source, settings)
        with session.open() as register:
            function(register, code, changes, form)

    return run


purpose = group("purpose")


@purpose.command("list", help=N_("List every purpose in its current version."))
@with_register
def listing(register: Kartoteka, form: str) -> None:
    """List purposes."""
    _list(register.purposes.listing(), form)


@purpose.command("show", help=N_("Show one purpose in full."))
@argument("code")
@option("--version", type=int, help=N_("Which version; the current one if not given."))
@with_register
def show(register: Kartoteka, code: str, version: int | None, form: str) -> None:
    """Show a version of a purpose."""
    _show(register, register.purposes.show(code, version), form)


@purpose.command("add", help=N_("Add a purpose of your own: - and JSON on standard input."))
@argument("source")
@with_session
def add(session: CommandSession, source: str, form: str) -> None:
    """Enter a purpose from standard input."""
    document = patch(source)
    with session.open() as register:
        _show(register, register.purposes.add(document), form)


@purpose.command("edit", help=N_("Create the next version; existing lawful bases keep theirs."))
@edits
def edit(register: Kartoteka, code: str, changes: dict[str, Any], form: str) -> None:
    """Change a purpose; null in the JSON object takes a key away."""
    _show(register, register.purposes.edit(code, changes), form)


@purpose.command("retire", help=N_("Retire a purpose: no new lawful bases are added for it."))
@argument("code")
@with_register
def retire(register: Kartoteka, code: str, form: str) -> None:
    """Retire a purpose."""
    _show(register, register.purposes.retire(code), form)


@purpose.command(
    "confirm", help=N_("Confirm balancing tests and periods, once you have read them.")
)
@argument("codes", nargs=-1)
@option("--all", "every", is_flag=True, help=N_("Confirm all purposes awaiting confirmation."))
@with_session
def confirm(session: CommandSession, codes: tuple[str, ...], every: bool, form: str) -> None:
    """Confirm purposes."""
    if bool(codes) is every:
        raise NobodyNamed(option="--all")
    with session.open() as register:
        lines = register.purposes.confirm(codes)
    _list(lines, form)


def _list(lines: Iterable[PurposeLine], form: str) -> None:
    rows = [{**asdict(line), "name": in_language(line.names, current())} for line in lines]
    shown = ("number", "code", "name", "version", "articles", "confirmed", "retired")
    answer_rows(rows, form, columns(*shown))


def _show(register: Kartoteka, card: PurposeCard, form: str) -> None:
    if form == "table":
        answer(_spoken(register, card), form, purpose_labels())
        return
    told = {"hash": card.content_hash, "versions": card.versions, "confirmed": card.confirmed}
    answer({**card.document, **told}, form)


def _spoken(register: Kartoteka, card: PurposeCard) -> dict[str, Any]:
    """Say a purpose as its screen does: nobody reads codes of periods and recipients."""
    code, version = str(card.document["code"]), int(str(card.document["version"]))
    said = register.purposes.say(code, current(), version)
    names = ("interest", "need", "balance")
    source = card.document.get("source")
    return {
        "code": code,
        "number": card.document.get("number"),
        "name": said.name,
        "why": said.why,
        "bases": said.bases,
        "items": said.items,
        "retention": said.periods,
        "recipients": said.recipients,
        "laws": said.laws,
        "direct_marketing": bool(card.document.get("direct_marketing")),
        "compelling": bool(card.document.get("compelling")),
        **dict(zip(names, said.balancing or (), strict=False)),
        "version": version,
        "versions": card.versions,
        **({"source": source} if source else {}),
        "confirmed": card.confirmed,
        "hash": card.content_hash,
    }
