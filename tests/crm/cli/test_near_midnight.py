"""Near midnight every day that somebody is shown, told or given is the day of the firm."""

from __future__ import annotations

import json
import re
import shutil
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crm.kartoteka import Firm, Kartoteka
from gdpr.vault.kdf import FLOOR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.crm.conftest import Cli, Place

LATE = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
TODAY = "2026-12-01"
# Yesterday in any form that is a day; an instant of it, with its hour and its Z, is exact.
YESTERDAY = re.compile(
    r"2026-11-30(?!T\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00))|30 November|30\. novembr|30 novembre"
    r"|Nov(ember)? 30"
)
HOUR = {"LV": "01:30", "IT": "00:30"}


@pytest.fixture(params=sorted(HOUR))
def country(request: pytest.FixtureRequest, place: Place) -> str:
    """Found a firm near midnight, in a country that is ahead of London."""
    place.clock.instant = LATE
    shutil.rmtree(place.folder)
    place.vault.parent.mkdir(parents=True, mode=0o700)
    place.folder.chmod(0o700)
    firm = Firm("Prova", request.param, "", "Via Roma 1", "b@example.com")
    owner = (place.owner.name, place.owner.password)
    made, _key = Kartoteka.create(str(place.vault), firm, owner, clock=place.clock, cost=FLOOR)
    with made:
        pass
    code: str = request.param
    return code


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set the machine to New York, where that day is not over for hours."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


def lived(cli: Cli, folder: Path) -> Iterator[tuple[str, str]]:
    """Let a client come and go within the hour, and yield all that is answered and written."""
    text, paper, out = folder / "text.md", folder / "list.csv", folder / "clients.csv"
    text.write_text("Prova: {{ controller }}? I agree to news by e-mail from Prova.", "utf-8")
    paper.write_text("name;e-mail\nSIA Rinda;rinda@example.com\n", "utf-8")
    yes = ("--purpose", "direct_marketing", "--wording", "news", "--channel", "paper")
    told = ("--relation", "client", "--informed", TODAY)
    wording = ("--code", "news", "--kind", "consent", "--language", "en")
    person = ("--given-name", "Anda", "--family-name", "Late", "--email", "anda@example.com")
    for typed in (
        ("wording", "add", str(text), *wording, "--purpose", "direct_marketing"),
        ("wording", "list"),
        ("client", "add", "--kind", "natural", *person, *told),
        ("note", "add", "1", "-"),
        ("note", "list", "1"),
        ("consent", "give", "1", *yes),
        ("import", str(paper), "--relation", "client"),
        *(("client", verb, "1") for verb in ("show", "why")),
        ("client", "show", "1", "--format", "json"),
        ("client", "list"),
        ("consent", "list", "1"),
        ("ground", "list", "1"),
        ("consent", "receipt", "1", "--purpose", "direct_marketing", "--out", "-"),
        ("export", "clients", "--out", str(out), "--profile", "rfc4180"),
        ("files", "list"),
        ("copies",),
        ("subject", "access", "1", "--out", str(folder / "access")),
        ("subject", "object", "1"),
        ("suppression", "list"),
        ("subject", "erase", "1", "--preview"),
        ("subject", "erase", "1", "--confirm", "1"),
        ("retention", "due"),
        ("backup", "create", "--to", str(folder)),
        ("key", "status"),
        ("user", "list"),
        ("doctor",),
        ("audit", "log", "--since", TODAY),
    ):
        done = cli(*typed, stdin=json.dumps({"text": "seen at the fair"}))
        assert done.exit_code in {0, 6}, (typed, done.stderr)
        yield " ".join(typed), done.stdout + done.stderr
    for written in (out, *sorted((folder / "access").rglob("*"))):
        if written.is_file():
            yield written.name, written.read_bytes().decode("utf-8", "replace")


def test_every_day_is_the_firms(cli: Cli, country: str, tmp_path: Path) -> None:
    """An hour of work after the firm's midnight is all of one day, whatever London has."""
    told = list(lived(cli, tmp_path))

    wrong = {
        name: found.group() for name, text in told for found in [YESTERDAY.search(text)] if found
    }
    assert wrong == {}
    assert HOUR[country] in dict(told)[f"audit log --since {TODAY}"]
    assert TODAY in dict(told)["client show 1"]


def test_the_log_is_searched_by_the_firms_days(cli: Cli, country: str) -> None:
    """What was done after the firm's midnight is not found under the day before."""
    assert country
    for day, some in (("2026-11-30", False), (TODAY, True)):
        found = cli("audit", "log", "--since", day, "--until", day, "--format", "json")
        assert bool(json.loads(found.stdout)) is some
