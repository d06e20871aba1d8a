"""Erasing, ending and forgetting: what goes is gone from every file, what stays is whole."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from crm.errors import DateToConfirm, NotADataSubject
from crm.grounds.errors import NothingGoing
from crm.models.party import Party
from crm.retention.errors import ConfirmNeeded
from gdpr.errors import NotFound
from gdpr.store.owners import owner_key_model
from gdpr.vault.tokens import TOKEN_LENGTH
from tests.crm.conftest import residue
from tests.crm.planting import FIELDS, FURTHER, NOTE, add_marketing, employ, plant

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Cli, Place


def opened_fields(register: Kartoteka, party: Party) -> dict[str, str]:
    """Open every personal field that is still there."""
    row = register.context.session.get(Party, bytes(party.id))
    return {c.name: getattr(row, c.name) for c in Party.layout().sealed if row.holds(c.name)}


def sealed_bytes(register: Kartoteka, party: Party) -> list[bytes]:
    """Return every ciphertext, token and wrapped key of a party as it is stored now."""
    desk = register.context.session
    found: list[bytes] = []
    for model in desk.schema.all_models():
        column = "id" if model is owner_key_model(desk.schema.categories) else model.subject
        if column:
            for row in desk.rows(model, **{column: bytes(party.id)}):
                layout = model.layout()
                names = [c.name for c in layout.sealed] + list(layout.tokens)
                names += [n for n in layout.columns if n.startswith("key_")]
                found += [bytes(row.__data__[n]) for n in names if row.__data__[n] is not None]
    return found


def test_an_erased_prospect_leaves_nothing_in_any_file(place: Place) -> None:
    """Neither a value nor a ciphertext, token or key of an erased person is left anywhere."""
    with place.open() as register:
        prospect = plant(register, "prospect")
        other = plant(
            register, "prospect", fields={"given_name": "Paliek", "email": "p@example.com"}
        )
        was = sealed_bytes(register, prospect)
        assert was

        receipt = register.subjects.erase(str(prospect.number), "no-longer-needed", prospect.number)

        assert receipt.whole
        assert receipt.state == "shredded"
        assert not receipt.stays
        with pytest.raises(NotFound):
            register.context.session.get(Party, bytes(prospect.id))
        assert opened_fields(register, other)["given_name"] == "Paliek"
    for name, content in residue(place.folder):
        for sealed in was:
            assert sealed not in content, name
        for text in (*(text for text in FIELDS.values() if len(text) > 2), NOTE, FURTHER):
            for form in (text.encode(), text.encode("utf-16-le"), text.encode().hex().encode()):
                assert form not in content, name


def test_a_receipt_carries_no_value(register: Kartoteka) -> None:
    """The proof of an erasure holds counts and codes only."""
    prospect = plant(register, "prospect")

    receipt = register.subjects.erase(str(prospect.number), "no-longer-needed", prospect.number)

    text = json.dumps(asdict(receipt), ensure_ascii=False)
    assert not [value for value in FIELDS.values() if len(value) > 2 and value in text]
    assert receipt.destroyed["name"] == 2


def test_a_client_with_a_live_contract_keeps_what_the_contract_names(
    register: Kartoteka,
) -> None:
    """The preview names article and date of what stays, and an erasure leaves exactly that.

    The books keep nothing of somebody of whom there is no invoice: a duty to keep records holds
    what a kept record needs (Art. 17(3)(b)).
    """
    client = plant(register, "client")

    preview = register.subjects.preview(str(client.number))

    gone = {"provenance", "official_number"}
    assert {line["item"] for line in preview.goes} == gone
    stays = {line["item"]: line for line in preview.stays}
    assert stays["phone"]["article"] == "6(1)(b)"
    assert {line["article"] for line in preview.stays} == {"6(1)(b)"}
    assert {line["refusal"] for line in preview.stays} == {"17(1)(a)"}
    assert all(line["until"] for line in preview.stays)
    receipt = register.subjects.erase(str(client.number), "no-longer-needed", client.number)
    left = opened_fields(register, client)
    lost = {"provenance", "personal_code"}
    assert left == {name: text for name, text in FIELDS.items() if name not in lost}
    assert not receipt.whole
    assert {(line.article, line.refusal) for line in receipt.stays} == {("6(1)(b)", "17(1)(a)")}


def test_what_stays_is_told_with_the_authority(place: Place, cli: Cli) -> None:
    """Whoever is refused in part hears why and where to complain (Art. 12(4), 77, 79)."""
    with place.open() as register:
        number = str(plant(register, "client").number)

    shown = cli("subject", "erase", number, "--preview")

    assert "17(1)(a)" in shown.stdout
    assert "Article 12(4)" in shown.stderr
    assert "Datu valsts inspekcija" in shown.stderr
    assert "judicial remedy" in shown.stderr


def test_only_what_marketing_names_survives_the_end_of_everything_else(
    register: Kartoteka,
) -> None:
    """After all other grounds ended at once, name and e-mail open, and under new keys."""
    client = plant(register, "client")
    add_marketing(register, client)
    was = sealed_bytes(register, client)

    receipt = register.grounds.end(str(client.number), all_but=["direct_marketing"], now=True)

    assert opened_fields(register, client) == {
        name: FIELDS[name] for name in ("given_name", "family_name", "email")
    }
    assert receipt.state == "shredded"
    is_now = sealed_bytes(register, client)
    tokens = [value for value in is_now if len(value) == TOKEN_LENGTH]
    assert len(tokens) == 1
    assert not set(is_now) - set(tokens) & set(was)


def test_what_is_going_comes_back_whole(register: Kartoteka) -> None:
    """Ended grounds wait their days of grace, are shown as going, and reopen without a loss."""
    client = plant(register, "client")
    add_marketing(register, client)
    before = opened_fields(register, client)

    receipt = register.grounds.end(str(client.number), all_but=["direct_marketing"])

    assert receipt.going_until == (register.context.day + timedelta(14)).isoformat()
    assert not receipt.destroyed
    states = {line.purpose: line.state for line in register.grounds.listing(str(client.number))}
    assert states["direct_marketing"] == "live"
    assert states["contracts"] == "going"
    register.grounds.reopen(str(client.number))
    assert opened_fields(register, client) == before
    assert {line.state for line in register.grounds.listing(str(client.number))} == {"live"}
    with pytest.raises(NothingGoing):
        register.grounds.reopen(str(client.number))


def test_what_was_going_goes_on_its_day(place: Place) -> None:
    """A retention run after the days of grace destroys, and one before does not."""
    with place.open() as register:
        client = plant(register, "client")
        register.grounds.end(str(client.number), all_but=["direct_marketing"])
        assert register.retention.run().destroyed == 0
    for days in (6, 6, 3):
        place.clock.instant += timedelta(days)
        with place.open() as register:
            assert not register.context.asked
    with place.open() as register:
        assert {line.what for line in register.retention.due()} == {"goes"}

        result = register.retention.run()

        assert result.parties == 1
        assert not result.left
        with pytest.raises(NotFound):
            register.context.session.get(Party, bytes(client.id))


def test_a_clock_set_ten_years_ahead_destroys_nothing_unasked(place: Place) -> None:
    """A leaping system clock is asked about; only its confirmed date lets clocks run out."""
    with place.open() as register:
        client = plant(register, "client")
        register.grounds.end(str(client.number), all_but=["direct_marketing"])
    place.clock.instant += timedelta(3653)
    with place.open() as register:
        assert register.warnings == ("clock-leap",)
        assert not register.retention.due()
        with pytest.raises(DateToConfirm):
            register.retention.run()
        assert opened_fields(register, client) == FIELDS

        register.retention.run(place.clock.today())

        with pytest.raises(NotFound):
            register.context.session.get(Party, bytes(client.id))


def test_an_erasure_needs_the_number_once_more(register: Kartoteka) -> None:
    """Without the right confirmation nothing goes."""
    prospect = plant(register, "prospect")

    for confirm in (None, prospect.number + 1):
        with pytest.raises(ConfirmNeeded):
            register.subjects.erase(str(prospect.number), "no-longer-needed", confirm)

    assert opened_fields(register, prospect)


def test_a_legal_person_has_no_subject_rights(register: Kartoteka) -> None:
    """The refusal names the contact persons' numbers, who do have them."""
    company = plant(register, "client", legal=True, fields={"name": "SIA Kanārija"})
    person = employ(register, company, "valdes loceklis")

    with pytest.raises(NotADataSubject) as refused:
        register.subjects.preview(str(company.number))

    assert str(person.number) in str(refused.value)
    assert refused.value.exit_code == 4


