"""Whoever was shut out, or got another card, signs nothing any more that counts: not anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crm.kartoteka import Kartoteka, parse_recovery_key, way_in
from crm.models.party import Party
from crm.parties.mailing_law import DIRECT_MARKETING
from crm.schema import SCHEMA
from crm.session.card_signers import CardSigners
from crm.transfer.cards import ConsentOrder
from gdpr.audit.chain import checkpoint_message
from gdpr.audit.entries import Checkpoint, chain_of, entry_name, hash_of, replace_checkpoint
from gdpr.audit.events import Event
from gdpr.audit.verify import VerifyScope, verify
from gdpr.rules.stored import GroundRow
from gdpr.store.accounts import read_card, read_keys, read_vault
from gdpr.store.layout import layout_of
from gdpr.store.session import Session
from gdpr.store.settings import write_setting
from gdpr.vault.opening import open_with_recovery
from tests.crm.planting import plant
from tests.faults.everything import fill
from tests.faults.intruding import found_by, intruder, keys_of_today, state_of

NEW = "violets tumble across eleven bridges"


def disabled(place, login):
    with place.open() as owner:
        owner.users.disable(login.name)


def other_roles(place, login):
    with place.open() as owner:
        owner.users.set_roles(login.name, ["owner", "privacy"])


def new_password(place, login):
    with place.open() as owner:
        owner.users.reset(login.name, language="en")


def back_in(place, login):
    """Shut out and let in again: the card between is none either."""
    with place.open() as owner:
        owner.users.disable(login.name)
        owner.users.enable(login.name, language="en")


def recovered(place, login):
    """Let the key on paper give an owner new keys."""
    with place.open() as owner:
        key = owner.recovery.renew()
        owner.keys.confirm_recovery(key)
    Kartoteka.recover(str(place.vault), key.printed(), login.name, lambda: NEW, clock=place.clock)


ENDS = (disabled, other_roles, new_password, back_in, recovered)


def forge(journal):
    """Change a setting, as nobody may who has no card."""
    with journal.audited_change(Event.SETTING_CHANGED, name="grace_days") as deed:
        write_setting(deed, "grace_days", "0")
    return entry_name(journal.desk_id, deed.entry.seq)


@pytest.mark.parametrize("end", ENDS)
def test_an_old_card_signs_nothing_on_a_new_chain(place, cli, hire, end):
    """However a card ended: what it signs on an unknown desk is named, and what it changed."""
    login = hire("owner")
    ring = keys_of_today(place, login)
    end(place, login)
    assert found_by(place) == []
    with intruder(place, ring) as journal:
        name = forge(journal)
    wanted = [("audit_entry", name, "card"), ("setting", None, "card")]
    assert found_by(place) == wanted
    assert found_by(place, quick=True) == wanted
    told = cli("audit", "verify", "--format", "json")
    assert told.exit_code == 7
    assert json.loads(told.stdout)["first_bad"]["row"] == name
    assert cli("doctor").exit_code == 7


@pytest.mark.parametrize("end", ENDS)
def test_an_old_card_signs_nothing_on_a_chain_it_wrote_before(place, hire, end):
    """What it signed before it ended stays true; the next entry of that desk counts no more."""
    login = hire("owner")
    ring = keys_of_today(place, login)
    with intruder(place, ring) as journal:
        journal.log_access(Event.AUDIT_READ)
        forge(journal)
    end(place, login)
    assert found_by(place) == []
    with intruder(place, ring) as journal:
        name = forge(journal)
    assert name.endswith(":3")
    # The setting is what it was: nothing changed, so no table is named.
    assert found_by(place) == [("audit_entry", name, "card")]


def test_an_old_card_signs_nothing_on_the_chain_of_the_office(place, hire):
    """Nor on the chain of the desk that shut it out, behind or before that desk writes on."""
    login = hire("office")
    ring = keys_of_today(place, login)
    disabled(place, login)
    with intruder(place, ring, state_of(place)) as journal:
        name = forge(journal)
    for _ in range(2):
        assert found_by(place) == [("audit_entry", name, "card"), ("setting", None, "card")]


def test_an_old_recovery_key_signs_nothing(place):
    """The sheet of paper before this one is a card like every other."""
    with place.open() as owner:
        key = owner.recovery.renew()
        desk = owner.context.session
        facts = read_vault(desk.database)
        card, signature = read_card(desk.database, facts.vault_id, bytes(16))
        keys = read_keys(desk.database, facts, card.user_id, None)
        ring = open_with_recovery(card, signature, keys, parse_recovery_key(key.printed()))
        owner.recovery.renew()
    with intruder(place, ring) as journal:
        journal.log_access(Event.RECOVERY_USED)
    assert [why for _, _, why in found_by(place)] == ["card"]


def test_an_old_card_on_every_table(place, hire):
    """A row of any table that an old card takes away names that table."""
    login = hire("owner")
    with place.open() as owner:
        person = fill(owner, "client")
        asked = ConsentOrder(purpose=DIRECT_MARKETING, channel="paper", state="deferred")
        owner.consents.note(str(person.number), asked)
        own, desk_id = owner.context.session.ring, owner.context.journal.desk_id
        anchors = owner.context.journal.anchors
        owner.context.session.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    own.refresh = None
    ring = keys_of_today(place, login)
    disabled(place, login)
    before, tried = place.vault.read_bytes(), 0
    # Without its one row there is no register to ask.
    for model in [one for one in SCHEMA.all_models() if layout_of(one).table != "vault"]:
        table = layout_of(model).table
        with intruder(place, ring, place.folder / table) as journal:
            rows = [row for row in journal.session.rows(model) if bytes(row.id) != own.user_id]
            if not rows:
                continue
            with journal.audited_change(Event.PARTY_EDITED) as deed:
                deed.delete(rows[-1])
            desk = Session(journal.session.database, own, SCHEMA, frozenset())
            found = verify(desk, VerifyScope(desk_id, anchors), CardSigners(desk)).damages
        tried += 1
        assert ("audit_entry", entry_name(journal.desk_id, 1)) in {one[:2] for one in found}
        # Who takes away the old card itself has signed with a card that never was.
        gone = table == "card_issue"
        assert gone or (table, None, "card") in {one[:3] for one in found}, table
        place.vault.write_bytes(before)
    assert tried > 20


def test_an_old_card_says_nothing_of_any_kind(place, hire):
    """No event, not even one that everybody may, can be signed by a card that ended."""
    login = hire("owner")
    ring = keys_of_today(place, login)
    disabled(place, login)
    with intruder(place, ring) as journal:
        for event in Event:
            journal.log_access(event, bytes(16))
        names = [entry_name(journal.desk_id, seq) for seq in range(1, len(Event) + 1)]
    assert found_by(place) == [("audit_entry", name, "card") for name in names]


def test_what_was_signed_before_stays_true(place, hire):
    """A colleague's work of years is not made doubtful by the day on which they leave."""
    login = hire("office")
    with place.open(login) as office:
        plant(office, "prospect")
    ring = keys_of_today(place, login)
    with intruder(place, ring) as journal:
        journal.log_access(Event.AUDIT_READ)
    for end in (new_password, disabled):
        end(place, login)
        assert found_by(place) == []


