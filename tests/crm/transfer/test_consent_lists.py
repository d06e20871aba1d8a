"""Lists of consents and of those who want no more: exactly those, and never a no into a yes."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from crm.grounds.consent_rules import consents_of
from crm.transfer.errors import ColumnsMissing
from tests.crm.consenting import add_wording, agree
from tests.crm.planting import plant

if TYPE_CHECKING:
    from pathlib import Path

    from crm.kartoteka import Kartoteka
    from crm.transfer.cards import ConsentImport

NEWS = "direct_marketing"
HEADINGS = ("number", "email", "purpose", "state", "date", "channel", "wording")


@pytest.fixture
def firm(register: Kartoteka) -> Kartoteka:
    """Open a register with a text to consent to."""
    add_wording(register)
    return register


def person(firm: Kartoteka, email: str) -> int:
    """Store a client with an address."""
    return plant(firm, "client", fields={"given_name": "P", "email": email}).number


def listed(*rows: tuple[object, ...], headings: tuple[str, ...] = HEADINGS) -> io.BytesIO:
    """Write a list as a spreadsheet would."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(headings)
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode("utf-8-sig"))


def take(firm: Kartoteka, *rows: tuple[object, ...]) -> ConsentImport:
    """Import rows."""
    return firm.consent_lists.take(listed(*rows))


def state(firm: Kartoteka, number: int) -> str | None:
    """Return the state of the consent to the news."""
    found = firm.consents.listing(str(number)).consents
    return found[0].state if found else None


def test_an_unsubscribe_list_stops_exactly_those(firm: Kartoteka) -> None:
    """Addresses and numbers on it stop, once each; others go on, unknown lines are reported."""
    people = {f"p{i}@example.com": person(firm, f"p{i}@example.com") for i in range(6)}
    for number in people.values():
        agree(firm, number)
    firm.consents.withdraw(str(people["p5@example.com"]), channel="phone")
    words = [
        "E-mail",
        "p0@example.com",
        f"{people['p1@example.com']}",
        '"P2@Example.com";"kāds"',
        "p0@example.com",
        "nobody@example.com",
        "999",
        "p5@example.com",
        "",
    ]

    done = firm.consent_lists.stop(io.BytesIO("\r\n".join(words).encode()), channel="email")

    stopped = [people[f"p{i}@example.com"] for i in range(3)]
    assert done.stopped == tuple(stopped)
    assert done.already == (people["p5@example.com"],)
    assert done.unknown == (6, 7)
    assert done.read == 7
    for email, number in people.items():
        yes = email in {"p3@example.com", "p4@example.com"}
        assert state(firm, number) == ("given" if yes else "withdrawn"), email
    assert firm.audit.verify().ok


def test_an_address_of_two_stops_both(firm: Kartoteka) -> None:
    """When one address belongs to two parties nobody is written to at it any more."""
    numbers = [person(firm, "both@example.com") for _ in range(2)]
    for number in numbers:
        agree(firm, number)

    done = firm.consent_lists.stop(io.BytesIO(b"both@example.com\n"), channel="email")

    assert done.stopped == tuple(numbers)


def test_300_historic_consents_come_in_with_their_texts(firm: Kartoteka) -> None:
    """Of 300 rows the yes to a known text counts, to an unknown one it is not given."""
    digest = add_wording(firm, "old-news", text="Vecais teksts.")
    numbers = [person(firm, f"h{i}@example.com") for i in range(300)]
    rows: list[tuple[object, ...]] = []
    for i, number in enumerate(numbers):
        who = (number, "") if i % 2 else ("", f"h{i}@example.com")
        text = ("old-news", digest, "lost-text", "")[i % 4]
        if i % 10 == 9:
            rows.append((*who, NEWS, "withdrawn", "2024-05-06", "email", ""))
        else:
            rows.append((*who, NEWS, "given", "2023-04-05", "web_form", text))

    done = take(firm, *rows)

    withdrawn = set(range(9, 300, 10))
    given = {i for i in range(300) if i % 4 < 2} - withdrawn
    assert (done.read, done.created, done.rejected) == (300, 300, 0)
    assert (done.given, done.ended) == (len(given), len(withdrawn))
    assert done.not_given == 300 - len(given) - len(withdrawn)
    for i in (0, 1, 2, 3, 9, 13, 298):
        wanted = "withdrawn" if i in withdrawn else "given" if i in given else "unknown"
        (line,) = firm.consents.listing(str(numbers[i])).consents
        assert (line.state, line.permits) == (wanted, i in given), i
        if i in given:
            assert (line.since, line.at[:10], line.wording) == ("2023-04-05",) * 2 + ("old-news",)
    again = take(firm, *rows)
    assert (again.created, again.duplicates) == (0, 300)
    renamed = take(firm, *rows[::-1])
    assert (renamed.created, renamed.duplicates + renamed.rejected) == (0, 300)
    assert firm.audit.verify().ok


