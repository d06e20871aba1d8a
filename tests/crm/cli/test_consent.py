"""A consent's life on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from crm.cli.app import root
from crm.consents.consents import NOTED
from crm.consents.words import STATES_NOTED, say_reason
from crm.i18n import use
from crm.transfer import consent_lists
from tests.crm.consenting import add_wording
from tests.crm.planting import plant

if TYPE_CHECKING:
    from tests.crm.conftest import Cli, Place, Result

NEWS = "direct_marketing"
YES = ("--purpose", NEWS, "--wording", "spring-news", "--channel", "paper")


@pytest.fixture
def number(place: Place) -> str:
    """Store a client and a text to consent to."""
    with place.open() as register:
        add_wording(register)
        return str(plant(register, "client").number)


def shown(result: Result) -> dict[str, object]:
    """Read an answer."""
    assert result.exit_code == 0, result.stderr
    answer: dict[str, object] = json.loads(result.stdout)
    return answer


@pytest.mark.parametrize(
    "command",
    [
        ("consent", "withdraw", "{number}"),
        ("consent", "withdraw", "--from", "-"),
        ("subject", "object", "{number}"),
    ],
)
def test_how_a_no_came_is_not_made_up(cli: Cli, number: str, command: tuple[str, ...]) -> None:
    """A no counts however it came; where nobody says how, "unknown" is written and no e-mail."""
    assert cli("consent", "give", number, *YES).exit_code == 0
    typed = [part.format(number=number) for part in command]
    done = cli(*typed, stdin=f"{number}\n")

    assert done.exit_code == 0, done.stderr
    listed = shown(cli("consent", "list", number, "--format", "json"))
    (line,) = [one for one in listed["consents"] if one["purpose"] == NEWS]  # type: ignore[attr-defined]
    assert (line["permits"], line["channel"]) == (False, "unknown")


def test_a_consents_life(place: Place, cli: Cli, number: str) -> None:
    """Given on paper, listed, handed out, looked at, withdrawn, kept as proof; the log is whole."""
    form = ("--format", "json")

    given = shown(
        cli("consent", "give", number, *YES, "--on", "2025-12-01", "--evidence-note", "-", *form,
            stdin="oriģināls mapē 7\n")
    )  # fmt: skip
    listed = shown(cli("consent", "list", number, *form))
    receipt = shown(cli("consent", "receipt", number, "--out", "-"))
    schema = json.loads(cli("consent", "schema").stdout)
    preview = shown(cli("consent", "withdraw", number, "--preview", *form))
    done = shown(cli("consent", "withdraw", number, *form))
    after = shown(cli("consent", "list", number, *form))
    why = shown(cli("client", "why", number, *form))

    assert (given["state"], given["since"], given["permits"]) == ("given", "2025-12-01", True)
    assert given["events"][0]["note"] == "oriģināls mapē 7"  # type: ignore[index]
    assert (listed["number"], listed["marketing_status"]) == (int(number), "opted_in")
    Draft202012Validator(schema).validate(receipt)
    assert {"goes", "stays"} <= set(preview)
    assert (done["grounds_ended"], done["state"]) == (1, "shredded")
    assert after["marketing_status"] == "objected"
    (consent,) = after["consents"]  # type: ignore[misc]
    assert [event["state"] for event in consent["events"]] == ["given", "withdrawn"]
    assert consent["permits"] is False
    proof = [line for line in why["data"] if line["item"] == "consent_proof"]  # type: ignore[attr-defined]
    assert {(line["purpose"], line["until"]) for line in proof} == {
        ("policy_change_notices", "2029-03-02")
    }
    assert cli("audit", "verify").exit_code == 0


def test_taking_back_needs_no_more_words_than_giving() -> None:
    """Withdrawing asks for fewer things than giving: the number alone will do (Art. 7(3))."""
    give, withdraw = (root.get_command(None, "consent").commands[n] for n in ("give", "withdraw"))  # type: ignore[arg-type, union-attr]

    def needed(command: object) -> int:
        return sum(each.required for each in command.params)  # type: ignore[attr-defined]

    assert needed(withdraw) < needed(give)


def test_tables_speak_to_people(cli: Cli, number: str) -> None:
    """Without --format every verb answers in words."""
    cli("consent", "note", number, "--state", "requested", *YES)
    cli("consent", "give", number, *YES)

    listed = cli("consent", "list", number)
    done = cli("consent", "withdraw", number)

    assert "direct marketing and news" in listed.stdout
    assert "yes, consent given" in listed.stdout
    assert "{" not in listed.stdout + done.stdout
    assert cli("consent", "list", number, "--format", "csv").exit_code == 0


def test_an_unsubscribe_file_stops_exactly_those(place: Place, cli: Cli, number: str) -> None:
    """Those on the list stop, the others do not, and lines of nobody end with 8."""
    with place.open() as register:
        fields = {"given_name": "Otrs", "email": "otrs@example.com"}
        other = str(plant(register, "client", fields=fields).number)
    for who in (number, other):
        cli("consent", "give", who, *YES)

    done = cli("consent", "withdraw", "--from", "-", "--format", "json",
               stdin="email\nkanarija@example.com\nnobody@example.com\n")  # fmt: skip

    assert done.exit_code == 8
    answer = json.loads(done.stdout)
    assert (answer["stopped"], answer["unknown"]) == ([int(number)], [3])
    assert "nobody@" not in done.stdout + done.stderr
    status = [
        shown(cli("consent", "list", who, "--format", "json"))["marketing_status"]
        for who in (number, other)
    ]
    assert status == ["objected", "opted_in"]


def test_an_import_reports_like_every_import(place: Place, cli: Cli, number: str) -> None:
    """Good rows are in, the others are named with line, column and reason; the code is 8."""
    path = place.folder / "consents.csv"
    path.write_text(
        "number;purpose;state;date;channel;wording\n"
        f"{number};{NEWS};given;2024-02-03;paper;spring-news\n"
        f"999;{NEWS};given;2024-02-03;paper;spring-news\n",
        "utf-8",
    )

    done = cli("consent", "import", str(path), "--format", "json")
    spoken = cli("consent", "import", str(path))

    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["given"], answer["rejected"]) == (8, 1, 1)
    assert answer["rejects"] == [
        {"line": 3, "nr": None, "column": "number", "reason": "nobody", "alike": []}
    ]
    assert "It matches nobody in the register." in spoken.stdout
    assert "--rejects" in spoken.stderr


def test_a_receipt_goes_into_a_private_file(place: Place, cli: Cli, number: str) -> None:
    """The file is the owner's alone and is listed among the copies."""
    cli("consent", "give", number, *YES)
    target = place.folder / "receipt.json"

    written = shown(cli("consent", "receipt", number, "--out", str(target), "--format", "json"))

    assert written["path"] == str(target)
    assert target.stat().st_mode & 0o077 == 0
    assert str(target) in cli("files", "list").stdout
    assert cli("consent", "receipt", number, "--out", str(target)).exit_code == 1


def test_wrong_words_end_with_their_codes(cli: Cli, number: str) -> None:
    """Refused by law is 4, not found 3, wrong usage 2."""
    codes = {
        cli("consent", "give", number, "--purpose", "accounting", *YES[2:]).exit_code: 4,
        cli("consent", "give", "999", *YES).exit_code: 3,
        cli("consent", "give", number, "--purpose", NEWS, "--channel", "paper").exit_code: 2,
        cli("consent", "withdraw").exit_code: 2,
    }
    assert all(found == wanted for found, wanted in codes.items())
    assert cli("consent", "withdraw", number, "--from", "x").exit_code == 2
    assert cli("consent", "receipt", number, "--out", "-").exit_code == 3
    assert cli("consent", "give", number, *YES[:3], "nothing-known", *YES[4:]).exit_code == 3


def test_every_reason_has_words() -> None:
    """Each code of a rejected row is said in a sentence."""
    use("en")
    codes = [
        value
        for name, value in vars(consent_lists).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, str)
    ]

    assert [code for code in codes if code != NEWS and say_reason(code) == code] == []


def test_the_command_takes_the_states_of_the_service() -> None:
    """The two lists of states that can be noted are one."""
    assert set(STATES_NOTED) == {str(state) for state in NOTED}
