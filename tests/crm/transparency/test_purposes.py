"""Purposes and relations change version by version, and nobody is kept for a new one untold."""

from __future__ import annotations

from datetime import date

import pytest

from crm.errors import DayAhead, NoDuty
from crm.kartoteka import LogFilter
from crm.transparency.errors import NothingWeighed, NoticeNeeded, PurposeInUse, PurposeKnown
from gdpr.audit.events import Event
from gdpr.errors import InvalidRegister, NothingNew
from gdpr.rules.errors import PurposeRetired, UnknownPurpose, UnknownVersion
from gdpr.rules.rulebook import load_rulebook
from gdpr.rules.stored import PurposeRow
from tests.crm.planting import plant
from tests.crm.publishing import make_ready

OWN = {
    "code": "key_register",
    "dpv": "https://w3id.org/dpv#EnforceSecurity",
    "bases": {"client": "contract"},
    "items": ["name", "notice_proof"],
    "retention": [
        {"scope": "ground", "trigger": "ground_end", "months": 0, "round": "none", "then": "erase"}
    ],
    "review_months": {"default": 12},
    "texts": {"en": {"name": "keys to the office", "why": "We note who holds a key."}},
    "source": "our own",
}


def stored(register, code):
    rows = register.context.session.rows(PurposeRow, code=code)
    return {row.version: (row.body, row.content_hash) for row in rows}


def test_a_new_version_never_rewrites_an_old_one(register):
    """An edit adds a row; the old one keeps its bytes and its hash, and both can be read."""
    before = stored(register, "communication")

    card = register.purposes.edit("communication", {"review_months": {"default": 18}})

    after = stored(register, "communication")
    assert after[1] == before[1]
    assert set(after) == {1, 2}
    assert card.versions == (1, 2)
    assert card.content_hash == after[2][1] != before[1][1]
    assert register.purposes.show("communication", 1).content_hash == before[1][1]
    assert register.purposes.show("communication").document["review_months"]["default"] == 18
    assert load_rulebook(register.context.session).purpose("communication").version == 2
    with pytest.raises(UnknownVersion):
        register.purposes.show("communication", 3)


def test_grounds_keep_the_version_they_were_opened_with(register):
    """Nobody is moved to another purpose by an edit."""
    party = plant(register, "client")
    register.purposes.edit("communication", {"review_months": {"client": 6}})
    other = plant(register, "client", fields={"given_name": "Otrs"})

    versions = {
        number: {line.version for line in register.grounds.listing(str(number))
                 if line.purpose == "communication"}
        for number in (party.number, other.number)
    }  # fmt: skip

    assert versions == {party.number: {1}, other.number: {2}}


def test_a_purpose_of_the_firm_is_numbered_and_logged(register):
    """What the firm adds gets the next number, and the log names code and version."""
    card = register.purposes.add(OWN)

    assert (card.document["number"], card.document["version"]) == ("P27", 1)
    entries = register.audit.log(LogFilter())
    assert [e.told for e in entries if e.event == Event.PURPOSE_ADDED] == [
        {"purpose": "key_register", "version": 1}
    ]
    with pytest.raises(PurposeKnown):
        register.purposes.add(OWN)


@pytest.mark.parametrize(
    "changes",
    [
        {"items": ["shoe_size"]},
        {"bases": {"martian": "contract"}},
        {"retention": []},
        {"texts": {"en": {"name": ""}}},
        {"nonsense": 1},
    ],
)
def test_a_purpose_the_rules_cannot_read_is_refused(register, changes):
    """An edit is checked like the starter register, and nothing is stored."""
    with pytest.raises(InvalidRegister):
        register.purposes.edit("communication", changes)

    assert set(stored(register, "communication")) == {1}


def test_an_edit_that_changes_nothing_is_no_version(register):
    """Versions are counted by changes."""
    with pytest.raises(NothingNew):
        register.purposes.edit("communication", {"code": "other", "version": 9})


def test_a_retired_purpose_opens_no_new_ground(register):
    """It is taken out of relations first; then nobody is kept for it any more."""
    party = plant(register, "client")
    with pytest.raises(PurposeInUse):
        register.purposes.retire("communication")
    with pytest.raises(UnknownPurpose):
        register.purposes.retire("gossip")

    register.purposes.retire("events")

    with pytest.raises(PurposeRetired):
        register.grounds.add(str(party.number), purposes=["events"], informed=date(2026, 3, 1))
    with pytest.raises(PurposeInUse):
        register.purposes.edit_relation("client", {"purposes": ["contracts", "events"]})


