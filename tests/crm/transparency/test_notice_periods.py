"""Every period in every text is the one of the rule that the program obeys, in each language."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from crm.starter import notice_words, starter, starter_wordings
from crm.transparency.notice_words import NoticeWords
from crm.transparency.purposes import purpose_words
from gdpr.papers import notices
from gdpr.rules.purposes import Scope, Trigger

LANGUAGES = ("en", "lv", "it")
COUNTRIES = ("LV", "IT", "EE")
_UNITS = {
    "en": {12: r"years?", 1: r"months?", 0: r"days?|weeks?"},
    "lv": {12: r"gad\w*", 1: r"mēne\w*", 0: r"dien\w*|nedēļ\w*"},
    "it": {12: r"ann[oi]", 1: r"mes[ei]", 0: r"giorn[oi]|settiman[ae]"},
}
_NUMBER_WORDS = {
    "en": {"one": 1, "two": 2, "three": 3},
    "lv": {"viena": 1, "vienu": 1, "diviem": 2, "trīs": 3},
    "it": {"un": 1, "due": 2, "tre": 3},
}
# Words by which a sentence sets an end of its own, beside the rule.
_ENDS = {
    "en": r"\b(until|no longer than|at the latest|within|overwritten|written over)\b",
    "lv": r"\b(līdz|vēlākais|ne ilgāk|pārrakst\w*)\b",
    "it": r"\b(fino a\w*|finché|entro|al più tardi|sovrascritt\w*)\b",
}


def _months(text: str, language: str) -> Counter[tuple[int, str]]:
    """Find every period a text speaks of, as (how many, of what)."""
    words = _NUMBER_WORDS[language]
    found: Counter[tuple[int, str]] = Counter()
    for factor, unit in _UNITS[language].items():
        for number in re.findall(rf"(\d+|{'|'.join(words)})\s+(?:{unit})\b", text, re.IGNORECASE):
            count = int(number) if number.isdigit() else words[number.lower()]
            found[count * (factor or 1), "months" if factor else "days"] += 1
    return found


def _of_rules(purpose, *, review: bool) -> Counter[tuple[int, str]]:
    """Give the periods of the rules by which the program keeps and destroys."""
    wanted: Counter[tuple[int, str]] = Counter()
    for rule in purpose.retention:
        if rule.months and (rule.trigger is not Trigger.GROUND_END or not purpose.items):
            wanted[rule.months, "months"] += 1
        if rule.days:
            wanted[rule.days, "days"] += 1
    if review and purpose.items and purpose.ground_rule() is None:
        wanted[purpose.review_after(""), "months"] += 1
    return wanted


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_period_that_is_told_is_the_period_of_the_rule(country, language):
    """Each purpose, each country, each language: the numbers of the text are those of its rules."""
    for purpose in starter(country).purposes:
        told = _months(NoticeWords(language).periods(purpose, 0), language)
        assert told == _of_rules(purpose, review=True), purpose.code
        card = purpose_words(purpose, language).periods
        assert _months(card, language) == _of_rules(purpose, review=True), purpose.code


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_tells_a_period_of_its_own(country, language):
    """Why a datum is kept and why nobody's interest is hurt says nothing of how long: rules do."""
    for purpose in starter(country).purposes:
        texts = [purpose.texts[language].name, purpose.texts[language].why]
        if purpose.balancing:
            note = purpose.balancing[language]
            texts += [note.interest, note.need, note.balance]
        for text in texts:
            assert not _months(text, language), (purpose.code, text)
            assert not re.search(_ENDS[language], text, re.IGNORECASE), (purpose.code, text)
    for wording in starter_wordings():
        if wording.language == language:
            assert not _months(wording.body, language), wording.code


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_months_of_the_law_are_those_the_program_counts(language):
    """A month to answer and two more (Art. 12(3)), a month before a change; nothing else."""
    month = notices._MONTHS_BEFORE
    fixed = {"rights_after": {1: 1, 2: 1}, "changes": {month: 1}}
    for code, text in notice_words(language).items():
        sentences = text if isinstance(text, list) else [text] if isinstance(text, str) else []
        told = sum((_months(one, language) for one in sentences), Counter())
        wanted = Counter({(n, "months"): c for n, c in fixed.get(code, {}).items()})
        assert told == wanted, code


@pytest.mark.parametrize("language", LANGUAGES)
def test_notes_are_promised_no_period_of_documents(language):
    """What a clerk writes about a person goes with the person; only records have clocks."""
    words = NoticeWords(language)
    both = words.items(["correspondence"])
    for purpose in starter("LV").purposes:
        kept = any("correspondence" in rule.items for rule in purpose.retention)
        if kept and all(rule.scope is Scope.RECORDS for rule in purpose.retention):
            said = words.periods(purpose, 0)
            assert both not in said
            assert words.text("records", "correspondence") in said
