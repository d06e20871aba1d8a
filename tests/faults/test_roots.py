"""The root key is bound to what people know: a host that swaps it is believed at no desk."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from crm.backup.backups import Backups
from crm.kartoteka import Kartoteka, way_in
from crm.opening.opening import state_root
from gdpr.errors import RootChanged, WrongPassword
from gdpr.store.database import flush_log
from gdpr.store.places import safe_folder
from gdpr.vault.errors import RootForeign
from gdpr.vault.root import fingerprint, readable
from tests.crm.planting import FIELDS, plant
from tests.faults.hostile_host import Host


@pytest.fixture
def paper(place):
    """Return the recovery key on paper, beside a register with two people."""
    with place.open() as register:
        plant(register, "client")
        plant(register, "prospect", fields={"given_name": "Zeltžubīte", "family_name": "Koku"})
        made = register.recovery.renew()
        register.keys.confirm_recovery(made)
        flush_log(register.context.session.database)
    return made


def take_over(place) -> Host:
    host = Host(place.vault)
    host.take_over()
    return host


def forget_desk(place) -> None:
    """Make this a computer that has never seen the register."""
    shutil.rmtree(place.folder / "state")


def test_a_new_desk_tells_a_root_of_the_hosts_at_once(place, cli, paper):
    """The right password opens nothing under a swapped root: exit 7, and not a byte is written.

    A wrong password is still a wrong password.
    """
    take_over(place).close()
    forget_desk(place)
    before = sha256(place.vault.read_bytes()).digest()
    for command in (("client", "list"), ("client", "show", "1"), ("audit", "verify"), ("doctor",)):
        told = cli(*command)
        assert told.exit_code == 7
        assert "root key" in told.stderr
        assert FIELDS["family_name"] not in told.stdout + told.stderr
    added = cli(
        "client", "add", "--kind", "natural", "--given-name", "Slepenā", "--relation", "prospect"
    )
    assert added.exit_code == 7
    assert cli("client", "list", KARTOTEKA_PASSWORD="quite another password").exit_code == 5
    assert sha256(place.vault.read_bytes()).digest() == before


def test_a_pinned_desk_tells_it_before_the_password(place, cli, paper):
    """Where the root was pinned it is told even to who types a wrong password."""
    take_over(place).close()
    for password in (place.owner.password, "quite another password"):
        assert cli("client", "list", KARTOTEKA_PASSWORD=password).exit_code == 7
    with pytest.raises(RootChanged):
        place.open()


def test_every_users_password_knows_the_root(place, cli, hire, paper):
    """Whoever was hired, reset or changed their password: each way keeps the binding."""
    clerk, second = hire("office"), hire("owner")
    with place.open(second) as register:
        again = register.users.reset(clerk.name, language="en")
    with place.open() as register:
        register.users.change_password(place.owner.password, "a-quite-other-phrase-of-anna")
    take_over(place).close()
    forget_desk(place)
    for name, password in (
        (clerk.name, again.password),
        (second.name, second.password),
        (place.owner.name, "a-quite-other-phrase-of-anna"),
    ):
        told = cli("client", "list", KARTOTEKA_USER=name, KARTOTEKA_PASSWORD=password)
        assert told.exit_code == 7, name


@pytest.mark.parametrize("pinned", [False, True])
def test_the_recovery_key_knows_the_root(place, cli, paper, pinned):
    """No new password and no new recovery key are given out under a root of the host's."""
    host = take_over(place)
    proof = fingerprint(host.root.public) + bytes(32)
    if not pinned:
        forget_desk(place)
    typed = f"{paper.printed()}\na-quite-other-phrase-of-anna\n"
    for forged in (None, proof):
        if forged is not None:
            host.all("UPDATE user_account SET root_proof = ? WHERE name = ''", forged)
        told = cli("user", "recover", place.owner.name, stdin=typed)
        assert told.exit_code == 7
        assert "root key" in told.stderr
    host.close()


def test_a_backup_of_the_hosts_making_is_refused_on_a_new_machine(place, paper, tmp_path, clock):
    """A host can seal a backup to us and copy our door into it; its root opens to nobody.

    With the password and with the recovery key, on a machine without a pin and beside one.
    """
    host = take_over(place)
    folder = tmp_path / "night"
    folder.mkdir(mode=0o700)
    office = host.context(safe_folder(state_root() / (b"h" * 16).hex()), clock)
    made = Backups(office).create(folder)
    office.session.database.close()
    host.close()
    parts = (made.data, made.keys)
    ways = {
        "password": way_in(place.owner.name, lambda: place.owner.password),
        "paper": way_in(None, paper.printed, recovery=True),
    }
    files = tuple(Path(part) for part in parts)
    wrong = way_in(place.owner.name, lambda: "quite another password")
    target = tmp_path / "new" / "register.kartoteka"
    target.parent.mkdir(mode=0o700)
    for error in (RootChanged, RootForeign):
        for way in ways.values():
            with pytest.raises(error):
                Kartoteka.restore(str(target), files, way, clock=clock, without_ledger=True)
            assert not target.exists()
        forget_desk(place)
    with pytest.raises(WrongPassword):
        Kartoteka.restore(str(target), files, wrong, clock=clock, without_ledger=True)


def test_a_true_backup_restores_on_a_new_machine(place, paper, tmp_path, clock):
    """What the binding must not break: password and paper still bring everything back."""
    with place.open() as register:
        folder = tmp_path / "day"
        folder.mkdir(mode=0o700)
        made = register.backups.create(folder)
    files = (Path(made.data), Path(made.keys))
    for number, way in enumerate(
        (
            way_in(place.owner.name, lambda: place.owner.password),
            way_in(None, paper.printed, recovery=True),
        )
    ):
        forget_desk(place)
        target = tmp_path / f"new{number}" / "register.kartoteka"
        target.parent.mkdir(mode=0o700)
        Kartoteka.restore(str(target), files, way, clock=clock, without_ledger=True)
        with Kartoteka.open(
            str(target), place.owner.name, lambda: place.owner.password, clock=clock
        ) as opened:
            assert opened.clients.show("1").email == FIELDS["email"]


def test_the_fingerprint_can_be_compared(place, cli, paper):
    """A first meeting shows it, and so do the keys and a look from outside, always the same."""
    with place.open() as register:
        root = readable(fingerprint(register.context.session.ring.root_public))
    assert len(root.split(" ")) == 16
    assert root in cli("key", "status").stderr
    assert f'"fingerprint":"{root}"' in cli("key", "status", "--format", "jsonl").stdout.replace(
        '": "', '":"'
    )
    known = cli("info", "--format", "json").stdout
    assert root in known
    assert '"root_pinned": true' in known
    forget_desk(place)
    assert '"root_pinned": null' in cli("info", "--format", "json").stdout
    first = cli("client", "list")
    assert root in first.stderr
    assert root not in cli("client", "list").stderr
    take_over(place).close()
    swapped = cli("info", "--format", "json").stdout
    assert root not in swapped
    assert '"root_pinned": false' in swapped