def test_a_relation_changes_in_versions_too(register):
    """A clerk's next choice opens the new bundle; who is kept already stays."""
    party = plant(register, "client")
    line = register.purposes.edit_relation("client", {"purposes": ["contracts", "accounting"]})
    other = plant(register, "client", fields={"given_name": "Otrs"})

    assert line.version == 2
    assert {g.purpose for g in register.grounds.listing(str(other.number))} == {
        "contracts",
        "accounting",
    }
    assert len(register.grounds.listing(str(party.number))) > 2
    with pytest.raises(InvalidRegister):
        register.purposes.edit_relation("newsletter", {"purposes": ["accounting"]})


def test_the_firm_makes_balancing_notes_its_own(register):
    """A confirmation holds for the note and the periods it was given to, not for changed ones."""
    waiting = set(register.purposes.unconfirmed())
    assert {"contracts", "accounting", "direct_marketing"} <= waiting
    assert "video_surveillance" not in waiting

    (line,) = register.purposes.confirm(["contracts"])
    assert line.confirmed
    register.purposes.edit("contracts", {"source": "our own"})
    assert "contracts" not in register.purposes.unconfirmed()
    register.purposes.edit("contracts", {"balancing": {"en": {"balance": "Otherwise."}}})
    assert "contracts" in register.purposes.unconfirmed()

    register.purposes.confirm()
    assert register.purposes.unconfirmed() == []
    states = {one.code: one.confirmed for one in register.purposes.listing()}
    assert (states["contracts"], states["video_surveillance"]) == (True, None)
    with pytest.raises(NothingNew):
        register.purposes.confirm()


def test_an_interest_nobody_weighed_cannot_be_confirmed(register):
    """A purpose of the firm on legitimate interests needs its note in each of its languages."""
    register.purposes.add({**OWN, "bases": {"client": "legitimate_interests"}})

    with pytest.raises(NothingWeighed):
        register.purposes.confirm(["key_register"])


@pytest.mark.parametrize("role", ["office", "technician", "accountant", "auditor"])
def test_only_owner_and_privacy_contact_change_purposes(place, hire, role):
    """Everybody reads the register of purposes; two roles change it."""
    with place.open(hire(role)) as register:
        assert len(register.purposes.listing()) == 26
        for change in (
            lambda: register.purposes.edit("events", {"source": "x"}),
            lambda: register.purposes.add(OWN),
            lambda: register.purposes.retire("events"),
            register.purposes.confirm,
            lambda: register.purposes.edit_relation("client", {"purposes": ["contracts"]}),
        ):
            with pytest.raises(NoDuty):
                change()
    with place.open(hire("privacy")) as register:
        assert register.purposes.edit("events", {"source": "x"}).versions == (1, 2)


def test_a_further_purpose_needs_a_logged_notice(register):
    """Art. 13(3): nobody already known is kept for a purpose they were not told of."""
    party = plant(register, "client")
    number = str(party.number)
    with pytest.raises(NoticeNeeded) as refused:
        register.grounds.add(number, purposes=["accounts"])
    assert (refused.value.exit_code, refused.value.article) == (4, "13(3)")

    make_ready(register)
    register.notices.publish(register.context.day)
    register.notice_delivery.give([number], 1, "email")
    lines = register.grounds.add(number, purposes=["accounts"])
    assert "accounts" in {line.purpose for line in lines}

    register.purposes.edit("complaints_claims", {"source": "changed"})
    with pytest.raises(NoticeNeeded):
        register.grounds.add(number, purposes=["complaints_claims"])


def test_a_consent_shows_that_the_person_was_told(register):
    """A ground upon consent needs no notice besides: uninformed, it would be no consent."""
    number = str(plant(register, "client").number)

    lines = register.grounds.add(number, purposes=["direct_marketing"], evidence="consent")

    assert "direct_marketing" in {line.purpose for line in lines}


def test_informed_puts_the_day_on_record(register):
    """--informed logs who was told of what; from then on the purpose counts as told."""
    party = plant(register, "client")
    number = str(party.number)
    with pytest.raises(DayAhead):
        register.grounds.add(number, purposes=["accounts"], informed=date(2026, 3, 3))

    register.grounds.add(number, purposes=["accounts"], informed=date(2026, 2, 1))

    (line,) = register.notice_delivery.uninformed()
    assert "accounts" not in line.purposes
    register.grounds.end(number, purposes=["accounts"])
    register.grounds.add(number, purposes=["accounts"])


def test_a_company_needs_no_notice(register):
    """Legal persons are no data subjects and are told nothing."""
    party = plant(register, "client", legal=True)

    lines = register.grounds.add(str(party.number), purposes=["accounts"])

    assert "accounts" in {line.purpose for line in lines}
