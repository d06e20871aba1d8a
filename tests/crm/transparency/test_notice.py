"""The notice of a Latvian, an Italian and another firm is complete, lawful and self-contained."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
import yaml

from crm.privacy import ITEMS, SubjectKind
from crm.starter import notice_words, starter, starter_wordings
from crm.transparency.errors import NoticeBlank
from crm.transparency.notice_text import ARTICLES, NoticeFacts, compose
from crm.transparency.notice_words import NoticeWords
from gdpr.papers.rendering import FORMS, render
from gdpr.rules.purposes import Action, Basis, Evidence, Trigger

LANGUAGES = ("en", "lv", "it")
COUNTRIES = ("LV", "IT", "EE")
DAY = date(2026, 11, 22)
FIRMS = {
    "LV": {
        "name": "SIA Testa birojs",
        "country": "LV",
        "reg_no": "40003798684",
        "address": "Brīvības iela 1, Rīga",
        "email": "dati@example.com",
        "phone": "",
        "dpo": "",
        "transfers": "none",
        "automated": "none",
        "sources": "client, public, third-party",
    },
    "IT": {
        "name": "Prova & Figli S.r.l.",
        "country": "IT",
        "reg_no": "01085650446",
        "address": "Via Roma 1, 63900 Fermo",
        "email": "privacy@example.com",
        "phone": "+39 0734 123456",
        "dpo": "avv. Maria Bianchi, dpo@example.com",
        "transfers": "none",
        "automated": "none",
        "sources": "client, public, third-party",
    },
}
FIRMS["EE"] = {**FIRMS["LV"], "name": "OÜ Näidis", "country": "EE", "reg_no": ""}
EVERY = [
    (country, language, article)
    for country in COUNTRIES
    for language in LANGUAGES
    for article in ARTICLES
]
# What Articles 13 and 14 want to be said, each by the anchor of its section.
BOTH = {
    *("controller", "objection", "purposes", "interests", "recipients", "transfers", "retention"),
    *("rights", "complaint", "automated", "changes"),
}
WANTED = {13: BOTH | {"provision"}, 14: BOTH | {"categories", "source"}}


def facts(country, article=13, **changes):
    purposes = starter(country).purposes
    return replace(NoticeFacts(article, FIRMS[country], purposes, DAY), **changes)


class Page(HTMLParser):
    """Collects what a reader, or a reader's machine, would meet."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.texts = [], [], []
        self.cells = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag in {"td", "th", "p", "li", "h1", "h2", "caption"}:
            self.cells.append("")

    def handle_data(self, data):
        self.texts.append(data)
        if self.cells:
            self.cells[-1] += data


@pytest.mark.parametrize(("country", "language", "article"), EVERY)
def test_a_notice_says_everything_and_has_no_blank(country, language, article):
    """Each section the law wants is there, each cell says something, no template shows."""
    document = compose(facts(country, article), language)

    assert {section.anchor for section in document.sections} == WANTED[article]
    for form in FORMS:
        text = render(document, form)
        assert not re.search(r"\{\{|\{%|\bNone\b|\bUndefined\b|\[\]|\{\}", text)
        assert FIRMS[country]["email"].replace("_", r"\_") in text
    rows = [row for section in document.sections if section.table for row in section.table.rows]
    assert all(cell.strip() for row in rows for cell in row)
    purposes = next(s.table for s in document.sections if s.anchor == "purposes")
    assert len(purposes.rows) == 26


@pytest.mark.parametrize(("country", "language", "article"), EVERY)
def test_the_page_is_accessible_and_fetches_nothing(country, language, article):
    """One language, one title, captions on tables, headed cells; no address to fetch from."""
    text = render(compose(facts(country, article), language), "html")
    page = Page(text)

    assert ("html", "lang", language) in page.attributes
    assert page.tags.count("h1") == page.tags.count("title") == page.tags.count("main") == 1
    assert page.tags.count("table") == page.tags.count("caption")
    assert all(cell.strip() for cell in page.cells)
    assert {v for t, n, v in page.attributes if (t, n) == ("th", "scope")} == {"col", "row"}
    assert not {"script", "link", "img", "iframe", "object", "embed", "base", "form"} & set(
        page.tags
    )
    assert not {"src", "href", "srcset", "action", "background"} & {
        n for _, n, _ in page.attributes
    }
    assert not re.search(r"https?://|url\(|@import|//[a-z]", text)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    assert ("meta", "content", policy) in page.attributes


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_right_to_object_stands_apart(language):
    """Article 21(4): it is set apart from other information, before the purposes."""
    document = compose(facts("LV"), language)
    anchors = [section.anchor for section in document.sections]

    assert anchors.index("objection") < anchors.index("purposes")
    assert [s.anchor for s in document.sections if s.prominent] == ["objection"]


@pytest.mark.parametrize(
    ("country", "authority"),
    [("LV", "pasts@dvi.gov.lv"), ("IT", "protocollo@gpdp.it"), ("EE", "www.edpb.europa.eu")],
)
def test_complaints_go_to_the_authority_of_the_country(country, authority):
    """The Latvian inspectorate or the Italian Garante, with an address to write to."""
    for language in LANGUAGES:
        assert authority in render(compose(facts(country), language), "md")


