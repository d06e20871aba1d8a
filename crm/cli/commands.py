"""Every command with the place it is loaded from and its help line.

The lines stand here, not in the commands, so that `--help` can list them all and import none.
To add a command: write it under `crm/cli/verbs/` and add a line to `_LINES`; to `_PLACES` only if
its module has another name. A test loads every command.
"""

from __future__ import annotations

from crm.cli.record_command_lines import ROWS


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark a message like `gdpr.text.N_`, whose module would double the cost of `--help`."""
    return message


# Commands that lie elsewhere than in the module of their name.
_PLACES = {
    "open": "tui.command:open_screens",
    "import": "crm.cli.verbs.importing:import_",
    "export": "crm.cli.verbs.exporting:export",
    "files": "crm.cli.verbs.copies:files",
}
# name -> help line, in the order of the front page.
_LINES: dict[str, str] = {
    "init": N_("Create a register: its keys, its owner and its purposes."),
    "open": N_("Open the screens."),
    "client": N_("Enter clients; find, show, correct and explain them."),
    "contact": N_("Add and correct contact persons of companies, record their leaving."),
    "note": N_("Write notes about clients, and read them."),
    **{name: line for name, (_place, line) in ROWS.items()},
    "import": N_(
        "Import a list of clients or contact cards, with the relationship they have to the firm."
    ),
    "export": N_("Write clients to a file for a spreadsheet or another program."),
    "files": N_("List the copies of data outside the register, and destroy them."),
    "ground": N_("Manage the lawful bases on which somebody is kept."),
    "purpose": N_("Show and change the purposes of processing, version by version."),
    "relation": N_("Show and change the relationships that staff may choose."),
    "consent": N_("Record consents and their withdrawal."),
    "suppression": N_("List refusals and objections, kept without names."),
    "wording": N_("Manage the texts shown to people; none is ever changed."),
    "notice": N_("Write and publish the privacy notice; record who was given it."),
    "firm": N_("Show and correct the details of the firm itself."),
    "subject": N_("Carry out data subjects' rights: access, portability, erasure, objection."),
    "package": N_("Verify a package for a person: offline, without a register."),
    "retention": N_("List what is due for erasure, and erase it."),
    "demo": N_("Open a register of 1,200 invented clients, created the first time."),
    "doctor": N_("Check that everything is in order."),
    "user": N_("Manage who may open the register, and with what rights; change passwords."),
    "key": N_("List keys and rotate them; confirm or replace the recovery key."),
    "backup": N_("Back up the whole register, verify backups and restore them."),
    "copies": N_("List every copy of data outside the register, and until when."),
    "audit": N_("Read the log of what happened, and verify it."),
    "info": N_("Show where files are and which versions are in use."),
    "completion": N_("Print the script that completes commands in your shell."),
}
# name -> (module:object, help line)
COMMANDS: dict[str, tuple[str, str]] = {
    name: (_PLACES.get(name, f"crm.cli.verbs.{name}:{name}"), line) for name, line in _LINES.items()
} | ROWS

# heading -> the commands under it; a command in no group fails a test.
GROUPS: dict[str, tuple[str, ...]] = {
    N_("Clients"): ("client", "contact", "note", *ROWS),
    N_("Files"): ("import", "export", "files"),
    N_("Privacy"): (
        "purpose",
        "relation",
        "wording",
        "notice",
        "ground",
        "consent",
        "suppression",
        "subject",
        "package",
        "retention",
    ),
    N_("Administration"): ("firm", "user", "key", "backup", "copies", "audit"),
    N_("Getting started"): ("init", "open", "demo", "doctor", "info", "completion"),
}

# option -> help line; the options every command shares, given before its name.
OPTIONS: dict[str, str] = {
    "--vault FILE": N_("The register to open (KARTOTEKA_VAULT)."),
    "--user NAME": N_("Whose keys to use (KARTOTEKA_USER)."),
    "--lang en|lv|it": N_("Interface language (KARTOTEKA_LANG)."),
    "--version": N_("Print the version."),
    "--help": N_("Print this page; each command has its own."),
}
