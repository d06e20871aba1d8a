"""A register of every released format opens, proves itself, comes back and forgets for ever."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING

import pytest

from crm.kartoteka import Kartoteka, parse_recovery_key, way_in
from crm.models.party import Party
from gdpr.clock import FixedClock
from tests.crm.conftest import NOON
from tests.golden.make import COMPANY, ERASED, FOLDER, KEPT, OWNER, PASSWORD, homes
from tests.golden.second_opinion import opinion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VERSIONS = sorted(path.name.removesuffix(".tar.xz") for path in FOLDER.glob("register-*.tar.xz"))
CLOCK = FixedClock(NOON)


@pytest.fixture(params=VERSIONS)
def kept(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lay the register of one version where it may be worked on."""
    folder = tmp_path / "golden"
    folder.mkdir(mode=0o700)
    with tarfile.open(FOLDER / f"{request.param}.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    for name, value in homes(folder).items():
        monkeypatch.setenv(name, value)
    return folder


def opened(vault: Path) -> Kartoteka:
    return Kartoteka.open(str(vault), OWNER, lambda: PASSWORD, clock=CLOCK)


def names(register: Kartoteka) -> set[str]:
    return {party.display_name() or "" for party in register.context.session.rows(Party)}


def halves(folder: Path) -> tuple[Path, Path]:
    (data,) = (folder / "backup").glob("*.data")
    (keys,) = (folder / "backup").glob("*.keys")
    return data, keys


def test_there_is_a_register_of_this_version() -> None:
    """Without one the promise to later versions would hold of nothing."""
    assert "register-1" in VERSIONS


def test_it_opens_and_proves_itself(kept: Path) -> None:
    """Names open, the erased one is not there, the log is whole, and a second opinion agrees."""
    vault = kept / "register" / "office.db"
    with opened(vault) as register:
        assert {KEPT, COMPANY} <= names(register)
        assert ERASED not in names(register)
        assert register.audit.verify().ok
        assert () == register.damage
    (ledger,) = (kept / "state").rglob("ledger")
    assert [] == opinion(vault, ledger)["problems"]


@pytest.mark.parametrize("by", ["password", "recovery key"])
def test_its_backup_comes_back_without_the_erased(kept: Path, by: str) -> None:
    """Both halves restore it, by password and on paper, and who was erased since stays erased."""
    target = kept / "back" / "office.db"
    target.parent.mkdir(mode=0o700)
    (paper,) = FOLDER.glob("register-1.txt")
    ways: dict[str, Callable[[], object]] = {
        "password": lambda: way_in(OWNER, lambda: PASSWORD),
        "recovery key": lambda: way_in(None, lambda: paper.read_text().strip(), recovery=True),
    }
    parse_recovery_key(paper.read_text().strip())
    Kartoteka.restore(str(target), halves(kept), ways[by](), clock=CLOCK, accept_older=True)  # type: ignore[arg-type]

    with opened(target) as register:
        assert {KEPT, COMPANY} <= names(register)
        assert ERASED not in names(register)
        assert register.audit.verify().ok


def test_it_still_forgets(kept: Path) -> None:
    """Somebody of that day is erased by the program of this day, and the rest opens."""
    vault = kept / "register" / "office.db"
    with opened(vault) as register:
        number = next(
            p.number for p in register.context.session.rows(Party) if p.holds("given_name")
        )
        receipt = register.subjects.erase(str(number), "unlawful", number)
        assert "shredded" == receipt.state
    with opened(vault) as register:
        assert register.audit.verify().ok
