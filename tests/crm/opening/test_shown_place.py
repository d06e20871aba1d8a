"""A register lies in a file: an address of a server is refused, and its password never shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm.kartoteka import Firm, Kartoteka, way_in
from crm.opening.words import shown_place
from gdpr.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gdpr.clock import Clock
    from tests.crm.conftest import Cli

SECRET = "se#cr?et/wi@th:signs"
ADDRESSES = (
    f"postgresql://crm:{SECRET}@db.example/crm",
    "postgresql://crm:secret@db.example:5433/crm?sslpassword=secret&password=sec@ret#secret",
    "postgres://:secret@[::1]:1/crm",
    "POSTGRESQL://crm:secret@db.example",
    "mysql://crm:secret@",
    "postgresql://crm:secret@db.example/a\nsecret",
    "postgresql://[secret",
)


def _ways(target: str, clock: Clock, tmp_path: Path) -> dict[str, Callable[[], object]]:
    firm = Firm("SIA Testa birojs", "LV", "40003798684", "Brīvības iela 1, Rīga", "b@example.com")
    file = tmp_path / "backup"

    def never() -> str:
        raise AssertionError("a password was asked for")

    return {
        "create": lambda: Kartoteka.create(
            target, firm, ("anna", "seši mazi kaķi ēd putru agri"), clock=clock
        ),
        "open": lambda: Kartoteka.open(target, "anna", never, clock=clock),
        "recover": lambda: Kartoteka.recover(
            target, "-".join(["0000"] * 13), "anna", never, clock=clock
        ),
        "restore": lambda: Kartoteka.restore(
            target, (file, file), way_in(None, never), clock=clock
        ),
        "demo": lambda: Kartoteka.demo(target, clock=clock, fresh=True),
    }


@pytest.mark.parametrize("way", ["create", "open", "recover", "restore", "demo"])
@pytest.mark.parametrize("target", ADDRESSES)
def test_a_server_is_refused_before_anything_is_asked(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, target: str, way: str
) -> None:
    """Whatever the way in, the answer is 4 with the reason, and no file appears."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refused) as caught:
        _ways(target, clock, tmp_path)[way]()
    assert caught.value.exit_code == 4
    assert "old copies on a server" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("target", ADDRESSES)
def test_no_command_shows_the_password_of_an_address(cli: Cli, target: str) -> None:
    """Neither what is printed nor what is said holds a part of it, in any form of answer."""
    told = [cli("--vault", target, "info", "--format", form) for form in ("table", "json")]
    told += [cli("--vault", target, *words) for words in (("init",), ("doctor",), ("demo",))]
    assert [one.exit_code for one in told] == [0, 0, 4, 4, 4]
    for one in told:
        said = one.stdout + one.stderr
        assert not any(part in said for part in ("secret", "se#cr", "et/wi", "th:signs", "sec@ret"))


def test_a_place_is_shown_as_far_as_it_is_no_secret() -> None:
    """A file is shown as it is; of an address kind, user, host and database are."""
    for file in ("/srv/office.kartoteka", "C:\\office.kartoteka", "a b@c:d"):
        assert shown_place(file) == file
    assert shown_place(ADDRESSES[1]) == "postgresql://crm@db.example/crm"
    assert shown_place(ADDRESSES[2]) == "postgres://…"
    assert shown_place(ADDRESSES[0]) == "postgresql://…"
