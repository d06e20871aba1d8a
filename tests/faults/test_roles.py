"""What a role may not read it has no key for: by our own source, by any command, in any error."""

from __future__ import annotations

import pytest

from gdpr.audit.events import Event
from gdpr.errors import NoKey, NoRight
from gdpr.store.accounts import SlotRow
from gdpr.store.warrant import Warrant
from tests.crm.planting import plant
from tests.faults.commands import NOT_OF_A_REGISTER, leaves, typed
from tests.faults.everything import ABOUT, fill

# The table of the design page, once more and by hand: what somebody changed by mistake shows here.
CATEGORIES = (
    "identity",
    "contact",
    "contract",
    "billing",
    "support",
    "marketing",
    "evidence",
    "case",
)
MATRIX = {
    #              ide   con   ctr   bil   sup   mar   evi   cas
    "owner": "     rw    rw    rw    rw    rw    rw    rw    rw",
    "privacy": "   rw    rw    rw    rw    rw    rw    rw    rw",
    "office": "    rw    rw    rw    rw    rw    rw    rw    -",
    "technician": "r     r     r     -     rw    -     -     -",
    "accountant": "r     r     rw    rw    -     -     -     -",
    "auditor": "   -     -     -     -     -     -     -     -",
}
TABLE = {role: dict(zip(CATEGORIES, line.split(), strict=True)) for role, line in MATRIX.items()}


class _Undo(Exception):
    pass


@pytest.mark.parametrize("role", TABLE)
def test_a_role_opens_and_writes_exactly_its_categories(place, register, hire, role):
    """Every column of every table, read, searched for and written with the role's own keys."""
    person = fill(register)
    may = TABLE[role]
    reads = {code for code in CATEGORIES if "r" in may[code]}
    with place.open(hire(role)) as opened:
        desk = opened.context.session
        assert desk.ring.categories() == reads
        slots = {row.category for row in desk.rows(SlotRow, user_id=opened.context.user)}
        assert slots - {"register", "root", "suppression"} == reads
        tried = 0
        for model in ABOUT:
            (row,) = desk.rows(model, **{model.subject: person.party})
            for column in model.layout().sealed:
                value = person.values[model.layout().table, column.name]
                tried += _tries(opened, row, column, value, may[column.category])
        assert tried == len(person.values)
        for category, wrapped in desk.keys_of(person.party).wrapped.items():
            if category not in reads:
                _no_way_to(desk, person.party, category, wrapped)


def _tries(opened, row, column, value, may):
    desk, model = opened.context.session, type(row)
    if "r" in may:
        assert getattr(row, column.name) == value
    else:
        with pytest.raises(NoKey):
            getattr(row, column.name)
    if column.findable is not None:
        assert bool(desk.find(model, column.name, value)) is ("r" in may)
    items = frozenset({column.item})
    with pytest.raises(_Undo if "w" in may else NoRight):
        _write_and_undo(opened, row, column.name, Warrant(row.about, items))
    return 1


def _write_and_undo(opened, row, name, warrant):
    with opened.context.journal.audited_change(Event.PARTY_EDITED) as deed:
        again = opened.context.session.get(type(row), bytes(row.id))
        setattr(again, name, "mainīts 1")
        deed.update(again, warrant)
        raise _Undo


def _no_way_to(desk, party, category, wrapped):
    """Try the wrapped key under everything the ring holds, and under its own name."""
    with pytest.raises(NoKey):
        desk.ring.open_data_key(category, party, wrapped)
    with pytest.raises(NoKey):
        desk.ring.new_data_keys([category], party)[category]
    with pytest.raises(NoKey):
        desk.ring.version(category)
    for other in desk.ring.categories():
        with pytest.raises(Exception, match=r".*") as refused:
            desk.ring.open_data_key(other, party, wrapped)
        assert refused.value.exit_code == 7


@pytest.mark.parametrize("role", ["accountant", "technician", "auditor"])
def test_no_command_shows_what_a_role_may_not_read(place, cli, hire, tmp_path, role):
    """All commands in JSON, successful or refused: no value of a closed category on any stream."""
    with place.open() as register:
        person = fill(register, "client")
        company = plant(register, "client", legal=True, fields={"name": "SIA Atklātā"})
    closed = {code for code in CATEGORIES if "r" not in TABLE[role][code]}
    secret, open_words = person.words(*closed), person.words(*(set(CATEGORIES) - closed))
    file = tmp_path / "clients.csv"
    file.write_text("Nosaukums;E-pasts\nSIA Cita;c@example.com\n", "utf-8")
    values = {"number": str(person.number), "company": str(company.number), "file": str(file)}
    values |= {"word": person.values["party", "family_name"], "new": "Jaunais Vārds"}
    login, said, codes = hire(role), "", set()
    # `user` last: a changed password would shut the others out.
    for words, command in sorted(leaves(), key=lambda leaf: leaf[0][0] == "user"):
        if words in NOT_OF_A_REGISTER:
            continue
        told = cli(*typed(words, command, values), login=login)
        assert "unexpected error" not in told.stderr, (words, told.stderr)
        shown = told.stdout + told.stderr
        assert [word for word in secret if word in shown] == [], words
        assert told.exit_code in (0, 1, 2, 3, 4, 5), words
        codes.add(told.exit_code)
        said += shown
    for word in sorted(secret):
        told = cli("client", "find", word, "--format", "json", login=login)
        assert word not in told.stdout + told.stderr
    assert 0 in codes
    assert bool([word for word in open_words if word in said]) is (role != "auditor")


def test_an_auditor_reads_the_log_and_no_name(place, cli, hire):
    """Log, verification and register of grounds are for an auditor; whose they are is a number."""
    with place.open() as register:
        person = fill(register, "client")
    login = hire("auditor")
    for words in (("audit", "log"), ("audit", "verify"), ("client", "list"), ("doctor",)):
        told = cli(*words, "--format", "json", login=login)
        assert told.exit_code == 0, (words, told.stderr)
        assert [word for word in person.words() if word in told.stdout + told.stderr] == []
