"""Versions of the notice are stored for good, take effect in time, and are proved to be given."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest

from crm.errors import DayAhead, NoDuty, NotAmong, NothingChosen
from crm.kartoteka import LogFilter
from crm.models.attached import NoticeGiven
from crm.parties.errors import NobodyThere
from crm.transfer.cards import ImportOrder
from crm.transparency.errors import NoticeBlank, NoticeUnchanged, NotYetPublished, UnknownChannel
from gdpr.audit.events import Event
from gdpr.errors import NoLawfulBasis, NoRight
from gdpr.papers.errors import (
    BadWording,
    NoticeNotInThisForm,
    NoticeTooSoon,
    UnknownNotice,
    UnknownWording,
    WordingKnown,
)
from gdpr.papers.stored import NoticeTextRow, WordingRow
from tests.crm.planting import plant
from tests.crm.publishing import make_ready

TODAY = date(2026, 3, 2)
MONTH_ON = date(2026, 4, 2)


@pytest.fixture
def register(register):
    """Give a register whose firm has confirmed and declared what a notice says."""
    make_ready(register)
    return register


def change(register):
    register.purposes.edit("events", {"texts": {"en": {"why": "We like company."}}})


def move(place, days):
    place.clock.instant = datetime(2026, 3, 2, 12, tzinfo=UTC) + timedelta(days)


def test_the_first_notice_may_be_in_force_at_once(register):
    """It changes nothing, so nobody has to wait for it."""
    line = register.notices.publish(TODAY)

    assert (line.version, line.state, line.languages) == (1, "current", ("en", "it", "lv"))
    assert len(register.context.session.rows(NoticeTextRow)) == 2 * 3 * 2


def test_a_change_is_refused_before_its_month(register):
    """A changed notice takes effect a month after it was published, not a day sooner."""
    register.notices.publish(TODAY)
    change(register)

    for day in (TODAY, date(2026, 4, 1)):
        with pytest.raises(NoticeTooSoon) as refused:
            register.notices.publish(day)
        assert refused.value.exit_code == 4
        assert refused.value.arguments["earliest"] == MONTH_ON.isoformat()
    line = register.notices.publish(MONTH_ON, material=True)

    assert (line.version, line.state, line.material) == (2, "coming", True)
    assert [one.state for one in register.notices.listing()] == ["current", "coming"]


def test_a_version_comes_into_force_on_its_day(place):
    """On the day the change takes effect, the version before it is past."""
    with place.open() as register:
        make_ready(register)
        register.notices.publish(TODAY)
        change(register)
        register.notices.publish(MONTH_ON)
    for days in (7, 14, 21, 28, 31):
        move(place, days)
        with place.open() as register:
            states = [one.state for one in register.notices.listing()]

    assert states == ["past", "current"]


def test_a_notice_that_says_the_same_is_not_published_again(register):
    """Versions are counted by changes, so that people are not told of nothing."""
    register.notices.publish(TODAY)

    with pytest.raises(NoticeUnchanged):
        register.notices.publish(MONTH_ON)


def test_a_published_text_stays_as_it_was(register):
    """What was published is read back byte by byte, whatever the register says later."""
    register.notices.publish(TODAY)
    before = register.notices.render(13, "en", "html", version=1)
    change(register)

    assert register.notices.render(13, "en", "html", version=1) == before
    assert "We like company." in register.notices.render(13, "en", "html")
    (row,) = register.context.session.rows(NoticeTextRow, kind=13, language="en", form="html")
    assert row.text_hash == sha256(before.encode()).hexdigest()
    with pytest.raises(UnknownNotice):
        register.notices.render(13, "en", version=2)


def test_a_notice_in_one_language_is_that_and_no_other(register):
    """A firm may publish in its own language; the others are not there."""
    register.notices.publish(TODAY, languages=["lv"])

    assert register.notices.listing()[0].languages == ("lv",)
    with pytest.raises(NoticeNotInThisForm):
        register.notices.render(13, "en", version=1)
    for key in ((12, "lv", "md"), (13, "fr", "md"), (13, "lv", "pdf")):
        with pytest.raises(NotAmong):
            register.notices.render(*key)


def test_a_difference_shows_the_line_that_changed(register):
    """Between two versions, and between the last one and the register as it stands."""
    register.notices.publish(TODAY)
    assert register.notices.diff(13, "en") == ""
    change(register)

    ahead = register.notices.diff(13, "en")
    register.notices.publish(MONTH_ON)
    between = register.notices.diff(13, "en", 1, 2)

    for text in (ahead, between):
        added = [line for line in text.splitlines() if line.startswith("+| ")]
        assert ["We like company." in line for line in added] == [True]
    assert register.notices.diff(13, "lv", 1, 2).count("\n+") == 1 + 1


def test_a_retired_purpose_leaves_the_notice(register):
    """What the firm no longer does is not announced."""
    assert "video surveillance" in register.notices.render(13, "en")
    register.purposes.retire("video_surveillance")

    assert "video surveillance" not in register.notices.render(13, "en")


def test_blanks_are_refused_until_the_firm_fills_them_in(register):
    """No notice goes out without an address to write to."""
    register.controller.edit({"email": "", "address": ""})
    with pytest.raises(NoticeBlank) as refused:
        register.notices.publish(TODAY)
    assert refused.value.exit_code == 2

    register.controller.edit({"email": "x@example.com", "address": "Rīga", "phone": "+371 2"})
    text = register.notices.render(13, "lv")
    assert "+371 2" in text
    assert "x@example.com" in text


def test_giving_a_notice_is_proved_by_a_signed_entry(register):
    """One sealed row for each person, one entry that the actor signs; once is enough."""
    people = [plant(register, "client", fields={"given_name": f"N{i}"}) for i in range(3)]
    company = plant(register, "client", legal=True, fields={"name": "SIA Akmens"})
    register.notices.publish(TODAY)
    numbers = [str(p.number) for p in (*people, company)]

    proven = register.notice_delivery.give(numbers, 1, "letter", evidence="folder 7")

    assert (proven.given, proven.already, proven.passed_over) == (3, 0, 1)
    again = register.notice_delivery.give(numbers, 1, "email")
    assert (again.given, again.already) == (0, 3)
    rows = register.context.session.rows(NoticeGiven)
    assert {(row.channel, row.evidence, row.version) for row in rows} == {("letter", "folder 7", 1)}
    told = [e.told for e in register.audit.log(LogFilter()) if e.event == Event.NOTICE_GIVEN]
    assert {"version": 1, "given": 3} in told
    assert register.audit.verify().ok


def test_a_list_may_name_people_who_left_meanwhile(register):
    """Somebody erased or going is counted and stops nobody else; a single unknown one is named."""
    party = plant(register, "client")
    going = plant(register, "client", fields={"given_name": "G"})
    register.grounds.end(str(going.number), all_but=["events"])
    register.notices.publish(TODAY)

    proven = register.notice_delivery.give([str(party.number), str(going.number), "99"], 1, "email")

    assert (proven.given, proven.passed_over, proven.unknown) == (1, 1, 1)
    with pytest.raises(NobodyThere):
        register.notice_delivery.give(["99"], 1, "email")


def test_a_relation_is_told_as_a_whole(register):
    """Bulk proof for everybody of a relation that lasts, and for nobody else."""
    clients = [plant(register, "client", fields={"given_name": f"K{i}"}) for i in range(2)]
    prospect = plant(register, "prospect", fields={"given_name": "P"})
    left = plant(register, "client", fields={"given_name": "L"})
    register.grounds.end(str(left.number), all_but=["events"])
    register.notices.publish(TODAY)

    steps: list[int] = []
    given = register.notice_delivery.give([], 1, "email", relation="client", progress=steps.append)
    assert (given.given, sum(steps)) == (2, 2)

    held = {bytes(row.party) for row in register.context.session.rows(NoticeGiven)}
    assert held == {bytes(one.id) for one in clients}
    assert [one.number for one in register.notice_delivery.uninformed()] == [prospect.number]


def test_proof_is_refused_that_cannot_be_true(register):
    """Not before publication, not ahead of time, not for a company, not by an unknown way."""
    party = plant(register, "client")
    company = plant(register, "client", legal=True, fields={"name": "SIA Akmens"})
    register.notices.publish(TODAY)
    number = str(party.number)

    for words, problem in (
        (([number], 2, "email"), UnknownNotice),
        (([number], 1, "pigeon"), UnknownChannel),
        (([], 1, "email"), NothingChosen),
        (([str(company.number)], 1, "email"), NoLawfulBasis),
    ):
        with pytest.raises(problem):
            register.notice_delivery.give(*words)
    with pytest.raises(NotYetPublished):
        register.notice_delivery.give([number], 1, "email", on=date(2026, 3, 1))
    with pytest.raises(DayAhead):
        register.notice_delivery.give([number], 1, "email", on=date(2026, 3, 3))


def test_who_was_not_told_is_listed_until_told(register):
    """Each person with the purposes nobody told them of; a changed purpose is untold anew."""
    party = plant(register, "client")
    plant(register, "client", legal=True, fields={"name": "SIA Akmens"})
    (line,) = register.notice_delivery.uninformed()
    assert (line.number, line.since) == (party.number, "2026-03-02")
    assert "communication" in line.purposes

    register.notices.publish(TODAY)
    register.notice_delivery.give([str(party.number)], 1, "in-person")
    assert register.notice_delivery.uninformed() == []

    register.purposes.edit("communication", {"source": "changed"})
    other = plant(register, "client", fields={"given_name": "Otrs"})
    register.notice_delivery.give([str(other.number)], 1, "in-person")
    (line,) = register.notice_delivery.uninformed()
    assert (line.number, line.purposes) == (other.number, ("communication",))


def test_proof_goes_with_the_person(register):
    """An erased person leaves no row that says they were told."""
    party = plant(register, "prospect")
    register.notices.publish(TODAY)
    register.notice_delivery.give([str(party.number)], 1, "email")

    register.subjects.erase(str(party.number), because="no-longer-needed", confirm=party.number)

    assert register.context.session.rows(NoticeGiven) == []


def test_an_import_says_who_was_informed(register):
    """`--informed DATE` is proof for each human being of the file, companies are told nothing."""
    text = "given_name;family_name;name;reg_no\nAnna;Ozola;;\n;;SIA Akmens;40003521600\n"
    order = ImportOrder(relation="client", informed=date(2018, 5, 25), obtained_from="subject")

    register.imports.take(io.BytesIO(text.encode()), order)

    (row,) = register.context.session.rows(NoticeGiven)
    assert (row.given, row.channel, row.version) == ("2018-05-25", "stated", None)
    assert register.notice_delivery.uninformed() == []

    order = ImportOrder(relation="client", informed="unknown")
    register.imports.take(io.BytesIO(b"given_name;family_name\nIlze;Kalna\n"), order)
    assert [one.name for one in register.notice_delivery.uninformed()] == ["Ilze Kalna"]


def test_the_doctor_names_the_untold_once_there_is_a_notice(register):
    """Before there is anything to give it only counts; afterwards it is something to do."""
    plant(register, "client")

    def check():
        return next(c for c in register.doctor.examine().checks if c.check == "uninformed")

    assert (check().state, check().count) == ("ok", 1)
    register.notices.publish(TODAY)
    assert (check().state, check().count) == ("warning", 1)


def test_roles_decide_who_publishes_and_who_proves(place, hire):
    """Owner and privacy publish; the office proves; others do neither."""
    with place.open() as register:
        make_ready(register)
        party = plant(register, "client")
        register.notices.publish(TODAY)
    with place.open(hire("office")) as register:
        assert register.notice_delivery.give([str(party.number)], 1, "email").given == 1
        for forbidden in (
            lambda: register.notices.publish(MONTH_ON),
            lambda: register.controller.edit({"phone": "1"}),
            lambda: register.wordings.add(b"x", code="x", kind="consent", language="en"),
        ):
            with pytest.raises(NoDuty):
                forbidden()
    for role in ("technician", "accountant"):
        with place.open(hire(role)) as register, pytest.raises(NoRight):
            register.notice_delivery.give([str(party.number)], 1, "email")
    with place.open(hire("auditor")) as register:
        assert register.notices.render(13, "en", version=1)
        assert register.notice_delivery.uninformed() == []


def test_a_wording_is_kept_byte_for_byte(register):
    """Its hash is that of the file; a changed text is a further version, the same text is not."""
    raw = "Jā, piekrītu.\r\n  Ar cieņu – Jānis\n".encode()
    card = register.wordings.add(raw, code="club", kind="consent", language="lv")

    assert card.line.hash == sha256(raw).hexdigest()
    assert register.wordings.show("club", "lv").body.encode() == raw
    with pytest.raises(WordingKnown):
        register.wordings.add(raw, code="club", kind="consent", language="lv")
    second = register.wordings.add(raw + b"!", code="club", kind="consent", language="lv")
    assert second.line.version == 2
    assert register.wordings.show("club", "lv", 1).body.encode() == raw


@pytest.mark.parametrize("raw", [b"", b"  \n", b"\xff\xfe", b"a\0b", b"x" * 70_000])
def test_what_is_no_text_is_no_wording(register, raw):
    """Empty, binary and endless files are refused."""
    with pytest.raises(BadWording):
        register.wordings.add(raw, code="club", kind="consent", language="lv")


def test_a_new_register_brings_its_wordings_once(register):
    """The program's own texts are there from the start, and loading them again adds none."""
    count = len(register.wordings.listing())

    assert count == 3 * 11
    assert register.wordings.load() == 0
    assert len(register.context.session.rows(WordingRow)) == count
    assert len(register.wordings.listing("it")) == 11
    with pytest.raises(UnknownWording):
        register.wordings.show("gossip", "lv")
