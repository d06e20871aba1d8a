"""`client`, `contact` and `note` as they are typed: keys for scripts, exit codes, languages."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.crm.conftest import Cli, Hire, Place, Result

KEYS = ["id", "number", "kind", "name", "reg_no", "vat_no", "email", "phone", "status"]
BERZINS = (
    *("client", "add", "--kind", "legal", "--name", "SIA Bērziņš un dēli", "--country", "LV"),
    *("--vat-no", "LV40003521600", "--relation", "client"),
)
ANNA = {
    "kind": "natural",
    "given_name": "Anna",
    "family_name": "Kalniņa",
    "personal_code": "161175-19997",
    "iban": "LV80BANK0000435195001",
    "phone": "iekšējais 12",
    "relation": "client",
}


def told(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_a_client_is_entered_and_found_in_every_spelling(cli: Cli) -> None:
    """The line from adding to finding and showing, with the keys that scripts rely on."""
    added = told(cli(*BERZINS, "--format", "json"))
    searches = [("berzins",), ("BĒRZIŅŠ",), ("deli berz",), ("deli", "berz"), ("Берзиньш",)]
    searches += [("zin",), ("LV40003521600",), ("40003521600",), ("1",)]

    found = [told(cli("client", "find", *words, "--format", "json")) for words in searches]

    assert list(added)[:9] == KEYS
    assert (added["number"], added["status"]) == (1, "active")
    assert [[line["number"] for line in lines] for lines in found] == [[1]] * len(searches)
    assert [list(line) for line in found[0]] == [KEYS]
    assert list(told(cli("client", "show", "LV40003521600", "--format", "json")))[:9] == KEYS
    assert list(told(cli("client", "list", "--format", "json"))[0]) == KEYS


def test_a_client_is_found_by_mail_and_phone_in_two_spellings(cli: Cli) -> None:
    """What stands on a card leads back to it, however it is typed."""
    cli(*BERZINS, "--email", "birojs@example.com", "--phone", "+371 29123456")

    texts = ("birojs@example.com", "+371 29 123 456", "29123456", "00371-29123456")
    found = [told(cli("client", "find", text, "--format", "json")) for text in texts]

    assert [[line["number"] for line in lines] for lines in found] == [[1]] * 4


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("en", "The check digit of the VAT number is wrong."),
        ("lv", "PVN numura kontrolcipars ir nepareizs."),
        ("it", "La cifra di controllo della partita IVA è errata."),
    ],
)
def test_a_wrong_check_digit_is_refused_in_the_users_language(
    cli: Cli, language: str, reason: str
) -> None:
    """Exit 2, nothing on stdout, and the reason without the number that was typed."""
    words = ("--kind", "legal", "--name", "SIA X", "--vat-no", "LV40003521601")

    refused = cli("--lang", language, "client", "add", *words, "--relation", "client")

    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert reason in refused.stderr
    assert "4000352160" not in refused.stderr
    assert told(cli("client", "list", "--format", "json")) == []


def test_exit_codes_say_what_happened(cli: Cli) -> None:
    """2 for a value or a likeness, 3 for nobody, 4 for the law with its article."""
    cli(*BERZINS)
    offer = ("client", "add", "--kind", "natural", "--name", "Anna Kalniņa")
    commands: list[tuple[int, tuple[str, ...]]] = [
        (2, ("client", "add", "--kind", "legal", "--name", "X", "--relation", "nobody")),
        (2, ("client", "add", "--kind", "legal", "--name", "X")),
        (2, ("client", "add", "--name", "X", "--relation", "client")),
        (2, BERZINS),
        (2, ("client", "add", "--kind", "legal", "--name", "Bērziņš un dēli, SIA")),
        (2, ("client", "edit", "1")),
        (2, ("client", "edit", "1", "number=5")),
        (2, ("client", "edit", "1", "email")),
        (2, ("client", "edit", "1", "email=nothing")),
        (3, ("client", "show", "99")),
        (3, ("client", "show", "Bērziņš")),
        (3, ("client", "why", "99")),
        (3, ("contact", "left", "1")),
        (4, (*offer, "--personal-code", "161175-19997", "--relation", "prospect")),
        (0, ("client", "find", "nobody at all")),
    ]

    codes = [cli(*words).exit_code for _code, words in commands]

    assert codes == [code for code, _words in commands]
    refused = cli(*commands[-2][1])
    assert "6(1)" in refused.stderr
    assert "161175" not in refused.stderr


def test_personal_values_come_from_standard_input(cli: Cli) -> None:
    """A dash reads one JSON object, so that nothing personal stands in the process list."""
    added = told(cli("client", "add", "-", "--format", "json", stdin=json.dumps(ANNA)))
    edited = told(
        cli("client", "edit", "1", "-", "--format", "json", stdin='{"email": "a@example.com"}')
    )
    cleared = told(cli("client", "edit", "1", "-", "--format", "json", stdin='{"email": null}'))

    assert added["name"] == "Anna Kalniņa"
    assert added["personal_code"] == "••••9997"
    assert added["phone_to_check"] is True
    assert edited["email"] == "a@example.com"
    assert cleared["email"] is None
    assert cli("client", "add", "-", stdin='{"colour": "red"}').exit_code == 2
    assert cli("client", "add", "-", stdin="[]").exit_code == 2
    bad_day = json.dumps({**ANNA, "personal_code": "010180-10000", "since": "2.3.2026"})
    assert cli("client", "add", "-", "--anyway", stdin=bad_day).exit_code == 2


def test_purposes_can_be_named_one_by_one(cli: Cli) -> None:
    """Single purposes stand for a relation, from options or from JSON."""
    words = ("--kind", "legal", "--name", "SIA Viena", "--purpose", "delivery")
    told(cli("client", "add", *words, "--purpose", "payments", "--format", "json"))
    other = {"kind": "legal", "name": "AS Cita", "purposes": ["service_delivery"]}
    told(cli("client", "add", "-", "--format", "json", stdin=json.dumps(other)))

    why = [told(cli("client", "why", number, "--format", "json"))["data"] for number in ("1", "2")]

    assert [{datum["purpose"] for datum in data} for data in why] == [
        {"delivery"},
        {"service_delivery"},
    ]


def test_masked_numbers_show_only_when_asked(cli: Cli) -> None:
    """Dots in every form of the answer, until --reveal; a table groups what it may show."""
    cli("client", "add", "-", stdin=json.dumps(ANNA))

    forms = [cli("client", "show", "1", "--format", form) for form in ("json", "csv", "table")]
    revealed = cli("client", "show", "1", "--reveal")

    for shown in (*forms, cli("client", "list", "--format", "csv"), cli("client", "find", "anna")):
        assert "19997" not in shown.stdout + shown.stderr
        assert "4351" not in shown.stdout + shown.stderr
    assert "161175-19997" in revealed.stdout
    assert "LV80 BANK 0000 4351 9500 1" in revealed.stdout


def test_lists_come_in_four_forms(cli: Cli) -> None:
    """A table for people; JSON, JSON lines and CSV with every field under its fixed name."""
    cli(*BERZINS)

    lines = cli("client", "list", "--format", "jsonl").stdout.splitlines()
    table = list(csv.reader(io.StringIO(cli("client", "list", "--format", "csv").stdout)))

    assert [list(json.loads(line)) for line in lines] == [KEYS]
    assert table[0] == KEYS
    assert table[1][3] == "SIA Bērziņš un dēli"
    assert "juridiska persona" in cli("--lang", "lv", "client", "list").stdout


def test_why_speaks_the_users_language(cli: Cli) -> None:
    """The reason is a sentence with its date written out; the keys are those of scripts."""
    cli(*BERZINS)
    keys = "table field item category purpose basis article since until because going also"

    english, latvian = (
        told(cli("--lang", language, "client", "why", "1", "--format", "json"))["data"]
        for language in ("en", "lv")
    )

    assert [list(datum) for datum in english] == [keys.split()] * len(english)
    assert all(str(datum["until"])[:4] in datum["because"] for datum in english + latvian)
    assert english[0]["because"] != latvian[0]["because"]
    assert "accounting" in cli("client", "why", "1").stdout


def test_further_phones_and_addresses_are_options(cli: Cli) -> None:
    """What there is several of is added and removed one at a time."""
    cli(*BERZINS)
    more = ("--add-phone", "67000000", "--add-email", "otrs@example.com", "--add-address", "Rīga")

    edited = told(cli("client", "edit", "1", "legal-address=Liepāja", *more, "--format", "json"))
    removed = told(cli("client", "edit", "1", "--remove-phone", "67 000 000", "--format", "json"))

    assert edited["legal_address"] == "Liepāja"
    assert (edited["phones"], edited["emails"]) == (["+37167000000"], ["otrs@example.com"])
    assert edited["addresses"] == ["Rīga"]
    assert removed["phones"] == []


@pytest.mark.parametrize("by", ["option", "json"])
def test_who_is_entered_may_have_been_told_before(cli, by):
    """A day goes on record as proof, `unknown` beside the source, and nothing counts as told."""

    def entered(*words, **typed):
        informed = {} if typed["informed"] is None else {"informed": typed["informed"]}
        if by == "json":
            typed = json.dumps({**typed["fields"], **informed})
            return told(cli(*words, "-", "--format", "json", stdin=typed))
        fields = {**typed["fields"], **informed}
        options = [
            part for name in fields for part in (f"--{name}".replace("_", "-"), fields[name])
        ]
        return told(cli(*words, *options, "--format", "json"))

    firm = {"kind": "legal", "name": "SIA Bērziņš", "relation": "client"}
    entered("client", "add", fields=firm, informed="2026-02-01")
    numbers = {}
    for informed in ("2026-02-01", "unknown", None):
        name = {"given_name": "Anna", "family_name": f"Kalniņa {str(informed).title()}"}
        client = {"kind": "natural", "relation": "client", **name}
        person = {**name, "given_name": "Zenta"}
        numbers[informed] = {
            entered("client", "add", fields=client, informed=informed)["number"],
            entered("contact", "add", "1", fields=person, informed=informed)["number"],
        }
    listed = json.loads(cli("notice", "uninformed", "--format", "json").stdout)
    assert {line["number"] for line in listed} == numbers["unknown"] | numbers[None]
    for informed, who in numbers.items():
        for number in who:
            card = told(cli("client", "show", str(number), "--format", "json"))
            known = None if informed is None else f"informed {informed}"
            assert card["provenance"] == known


def test_nobody_was_told_tomorrow(cli):
    """A day ahead, a day that is none and a word that is none are refused, and nobody is stored."""
    words = ("--kind", "natural", "--name", "Anna Kalniņa", "--relation", "client")
    for informed in ("2026-03-03", "2026-02-30", "maybe"):
        assert cli("client", "add", *words, "--informed", informed).exit_code == 2
        asked = json.dumps(
            {"kind": "natural", "name": "Anna", "relation": "client", "informed": informed}
        )
        assert cli("client", "add", "-", stdin=asked).exit_code == 2
    assert json.loads(cli("client", "list", "--format", "json").stdout) == []


def test_contact_persons_come_and_leave(cli: Cli) -> None:
    """A contact is entered at a company, corrected, and let go; the company's card follows."""
    cli(*BERZINS)
    person = ("--given-name", "Jānis", "--family-name", "Ozols", "--position", "direktors")

    added = told(cli("contact", "add", "1", *person, "--format", "json"))
    by_json = {"given_name": "Ilze", "email": "ilze@example.com", "position": "jurists"}
    second = told(cli("contact", "add", "1", "-", "--format", "json", stdin=json.dumps(by_json)))
    edited = told(cli("contact", "edit", "2", "position=valdes loceklis", "--format", "json"))
    left = told(cli("contact", "left", "2", "1", "--on", "2026-03-01", "--format", "json"))
    gone = told(cli("contact", "left", "3", "--now", "--format", "json"))
    company = told(cli("client", "show", "1", "--format", "json"))

    assert (added["number"], added["status"]) == (2, "contact")
    assert second["works_at"][0]["position"] == "jurists"
    assert edited["works_at"][0]["position"] == "valdes loceklis"
    assert (left["number"], left["still_at"], left["going_until"]) == (2, [], "2026-03-16")
    assert gone["going_until"] is None
    assert [(one["number"], one["left"]) for one in company["contacts"]] == [(2, "2026-03-01")]
    assert told(cli("client", "list", "--format", "json"))[0]["number"] == 1
    assert cli("client", "show", "3").exit_code == 3
    assert "to be erased" in cli("client", "find", "ozols").stdout


