"""Articles as lawyers of each country write them: 6(1)(b) is a code, not a citation."""

from __future__ import annotations

import re
from typing import NamedTuple

_PART = re.compile(r"(\d+)(?:-(\d+))?(?:\((\d+)\)(?:-\((\d+)\))?)?(?:\(([a-z])\))?")


class _Article(NamedTuple):
    """One article, or a range of them, down to the letter."""

    first: str
    last: str | None
    paragraph: str | None
    upto: str | None
    letter: str | None


def cite(articles: str, language: str) -> str:
    """Write articles given as `5(1)(d)`, `12, 15-22` or the like in words of one language."""
    parts = [part.strip() for part in articles.split(",")]
    matches = [_PART.fullmatch(part) for part in parts]
    found = [_Article(*match.groups()) for match in matches if match is not None]
    if len(found) != len(parts):
        return articles
    return {"lv": _latvian, "it": _italian}.get(language, _english)(found)


def _english(articles: list[_Article]) -> str:
    words = "Article" if len(articles) == 1 and articles[0].last is None else "Articles"
    return f"{words} {', '.join(map(_bare, articles))}"


def _bare(article: _Article) -> str:
    last = f"–{article.last}" if article.last else ""
    paragraph = f"({article.paragraph})" if article.paragraph else ""
    paragraph += f"–({article.upto})" if article.upto else ""
    letter = f"({article.letter})" if article.letter else ""
    return f"{article.first}{last}{paragraph}{letter}"


def _italian(articles: list[_Article]) -> str:
    if any(article.paragraph for article in articles):
        return "; ".join(map(_italian_whole, articles))
    one = len(articles) == 1 and articles[0].last is None
    return f"{'art.' if one else 'artt.'} {', '.join(map(_bare, articles))}"


def _italian_whole(article: _Article) -> str:
    text = f"{'artt.' if article.last else 'art.'} {article.first}"
    text += f"–{article.last}" if article.last else ""
    if article.upto:
        text += f", parr. {article.paragraph}–{article.upto}"
    elif article.paragraph:
        text += f", par. {article.paragraph}"
    return text + (f", lett. {article.letter})" if article.letter else "")


def _latvian(articles: list[_Article]) -> str:
    if any(article.paragraph for article in articles):
        return ", ".join(map(_latvian_whole, articles))
    return f"{', '.join(map(_latvian_number, articles))} pants"


def _latvian_number(article: _Article) -> str:
    return f"{article.first}." + (f"–{article.last}." if article.last else "")


def _latvian_whole(article: _Article) -> str:
    if article.paragraph is None:
        return f"{_latvian_number(article)} pants"
    if article.letter is None:
        upto = f"–{article.upto}." if article.upto else ""
        return f"{article.first}. panta {article.paragraph}.{upto} punkts"
    return f"{article.first}. panta {article.paragraph}. punkta {article.letter}) apakšpunkts"
