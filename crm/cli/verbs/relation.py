"""`relation`: what a clerk chooses in plain words, and the purposes each choice stands for."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from crm.cli.frame import argument, group, with_register
from crm.cli.output import answer, answer_rows, columns
from crm.cli.verbs.purpose import edits
from crm.i18n import current
from crm.transparency.words import in_language
from gdpr.text import N_

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka


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
    answer(register.purposes.relation(code), form, "relation")


@relation.command("edit", help=N_("Create the next version; existing lawful bases do not change."))
@edits
def edit(register: Kartoteka, code: str, changes: dict[str, Any], form: str) -> None:
    """Change a relation."""
    answer(register.purposes.edit_relation(code, changes), form, "relation")
