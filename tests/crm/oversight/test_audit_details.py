"""What the log says beside an event: every code of ours has words in every language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm import i18n
from crm.grounds.words import BACK, CAUSES, CHANNELS, CONSENT_STATES, ENDINGS, KEEPING
from crm.oversight.audit_details import told_value
from gdpr.rules.purposes import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    yield
    i18n.use("en")


@pytest.mark.parametrize("language", ["lv", "it"])
def test_a_code_of_an_entry_is_said_in_words(language: str) -> None:
    """Channels, states and reasons that entries hold are not shown as codes."""
    codes = {*CHANNELS, *CONSENT_STATES, *KEEPING, *BACK, *CAUSES, *ENDINGS, *map(str, Evidence)}
    i18n.use(language)

    assert [] == sorted(code for code in codes if told_value(code, {}) == code)