def test_a_checkpoint_of_an_old_card_is_not_believed(place, hire):
    """Up to where the log was verified says nobody who was shut out."""
    login = hire("owner")
    ring = keys_of_today(place, login)
    disabled(place, login)
    with place.open() as owner:
        desk_id = owner.context.journal.desk_id
        database = owner.context.session.database
        last = len(list(chain_of(database, desk_id)))
        mark = Checkpoint(
            desk_id, last, hash_of(database, desk_id, last), b"", 0, ring.user_id, 1, b""
        )
        signed = ring.sign(checkpoint_message(ring.vault_id, mark))
        replace_checkpoint(database, mark._replace(sig=signed))
    wanted = [("audit_checkpoint", entry_name(desk_id, last), "card")]
    assert found_by(place, quick=True) == wanted
    assert found_by(place) == wanted


def test_who_was_shut_out_shuts_nobody_out(place, hire):
    """An owner who left cannot end the card of the owner who ended theirs, on a chain unseen."""
    login = hire("owner")
    ring = keys_of_today(place, login)
    disabled(place, login)
    with place.open() as owner:
        anna = owner.context.user
        plant(owner, "prospect")
    with intruder(place, ring) as journal:
        journal.log_access(Event.USER_DISABLED, anna, card=2)
        name = entry_name(journal.desk_id, 1)
    assert found_by(place) == [("audit_entry", name, "card")]