def test_each_country_is_shown_its_own_law_in_force():
    """A replaced law is not cited, nor is the law of another country."""
    latvian = render(compose(facts("LV"), "lv"), "md")
    italian = render(compose(facts("IT"), "it"), "md")

    assert "Grāmatvedības likums, 28. pants" in latvian
    assert "Par grāmatvedību" not in latvian
    assert "Codice civile, art. 2220" in italian
    assert "Grāmatvedības" not in italian
    assert "VDAR 6. panta 1. punkta b) apakšpunkts" in latvian
    assert "art. 6, par. 1, lett. b) GDPR" in italian


def test_periods_are_those_the_machine_obeys():
    """The table says in words what the rules of each country count."""
    latvian = render(compose(facts("LV"), "lv"), "md")
    italian = render(compose(facts("IT"), "it"), "md")

    assert "5 gadus pēc dokumenta datuma, līdz attiecīgā finanšu gada beigām" in latvian
    assert "30 dienas pēc reģistrēšanas" in latvian
    assert "10 anni dalla data del documento, fino alla chiusura di quell'esercizio" in italian
    assert "3 giorni dalla registrazione" in italian


@pytest.mark.parametrize(
    ("language", "months", "said"),
    [
        ("lv", 12, "1 gadu"),
        ("lv", 132, "11 gadus"),
        ("lv", 252, "21 gadu"),
        ("it", 12, "1 anno"),
        ("it", 1, "1 mese"),
        ("en", 252, "21 years"),
        ("en", 18, "18 months"),
    ],
)
def test_numbers_take_the_form_their_language_wants(language, months, said):
    """In Latvian twenty-one is one, and eleven is not."""
    assert NoticeWords(language).length(months) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_cover_everything_the_register_can_say(language):
    """Items, kinds of people, bases, triggers and actions have words, the same in each language."""
    words = notice_words(language)

    assert set(words["items"]) == set(ITEMS)
    assert set(words["kinds"]) == set(SubjectKind)
    assert set(words["bases"]) == set(Basis) - {Basis.NOT_APPLICABLE}
    assert set(words["evidence"]) == set(Evidence)
    assert set(words["periods"]["after"]) == set(words["periods"]["until"]) == set(Trigger)
    assert set(words["periods"]["then"]) == set(Action)
    assert set(words) == set(notice_words("en"))


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_interest_is_weighed_in_three_languages(country):
    """Whatever rests on Art. 6(1)(f) has its note: the interest, the need and the balance."""
    weighed = [one for one in starter(country).purposes if one.weighs_interests]

    assert len(weighed) == 18
    for purpose in weighed:
        assert set(purpose.balancing) == set(LANGUAGES)
        for note in purpose.balancing.values():
            assert all(text.endswith(".") for text in (note.interest, note.need, note.balance))
    assert not any(p.balancing for p in starter(country).purposes if not p.weighs_interests)


def test_blanks_are_refused_and_named():
    """No e-mail, no address, a purpose without its Italian words: each is named, none rendered."""
    firm = {**FIRMS["LV"], "email": "", "address": ""}
    with pytest.raises(NoticeBlank) as refused:
        compose(facts("LV", firm=firm), "lv")
    assert refused.value.arguments["blanks"] == "firm.address, firm.email"

    purpose = starter("LV").purposes[0]
    bare = replace(purpose, texts={"lv": purpose.texts["lv"]}, balancing={}, recipients=("ghost",))
    with pytest.raises(NoticeBlank) as refused:
        compose(facts("LV", purposes=(bare,)), "it")
    assert refused.value.arguments["blanks"] == (
        "contracts.texts.it, contracts.balancing.it, contracts.recipients.ghost"
    )


def test_starter_wordings_come_in_three_languages():
    """Each text the program brings is there in en, lv and it and speaks of known purposes."""
    known = {purpose.code for purpose in starter("LV").purposes}
    spoken = {}
    for one in starter_wordings():
        spoken.setdefault(one.code, set()).add(one.language)
        assert set(one.purposes) <= known
        assert one.body == one.body.strip()
    assert set(map(frozenset, spoken.values())) == {frozenset(LANGUAGES)}
    assert {"newsletter", "market_research", "events", "unsubscribe"} <= set(spoken)


CHROMIUM = next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ),
    None,
)


def requests_of(page, folder):
    """Open a page in a headless browser and return the addresses it made the browser ask for."""
    log = folder / f"{page.stem}.json"
    subprocess.run(
        [
            CHROMIUM,
            *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={folder / page.stem}",
            f"--log-net-log={log}",
            "--dump-dom",
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    events = json.loads(log.read_text())["events"]
    urls = {event["params"]["url"] for event in events if "url" in event.get("params", {})}
    # The browser's own calls home are not the page's doing; the control page proves the rest is.
    return {url for url in urls if re.match(r"https?:", url) and ".google" not in url}


@pytest.mark.skipif(CHROMIUM is None, reason="NOT SHOWN IN A BROWSER: apt-get install chromium")
@pytest.mark.parametrize("country", ["LV", "IT"])
def test_a_browser_shows_the_page_without_asking_the_network(country, tmp_path):
    """Headless Chromium opens the notice of each firm and asks for nothing."""
    control = tmp_path / "control.html"
    control.write_text('<!DOCTYPE html><img src="http://control.invalid/pixel.png" alt="">')
    page = tmp_path / "notice.html"
    language = country.lower()
    page.write_text(render(compose(facts(country), language), "html"), encoding="utf-8")

    assert requests_of(control, tmp_path) == {"http://control.invalid/pixel.png"}
    assert requests_of(page, tmp_path) == set()


def test_data_files_are_read_as_they_are():
    """The words are plain data: nothing in them is a tag that a reader would run."""
    for language in LANGUAGES:
        assert yaml.safe_dump(notice_words(language))