def test_contacts_are_going_when_their_last_company_goes(register: Kartoteka) -> None:
    """A company that leaves at once takes the place of work with it, and its contacts are going."""
    company = plant(register, "client", legal=True, fields={"name": "SIA Kanārija"})
    person = employ(register, company, "valdes loceklis")

    receipt = register.grounds.end(str(company.number), all_but=["direct_marketing"], now=True)

    assert receipt.whole
    assert receipt.contacts_going == (person.number,)
    lines = register.grounds.listing(str(person.number))
    assert {line.state for line in lines} == {"going"}


def test_the_command_previews_erases_and_refuses(place: Place, cli: Cli) -> None:
    """On the command line a preview has the fixed keys, an erasure asks, a refusal exits 4."""
    with place.open() as register:
        prospect = plant(register, "prospect").number
        company = plant(register, "client", legal=True, fields={"name": "SIA X"}).number

    shown = cli("subject", "erase", str(prospect), "--preview", "--format", "json")
    unconfirmed = cli("subject", "erase", str(prospect), "--because", "no-longer-needed")
    refused = cli("subject", "erase", str(company), "--preview")
    done = cli("subject", "erase", str(prospect), "--confirm", str(prospect), "--format", "json")

    assert shown.exit_code == 0
    record = json.loads(shown.stdout)
    assert set(record["goes"][0]) == {"item", "category", "table", "rows", "because"}
    assert unconfirmed.exit_code == 2
    assert refused.exit_code == 4
    assert done.exit_code == 0
    assert json.loads(done.stdout)["whole"] is True
    assert cli("subject", "erase", str(prospect), "--preview").exit_code == 3


