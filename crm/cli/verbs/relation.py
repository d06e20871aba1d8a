"""`relation`: what a clerk chooses in plain words, and the purposes each choice stands for."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from crm.cli.frame import argument, group, with_register, with_session
from crm.cli.labels import columns
from crm.cli.output import answer, answer_rows
from crm.cli.reading import patch
from crm.cli.verbs.purpose import set_option
from crm.i18n import _, current, pgettext
from crm.transparency.words import in_language
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.cli.session import CommandSession
    from crm.kartoteka import Kartoteka
    from crm.transparency.cards import RelationLine


relation = group("relation")


@relation.command("list", help=N_("List the relationships that staff may choose."))
@with_register
def listing(register: Kartoteka, form: str) -> None:
    """List relations."""
    lines = register.purposes.relations()
    rows = [{**asdict(line), "name": in_language(line.names, current())} for line in lines]
    answer_rows(rows, form, columns("code", "name", "version", "evidence", "purposes"))


@relation.command("show", help=N_("Show one relationship."))
@argument("code")
@with_register
def show(register: Kartoteka, code: str, form: str) -> None:
    """Show a relation."""
    line = register.purposes.relation(code)
    _show(line, form)


@relation.command("edit", help=N_("Create the next version; existing lawful bases do not change."))
@argument("code")
@argument("source", required=False)
@set_option
@with_session
def edit(
    session: CommandSession, /, code: str, source: str | None, settings: tuple[str, ...], form: str
) -> None:
    """Change a relation."""
    changes = patch(source, settings)
    with session.open() as register:
        line = register.purposes.edit_relation(code, changes)
    _show(line, form)


def _show(line: RelationLine, form: str) -> None:
    own = {
        "assumed": _("default evidence"),
        "names": pgettext("purpose", "name"),
    }
    answer(line, form, own)
