"""Whatever a command does for the office, a screen does too; the two tables are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm.cli.app import root
from crm.cli.commands import COMMANDS
from crm.kinds.listed import SHAPES
from tui.key_bindings import KEY_GROUPS
from tui.places import AREAS, PLACES

if TYPE_CHECKING:
    from collections.abc import Iterator

# command -> the key that does it on a screen, or the area or place that shows it.
SHOWN = {
    "init": "wizard",
    "client add": "clients.new",
    "client find": "clients.search",
    "client list": "clients",
    "client show": "card",
    "client checked": "card",
    "client edit": "card.edit",
    "client why": "card.next",
    "contact add": "card.new",
    "contact edit": "contact-edit",
    "contact left": "card.left",
    "note add": "note-new",
    "note list": "card.next",
    "import": "clients.import",
    "export clients": "clients.export",
    "export everything": "export.start",
    "files list": "copies",
    "files shred": "copies.shred",
    "files gone": "copies.gone",
    "ground add": "grounds.add",
    "ground end": "grounds.end",
    "ground reopen": "grounds.reopen",
    "ground keep": "grounds.keep",
    "ground list": "card.grounds",
    "purpose list": "papers.purposes",
    "purpose show": "purpose",
    "purpose add": "papers.new",
    "purpose edit": "purpose.edit",
    "purpose retire": "purpose.retire",
    "purpose confirm": "purpose.confirm",
    "relation list": "papers.relations",
    "relation show": "relation",
    "relation edit": "relation.edit",
    "consent give": "consents.give",
    "consent note": "consents.note",
    "consent withdraw": "consents.withdraw",
    "subject object": "consents.withdraw",
    "consent list": "consents",
    "consent receipt": "consents.receipt",
    "consent import": "consent-import",
    "wording add": "papers.new",
    "wording load": "papers.load",
    "wording list": "papers.wordings",
    "wording show": "wording",
    "notice render": "notice.save",
    "notice publish": "notice.publish",
    "notice list": "papers.notices",
    "notice diff": "notice.diff",
    "notice give": "papers.give",
    "notice uninformed": "papers.uninformed",
    "firm show": "firm",
    "firm edit": "firm.edit",
    "subject erase": "erase.erase",
    "subject access": "packages.save",
    "subject portable": "packages.save",
    "package verify": "packages.verify",
    "retention due": "retention",
    "retention run": "retention.run",
    "doctor": "doctor",
    "user add": "users.add",
    "user list": "users",
    "user password": "settings.password",
    "user reset": "users.reset",
    "user disable": "users.disable",
    "user enable": "users.enable",
    "user roles": "users.roles",
    "user edit": "users.promise",
    "user review": "users.review",
    "key status": "keys",
    "key rotate": "keys.rotate",
    "key recovery": "keys.renew",
    "backup create": "backup.new",
    "backup verify": "backup.verify",
    "backup drill": "backup.drill",
    "backup adopt": "backup.adopt",
    "backup restore": "backup.restore",
    "backup forget-old": "backup.forget",
    "copies": "copies.all",
    "audit verify": "log.verify",
    "audit log": "audit",
    "audit head": "log.head",
    "audit acknowledge": "log.acknowledge",
}
# command -> why no screen has it.
ALONE = {
    "open": "it opens the screens",
    "demo": "it opens the screens on the invented register",
    "consent schema": "it prints a schema for programs",
    "info": "the locked screen and the preferences say where things lie",
    "completion": "it is for the shell",
    "suppression list": "it says nobody's name; the privacy contact asks for it rarely",
    "suppression check": "it answers somebody who asks, often one who is in no list",
    "key shred-file": "without the shred file no screen opens; what says so names the command",
    "user recover": "without a password no screen opens",
}


# The commands of a described kind of record, by their verbs; its states have verbs of their own.
VERBS = {
    "add": "records.new",
    "edit": "records.edit",
    "show": "list.open",
    "list": "records",
    "find": "records.search",
}
for _shape in SHAPES:
    SHOWN |= {f"{_shape.noun} {verb}": key for verb, key in VERBS.items()}
    for _move in _shape.states.moves if _shape.states is not None else ():
        SHOWN[f"{_shape.noun} {_move.verb.replace('_', '-')}"] = "records.move"
    for _verb in ("import", "export"):
        ALONE[f"{_shape.noun} {_verb}"] = "files of one kind of record are for those who type"


def commands() -> Iterator[str]:
    """Yield every command that does something, with its group."""
    context = click.Context(root)
    for name in COMMANDS:
        command = root.get_command(context, name)
        if isinstance(command, click.Group):
            yield from (f"{name} {verb}" for verb in command.commands)
        else:
            yield name


def test_every_command_has_its_screen() -> None:
    """A command is done by a key, shown by a screen, or says why not, and is named once."""
    assert sorted(commands()) == sorted([*SHOWN, *ALONE])


def test_the_screens_named_are_there() -> None:
    """Each key and each screen that the table names exists."""
    known = {key.id for keys in KEY_GROUPS.values() for key in keys} | {*AREAS, *PLACES, "wizard"}

    assert [] == sorted({where for where in SHOWN.values() if where not in known})