def test_a_contact_person_who_becomes_a_client_is_listed(register: Kartoteka) -> None:
    """A further relation lifts somebody out of the state of being only a contact person."""
    company = plant(register, "client", legal=True, fields={"name": "SIA Kanārija"})
    person = employ(register, company, "valdes loceklis")

    register.grounds.add(str(person.number), relation="client", informed=register.context.day)

    assert register.context.session.get(Party, bytes(person.id)).status == "active"
    assert person.number in {line.number for line in register.clients.list()}


@pytest.mark.parametrize("language", ["en", "lv", "it"])
def test_a_receipt_claims_no_destruction_that_was_none(
    place: Place, cli: Cli, language: str
) -> None:
    """A second erasure, a no without data, and an end with days of grace destroyed nothing."""
    said = {
        "en": ("irreversibly destroyed", "nothing was erased", "nothing has been erased yet"),
        "lv": ("neatgriezeniski iznīcināts", "nekas netika dzēsts", "pagaidām nekas nav dzēsts"),
        "it": ("distrutto definitivamente", "nulla è stato cancellato",
               "per ora nulla è stato cancellato"),
    }  # fmt: skip
    destroyed, nothing, waiting = said[language]
    with place.open() as register:
        kept, gone = plant(register, "client"), plant(register, "prospect")
    number, ends = str(kept.number), ("--all-but", "direct_marketing")
    erase = ("--lang", language, "subject", "erase")

    told = [
        cli(*erase, number, "--confirm", number).stdout,
        cli(*erase, number, "--confirm", number).stdout,
        cli("--lang", language, "subject", "object", number).stdout,
        cli("--lang", language, "ground", "end", number, *ends).stdout,
        cli(*erase, str(gone.number), "--confirm", str(gone.number)).stdout,
    ]
    machine = cli("subject", "erase", number, "--confirm", number, "--format", "json")

    found = [
        [destroyed in text, nothing in text.replace(waiting, ""), waiting in text] for text in told
    ]
    assert found == [
        [True, False, False],
        [False, True, False],
        [False, True, False],
        [False, False, True],
        [True, False, False],
    ]
    assert json.loads(machine.stdout)["state"] == "shredded"