def test_a_right_signed_by_an_old_card_is_none(place, cli, hire):
    """It reaches no ledger, and no restore lets it take effect."""
    login = hire("owner")
    with place.open() as owner:
        person = plant(owner, "prospect")
    ring = keys_of_today(place, login)
    folder = place.folder / "backups"
    folder.mkdir(mode=0o700)
    with place.open() as owner:
        made = owner.backups.create(folder)
    disabled(place, login)
    ledger = state_of(place) / "ledger"
    with intruder(place, ring) as journal:
        event = (Event.ERASED, bytes(person.id))
        with journal.audited_change(*event, because="no-longer-needed") as deed:
            deed.bear("erased-whole", because="no-longer-needed")
        forged = (place.folder / "elsewhere" / "ledger").read_bytes()
    told = cli("client", "list")
    assert told.exit_code == 7
    assert not ledger.exists() or ledger.read_bytes() == b""
    # Not even a line of their own, put into the desk's folder, brings it in.
    ledger.write_bytes(forged)
    ledger.chmod(0o600)
    assert ("ledger", "1", "card") in {
        (one["table"], one["row"], one["why"])
        for one in json.loads(cli("audit", "verify", "--format", "json").stdout)["damages"]
    }
    done = Kartoteka.restore(
        str(place.vault),
        (Path(made.data), Path(made.keys)),
        way_in(place.owner.name, lambda: place.owner.password),
        clock=place.clock,
        accept_older=True,
    )
    assert [one["subject"] for one in done.refused] == [bytes(person.id).hex()]
    assert done.replayed == ()
    with place.open() as owner:
        assert owner.damage == ()
        assert owner.clients.show(str(person.number)).number == person.number


def left_party(journal, subject):
    """Let every ground of somebody have ended long ago, and its last day of grace be over."""
    desk = journal.session
    for row in desk.rows(GroundRow, party=subject):
        with journal.audited_change(Event.GROUND_ENDED, subject, because="left") as deed:
            row.ended_on, row.ended_why, row.going_until = "2020-01-01", "left", "2020-01-02"
            deed.update(row)


def shut_out(place, login):
    """Whoever may no longer sign at all."""
    disabled(place, login)


def lesser(place, login):
    """Whoever may sign, and not this."""


@pytest.mark.parametrize(
    ("role", "end"), [("office", shut_out), ("auditor", lesser)], ids=["card", "role"]
)
@pytest.mark.parametrize("where", ["a new desk", "this desk"])
def test_nobody_is_destroyed_upon_what_does_not_count(place, cli, hire, role, end, where):
    """Who was shut out, or never might, ends somebody's grounds: told at opening, and 7 to a run.

    Once an owner has signed for it, or a backup is back, the run goes on.
    """
    with place.open() as register:
        doomed = plant(register, "prospect")
        party = bytes(register.context.session.first(Party, number=doomed.number).id)
    login = hire(role)
    ring = keys_of_today(place, login)
    end(place, login)
    with intruder(place, ring, state_of(place) if where == "this desk" else None) as journal:
        left_party(journal, party)
    told = cli("client", "list")
    if where != "this desk":  # whose anchor has seen it, for the intruder has the state folder too
        assert (told.exit_code, "with a card that was no longer valid" in told.stderr) == (
            7,
            True,
        ), told
    for command in (("retention", "run"), ("subject", "erase", "1", "--confirm", "1")):
        assert cli(*command).exit_code == 7, command
    assert cli("client", "show", str(doomed.number)).exit_code in {0, 7}
    with place.open() as register:
        assert register.context.session.first(Party, number=doomed.number) is not None
    named = json.loads(cli("audit", "verify", "--format", "json").stdout)["damages"]
    assert cli("audit", "acknowledge", "--count", str(len(named))).exit_code == 0
    assert cli("retention", "run").exit_code == 0
