"""Every command with the place it is loaded from and its help line.

The lines stand here, not in the commands, so that `--help` can list them all and import none.
To add a command: write it under `crm/cli/verbs/` and add a row. A test loads every row.
"""

from __future__ import annotations

from crm.cli.kind_rows import ROWS


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark a message like `gdpr.text.N_`, whose module would double the cost of `--help`."""
    return message


# name -> (module:object, help line), in the order of the front page.
COMMANDS: dict[str, tuple[str, str]] = {
    "init": (
        "crm.cli.verbs.init:init",
        N_("Create a register: its keys, its owner and its purposes."),
    ),
    "open": ("tui.command:open_screens", N_("Open the screens.")),
    "client": (
        "crm.cli.verbs.client:client",
        N_("Enter clients; find, show, correct and explain them."),
    ),
    "contact": (
        "crm.cli.verbs.contact:contact",
        N_("Add and correct contact persons of companies, record their leaving."),
    ),
    "note": ("crm.cli.verbs.note:note", N_("Write notes about clients, and read them.")),
    **ROWS,
    "import": (
        "crm.cli.verbs.importing:import_",
        N_(
            "Import a list of clients or contact cards, with the relationship they have"
            " to the firm."
        ),
    ),
    "export": (
        "crm.cli.verbs.exporting:export",
        N_("Write clients to a file for a spreadsheet or another program."),
    ),
    "files": (
        "crm.cli.verbs.copies:files",
        N_("List the copies of data outside the register, and destroy them."),
    ),
    "ground": (
        "crm.cli.verbs.ground:ground",
        N_("Manage the lawful bases on which somebody is kept."),
    ),
    "purpose": (
        "crm.cli.verbs.purpose:purpose",
        N_("Show and change the purposes of processing, version by version."),
    ),
    "relation": (
        "crm.cli.verbs.relation:relation",
        N_("Show and change the relationships that staff may choose."),
    ),
    "consent": (
        "crm.cli.verbs.consent:consent",
        N_("Record consents and their withdrawal."),
    ),
    "suppression": (
        "crm.cli.verbs.suppression:suppression",
        N_("List refusals and objections, kept without names."),
    ),
    "wording": (
        "crm.cli.verbs.wording:wording",
        N_("Manage the texts shown to people; none is ever changed."),
    ),
    "notice": (
        "crm.cli.verbs.notice:notice",
        N_("Write and publish the privacy notice; record who was given it."),
    ),
    "firm": ("crm.cli.verbs.firm:firm", N_("Show and correct the details of the firm itself.")),
    "subject": (
        "crm.cli.verbs.subject:subject",
        N_("Carry out data subjects' rights: access, portability, erasure, objection."),
    ),
    "package": (
        "crm.cli.verbs.package:package",
        N_("Verify a package for a person: offline, without a register."),
    ),
    "retention": (
        "crm.cli.verbs.retention:retention",
        N_("List what is due for erasure, and erase it."),
    ),
    "demo": (
        "crm.cli.verbs.demo:demo",
        N_("Open a register of 1,200 invented clients, created the first time."),
    ),
    "doctor": ("crm.cli.verbs.doctor:doctor", N_("Check that everything is in order.")),
    "user": (
        "crm.cli.verbs.user:user",
        N_("Manage who may open the register, and with what rights; change passwords."),
    ),
    "key": (
        "crm.cli.verbs.key:key",
        N_("List keys and rotate them; confirm or replace the recovery key."),
    ),
    "backup": (
        "crm.cli.verbs.backup:backup",
        N_("Back up the whole register, verify backups and restore them."),
    ),
    "copies": (
        "crm.cli.verbs.copies:copies",
        N_("List every copy of data outside the register, and until when."),
    ),
    "audit": ("crm.cli.verbs.audit:audit", N_("Read the log of what happened, and verify it.")),
    "info": ("crm.cli.verbs.info:info", N_("Show where files are and which versions are in use.")),
    "completion": (
        "crm.cli.verbs.completion:completion",
        N_("Print the script that completes commands in your shell."),
    ),
}

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
