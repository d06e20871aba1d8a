"""Small-office security: people come and go, keys are replaced, and the paper lets an owner in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.kartoteka import Kartoteka
from crm.keys.errors import (
    CardReplaced,
    NotActive,
    NotAnOwner,
    NotDisabled,
    NothingBegun,
    NotYourself,
    RotationRefused,
    UnknownKeyClass,
)
from crm.keys.rotation import Rotation
from crm.keys.versions import ROTATING, due_classes, unfinished
from gdpr.audit.events import Event
from gdpr.errors import (
    CardDisabled,
    Damaged,
    Invalid,
    LastOwner,
    Locked,
    NotFound,
    WrongPassword,
    WrongRecoveryKey,
)
from gdpr.store.accounts import SlotRow, UserAccount
from gdpr.store.key_versions import CardIssue, KeyState, KeyVersion
from gdpr.store.reissuing import account_of, store_reissue
from gdpr.vault.founding import disable
from gdpr.vault.keyring import SUPPRESSION
from tests.crm.conftest import Login
from tests.crm.planting import FIELDS, NOTE, plant
from tests.faults.intruding import found_by, intruder, keys_of_today, state_of
from tests.faults.invariants import breaches

NEW = "violets tumble across eleven bridges"


def opened_by(ring, desk):
    """Try an old ring of keys on every wrapped key there is; return what it opens."""
    found = []
    names = [name for name in desk.key_model.layout().columns if name.startswith("key_")]
    for row in desk.rows(desk.key_model):
        for name in names:
            if (wrapped := row.__data__[name]) is None:
                continue
            try:
                inner = desk.groups.wraps.open(bytes(wrapped))
                found.append(ring.open_data_key(name[4:], bytes(row.id), inner))
            except (Damaged, Locked):
                continue
    return found


def versions(desk, category):
    rows = desk.rows(KeyVersion, category=category)
    return {row.version: row.state for row in rows}


def frozen_ring(place, login):
    """Open the register and keep the keys as they are now, however long ago that becomes."""
    with place.open(login) as opened:
        ring = opened.context.session.ring
    ring.refresh = None
    return ring


def test_a_rotated_key_opens_nothing_new(place, hire):
    """After a rotation everything opens for members, nothing for a ring of before it."""
    clerk = hire("office")
    with place.open() as register:
        party = plant(register, "client", legal=False)
    old = frozen_ring(place, clerk)

    with place.open() as register:
        assert opened_by(old, register.context.session)
        done = register.rotation.run(ROTATING)

        assert [line.key for line in done] == list(ROTATING)
        assert all(line.version == 2 and line.gone for line in done)
        assert sum(line.rewrapped for line in done) == sum(line.keys for line in done) > 5
        assert opened_by(old, register.context.session) == []
        ended = {1: KeyState.DESTROYED, 2: KeyState.ACTIVE}
        assert all(versions(register.context.session, name) == ended for name in ROTATING)
        slots = register.context.session.rows(SlotRow)
        assert {slot.version for slot in slots if slot.category in ROTATING} == {2}
        assert breaches(register) == []
        plant(register, "prospect")

    with place.open(clerk) as register:
        assert register.notes.list(str(party.number))[0].text == NOTE
        assert register.clients.find(FIELDS["family_name"]) != ()
        assert register.audit.verify().ok


def test_a_register_opens_at_every_step_of_a_rotation(place, hire, monkeypatch):
    """Whoever opens it half way reads everything, writes under the right key, and it goes on."""
    clerk = hire("office")
    with place.open() as register:
        for _ in range(3):
            plant(register, "prospect")
        Rotation(register.context)._begin(("identity", "contact"))
    for step in ("pending", "promoted", "some"):
        with place.open(clerk) as other:
            ring = other.context.session.ring
            assert ring.versions("contact") == {1, 2}
            assert ring.version("contact") == (1 if step == "pending" else 2)
            plant(other, "prospect")
            assert breaches_of_reading(other) == []
        with place.open() as register:
            rotation = Rotation(register.context, batch=2)
            assert unfinished(register.context.session) == ("identity", "contact")
            assert "rotating" in due_checks(register)
            if step == "pending":
                rotation._promote(("identity", "contact"))
            elif step == "promoted":
                monkeypatch.setattr(Rotation, "_destroy", lambda *_: ())
                rotation.run()
                monkeypatch.undo()
    with place.open() as register:
        done = register.rotation.run()
        assert {line.key: line.version for line in done} == {"identity": 2, "contact": 2}
        assert unfinished(register.context.session) == ()
        assert breaches(register) == []


def breaches_of_reading(register):
    found = []
    for model in register.context.session.schema.models:
        for row in register.context.session.rows(model) if model.layout().sealed else ():
            for column in model.layout().sealed:
                if row.holds(column.name) and column.category in register.context.access.reads:
                    found += [] if getattr(row, column.name) else [column.name]
    return found


def test_an_open_desk_lives_through_a_rotation(place, hire):
    """A program that was open all the time reads and writes on, under the new key."""
    clerk = hire("office")
    with place.open() as register:
        first = plant(register, "prospect")
        with place.open(clerk) as other:
            register.rotation.run(("identity", "contact", "register"))
            party = other.context.session.get(type(first), bytes(first.id))
            assert party.email == FIELDS["email"]
            added = plant(other, "prospect")
        assert register.context.session.get(type(first), bytes(added.id)).email == FIELDS["email"]
        assert breaches(register) == []


KEY_ROWS = ("user_account", "slot", "vault_secret", "owner_key")


@pytest.mark.parametrize("table", KEY_ROWS)
def test_rotation_refuses_rows_that_do_not_verify(place, table):
    """One damaged row of keys or cards, and no key is drawn, no slot made."""
    with place.open() as register:
        plant(register, "prospect")
        database = register.context.session.database
        database.execute_sql(f"UPDATE {table} SET rev = rev + 1")
        slots = "SELECT count(*) FROM slot"
        before = database.execute_sql(slots).fetchone()

        with pytest.raises(RotationRefused):
            register.rotation.run(("contact",))

        assert database.execute_sql(slots).fetchone() == before
        assert register.context.session.rows(KeyVersion) == []


SPOILS = (
    "UPDATE audit_entry SET body = 'failures=1' WHERE seq = 2",
    "DELETE FROM audit_entry WHERE seq = 2",
    "DELETE FROM audit_entry WHERE seq > 1",
    "UPDATE party SET number = 77",
    "DELETE FROM ground",
)


@pytest.mark.parametrize("spoil", SPOILS)
def test_damage_elsewhere_keeps_nobodys_keys_alive(place, hire, cli, spoil):
    """Whoever is to be shut out cannot prevent it by spoiling the log, or a row of somebody."""
    leaver = hire("office")
    with place.open() as register:
        plant(register, "prospect")
        register.context.session.database.execute_sql(spoil)
    ring = frozen_ring(place, leaver)
    with place.open() as register:
        register.users.disable(leaver.name)
        rotated = register.rotation.run(due=True)
        assert "contact" in {line.key for line in rotated}
        assert opened_by(ring, register.context.session) == []
    assert cli("audit", "verify").exit_code == 7


def test_an_auditors_word_about_a_card_shuts_nobody_out(place, hire):
    """Nor by an entry that the owner's card had ended long ago."""
    ring = keys_of_today(place, hire("auditor"))
    with place.open() as register:
        owner = register.context.user
    with intruder(place, ring, state_of(place)) as journal:
        journal.log_access(Event.USER_DISABLED, owner, card=999)
    with place.open() as register:
        register.rotation.run(("contact",))
    assert [why for _, _, why in found_by(place)] == ["role"]


