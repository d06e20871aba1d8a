"""Damage that an owner has signed for stays told, and hides no other damage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crm.kartoteka import Kartoteka, way_in
from crm.session.card_signers import CardSigners
from gdpr.audit.acknowledging import acknowledge
from tests.crm.planting import plant
from tests.faults.intruding import found_by, intruder, keys_of_today, state_of

SPOILS = {
    "edited entry": "UPDATE audit_entry SET body = 'failures=1' WHERE seq = 2",
    "deleted entry": "DELETE FROM audit_entry WHERE seq = 2",
    "edited row": "UPDATE party SET number = 77 WHERE number = 1",
    "deleted row": "DELETE FROM party WHERE number = 1",
}
MORE = {
    "edited entry": "UPDATE audit_entry SET body = 'failures=1' WHERE seq = 3",
    "deleted entry": "DELETE FROM audit_entry WHERE seq = 3",
    "edited row": "UPDATE party SET status = 'former' WHERE number = 2",
    "deleted row": "DELETE FROM party WHERE number = 2",
    "deleted ground": "DELETE FROM ground",
}


@pytest.fixture
def peopled(place):
    with place.open() as owner:
        for _ in range(3):
            plant(owner, "prospect")
    return place


def spoil(place, statement):
    with place.open() as owner:
        owner.context.session.database.execute_sql(statement)


def signed(cli):
    """Acknowledge all there is, as an owner would."""
    told = json.loads(cli("audit", "verify", "--format", "json").stdout)
    count = len(told["damages"])
    answer = cli("audit", "acknowledge", "--count", str(count), "--format", "json")
    if answer.exit_code == 2:
        # A look into the fields finds more than the rows tell.
        count = int(answer.stderr.rsplit(maxsplit=1)[1])
        answer = cli("audit", "acknowledge", "--count", str(count), "--format", "json")
    assert answer.exit_code == 0, answer.stderr
    return count


@pytest.mark.parametrize("more", MORE)
@pytest.mark.parametrize("first", SPOILS)
def test_new_damage_is_new(peopled, cli, first, more):
    """Whatever was acknowledged, anything else is told with 7, in the same table as in another."""
    spoil(peopled, SPOILS[first])
    assert cli("audit", "verify").exit_code == 7
    signed(cli)
    assert cli("audit", "verify").exit_code == 0
    with peopled.open() as owner:
        plant(owner, "prospect")
    assert cli("audit", "verify").exit_code == 0
    spoil(peopled, MORE[more])
    told = cli("audit", "verify", "--format", "json")
    assert told.exit_code == 7
    assert json.loads(told.stdout)["acknowledged"]


def test_only_a_true_word_of_an_owner_counts(peopled, cli, hire):
    """An acknowledgement by another role, or one whose list was changed, hides nothing."""
    ring = keys_of_today(peopled, hire("privacy"))
    spoil(peopled, SPOILS["edited entry"])
    with intruder(peopled, ring) as journal:
        found = journal.verify(CardSigners(journal.session))
        acknowledge(journal, {one: found.marks.get(one, "") for one in found.damages})
    assert "hash" in {why for _, _, why in found_by(peopled)}
    signed(cli)
    assert found_by(peopled) == []
    spoil(peopled, "UPDATE audit_acknowledged SET damages = x'00' WHERE seq > 1")
    assert "hash" in {why for _, _, why in found_by(peopled)}


@pytest.mark.parametrize("first", SPOILS)
def test_a_backup_and_a_restore_go_on(peopled, cli, first):
    """With acknowledged damage backups are made and restored, and what was signed for stays so."""
    spoil(peopled, SPOILS[first])
    signed(cli)
    folder = peopled.folder / "backups"
    folder.mkdir(mode=0o700)
    made = cli("backup", "create", "--to", str(folder), "--format", "json")
    assert made.exit_code == 0, made.stderr
    parts = json.loads(made.stdout)
    done = Kartoteka.restore(
        str(peopled.vault),
        (Path(parts["data"]), Path(parts["keys"])),
        way_in(peopled.owner.name, lambda: peopled.owner.password),
        clock=peopled.clock,
    )
    assert done.damages == ()
    assert cli("audit", "verify").exit_code == 0
    told = json.loads(cli("audit", "verify", "--format", "json").stdout)
    assert len(told["acknowledged"]) == 1


def test_keys_rotate_with_acknowledged_damage(peopled, cli):
    """Nothing of it stands in the way of new keys."""
    spoil(peopled, SPOILS["edited row"])
    signed(cli)
    assert cli("key", "rotate", "contact").exit_code == 0


def test_a_foreign_schema_is_nobodys_to_sign(peopled, cli):
    """A planted trigger goes away by mending, never by a signature."""
    spoil(peopled, "CREATE TRIGGER kept BEFORE DELETE ON party BEGIN SELECT 1; END")
    assert cli("audit", "verify").exit_code == 7
    assert cli("audit", "acknowledge", "--count", "1").exit_code in {3, 7}
    assert cli("audit", "verify").exit_code == 7
    assert state_of(peopled).exists()
