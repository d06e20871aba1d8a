"""A colleague with true keys, our source and no right: well signed, and it counts for nothing."""

from __future__ import annotations

import json

import pytest

from crm.session.rights import NEEDS, may
from gdpr.audit.entries import entry_name
from gdpr.audit.events import Event
from gdpr.errors import Locked
from gdpr.store.settings import write_setting
from tests.crm.planting import plant
from tests.faults.intruding import found_by, intruder, keys_of_today, state_of

ROLES = ("privacy", "office", "technician", "accountant", "auditor", "small-office")


@pytest.mark.parametrize("role", ROLES)
def test_each_role_and_each_event_in_the_log(place, hire, role):
    """Every event a role may not sign is named, and none it may; the rows they changed as well."""
    ring = keys_of_today(place, hire(role))
    wanted = []
    with intruder(place, ring) as journal:
        for event in Event:
            journal.log_access(event, bytes(16))
            if not may((role,), event.value):
                wanted.append(journal.head().seq)
        desk = journal.desk_id
    assert len(wanted) > 14
    assert found_by(place) == [("audit_entry", entry_name(desk, seq), "role") for seq in wanted]


def test_reading_writes_nothing(place, hire):
    """Rows changed under an event of reading are named by their table."""
    ring = keys_of_today(place, hire("auditor"))
    reading = [event for event, need in NEEDS.items() if need.tables == frozenset()]
    with intruder(place, ring) as journal:
        for seq, event in enumerate(reading, 1):
            with journal.audited_change(event) as deed:
                write_setting(deed, "grace_days", str(seq))
    names = [entry_name(journal.desk_id, seq) for seq in range(1, len(reading) + 1)]
    wanted = [("audit_entry", name, "role") for name in names]
    assert found_by(place) == [*wanted, ("setting", None, "role")]


@pytest.mark.parametrize(
    ("role", "event"),
    [
        *((role, Event.VAULT_OPENED) for role in ("auditor", "technician", "accountant", "office")),
        *(("technician", event) for event in (Event.NOTE_ADDED, Event.COPY_BEGUN)),
        ("accountant", Event.PARTY_EDITED),
        ("office", Event.PARTY_ADDED),
    ],
)
def test_no_period_is_changed_under_what_is_done_daily(place, cli, hire, role, event):
    """Who may only work cannot shorten a period, under whatever entry they may sign."""
    ring = keys_of_today(place, hire(role))
    with intruder(place, ring) as journal, journal.audited_change(event) as deed:
        write_setting(deed, "grace_days", "0")
    name = entry_name(journal.desk_id, 1)
    assert found_by(place) == [("audit_entry", name, "role"), ("setting", None, "role")]
    assert cli("audit", "verify").exit_code == 7


@pytest.mark.parametrize("role", ["auditor", "technician", "accountant"])
def test_who_may_not_erase_erases_by_no_restore(place, cli, hire, role):
    """A right signed by somebody who might not is never done again: the restore tells it."""
    with place.open() as owner:
        people = [plant(owner, "prospect") for _ in range(3)]
        folder = place.folder / "backups"
        folder.mkdir(mode=0o700)
        made = owner.backups.create(folder)
    ring = keys_of_today(place, hire(role))
    kinds = (Event.ERASED, Event.ERASURE_REPLAYED, Event.CONSENT_WITHDRAWN)
    with intruder(place, ring) as journal:
        for event, person in zip(kinds, people, strict=True):
            with journal.audited_change(event, bytes(person.id)) as deed:
                deed.bear("erased-whole", because="no-longer-needed")
    assert cli("client", "list").exit_code == 7
    assert cli("audit", "verify").exit_code == 7
    ledger = state_of(place) / "ledger"
    assert not ledger.exists() or ledger.read_bytes() == b""
    answer = cli(
        *("backup", "restore", "--data", made.data, "--keys", made.keys),
        *("--to", str(place.vault), "--accept-older", "--format", "json"),
    )
    assert answer.exit_code == 7
    told = json.loads(answer.stdout)
    assert {one["subject"] for one in told["refused"]} == {bytes(one.id).hex() for one in people}
    assert told["replayed"] == []
    with place.open() as owner:
        assert owner.damage == ()
        assert len(owner.clients.list()) == 3


def test_their_line_in_the_desks_own_ledger_is_none(place, cli, hire):
    """Not even the folder of the desk helps: the line is named, and nobody is erased."""
    with place.open() as owner:
        person = plant(owner, "prospect")
    old = place.vault.read_bytes()
    ring = keys_of_today(place, hire("auditor"))
    with (
        intruder(place, ring, state_of(place)) as journal,
        journal.audited_change(Event.ERASED, bytes(person.id)) as deed,
    ):
        deed.bear("erased-whole", because="no-longer-needed")
    assert ("ledger", "1", "role") in [
        (one["table"], one["row"], one["why"])
        for one in json.loads(cli("audit", "verify", "--format", "json").stdout)["damages"]
    ]
    place.vault.write_bytes(old)
    with place.open() as owner:
        assert owner.damage
        assert owner.clients.show(str(person.number)).number == person.number


@pytest.mark.parametrize("role", ["auditor", "technician", "accountant"])
def test_who_may_not_erase_does_not_open_what_must_be_erased_again(place, hire, role):
    """An old database stays shut to them until somebody may let the rights happen again."""
    login = hire(role)
    with place.open() as owner:
        person = plant(owner, "prospect")
    old = place.vault.read_bytes()
    with place.open() as owner:
        owner.subjects.erase(str(person.number), "no-longer-needed", person.number)
    place.vault.write_bytes(old)
    with pytest.raises(Locked, match="1 erasure"), place.open(login):
        pass
    with place.open():
        pass
    with place.open(login) as opened:
        assert opened.clients.list() == ()
