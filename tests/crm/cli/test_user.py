"""Users and their passwords, and the recovery key, from the command line."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm.privacy import ROLES
from tests.crm.conftest import PASSWORD, Login

if TYPE_CHECKING:
    from tests.crm.conftest import Cli, Place

ROOT = Path(__file__).resolve().parents[3]
NEW = "violets tumble across eleven bridges"


@pytest.fixture
def clerk(cli: Cli) -> Login:
    added = cli("user", "add", "karlis", "--role", "office", "--format", "json")
    assert 0 == added.exit_code
    return Login("karlis", json.loads(added.stdout)["password"])


def test_a_first_password_opens_nothing_but_its_own_change(cli: Cli, clerk: Login) -> None:
    """Until the first password is replaced every other command of that user gives 5."""
    for command in (("user", "list"), ("doctor",), ("audit", "head"), ("client", "list")):
        assert 5 == cli(*command, login=clerk).exit_code

    assert 0 == cli("user", "password", login=clerk, stdin=NEW + "\n").exit_code
    listed = cli("user", "list", "--format", "json", login=Login("karlis", NEW))

    assert [("anna", False), ("karlis", False)] == [
        (each["name"], each["first_password"]) for each in json.loads(listed.stdout)
    ]


def test_a_changed_password_shuts_the_old_one_out(cli: Cli) -> None:
    """After a change only the new password opens the register, and the log says it changed."""
    assert 0 == cli("user", "password", stdin=NEW + "\n").exit_code

    assert 5 == cli("user", "list").exit_code
    log = cli(
        "audit", "log", "--event", "user:password", "--format", "json", KARTOTEKA_PASSWORD=NEW
    )
    assert ["user:password:changed"] == [each["event"] for each in json.loads(log.stdout)]


@pytest.mark.parametrize("new", ["", "short", "qwertyuiopasdfgh", PASSWORD])
def test_a_new_password_must_be_strong_and_new(cli: Cli, new: str) -> None:
    """A weak password, none, or the old one again is refused and the old one stays."""
    assert 2 == cli("user", "password", stdin=new + "\n").exit_code
    assert 0 == cli("user", "list").exit_code


@pytest.mark.parametrize("role", [role for role in ROLES if role != "owner"] + ["small-office"])
def test_only_an_owner_adds_users(cli: Cli, hire: object, role: str) -> None:
    """No other role adds a user, not even where everybody does everything."""
    login = hire(role)  # type: ignore[operator]

    refused = cli("user", "add", "kaspars", "--role", "owner", login=login)

    assert (5, "") == (refused.exit_code, refused.stdout)


@pytest.mark.parametrize(
    "arguments",
    [
        ("anna", "--role", "office"),
        ("ANNA", "--role", "office"),
        ("kaspars", "--role", "king"),
        ("kaspars",),
        ("kas pars", "--role", "office"),
        ("", "--role", "office"),
    ],
)
def test_a_user_needs_a_free_name_and_known_roles(cli: Cli, arguments: tuple[str, ...]) -> None:
    """A taken or unusable name, an unknown role or none gives 2 and adds nobody."""
    assert 2 == cli("user", "add", *arguments).exit_code
    assert 1 == len(json.loads(cli("user", "list", "--format", "json").stdout))


def test_new_users_pay_what_the_owner_pays(cli: Cli, place: Place, clerk: Login) -> None:
    """A guess of a new user's password costs what a guess of the owner's does."""
    with place.open() as register:
        costs = register.office.desk.database.execute_sql(
            "SELECT DISTINCT kdf_memory, kdf_time, kdf_lanes FROM user_account"
            " WHERE kdf_salt IS NOT NULL"
        ).fetchall()

    assert 1 == len(costs)


def test_keys_are_listed_with_their_holders(cli: Cli, clerk: Login) -> None:
    """Every key class is named with who holds it; a clerk holds neither root nor case."""
    status = json.loads(cli("key", "status", "--format", "json").stdout)
    held = {line["key"]: line["users"] for line in status}

    assert all(line["recovery"] for line in status)
    assert ["anna"] == held["root"] == held["case"]
    assert ["anna", "karlis"] == held["register"] == held["contact"]


def test_a_wrong_recovery_key_confirms_nothing(cli: Cli) -> None:
    """A mistyped key gives 2, another vault's 5, and the recovery stays unconfirmed."""
    other = "0000-" * 12 + "0000"

    assert 2 == cli("key", "recovery", "--confirm", stdin="ABCD\n").exit_code
    assert 5 == cli("key", "recovery", "--confirm", stdin=other + "\n").exit_code
    told = cli("key", "recovery", "--format", "json")
    assert {"confirmed": False} == json.loads(told.stdout)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal_the_change_asks_hidden_and_again(place: Place) -> None:
    """A weak or mistyped new password is asked for once more; nothing typed is shown."""
    import pexpect

    child = pexpect.spawn(
        sys.executable,
        ["-m", "crm.cli", "--vault", str(place.vault), "user", "password"],
        cwd=str(ROOT),
        env={**os.environ, "TERM": "dumb", "LC_ALL": "C.UTF-8"},
        encoding="utf-8",
        timeout=60,
    )
    child.expect("Password:")
    child.waitnoecho(timeout=5)
    child.sendline(PASSWORD)
    shown = ""
    for first, second in (("short", "short"), (NEW, "other"), (NEW, NEW)):
        child.expect("New password:")
        child.waitnoecho(timeout=5)
        child.sendline(first)
        child.expect("New password again:")
        child.sendline(second)
        shown += str(child.before)
    child.expect("is changed")
    child.expect(pexpect.EOF)
    child.close()

    assert 0 == child.exitstatus
    assert NEW not in shown
    with place.open(Login("anna", NEW)):
        pass