def test_notes_are_written_and_read(cli: Cli) -> None:
    """A note from the line or from standard input; the newest first."""
    cli(*BERZINS)
    told(cli("note", "add", "1", "zvanīja", "--format", "json"))
    told(cli("note", "add", "LV40003521600", "-", "--format", "json", stdin='{"text": "rakstīja"}'))

    notes = told(cli("note", "list", "1", "--format", "json"))

    assert {note["text"] for note in notes} == {"zvanīja", "rakstīja"}
    assert {note["author"] for note in notes} == {"anna"}
    assert cli("note", "add", "1", " ").exit_code == 2
    assert "zvanīja" in cli("note", "list", "1").stdout


def test_roles_meet_locked_doors(cli: Cli, hire: Hire) -> None:
    """Exit 5 where the role has no key or no right; an auditor's list has numbers, no names."""
    cli(*BERZINS, "--email", "birojs@example.com")
    cli("note", "add", "1", "slepena piezīme")
    accountant, auditor = hire("accountant"), hire("auditor")

    listed = told(cli("client", "list", "--format", "json", login=auditor))
    shown = cli("client", "show", "1", "--format", "json", login=accountant)

    assert listed == [{**dict.fromkeys(KEYS), **listed[0], "name": None, "email": None}]
    assert listed[0]["number"] == 1
    assert "slepena" not in shown.stdout
    assert cli("note", "list", "1", login=accountant).exit_code == 5
    assert cli("client", "edit", "1", "email=x@example.com", login=accountant).exit_code == 5
    assert cli(*BERZINS, login=auditor).exit_code == 5


