"""Days inside sentences."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest

from crm import i18n
from crm.cli.errors import LinesOfNobody
from crm.dates import day_in, write
from crm.errors import DateToConfirm
from crm.grounds.words import say_because
from crm.session.words import translate
from gdpr.rules.because import Because, Code

_ROOT = Path(__file__).resolve().parents[2]
_DAY = date(2026, 11, 30)
# What carries a day into a sentence; a translation may ask for a case of each.
_DAYS = frozenset({"day", "until", "since", "earliest"})


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "30 November 2026"), ("lv", "2026. gada 30. novembris"), ("it", "30 novembre 2026")],
)
def test_running_text_writes_days_out(language: str, written: str) -> None:
    """A day in a sentence has the form that its readers write."""
    assert written == write(_DAY, language)
    assert written == f"{day_in(language, '2026-11-30')}"


def test_latvian_months_are_inflected() -> None:
    """All five cases, with the months that end in -s and the one whose stem softens."""
    ways = ("nom", "gen", "dat", "acc", "loc")

    def month(number: int) -> list[str]:
        return [write(date(2026, number, 5), "lv", way).split()[-1] for way in ways]

    assert month(11) == ["novembris", "novembra", "novembrim", "novembri", "novembrī"]
    assert month(5) == ["maijs", "maija", "maijam", "maiju", "maijā"]
    assert month(4) == ["aprīlis", "aprīļa", "aprīlim", "aprīli", "aprīlī"]
    assert month(1)[1] == "janvāra"


def test_italian_articles_are_elided() -> None:
    """The eighth and the eleventh begin with a vowel, and the first is an ordinal."""
    assert write(date(2026, 11, 8), "it", "al") == "all'8 novembre 2026"
    assert write(date(2026, 11, 11), "it", "il") == "l'11 novembre 2026"
    assert write(date(2026, 8, 1), "it", "dal") == "dal 1º agosto 2026"
    assert write(_DAY, "it", "del") == "del 30 novembre 2026"


def test_what_is_no_day_stays_as_it_is() -> None:
    """A name or a number that stands where a day might is never changed."""
    assert f"{day_in('lv', 'unknown'):dat}" == "unknown"
    assert f"{day_in('lv', '2026-11-30')!s}" == "2026-11-30"


@pytest.mark.parametrize(
    ("language", "said", "typed"),
    [
        ("en", "jumped to 30 November 2026", "--accept-date 2026-11-30"),
        ("lv", "pārlēca uz 2026. gada 30. novembri", "--accept-date 2026-11-30"),
        ("it", "saltata al 30 novembre 2026", "--accept-date 2026-11-30"),
    ],
)
def test_an_error_says_its_day_and_the_command_keeps_iso(
    language: str, said: str, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read is written out, and what is typed stays what the command understands."""
    monkeypatch.setattr(i18n._Voice, "language", "en")
    i18n.use(language)
    try:
        told = translate(DateToConfirm(day="2026-11-30"))
        because = say_because(
            Because(
                Code.GROUND_ENDED,
                "The last lawful basis that covered it ended on {day}.",
                {"day": _DAY},
            )
        )
        counted = translate(LinesOfNobody(count=2))
    finally:
        i18n.use("en")

    assert said in told
    assert told.endswith(typed)
    assert "2026-11-30" not in because
    assert counted.startswith("2 ")


def test_no_sentence_is_filled_with_a_day_as_it_is_stored() -> None:
    """A `{day}` that is not made ready would show ISO in English and fail in Latvian."""
    wrong = []
    for package in ("crm", "tui"):
        for path in sorted((_ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                    continue
                if node.func.attr != "format":
                    continue
                wrong += [
                    f"{path.relative_to(_ROOT)}:{node.lineno}"
                    for given in node.keywords
                    if given.arg in _DAYS and "spoken" not in ast.dump(given.value)
                ]

    assert wrong == []
