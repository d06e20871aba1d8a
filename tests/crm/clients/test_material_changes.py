"""A material change of the notice reaches whom it concerns, and what is answered is in force."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from crm.packages.cards import Packing
from tests.crm.planting import plant
from tests.crm.publishing import make_ready

if TYPE_CHECKING:
    from pathlib import Path

    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Cli, Place

TODAY = date(2026, 3, 2)
MONTH_ON = date(2026, 4, 2)
NEW_WORDS = {"texts": {"en": {"why": "For another reason."}}}


@pytest.fixture
def told(register: Kartoteka) -> Kartoteka:
    """Two people who were given the first version, a third who was told by word of mouth."""
    make_ready(register)
    people = [plant(register, "client", fields={"given_name": f"N{i}"}) for i in range(3)]
    plant(register, "client", legal=True, fields={"name": "SIA Akmens"})
    register.notices.publish(TODAY)
    register.notice_delivery.give([str(one.number) for one in people], 1, "email")
    assert register.notice_delivery.uninformed() == []
    return register


def _due(register: Kartoteka) -> dict[str, int]:
    agenda = register.agenda.look(fresh=True)
    while not agenda.done:
        agenda = register.agenda.look()
    return {item.code: item.count for item in agenda.items}


def test_a_material_change_names_everybody_until_each_was_told(told: Kartoteka) -> None:
    """The list, the doctor and today say so until there is a proof for each."""
    told.purposes.edit("communication", NEW_WORDS)
    line = told.notices.publish(MONTH_ON, material=True)

    waiting = told.notice_delivery.uninformed()
    assert [(one.number, one.change, one.by) for one in waiting] == [
        (number, 2, MONTH_ON.isoformat()) for number in (1, 2, 3)
    ]
    assert _due(told)["uninformed"] == 3
    check = next(c for c in told.doctor.examine().checks if c.check == "uninformed")
    assert (line.material, check.state, check.count) == (True, "warning", 3)

    told.notice_delivery.give(["1"], 2, "email", evidence="mail of the second of March")
    assert [one.number for one in told.notice_delivery.uninformed()] == [2, 3]
    told.notice_delivery.give(["2", "3"], 2, "letter")
    assert told.notice_delivery.uninformed() == []
    assert "uninformed" not in _due(told)


def test_a_change_of_words_is_told_to_nobody(told: Kartoteka) -> None:
    """What changes no purpose, basis, datum, period or recipient is not sent around."""
    told.purposes.edit("communication", NEW_WORDS)
    line = told.notices.publish(MONTH_ON)

    assert (line.material, told.notice_delivery.uninformed()) == (False, [])


@pytest.mark.parametrize(
    "change",
    [
        {"recipients": ["lawyer"]},
        {"bases": {"client": "legitimate_interests"}},
        {"items": ["name", "email", "notice_proof", "correspondence", "language"]},
    ],
)
def test_what_people_would_be_surprised_by_is_material_unasked(
    told: Kartoteka, change: dict[str, object]
) -> None:
    """Whoever publishes cannot forget to say so: another recipient, basis or datum is told."""
    told.purposes.edit("communication", change)
    if told.purposes.unconfirmed():
        told.purposes.confirm()
    line = told.notices.publish(MONTH_ON)

    assert line.material
    assert len(told.notice_delivery.uninformed()) == 3


def test_a_newcomer_is_told_of_the_newest_version_only(told: Kartoteka) -> None:
    """Who is told after the change was published was told of it."""
    told.purposes.edit("communication", NEW_WORDS)
    told.notices.publish(MONTH_ON, material=True)
    party = plant(told, "prospect", fields={"given_name": "Jauns"})
    told.notice_delivery.give([str(party.number)], 2, "in-person")

    assert party.number not in {one.number for one in told.notice_delivery.uninformed()}


def test_the_report_speaks_of_the_version_in_force(place: Place, tmp_path: Path) -> None:
    """A ground keeps its version; the answer under Art. 15 has the words of today's notice."""
    with place.open() as register:
        make_ready(register)
        party = plant(register, "client", fields={"given_name": "Anna"})
        register.notices.publish(TODAY)
        register.notice_delivery.give([str(party.number)], 1, "email")
        register.purposes.edit("communication", NEW_WORDS)
        register.notices.publish(MONTH_ON, material=True)
        first = _report(register, party.number, tmp_path / "first")
    for days in (7, 14, 21, 28, 31):
        place.clock.instant = place.clock.instant.replace(day=2, month=3) + timedelta(days)
        with place.open() as register:
            pass
    with place.open() as register:
        second = _report(register, party.number, tmp_path / "second")

    assert "another reason" not in _why(first)
    assert _why(second) == "For another reason."
    assert (first["notice"]["version"], second["notice"]["version"]) == (1, 2)
    assert second["notice"]["given"] == [{"version": 1, "on": "2026-03-02", "channel": "email"}]


def _report(register: Kartoteka, number: int, where: Path) -> dict[str, object]:
    register.packages.access(str(number), where, Packing(language="en"))
    (path,) = where.rglob("my-data.json")
    report: dict[str, object] = json.loads(path.read_text("utf-8"))["report"]
    return report


def _why(report: dict[str, object]) -> str:
    purposes: list[dict[str, str]] = report["purposes"]  # type: ignore[assignment]
    return next(one["why"] for one in purposes if one["code"] == "communication")


def test_the_command_tells_how_many_are_to_be_told(cli: Cli, place: Place) -> None:
    """Publishing a material change says what follows from it."""
    with place.open() as register:
        make_ready(register)
        party = plant(register, "client", fields={"given_name": "Anna"})
        register.notices.publish(TODAY)
        register.notice_delivery.give([str(party.number)], 1, "email")
        register.purposes.edit("communication", NEW_WORDS)

    done = cli("notice", "publish", "--effective", "2026-04-02", "--material")
    listed = json.loads(cli("notice", "uninformed", "--format", "json").stdout)

    assert "1 person must be informed; list: kartoteka notice uninformed" in done.stderr
    assert [(one["change"], one["by"]) for one in listed] == [(2, "2026-04-02")]
    assert cli("notice", "uninformed", "--check").exit_code == 6
