"""A register that was put back, or an anchor that went, is told until an owner signs for it."""

from __future__ import annotations

import json

import pytest

from gdpr.errors import RegisterReplaced
from tests.crm.planting import plant
from tests.faults.intruding import state_of

COMMANDS = (
    ("client", "list"),
    ("audit", "verify"),
    ("audit", "verify", "--quick"),
    ("doctor",),
    ("audit", "log"),
    ("key", "status"),
)


def rolled_back(place):
    """Put a database of an earlier hour in place."""
    with place.open() as owner:
        plant(owner, "prospect")
    old = place.vault.read_bytes()
    with place.open() as owner:
        plant(owner, "prospect")
    place.vault.write_bytes(old)


def rolled_back_without_anchor(place):
    """Do the same, and take the anchor away as well."""
    rolled_back(place)
    (state_of(place) / "anchor").unlink()


def anchor_gone(place):
    """Take it away; only the very first entry may be of a program that died unanchored."""
    with place.open():
        pass
    (state_of(place) / "anchor").unlink()


def other_byte(path, place):
    """Put another byte there; a fixed letter may happen to be the one that stands there."""
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def anchor_changed(place):
    """Let the file say what no desk wrote."""
    with place.open():
        pass
    other_byte(state_of(place) / "anchor", 0)


def rights_forgotten(place):
    """Let an older database bring somebody back who was erased."""
    with place.open() as owner:
        person = plant(owner, "prospect")
    old = place.vault.read_bytes()
    with place.open() as owner:
        owner.subjects.erase(str(person.number), "no-longer-needed", person.number)
    place.vault.write_bytes(old)


HAPPENS = {
    rolled_back: {"rollback"},
    rolled_back_without_anchor: {"unanchored"},
    anchor_gone: {"unanchored"},
    anchor_changed: {"anchor-damaged"},
    rights_forgotten: {"rollback", "replayed"},
}


def damages(cli, *more):
    told = json.loads(cli("audit", "verify", "--format", "json", *more).stdout)
    return {one["why"] for one in told["damages"]}, told


@pytest.mark.parametrize("happens", HAPPENS)
def test_it_is_told_each_time_until_an_owner_signs(place, cli, happens):
    """Every command ends with 7, today and tomorrow; then none does, and the proof still tells."""
    happens(place)
    for _ in range(2):
        for command in COMMANDS:
            assert cli(*command).exit_code == 7, command
    for quick in ((), ("--quick",)):
        assert HAPPENS[happens] <= damages(cli, *quick)[0]
    count = len(damages(cli)[1]["damages"])
    assert cli("audit", "acknowledge", "--count", str(count + 1)).exit_code == 2
    assert cli("client", "list").exit_code == 7
    assert cli("audit", "acknowledge", "--count", str(count)).exit_code == 0
    for command in COMMANDS:
        assert cli(*command).exit_code == 0, command
    why, told = damages(cli)
    assert (why, told["ok"]) == (set(), True)
    (line,) = told["acknowledged"]
    assert (line["user"], line["damages"]) == ("anna", count)
    assert "Acknowledged on 2 March 2026 by anna" in cli("audit", "verify").stderr
    assert cli("doctor", "--check").exit_code == 6
    assert cli("audit", "acknowledge", "--count", "1").exit_code == 3


@pytest.mark.parametrize("happens", HAPPENS)
def test_it_is_told_once_more_when_it_happens_again(place, cli, happens):
    """Who signed for one night has not signed for the next."""
    for night in range(2):
        place.clock.instant = place.clock.instant.replace(hour=13 + night)
        happens(place)
        assert cli("client", "list").exit_code == 7
        assert HAPPENS[happens] <= damages(cli)[0]
        count = len(damages(cli)[1]["damages"])
        assert cli("audit", "acknowledge", "--count", str(count)).exit_code == 0
        assert cli("client", "list").exit_code == 0


def test_the_file_of_alarms_is_no_strangers(place, cli):
    """It cannot be written without a key of the vault; what was changed is an alarm itself."""
    anchor_gone(place)
    assert cli("client", "list").exit_code == 7
    other_byte(state_of(place) / "alarms", -1)
    assert cli("client", "list").exit_code == 7
    assert "alarms" in damages(cli)[0]


def test_under_an_open_program_it_is_told_as_well(place, cli):
    """What is put back while somebody works is noticed at the next entry, which is not written."""
    with place.open() as owner:
        plant(owner, "prospect")
    anchor = (state_of(place) / "anchor").read_bytes()
    with place.open() as owner:
        database = owner.context.session.database
        (last,) = database.execute_sql("SELECT max(seq) FROM audit_entry").fetchone()
        database.execute_sql("DELETE FROM audit_entry WHERE seq = ?", (last,))
        with pytest.raises(RegisterReplaced):
            owner.clients.list()
    assert anchor != (state_of(place) / "anchor").read_bytes()
    assert cli("client", "list").exit_code == 7
    assert "rollback" in damages(cli)[0]


def test_today_and_health_say_it(place):
    """The screens' first list says so, and so does the page of health."""
    rolled_back(place)
    for _ in range(2):
        with place.open() as owner:
            assert "damage" in {item.code for item in owner.agenda.look().items}
            assert "rollback" in {damage.why for damage in owner.doctor.examine().damages}


@pytest.mark.parametrize("role", ["privacy", "office", "auditor", "small-office"])
def test_only_an_owner_signs(place, cli, hire, role):
    """Whoever is no owner is refused, and it stays an alarm."""
    login = hire(role)
    anchor_gone(place)
    assert cli("audit", "acknowledge", "--count", "1", login=login).exit_code == 5
    assert cli("client", "list").exit_code == 7
