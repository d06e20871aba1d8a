"""The language of one process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm import i18n

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
