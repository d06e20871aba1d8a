"""A founded register for every test: made once, copied for each, entered by any of its users."""

from __future__ import annotations

import io
import os
import shutil
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import pytest

import gdpr.vault.bundle as vault_bundle
import gdpr.vault.pin_unlock as vault_pin
import gdpr.vault.root as vault_root
from crm import i18n, kartoteka
from crm.cli.app import run as run_command
from crm.kartoteka import Firm, Kartoteka
from crm.session.access import access_of
from gdpr.audit.events import Event
from gdpr.clock import FixedClock
from gdpr.store.accounts import account_row, store_slots
from gdpr.store.ids import new_id
from gdpr.vault.founding import Member, new_user
from gdpr.vault.kdf import FLOOR
from tests.once import ProvedOnce, derived_once

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crm.session.access import Access
    from gdpr.vault.founding import NewUser
    from gdpr.vault.keyring import Keyring

OWNER = "anna"
PASSWORD = "seši mazi kaķi ēd putru agri"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Login:
    """A login name and its password."""

    name: str
    password: str


@dataclass
class Place:
    """A register of one's own: its file, the folders around it and the clock it lives by."""

    folder: Path
    clock: FixedClock
    owner: Login = field(default_factory=lambda: Login(OWNER, PASSWORD))

    @property
    def vault(self) -> Path:
        return self.folder / "register" / "register.kartoteka"

    @property
    def environment(self) -> dict[str, str]:
        return _surroundings(self.folder)

    def open(self, login: Login | None = None) -> Kartoteka:
        """Open the register as the owner or as somebody who was hired."""
        who = login or self.owner
        return Kartoteka.open(str(self.vault), who.name, lambda: who.password, clock=self.clock)


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    exit_code: int
    stdout: str
    stderr: str


class Cli(Protocol):
    """Type a command line as one of the users."""

    def __call__(
        self, *arguments: str, stdin: str | bytes = b"", login: Login | None = None, **env: str
    ) -> Result: ...


class Hire(Protocol):
    """Add a user with these roles, who needs no first password of their own."""

    def __call__(self, *roles: str) -> Login: ...


def _surroundings(folder: Path) -> dict[str, str]:
    names = ("STATE", "DATA", "CONFIG", "CACHE")
    return {f"XDG_{name}_HOME": str(folder / name.lower()) for name in names}


@pytest.fixture(autouse=True)
def derived_and_proved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open a register again for less: a password's key stays the same, and so do signatures.

    Whoever founds without saying what a guess shall cost gets the floor; see `test_init.py`.
    """
    for asking in (vault_bundle, vault_pin):
        monkeypatch.setattr(asking, "derive_password_key", derived_once())
    monkeypatch.setattr(vault_root, "Ed25519PublicKey", ProvedOnce)
    monkeypatch.setattr(kartoteka, "calibrate", lambda: FLOOR)


def _found(folder: Path, firm: Firm) -> Path:
    """Found a register of a firm in a folder, and close it."""
    folder.chmod(0o700)
    (folder / "register").mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _surroundings(folder).items():
            patch.setenv(name, value)
        made, _recovery = Kartoteka.create(
            str(folder / "register" / "register.kartoteka"),
            firm,
            (OWNER, PASSWORD),
            clock=FixedClock(NOON),
            cost=FLOOR,
        )
        with made:
            pass
    return folder


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    address = ("40003798684", "Brīvības iela 1, Rīga", "b@example.com")
    return _found(tmp_path_factory.mktemp("founded"), Firm("SIA Testa birojs", "LV", *address))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def place(
    founded: Path, tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> Place:
    folder = tmp_path / "place"
    shutil.copytree(founded, folder)
    made = Place(folder, clock)
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    return made


@pytest.fixture
def register(place: Place) -> Iterator[Kartoteka]:
    with place.open() as opened:
        yield opened


_USERS: dict[tuple[object, ...], NewUser] = {}


def _user_of(access: Access, ring: Keyring) -> NewUser:
    """Make a user once for all the copies of a register whose keys are still the same."""
    held = frozenset((name, ring.versions(name)) for name in ring.classes())
    this = (access.roles, ring.vault_id, ring.root_public, held)
    if this not in _USERS:
        member = Member(new_id(), access.roles, access.key_classes())
        _USERS[this] = new_user(ring, member, cost=FLOOR, language="en")
    return _USERS[this]


@pytest.fixture
def hire(place: Place) -> Hire:
    def hired(*roles: str) -> Login:
        access = access_of(roles)
        with place.open() as opened:
            office = opened.context
            user = _user_of(access, office.session.ring)
            name = "-".join(roles)
            event = (Event.USER_ADDED, user.account.card.user_id)
            with office.journal.audited_change(*event, card=user.account.card.counter) as deed:
                deed.insert(account_row(user.account, name, 0, must_change=False))
                store_slots(deed, user.slots)
        return Login(name, user.password)

    return hired


@pytest.fixture
def cli(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Cli]:
    def typed(
        *arguments: str, stdin: str | bytes = b"", login: Login | None = None, **env: str
    ) -> Result:
        who = login or place.owner
        surroundings = {
            "KARTOTEKA_VAULT": str(place.vault),
            "KARTOTEKA_USER": who.name,
            "KARTOTEKA_PASSWORD": who.password,
            **env,
        }
        for name, value in surroundings.items():
            monkeypatch.setenv(name, value)
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        capsys.readouterr()
        exit_code = run_command(arguments, place.clock)
        out, err = capsys.readouterr()
        for name in env:
            monkeypatch.delenv(name)
        return Result(exit_code, out, err)

    yield typed
    i18n.use("en")


def residue(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file below a folder, for searches that must find nothing."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield os.fspath(path.relative_to(folder)), path.read_bytes()


_FIRMS: dict[str, Path] = {}


@pytest.fixture(params=["LV", "IT"])
def firm(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Kartoteka]:
    """Open a firm in each of the two countries, which says where it is and no more."""
    country: str = request.param
    if country not in _FIRMS:
        _FIRMS[country] = _found(
            tmp_path_factory.mktemp(country),
            Firm("Prova", country, "", "Via Roma 1", "b@example.com"),
        )
    folder = tmp_path / "place"
    shutil.copytree(_FIRMS[country], folder)
    place = Place(folder, FixedClock(NOON))
    for name, value in place.environment.items():
        monkeypatch.setenv(name, value)
    with place.open() as opened:
        yield opened