def test_rotation_wants_to_be_told_what(register):
    """Unknown keys, those outside rotation, and nothing at all are refused."""
    for chosen in ((SUPPRESSION,), ("contact", "nothing")):
        with pytest.raises(UnknownKeyClass):
            register.rotation.run(chosen)
    with pytest.raises(NothingBegun):
        register.rotation.run()
    assert register.rotation.run(due=True) == ()


def test_keys_are_due_after_a_year(place):
    """A year after founding every key is due, and not a day longer after it was rotated.

    The root wraps nothing that could wear out: it is due once somebody left who knew it.
    """
    with place.open() as register:
        assert due_classes(register.context) == ()
    place.clock.instant += timedelta(days=366)
    with place.open() as register:
        register.retention.run(accept=register.context.asked)
    with place.open() as register:
        assert ("root", *due_classes(register.context)) == ROTATING
        register.rotation.run(due=True)
        assert due_classes(register.context) == ()


def test_whoever_leaves_is_shut_out_for_good(place, hire):
    """Password, keys and open program of a former user open, read and write nothing new."""
    clerk = hire("office")
    with place.open() as register:
        plant(register, "prospect")
    old = frozen_ring(place, clerk)

    with place.open(clerk) as open_still, place.open() as register:
        due = register.users.disable(clerk.name)
        assert set(due) == set(ROTATING) - {"case", "root"}
        assert set(due_classes(register.context)) == set(due)
        with pytest.raises(CardDisabled):
            plant(open_still, "prospect")
        register.rotation.run(due=True)
        assert due_classes(register.context) == ()

        assert opened_by(old, register.context.session) == []
        users = {bytes(slot.user_id) for slot in register.context.session.rows(SlotRow)}
        assert old.user_id not in users
        assert breaches(register) == []
    with pytest.raises(Locked):
        place.open(clerk)
    with place.open() as register:
        assert register.users.disable(clerk.name) == due


