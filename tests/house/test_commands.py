"""The table of commands tells the truth about the commands."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING

import click
import pytest

from crm.cli import options
from crm.cli.app import root
from crm.cli.commands import COMMANDS, GROUPS, OPTIONS
from crm.cli.frame import Command, Group, Option
from crm.cli.verbs import client, notice, wording
from crm.models.party import PartyKind, Status
from crm.parties import mailing_law
from crm.parties.masking import GOING
from crm.transparency import notice_proofs as informing
from crm.transparency import wordings
from gdpr.rules.consent_states import SPOKEN
from gdpr.rules.period_ends import RuleSettings
from gdpr.rules.purposes import Evidence
from tests.house.source import ROOT, product

if TYPE_CHECKING:
    from collections.abc import Iterator


def _commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(root)
    waiting = [(name, root.get_command(context, name)) for name in COMMANDS]
    while waiting:
        name, command = waiting.pop(0)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            waiting += [(f"{name} {each}", command.commands[each]) for each in command.commands]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_row_loads_and_says_the_same(name: str) -> None:
    """Each row leads to a command of that name whose help line is the table's."""
    command = root.get_command(click.Context(root), name)

    assert command is not None
    assert (name, COMMANDS[name][1]) == (command.name, command.help)


def test_commands_offer_what_services_take() -> None:
    """The words an option offers, written out so that help loads no service, are all it may say."""
    going = {*Status, GOING}

    assert {
        "evidence": {*options.EVIDENCE},
        "said by": {*options.SAID_BY},
        "kind": {*client._KINDS},
        "status": {*client._STATUS},
        "told by": {*notice._CHANNELS},
        "kind of text": {*wording._KINDS},
        "text reaches": {*wording._REACH},
    } == {
        "evidence": {*Evidence},
        "said by": {*SPOKEN},
        "kind": {*PartyKind},
        "status": going,
        "told by": {*informing.CHANNELS} - {informing.STATED},
        "kind of text": {*wordings.KINDS},
        "text reaches": {*wordings.CHANNELS},
    }
    assert options.DIRECT_MARKETING == mailing_law.DIRECT_MARKETING


def test_every_command_stands_under_one_heading() -> None:
    """The front page shows every command once."""
    shown = [name for names in GROUPS.values() for name in names]

    assert sorted(COMMANDS) == sorted(shown)


def test_every_command_is_built_from_the_frame_and_helps() -> None:
    """Each command and option has a help line and is translated when it is shown."""
    wrong = []
    for name, command in _commands():
        if not isinstance(command, Command | Group) or not command.help:
            wrong.append(name)
        wrong += [
            f"{name} {each.name}"
            for each in command.params
            if isinstance(each, click.Option) and not (isinstance(each, Option) and each.help)
        ]

    assert wrong == []


def test_no_option_takes_a_secret() -> None:
    """No password, key or PIN is ever given in an argument, where the whole machine sees it."""
    secret = re.compile(r"pass(word|phrase|wd)|secret|\bpin\b")

    assert [
        f"{name} {each.name}"
        for name, command in _commands()
        for each in command.params
        if secret.search(str(each.name)) and not getattr(each, "is_flag", False)
    ] == []


def test_the_front_page_names_every_shared_option() -> None:
    """The quick front page and click agree on the options."""
    listed = {line.split()[0] for line in OPTIONS}

    assert listed == {"--help", *(each.opts[0] for each in root.params)}


def test_every_command_is_in_a_guide() -> None:
    """Somebody reads of each command in the guide of those who use it."""
    text = _guides()
    verbs = [name for name, command in _commands() if not isinstance(command, click.Group)]

    assert [name for name in verbs if not re.search(rf"kartoteka (?:{name})\b", text)] == []


def test_the_guides_type_commands_and_options_that_exist() -> None:
    """Each command line of a guide is one the program takes, down to its options."""
    known = dict(_commands())
    wrong = []
    for line in re.findall(r"^(?:.*\| )?kartoteka ([a-z].*)$", _guides(), re.MULTILINE):
        words = line.partition(" #")[0].split()
        name = " ".join(words[:2]) if " ".join(words[:2]) in known else words[0]
        taken = {"--help", *(each for param in getattr(known.get(name), "params", [])
                             for each in param.opts)}  # fmt: skip
        wrong += [line for word in words if word.startswith("--") and word not in taken]
        wrong += [] if name in known else [line]

    assert wrong == []


def test_every_setting_is_in_a_guide() -> None:
    """What decides how the program behaves is written down: environment and stored settings."""
    source = "".join(path.read_text("utf-8") for path in product())
    variables = set(re.findall(r"\bKARTOTEKA_[A-Z]+\b", source))
    stored = {each.name for each in fields(RuleSettings)} | {"copy_days"}

    assert {name for name in variables | stored if f"`{name}`" not in _guides()} == set()


def _guides() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md")))


def test_the_readme_names_commands_that_exist() -> None:
    """A command or Make target in the README can be typed."""
    known = {name for name, _command in _commands()}
    text = (ROOT / "README.md").read_text("utf-8")
    typed = re.findall(r"^\s*kartoteka ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)", text, re.MULTILINE)
    targets = re.findall(r"^\s*make ([a-z]+)", text, re.MULTILINE)
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

    assert [each for each in typed if not {each, each.split()[0]} & known] == []
    assert [each for each in targets if each not in made] == []
    assert targets[:2] == ["demo", "test"]