def test_damage_is_told_after_the_rest(cli: Cli, place: Place) -> None:
    """The list prints every readable client, then names table and row and exits 7."""
    cli(*BERZINS)
    broken = told(
        cli("client", "add", "--kind", "legal", "--name", "SIA Otrā", "--relation", "client",
            "--format", "json")
    )  # fmt: skip
    with place.open() as register:
        register.context.session.database.execute_sql(
            "UPDATE party SET country = 'XX' WHERE number=2"
        )

    listed = cli("client", "list", "--format", "json")

    assert [line["number"] for line in json.loads(listed.stdout)] == [1]
    assert listed.exit_code == 7
    assert "party" in listed.stderr
    assert broken["id"] in listed.stderr
    assert cli("client", "show", "2").exit_code == 7
    assert cli("client", "show", "1").exit_code == 0


def test_a_failure_never_repeats_what_was_typed(cli: Cli) -> None:
    """Whatever goes wrong, no personal value reaches stdout or stderr."""
    canary = "KanārijputniņšQX7"
    cli(*BERZINS)
    commands = [
        ("client", "show", canary),
        ("client", "add", "--kind", "legal", "--name", canary, "--vat-no", canary),
        ("client", "add", "--kind", "legal", "--name", canary, "--email", canary,
         "--relation", "client"),
        ("client", "add", "--kind", canary, "--name", canary),
        ("client", "edit", "1", f"iban={canary}"),
        ("client", "edit", "1", f"{canary}=1"),
        ("client", "edit", "1", "--remove-phone", canary),
        ("contact", "add", "1", "--given-name", canary, "--email", canary),
        ("contact", "left", "1", canary),
        ("client", canary),
    ]  # fmt: skip
    for words in commands:
        result = cli(*words)
        assert result.exit_code in {2, 3}
        assert canary not in result.stdout + result.stderr
