"""The language of one process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm import i18n
from crm.cli.errors import LinesOfNobody
from crm.session.words import translate
from gdpr.text import Counted
from tests.house.generated import errors

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    i18n.use("en")


def test_the_language_can_be_changed_and_asked() -> None:
    """A known language is spoken, an unknown one is English."""
    i18n.use("lv")
    latvian = i18n._("yes")
    i18n.use("xx")

    assert ("jā", "yes", "en") == (latvian, i18n._("yes"), i18n.current())


def test_an_empty_message_stays_empty() -> None:
    """The library would answer an empty message with the catalogue's header."""
    i18n.use("it")

    assert "" == i18n._("")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "lv_LV.UTF-8"}, "lv"),
        ({"LC_ALL": "it_IT", "LANG": "lv_LV"}, "it"),
        ({"LC_ALL": "", "LANG": "it_IT.UTF-8"}, "it"),
        ({"LC_MESSAGES": "C", "LANG": "lv_LV"}, "en"),
        ({"LANG": "de_DE"}, "en"),
        ({}, "en"),
    ],
)
def test_a_first_start_speaks_the_machines_language(
    environment: dict[str, str], language: str
) -> None:
    """The locale decides in its usual order where nobody chose."""
    assert language == i18n.guess(environment)


def test_latvian_counts_in_its_own_way() -> None:
    """21 is counted like 1, and 11 is not."""
    i18n.use("lv")

    def said(count: int) -> str:
        return i18n.ngettext(
            "Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", count
        )

    assert said(1) == said(21)
    assert len({said(1), said(11)}) == len({said(1), said(0)}) == 2
    assert said(11) == said(2)


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("en", "1 line matches nobody", "2 lines match nobody"),
        ("lv", "1 rinda neatbilst nevienam", "2 rindas neatbilst nevienam"),
        ("it", "1 riga non corrisponde", "2 righe non corrispondono"),
    ],
)
def test_an_error_counts_what_it_speaks_of(language: str, one: str, many: str) -> None:
    """One of something is said in the singular, in the log as on the screen."""
    i18n.use(language)

    assert translate(LinesOfNobody(count=1)).startswith(one)
    assert translate(LinesOfNobody(count=2)).startswith(many)
    assert str(LinesOfNobody(count=1)).startswith("1 line matches")
    assert str(LinesOfNobody(count=0)).startswith("0 lines match")


def test_every_error_that_counts_has_a_form_for_one() -> None:
    """A text that begins with a count has a singular as well."""
    assert [
        kind.__name__
        for kind in errors()
        if kind.text.startswith("{count}") and not isinstance(kind.text, Counted)
    ] == []
