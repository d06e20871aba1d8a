"""A user's row that a host changed: the owner learns which, and nobody else is shut out by it."""

from __future__ import annotations

import json
import random

import pytest

from gdpr.store.accounts import UserAccount
from tests.crm.planting import plant
from tests.faults.test_tampered import spoilt

COLUMNS = tuple(name for name in UserAccount.layout().columns if name != "id")
OWN_KEYS = ("kdf_salt", "kdf_memory", "kdf_time", "kdf_lanes", "wrapped_bundle")


@pytest.fixture
def changed(place):
    """Return what changes one column of a user's row as little as possible, or to other stuff."""

    def change(name, column, value=None):
        with place.open() as register:
            desk = register.context.session
            row = desk.first(UserAccount, name=name)
            old = getattr(row, column)
            new = value if value is not None else spoilt(old or b"x", random.Random(3))
            desk.database.execute_sql("PRAGMA ignore_check_constraints = 1")
            desk.database.execute_sql(
                f"UPDATE user_account SET {column} = ? WHERE id = ?", (new, bytes(row.id))
            )
        return bytes(row.id).hex()

    return change


def assert_named(cli, row, login=None):
    for words in (("audit", "verify"), ("doctor",)):
        told = cli(*words, "--format", "json", login=login)
        assert told.exit_code == 7, (words, told)
        assert told.stdout, told
        damages = json.loads(told.stdout)["damages"]
        assert damages[0]["table"] == "user_account"
        assert damages[0]["row"] == row
        assert row in told.stderr


@pytest.mark.parametrize("column", COLUMNS)
def test_the_owner_learns_whose_row_is_damaged(place, cli, hire, changed, column):
    """Whatever was changed in a colleague's row, each command names it and the clients open."""
    login = hire("accountant")
    with place.open() as register:
        number = plant(register, "prospect").number
    row = changed(login.name, column)
    assert_named(cli, row)
    shown = cli("client", "show", str(number), "--format", "json")
    assert shown.exit_code == 7
    assert row in shown.stderr
    assert json.loads(shown.stdout)["number"] == number
    if column in OWN_KEYS:
        assert cli("client", "list", login=login).exit_code in (5, 7)


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("junk", ["\u00ff", 10**15, b"\xff"], ids=["text", "number", "bytes"])
def test_junk_in_one_row_shuts_nobody_else_out(cli, hire, changed, column, junk):
    """A value of another kind than was ever written there is named and in nobody's way."""
    row = changed(hire("accountant").name, column, junk)
    assert_named(cli, row)


@pytest.mark.parametrize("column", OWN_KEYS)
def test_another_owner_learns_why_an_owner_is_shut_out(cli, hire, changed, column):
    """To the one it happens to it looks like a wrong password; a second owner sees what it is."""
    second = hire("owner")
    row = changed("anna", column)
    assert cli("client", "list").exit_code in (5, 7)
    assert_named(cli, row, login=second)
