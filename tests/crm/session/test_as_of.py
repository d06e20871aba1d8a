"""The register as of another day, who is a former client, and files for those they are for."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from crm.models.party import Party
from crm.session.errors import DayOutOfReach
from tests.crm.planting import plant

if TYPE_CHECKING:
    from pathlib import Path

    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Cli, Hire, Place

TODAY = date(2026, 3, 2)


def _rows(register: Kartoteka) -> list[object]:
    return [row.__data__ for row in register.context.session.each(Party)]


def test_a_day_ahead_shows_what_the_clocks_would_ask_for(register: Kartoteka) -> None:
    """In two years the review is due, and until then nothing has changed by looking."""
    number = plant(register, "client").number
    before = _rows(register)

    assert register.retention.due() == ()
    due = register.retention.due(on=date(2028, 6, 1))
    assert {line.what for line in due} == {"review"}
    assert {line.number for line in due} == {number}
    checks = {one.check: one.count for one in register.doctor.look_ahead(date(2028, 6, 1)).checks}
    assert (checks["reviews"], checks["due"]) == (1, 0)
    assert next(c.count for c in register.doctor.examine().checks if c.check == "reviews") == 0
    why = register.clients.why(str(number), on=date(2028, 6, 1))["data"]
    assert {"since" in str(line["because"]) for line in why if line["field"] == "email"} == {True}
    assert _rows(register) == before
    assert register.retention.due() == ()


def test_of_a_register_without_anybody_nothing_is_due(register: Kartoteka) -> None:
    """A day ahead may be asked for before the first client is entered."""
    assert register.retention.due(on=date(2028, 6, 1)) == ()


def test_a_day_past_shows_the_grounds_of_that_day(place: Place) -> None:
    """An end that came later had not come; a ground that began later had not begun."""
    with place.open() as register:
        number = plant(register, "client").number
    place.clock.instant = datetime(2026, 3, 6, 12, tzinfo=UTC)
    with place.open() as register:
        register.grounds.end(str(number), all_but=["communication"])
        register.grounds.add(str(number), purposes=["complaints_claims"], informed=date(2026, 3, 6))
        now = register.clients.why(str(number))["data"]
        then = register.clients.why(str(number), on=date(2026, 3, 4))["data"]

    codes = [
        {line["purpose"]} | {other["purpose"] for other in line["also"]}  # type: ignore[union-attr]
        for line in (*now, *then)
        if line["field"] == "given_name"
    ]
    assert "complaints_claims" in codes[0]
    assert "contracts" in codes[1]
    assert "complaints_claims" not in codes[1]
    assert not any(line["going"] for line in then)
    assert any(line["going"] for line in now)


def test_a_day_out_of_reach_is_refused(register: Kartoteka, cli: Cli) -> None:
    """Neither before the register began nor beyond a century, and no word that is no day."""
    plant(register, "client")
    for day in (date(2020, 1, 1), date(2200, 1, 1)):
        for look in (
            lambda on: register.retention.due(on=on),
            register.doctor.look_ahead,
            lambda on: register.clients.why("1", on=on),
        ):
            with pytest.raises(DayOutOfReach):
                look(day)


def test_the_commands_look_at_another_day(place: Place, cli: Cli) -> None:
    """`--on` for why, due and doctor; exit codes are those of that day."""
    with place.open() as register:
        number = str(plant(register, "client").number)

    assert cli("retention", "due", "--check").exit_code == 0
    assert cli("retention", "due", "--check", "--on", "2028-06-01").exit_code == 6
    assert cli("client", "why", number, "--on", "2028-06-01").exit_code == 0
    ahead = json.loads(cli("doctor", "--on", "2028-06-01", "--format", "json").stdout)
    assert {c["check"] for c in ahead["checks"] if c["state"] != "ok"} >= {"reviews"}
    for wrong in ("2028-02-30", "tomorrow", "2500-01-01"):
        assert cli("doctor", "--on", wrong).exit_code == 2
        assert cli("client", "why", number, "--on", wrong).exit_code == 2


def test_who_is_client_no_more_is_called_former(register: Kartoteka) -> None:
    """When the last relation ends, the word on the card ends with it; it comes back as well."""
    party = plant(register, "client")
    number = str(party.number)
    register.grounds.add(
        number, purposes=["direct_marketing"], evidence="soft-opt-in", informed=TODAY
    )

    def status() -> str:
        return register.context.session.get(Party, bytes(party.id)).status

    register.grounds.end(number, all_but=["accounting", "direct_marketing"])
    assert status() == "active"
    register.grounds.end(number, purposes=["accounting", "direct_marketing"])
    assert status() == "former"
    register.grounds.reopen(number)
    assert status() == "active"


def test_the_doctor_names_overdue_reviews_and_clients_in_name_only(register: Kartoteka) -> None:
    """Nothing is hidden behind a word: reviews that are due, and actives without a relation."""
    party = plant(register, "client")
    with register.context.journal.audited_change(_event(), bytes(party.id)) as deed:
        party.last_activity = "2016-03-02"
        deed.update(party)
        for row in register.context.grounds.rows_of(bytes(party.id)):
            row.since = "2016-03-02"
            deed.update(row)
    plant(register, "prospect")

    checks = {one.check: one for one in register.doctor.examine().checks}
    assert (checks["reviews"].state, checks["reviews"].count) == ("warning", 1)
    assert (checks["former"].state, checks["former"].count) == ("warning", 1)


def _event() -> object:
    from gdpr.audit.events import Event

    return Event.PARTY_EDITED


def test_a_receipt_names_ones_own_packages_only(register: Kartoteka, tmp_path: Path) -> None:
    """The package of somebody else is named on nobody's receipt; a file of many on everybody's."""
    mine, other = (plant(register, "prospect", fields={"given_name": n}) for n in ("A", "B"))
    for party in (mine, other):
        register.packages.access(str(party.number), tmp_path / f"for-{party.number}")
    register.exports.clients(tmp_path / "all.csv", "rfc4180")

    receipt = register.subjects.erase(str(mine.number), "no-longer-needed", mine.number)

    names = {one["path"].rpartition("/")[2] for one in receipt.copies}
    assert names == {f"for-{mine.number}", "all.csv"}


def test_the_accountants_file_holds_whom_the_books_name(
    place: Place, hire: Hire, tmp_path: Path
) -> None:
    """No prospect and no reader of news stands in it; the owner may ask for the same."""
    with place.open() as register:
        plant(register, "client", fields={"given_name": "Klients", "family_name": "Viens"})
        plant(register, "prospect", fields={"given_name": "Interesents", "family_name": "Divi"})
        plant(register, "supplier", fields={"given_name": "Piegade", "family_name": "Tris"})
        everybody = register.exports.clients(tmp_path / "all.csv", "rfc4180")
        for_books = register.exports.clients(
            tmp_path / "books.csv", "rfc4180", purposes=["accounting"]
        )
    with place.open(hire("accountant")) as register:
        contents = register.exports.contents("rfc4180")
        done = register.exports.clients(tmp_path / "mine.csv", "rfc4180")

    text = (tmp_path / "mine.csv").read_text("utf-8-sig")
    assert "Interesents" not in text
    assert "Klients" in text
    assert "Piegade" in text
    assert (done.written, done.others, contents.clients) == (2, 1, 2)
    assert (for_books.written, for_books.others, everybody.written) == (2, 1, 3)
