"""Grounds: what an end would do is told before, and a look is put on record with its next day."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from crm.errors import FolderUnusable, NotHeld, NothingChosen
from crm.grounds.errors import DayNotAhead
from crm.models.party import Party
from crm.packages.cards import Packing
from crm.parties.cards import NewContact
from crm.transparency.errors import NoticeNeeded
from gdpr.errors import NoRight
from gdpr.rights.errors import ReviewOutdated
from tests.crm.packaging import client, neighbours, note, read
from tests.crm.planting import plant
from tests.crm.publishing import make_ready

if TYPE_CHECKING:
    from pathlib import Path

    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Cli, Hire, Place


def stored(register: Kartoteka, party: Party) -> dict[str, object]:
    """Return the row of a party as it stands in the database."""
    return dict(register.context.session.get(Party, bytes(party.id)).__data__)


def states(register: Kartoteka, party: Party) -> dict[str, str]:
    """Say of each purpose how its ground stands."""
    return {one.purpose: one.state for one in register.grounds.listing(str(party.number))}


def test_a_preview_tells_what_the_end_does_and_changes_nothing(register: Kartoteka) -> None:
    """What a preview says goes is exactly what is destroyed when the end is carried out."""
    party = plant(register, "prospect")
    before = stored(register, party)
    chosen = {"all_but": ["crm_data_quality"]}

    planned = register.grounds.preview(str(party.number), **chosen)

    assert stored(register, party) == before
    assert set(states(register, party).values()) == {"live"}
    told: dict[object, int] = {}
    for line in planned.goes:
        told[line["item"]] = told.get(line["item"], 0) + int(str(line["rows"]))
    done = register.grounds.end(str(party.number), **chosen, now=True)
    assert told
    assert set(told) == set(done.destroyed)


def test_a_preview_needs_the_same_choice_as_the_end(register: Kartoteka) -> None:
    """Neither both ways to choose, nor a purpose that is not held, can be previewed."""
    party = plant(register, "prospect")

    with pytest.raises(NothingChosen):
        register.grounds.preview(str(party.number))
    with pytest.raises(NotHeld):
        register.grounds.preview(str(party.number), purposes=["accounting"])


def test_a_look_moves_the_day_to_look_again(register: Kartoteka) -> None:
    """Kept after a look, a ground comes up on the day that was named, else after its period."""
    party = plant(register, "prospect")
    number, later = str(party.number), date(2026, 9, 1)

    (named,) = [
        one for one in register.grounds.keep(number, "communication", until=later)
        if one.purpose == "communication"
    ]  # fmt: skip
    (usual,) = [
        one for one in register.grounds.keep(number, "communication", "returned")
        if one.purpose == "communication"
    ]  # fmt: skip

    assert named.until == "2026-09-01"
    assert usual.until == "2027-03-02"


def test_only_what_runs_can_be_kept_and_only_ahead(register: Kartoteka) -> None:
    """A purpose that is not held and a day that is over are refused."""
    party = plant(register, "prospect")
    number = str(party.number)

    with pytest.raises(NotHeld):
        register.grounds.keep(number, "accounting")
    with pytest.raises(DayNotAhead):
        register.grounds.keep(number, "communication", until=register.context.day)


def test_a_technician_keeps_nothing(place: Place, hire: Hire) -> None:
    """Whoever may not write names may not prolong the keeping of anybody."""
    with place.open() as register:
        number = str(plant(register, "prospect").number)
    login = hire("technician")

    with place.open(login) as register, pytest.raises(NoRight):
        register.grounds.keep(number, "communication")


def test_what_a_clock_ended_is_kept_on_the_command_line(place: Place, cli: Cli) -> None:
    """The commands preview an end, and keep what is going until a day."""
    with place.open() as register:
        number = str(plant(register, "prospect").number)

    shown = cli(
        "ground", "end", number, "--all-but", "crm_data_quality", "--preview", "--format", "json"
    )
    cli("ground", "end", number, "--all-but", "crm_data_quality")
    kept = cli(
        "ground", "keep", number, "--purpose", "communication", "--until", "2026-12-01",
        "--because", "claim", "--format", "json",
    )  # fmt: skip

    assert json.loads(shown.stdout)["goes"]
    lines = {one["purpose"]: one for one in json.loads(kept.stdout)}
    assert (lines["communication"]["state"], lines["contracts"]["state"]) == ("live", "going")
    assert lines["communication"]["until"] == "2026-12-01"


def test_what_still_can_be_brought_back_is_listed_when_asked(place: Place) -> None:
    """Days of grace are no business of a schedule, but of whoever looks at the list."""
    with place.open() as register:
        number = plant(register, "prospect").number
        register.grounds.end(str(number), all_but=["direct_marketing"])
        steps: list[int] = []

        assert register.retention.due() == ()
        going = register.retention.due(steps.append, going=True)

        assert {(one.number, one.what, one.day) for one in going} == {
            (number, "going", (register.context.day + timedelta(14)).isoformat())
        }
        assert register.retention.names([number, 999])[number]


def test_a_receipt_is_saved_where_there_is_a_folder(register: Kartoteka, tmp_path: Path) -> None:
    """The saved receipt says what the shown one says, is private, and needs a folder."""
    party = plant(register, "prospect")
    receipt = register.subjects.erase(str(party.number), "unlawful", party.number)
    target = tmp_path / "receipt.json"

    register.subjects.save_receipt(receipt, target)

    assert json.loads(target.read_text("utf-8"))["audit_entry"] == receipt.audit_entry
    assert target.stat().st_mode & 0o077 == 0
    with pytest.raises(FolderUnusable):
        register.subjects.save_receipt(receipt, tmp_path / "nowhere" / "receipt.json")


def test_decisions_made_on_a_screen_count_like_a_file(register: Kartoteka, tmp_path: Path) -> None:
    """Texts that were looked at are blacked out where somebody said so, and only as they stood."""
    neighbours(register)
    party = client(register)
    note(register, party, "Zvanīja Svešinieks Pilnīgs par rēķinu")
    texts = register.packages.texts(str(party.number))
    assert any(one.marks for one in texts)

    target = tmp_path / "report"
    register.packages.access(str(party.number), target, Packing(texts=texts))
    values = [each["value"] for each in read(target, "my-data.json")["data"]]
    assert any("[" in value and "rēķinu" in value for value in values)
    assert not any("Svešinieks" in value for value in values)

    note(register, party, "Vēl viena piezīme")
    with pytest.raises(ReviewOutdated):
        register.packages.access(str(party.number), tmp_path / "later", Packing(texts=texts))


def test_purposes_that_can_rest_on_consent_are_named(register: Kartoteka) -> None:
    """Only what somebody could agree to is offered: never a contract or a legal duty."""
    party = plant(register, "client")

    possible = register.consents.possible(str(party.number))

    assert {"direct_marketing", "events"} <= set(possible)
    assert not {"contracts", "accounting"} & set(possible)


def test_every_way_to_a_further_purpose_asks_whether_the_person_knows(
    register: Kartoteka,
) -> None:
    """Art. 13(3): a relation, a purpose and a second company are one gate, opened by being told."""
    number = str(plant(register, "prospect").number)
    company = str(plant(register, "client", legal=True, fields={"name": "SIA Akmens"}).number)

    for way in (
        lambda **told: register.grounds.add(number, relation="client", **told),
        lambda **told: register.grounds.add(number, purposes=["complaints_claims"], **told),
        lambda **told: register.contacts.add(
            company, NewContact(person=number, position="boss", **told)
        ),
    ):
        with pytest.raises(NoticeNeeded) as refused:
            way()
        assert refused.value.article == "13(3)"
        held = {line.purpose for line in register.grounds.listing(number)}
        assert held == {"contracts", "communication", "crm_data_quality"}
    register.contacts.add(
        company, NewContact(person=number, position="boss", informed=register.context.day)
    )
    with pytest.raises(NoticeNeeded):
        register.contacts.add(
            str(plant(register, "client", legal=True, fields={"name": "SIA Otrs"}).number),
            NewContact(person=str(plant(register, "prospect").number), informed="unknown"),
        )
    make_ready(register)
    register.notices.publish(register.context.day)
    register.notice_delivery.give([number], 1, "email")
    assert register.grounds.add(number, relation="client")


def test_a_company_is_told_of_nothing(register: Kartoteka) -> None:
    """Articles 13 and 14 speak of people."""
    number = str(plant(register, "prospect", legal=True, fields={"name": "SIA Akmens"}).number)

    assert register.grounds.add(number, relation="client")
