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
    from tests.crm.conftest import Cli, Hire, Place

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


def test_times_are_listed_to_the_second(place: Place, cli: Cli) -> None:
    """Who was added when has the form of every other time, and no fractions."""
    place.clock.instant = place.clock.instant.replace(microsecond=564_698)
    assert 0 == cli("user", "add", "karlis", "--role", "office").exit_code
    listed = json.loads(cli("user", "list", "--format", "json").stdout)
    assert [len("2026-03-02T12:00:00+00:00")] * 2 == [len(each["added"]) for each in listed]


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
        costs = register.context.session.database.execute_sql(
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


def test_an_owner_helps_a_colleague(cli: Cli, hire: Hire) -> None:
    """Reset and enable print a first password; roles, dates and the review are on record."""
    clerk = hire("office")
    hire("owner")
    reset = json.loads(cli("user", "reset", clerk.name, "--format", "json").stdout)

    assert 5 == cli("user", "list", login=clerk).exit_code
    fresh = Login(clerk.name, reset["password"])
    assert 5 == cli("user", "list", login=fresh).exit_code
    assert 0 == cli("user", "password", login=fresh, stdin=NEW + "\n").exit_code
    assert 0 == cli("user", "list", login=Login(clerk.name, NEW)).exit_code

    told = cli("user", "roles", clerk.name, "--role", "accountant")
    assert (0, True) == (told.exit_code, "support, marketing, evidence" in told.stderr)
    day = ("--confidentiality", "2026-03-01")
    assert 0 == cli("user", "edit", clerk.name, *day).exit_code
    assert 2 == cli("user", "edit", clerk.name, "--confidentiality", "2026-03-03").exit_code
    assert 3 == cli("user", "edit", "nobody", *day).exit_code
    listed = json.loads(cli("user", "review", "--format", "json").stdout)
    assert ["accountant", "2026-03-01"] == [
        line[key] if key != "roles" else ",".join(line[key])
        for line in listed
        if line["name"] == clerk.name
        for key in ("roles", "confidentiality")
    ]


def test_whoever_is_disabled_is_out_and_their_keys_are_replaced(cli: Cli, hire: Hire) -> None:
    """One command shuts out and rotates; the last owner cannot be shut out."""
    clerk = hire("office")

    assert 4 == cli("user", "disable", "anna").exit_code
    done = cli("user", "disable", clerk.name, "--format", "json")

    assert 0 == done.exit_code
    assert {2} == {line["version"] for line in json.loads(done.stdout)}
    assert 5 == cli("user", "list", login=clerk).exit_code
    status = json.loads(cli("key", "status", "--format", "json").stdout)
    contact = {line["version"]: line for line in status if line["key"] == "contact"}
    assert [("destroyed", []), ("active", ["anna"])] == [
        (contact[version]["state"], contact[version]["users"]) for version in (1, 2)
    ]
    assert "2027-03-02" == contact[2]["due"]
    assert 0 == cli("audit", "verify").exit_code
    assert 0 == cli("user", "enable", clerk.name).exit_code


def test_rotation_is_asked_for_in_one_way(cli: Cli) -> None:
    """Names, --due and --all exclude each other; nothing at all needs something begun."""
    for wrong in ((), ("suppression",), ("contact", "--due"), ("--due", "--all")):
        assert 2 == cli("key", "rotate", *wrong).exit_code

    told = cli("key", "rotate", "contact", "--format", "json")
    assert ["contact"] == [line["key"] for line in json.loads(told.stdout)]
    assert 0 == cli("key", "rotate", "--due").exit_code


def test_the_paper_lets_an_owner_in(cli: Cli) -> None:
    """A new recovery key is printed once; with it an owner gets in, and another one is printed."""
    assert 2 == cli("key", "recovery", "--new", "--confirm").exit_code
    paper = cli("key", "recovery", "--new").stdout.strip()

    assert 5 == cli("user", "recover", "anna", stdin="0000-" * 12 + f"0000\n{NEW}\n").exit_code
    done = cli("user", "recover", "anna", "--format", "json", stdin=f"{paper}\n{NEW}\n")

    assert 0 == done.exit_code
    assert 5 == cli("user", "list").exit_code
    owner = Login("anna", NEW)
    other = json.loads(done.stdout)["recovery_key"]
    assert other != paper
    for typed, code in ((paper, 5), (other, 0)):
        assert code == cli("key", "recovery", "--confirm", stdin=typed, login=owner).exit_code
    log = cli("audit", "log", "--event", "vault:recovery", "--format", "json", login=owner)
    assert "vault:recovery:used" in [line["event"] for line in json.loads(log.stdout)]
