"""Founding is one step: killed anywhere, the register is there whole or not at all."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest

import gdpr.store.database as store_database
from crm.kartoteka import Firm, Kartoteka
from crm.session.card_signers import CardSigners
from gdpr.errors import VaultExists
from gdpr.store.errors import NotAVault
from gdpr.vault.kdf import FLOOR
from tests.crm.conftest import OWNER, PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gdpr.clock import FixedClock

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills by SIGKILL after a fork")
FIRM = Firm("SIA Testa birojs", "LV", "40003798684", "Brīvības iela 1, Rīga", "b@example.com")
FILES = ("fsync", "replace", "rename", "link", "unlink", "mkdir")


def founded(target: Path, clock: FixedClock) -> None:
    register, _key = Kartoteka.create(str(target), FIRM, (OWNER, PASSWORD), clock=clock, cost=FLOOR)
    with register:
        pass


def opened(target: Path, clock: FixedClock) -> Kartoteka:
    return Kartoteka.open(str(target), OWNER, lambda: PASSWORD, clock=clock)


def killed(work: Callable[[], None], point: int) -> bool:
    """Do the work in a child that dies before its nth change of a file; True if it got through.

    Statements are counted by the tens: most change a file that has no name yet.
    """
    child = os.fork()
    if child == 0:
        _die_at(point)
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    how = os.waitstatus_to_exitcode(status)
    assert how in {0, -signal.SIGKILL}, point
    return how == 0


def _die_at(point: int) -> None:
    left = point
    statements = 0

    def meet() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def stated(_text: str) -> None:
        nonlocal statements
        statements += 1
        if statements % 100 == 0:
            meet()

    def met(call: Callable[..., object]) -> Callable[..., object]:
        def meeting(*arguments: object, **options: object) -> object:
            meet()
            return call(*arguments, **options)

        return meeting

    for name in FILES:
        setattr(os, name, met(getattr(os, name)))
    connect = store_database._connect

    def traced(path: Path) -> object:
        database = connect(path)
        database.connection().set_trace_callback(stated)
        return database

    store_database._connect = traced


def test_founding_killed_anywhere_is_done_or_can_be_done_again(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a kill the place is free or holds a whole register; the next founding works."""
    # A password's key is derived once for each salt, so one salt saves two for each point.
    monkeypatch.setattr("gdpr.vault.kdf.urandom", bytes)
    seen = set()
    for point in range(1, 400):
        folder = tmp_path / str(point)
        folder.mkdir(mode=0o700)
        monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
        target = folder / "register" / "office.db"
        through = killed(lambda target=target: founded(target, clock), point)
        there = target.exists()
        seen.add(there)
        if there:
            with pytest.raises(VaultExists):
                founded(target, clock)
        else:
            with pytest.raises(NotAVault):
                opened(target, clock)
            founded(target, clock)
        with opened(target, clock) as register:
            assert register.warnings == (), point
            found = register.context.journal.verify(CardSigners(register.context.session))
            assert found.ok, point
            assert register.damage == ()
        left = {path.name for path in target.parent.iterdir()} - {f"{target.name}.shred.lock"}
        assert left == {target.name, f"{target.name}.shred"}, point
        assert len(list((folder / "state" / "kartoteka").iterdir())) == 1, point
        if through:
            break
    assert seen == {True, False}
    assert point > 15


def test_a_place_that_is_taken_is_left_alone(tmp_path: Path, clock: FixedClock) -> None:
    """Whatever lies there is another thing, and stays what it was; nothing appears beside it."""
    target = tmp_path / "office.db"
    target.write_bytes(b"something else")
    with pytest.raises(VaultExists):
        founded(target, clock)
    assert target.read_bytes() == b"something else"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