def test_the_last_owner_stays(place, hire):
    """Neither the last owner nor the own card can be disabled; the store refuses it as well."""
    with place.open() as register:
        for deed in (
            register.users.disable,
            lambda n: register.users.set_roles(n, ("office",)),
        ):
            with pytest.raises(LastOwner):
                deed(place.owner.name)
        office = register.context
        row = office.session.get(UserAccount, office.user)
        shut = disable(office.session.ring, account_of(office.session.ring.vault_id, row))
        with (
            pytest.raises(LastOwner),
            office.journal.audited_change(Event.USER_DISABLED, office.user) as deed,
        ):
            store_reissue(deed, shut, ())
    other = hire("owner")
    with place.open() as register, pytest.raises(NotYourself):
        register.users.disable(place.owner.name)
    with place.open(other) as register:
        register.users.disable(place.owner.name)
        with pytest.raises(LastOwner):
            register.users.disable(other.name)
        assert register.audit.verify().ok


def test_a_reset_gives_new_keys_and_a_first_password(place, hire):
    """Old password and open program are refused; what was signed before stays verifiable."""
    clerk = hire("office")
    with place.open(clerk) as register:
        plant(register, "prospect")
    with place.open(clerk) as open_still, place.open() as register:
        with pytest.raises(NotDisabled):
            register.users.enable(clerk.name, language="en")
        login = register.users.reset(clerk.name, language="lv")
        with pytest.raises(CardReplaced):
            plant(open_still, "prospect")
        (issue,) = register.context.session.rows(CardIssue)
        assert (issue.counter, issue.status) == (1, "active")
        assert register.audit.verify().ok
    with pytest.raises(WrongPassword):
        place.open(clerk)
    fresh = Login(clerk.name, login.password)
    with pytest.raises(Locked):
        place.open(fresh)
    with Kartoteka.open(
        str(place.vault),
        fresh.name,
        lambda: fresh.password,
        clock=place.clock,
        changing_password=True,
    ) as register:
        register.users.change_password(fresh.password, NEW)
    with place.open(Login(clerk.name, NEW)) as register:
        plant(register, "prospect")
    with place.open() as register:
        assert breaches(register) == []


def test_an_old_card_signs_nothing_after_its_time(place, hire):
    """An entry that an old issue signed behind the new one is damage, however well signed."""
    clerk = hire("office")
    with place.open(clerk) as open_still, place.open() as register:
        register.users.reset(clerk.name, language="en")
        open_still.context.journal.guards.clear()
        open_still.context.journal.log_access(Event.PARTIES_LISTED, count=0)
        assert [d.why for d in register.audit.verify().damages] == ["card"]


def test_somebody_may_come_back(place, hire):
    """A disabled user is let in again with new keys and a first password, and not otherwise."""
    clerk = hire("technician")
    with place.open() as register:
        register.users.disable(clerk.name)
        for refused in (
            lambda: register.users.reset(clerk.name, language="en"),
            lambda: register.users.set_roles(clerk.name, ("office",)),
        ):
            with pytest.raises(NotActive):
                refused()
        login = register.users.enable(clerk.name, language="it")
        assert register.audit.verify().ok
    with Kartoteka.open(
        str(place.vault),
        login.name,
        lambda: login.password,
        clock=place.clock,
        changing_password=True,
    ) as register:
        assert register.context.session.ring.can("support")


