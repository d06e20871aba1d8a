"""Articles are cited as lawyers of each country write them."""

from __future__ import annotations

import pytest

from gdpr.papers.citing import cite


@pytest.mark.parametrize(
    ("articles", "english", "latvian", "italian"),
    [
        ("28", "Article 28", "28. pants", "art. 28"),
        ("133, 134", "Articles 133, 134", "133., 134. pants", "artt. 133, 134"),
        ("12, 15-22", "Articles 12, 15–22", "12., 15.–22. pants", "artt. 12, 15–22"),
        (
            "6(1)(b)",
            "Article 6(1)(b)",
            "6. panta 1. punkta b) apakšpunkts",
            "art. 6, par. 1, lett. b)",
        ),
        (
            "5(3), 13",
            "Articles 5(3), 13",
            "5. panta 3. punkts, 13. pants",
            "art. 5, par. 3; art. 13",
        ),
    ],
)
def test_an_article_is_cited_in_its_language(articles, english, latvian, italian):
    """The code of an article becomes a citation; English, Latvian and Italian differ."""
    assert [cite(articles, language) for language in ("en", "lv", "it")] == [
        english,
        latvian,
        italian,
    ]


def test_what_is_no_article_is_left_as_it_is():
    """A citation nobody foresaw is shown as entered and not mangled."""
    assert cite("recital 47", "lv") == "recital 47"
