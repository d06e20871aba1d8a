"""Documents are rendered in a sandbox: escaped, complete, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr.papers.errors import TemplateBroken
from gdpr.papers.rendering import Document, Section, Table, fill, render

HOSTILE = "<script>alert(1)</script> | *bold* [link](x) `code` {{ 7*7 }}"


def document(text):
    table = Table(text, (text, text), ((text, text),))
    section = Section("one", text, (text,), (text,), table, (text,), prominent=True)
    return Document("lv", text, (text,), (section,), text)


def test_a_hostile_text_stays_a_text():
    """A name that looks like markup or a template is shown, never obeyed."""
    html = render(document(HOSTILE), "html")
    markdown = render(document(HOSTILE), "md")

    assert "<script" not in html
    assert "{{ 7*7 }}" in html
    assert "49" not in html + markdown
    assert r"\<script\>" in markdown
    assert r"\| \*bold\*" in markdown


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_text_can_be_rendered(text):
    """Whatever people are called, the page keeps its shape."""
    html = render(document(text), "html")

    assert html.count("<h1>") == html.count("</h1>") == 1
    assert html.count("<table") == html.count("<caption>") == 1
    assert html.endswith("</html>\n")


def test_a_missing_word_stops_the_rendering():
    """A blank in a paper people rely on is worse than no paper."""
    with pytest.raises(TemplateBroken):
        fill("We are {{ firm.name }}.", firm={})


@pytest.mark.parametrize(
    "sentence",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ items.append(1) }}",
        "{{ (1).__class__ }}",
        "{% for",
    ],
)
def test_a_sentence_can_reach_nothing(sentence):
    """A template reads what it is given and cannot get out of its sandbox."""
    with pytest.raises(TemplateBroken):
        fill(sentence, items=[])