def test_other_roles_bring_and_take_keys(place, hire):
    """A user reads what the new roles read; what they lost is due to be rotated."""
    clerk = hire("office")
    with place.open(clerk) as open_still, place.open() as register:
        lost = register.users.set_roles(clerk.name, ("accountant",))
        assert lost == ("support", "marketing", "evidence")
        assert due_classes(register.context) == lost
        with pytest.raises(CardReplaced):
            plant(open_still, "prospect")
        assert register.audit.verify().ok
    with place.open(clerk) as register:
        assert register.context.access.reads == {"identity", "contact", "contract", "billing"}
    with place.open() as register:
        assert register.users.set_roles(clerk.name, ("owner",)) == ()
    with place.open(clerk) as register:
        assert "root" in register.context.session.ring.classes()
        register.rotation.run(due=True)
        assert breaches(register) == []


@pytest.mark.parametrize("role", ["privacy", "office", "small-office", "auditor"])
def test_only_owners_decide_about_cards_and_keys(place, hire, role):
    """No other role resets, disables, promotes, rotates or issues a recovery key."""
    hire("technician")
    with place.open(hire(role)) as register:
        for deed in (
            lambda: register.users.reset("technician", language="en"),
            lambda: register.users.disable("technician"),
            lambda: register.users.set_roles("technician", ("owner",)),
            register.users.review,
            lambda: register.rotation.run(("contact",)),
            register.recovery.renew,
        ):
            with pytest.raises(Locked):
                deed()


def test_the_paper_lets_an_owner_in_once(place):
    """The recovery key sets a new password, is used up by it, and another one takes its place."""
    with place.open() as register:
        paper = register.recovery.renew().printed()
        plant(register, "prospect")

    after = Kartoteka.recover(
        str(place.vault), paper.lower(), place.owner.name, lambda: NEW, clock=place.clock
    )

    with pytest.raises(WrongPassword):
        place.open()
    with pytest.raises(WrongRecoveryKey):
        Kartoteka.recover(str(place.vault), paper, place.owner.name, lambda: NEW, clock=place.clock)
    with place.open(Login(place.owner.name, NEW)) as register:
        assert not register.keys.recovery_confirmed()
        with pytest.raises(WrongRecoveryKey):
            register.keys.confirm_typed(paper)
        register.keys.confirm_recovery(after)
        assert register.keys.recovery_confirmed()
        events = [entry.event for entry in register.context.journal.entries()]
        for event in ("vault:recovery:used", "user:card:reissued", "vault:recovery:issued"):
            assert event in events
        assert breaches(register) == []


def test_the_paper_lets_nobody_else_in(place, hire):
    """Clerks, strangers and weak passwords are refused, and the key stays as it was."""
    hire("office")
    with place.open() as register:
        paper = register.recovery.renew().printed()
    for name, password in (("office", NEW), ("nobody", NEW), (place.owner.name, "short")):
        with pytest.raises((NotFound, Invalid)):
            Kartoteka.recover(
                str(place.vault), paper, name, lambda p=password: p, clock=place.clock
            )
    with place.open() as register:
        assert register.damage == ()
    with pytest.raises(NotAnOwner):
        Kartoteka.recover(str(place.vault), paper, "office", lambda: NEW, clock=place.clock)
    Kartoteka.recover(str(place.vault), paper, place.owner.name, lambda: NEW, clock=place.clock)


def test_doctor_reminds(place, hire):
    """Paper, access and confidentiality come up when their time has come, and go when done."""
    hire("office")
    with place.open() as register:
        key = register.recovery.renew()
        assert due_checks(register) == {"recovery", "confidentiality"}
        register.keys.confirm_recovery(key)
        register.users.confidentiality("office", register.context.day)
        assert due_checks(register) == set()
    for days, wanted in ((93, {"access"}), (280, {"access", "recovery", "rotation"})):
        place.clock.instant += timedelta(days=days)
        with place.open() as register:
            register.retention.run(accept=register.context.asked)
        with place.open() as register:
            assert due_checks(register) == wanted
            assert [line.name for line in register.users.review()] == ["anna", "office"]
            assert due_checks(register) == wanted - {"access"}
    with place.open() as register:
        register.keys.confirm_recovery(key)
        register.rotation.run(due=True)
        assert due_checks(register) == set()


def due_checks(register):
    watched = {"recovery", "rotating", "rotation", "access", "confidentiality"}
    checks = register.doctor.examine().checks
    return {check.check for check in checks if check.count and check.check in watched}