@pytest.mark.parametrize("no", ["withdrawn", "objected", "expired", "invalidated", "revoked"])
def test_no_list_turns_a_no_or_an_end_into_a_yes(firm: Kartoteka, no: str) -> None:
    """After a no or an end only the person says yes again; the row is rejected with the reason."""
    number = person(firm, "a@example.com")
    take(firm, (number, "", NEWS, no, "2024-01-01", "email", ""))

    done = take(firm, (number, "", NEWS, "given", "2025-01-01", "paper", "spring-news"))

    assert (done.created, done.given) == (0, 0)
    (reject,) = done.rejects
    assert (reject.line, reject.column, reject.reason) == (2, "state", "said no")
    assert state(firm, number) == no
    agree(firm, number)
    assert state(firm, number) == "given"


def test_an_old_no_does_not_undo_a_newer_yes(firm: Kartoteka) -> None:
    """A list from before the person agreed anew says nothing about today."""
    number = person(firm, "a@example.com")
    agree(firm, number)

    done = take(firm, (number, "", NEWS, "withdrawn", "2024-01-01", "email", ""))

    assert [reject.reason for reject in done.rejects] == ["older"]
    assert state(firm, number) == "given"


def test_a_list_of_today_ends_a_consent(firm: Kartoteka) -> None:
    """A no from a list is in force at once, like one said at the desk."""
    number = person(firm, "a@example.com")
    agree(firm, number)

    done = take(firm, (number, "", NEWS, "withdrawn", firm.context.day.isoformat(), "email", ""))

    assert done.ended == 1
    assert not firm.consents.listing(str(number)).consents[0].permits


def test_the_same_list_revives_nobody_after_an_erasure(firm: Kartoteka) -> None:
    """Who was erased is in no list any more, and no later client of that number is met."""
    number = person(firm, "a@example.com")
    row = (number, "a@example.com", NEWS, "given", "2024-01-01", "paper", "spring-news")
    take(firm, row)
    firm.grounds.end(str(number), all_but=["statistics"], now=True)

    done = take(firm, row, ("", "a@example.com", NEWS, "given", "2024-01-02", "paper", ""))

    assert [reject.reason for reject in done.rejects] == ["nobody", "nobody"]
    assert not consents_of(firm.context).files(b"x" * 16)


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"number": "777"}, "number", "nobody"),
        ({"number": "", "email": ""}, "number", "nobody"),
        ({"number": "", "email": "two@example.com"}, "email", "several"),
        ({"purpose": "accounting"}, "purpose", "purpose"),
        ({"purpose": "gossip"}, "purpose", "purpose"),
        ({"state": "maybe"}, "state", "state"),
        ({"date": "yesterday"}, "date", "date"),
        ({"date": "2026-03-03"}, "date", "date ahead"),
        ({"channel": "pigeon"}, "channel", "channel"),
    ],
)
def test_a_row_that_cannot_be_right_is_rejected(
    firm: Kartoteka, tmp_path: Path, cells: dict[str, str], column: str, reason: str
) -> None:
    """The reject names line, column and reason; the good row beside it is in."""
    good, bad = person(firm, "g@example.com"), person(firm, "b@example.com")
    for _ in range(2):
        person(firm, "two@example.com")
    usual = {"purpose": NEWS, "state": "given", "date": "01.02.2025", "channel": "paper"}
    usual |= {"number": str(bad), "email": "", "wording": "spring-news"}
    rows = [{**usual, "number": str(good)}, {**usual, **cells}]
    rejects = tmp_path / "rejects.csv"
    rejects.parent.chmod(0o700)

    done = firm.consent_lists.take(
        listed(*(tuple(row[name] for name in HEADINGS) for row in rows)), rejects=rejects
    )

    assert (done.created, done.rejected) == (1, 1)
    assert [(r.line, r.column, r.reason) for r in done.rejects] == [(3, column, reason)]
    assert state(firm, good) == "given"
    assert state(firm, bad) is None
    assert reason in rejects.read_text("utf-8-sig")
    assert any(copy.kind == "rejects" for copy in firm.copies.list())


def test_a_list_without_its_columns_is_refused(firm: Kartoteka) -> None:
    """Nothing is guessed: who, which purpose, which state and which day have to be there."""
    for headings in (("number", "purpose", "state"), ("purpose", "state", "date"), ("a", "b")):
        with pytest.raises(ColumnsMissing):
            firm.consent_lists.take(listed(("1", "2", "3")[: len(headings)], headings=headings))
