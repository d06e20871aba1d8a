"""Texts that may speak of other people: a review file out, decisions back, and what is blacked out.

A copy must not harm the rights of others (Art. 15(4)), and that is no reason to refuse it: what
concerns them is marked, with a reason the reader sees in its place.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gdpr.errors import ReviewUnreadable
from gdpr.rights.checking import obeys
from gdpr.rights.errors import ReviewOutdated
from gdpr.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gdpr.rights.dossier import Held

Json = dict[str, Any]

FORMAT: Final = "kartoteka-review"
VERSION: Final = "1.0"
LARGEST: Final = 64 << 20


class Span(NamedTuple):
    """A stretch of a text, and why it is to be blacked out; `rule` names what found it."""

    start: int
    end: int
    reason: str
    rule: str = ""


Decided = dict[str, tuple[Span, ...]]


def review(number: int, at: str, texts: Iterable[tuple[Held, Sequence[Span]]]) -> Json:
    """Write the file in which somebody decides what is blacked out."""
    return {
        "format": FORMAT,
        "format_version": VERSION,
        "number": number,
        "generated_at": at,
        "texts": [
            {
                "id": held.name,
                "text": held.value,
                "sha256": _hash(held.value),
                "spans": [
                    {
                        "start": span.start,
                        "end": span.end,
                        "redact": True,
                        "reason": span.reason,
                        "text": held.value[span.start : span.end],
                        "rule": span.rule,
                    }
                    for span in spans
                ],
            }
            for held, spans in texts
        ],
    }


def read_review(content: bytes, number: int, texts: Mapping[str, str]) -> Decided:
    """Read what somebody decided, and refuse decisions on texts that are not these any more.

    Every text must be there as it stands now: what nobody looked at was not reviewed.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise ReviewUnreadable from None
    if obeys(document, "review"):
        raise ReviewUnreadable
    seen = {each["id"]: each for each in document["texts"]}
    known = {name: _hash(text) for name, text in texts.items()}
    if document["number"] != number or {n: each["sha256"] for n, each in seen.items()} != known:
        raise ReviewOutdated(number=number)
    return {name: _spans(each["spans"], texts[name]) for name, each in seen.items()}


def blacked_out(text: str, spans: Iterable[Span], marker: str) -> tuple[str, int]:
    """Return the text with a marker in place of each span, and how many there are.

    Spans that overlap become one, under the reason of the first.
    """
    kept: list[str] = []
    count, at = 0, 0
    for span in sorted(spans):
        if span.end <= at:
            continue
        if span.start < at:  # the tail of one that overlaps
            at = span.end
            continue
        kept += [text[at : span.start], marker.format(reason=span.reason)]
        count, at = count + 1, span.end
    return "".join([*kept, text[at:]]), count


def _spans(decided: list[Json], text: str) -> tuple[Span, ...]:
    spans = []
    for each in decided:
        if not 0 <= each["start"] < each["end"] <= len(text):
            raise ReviewUnreadable
        if each["redact"]:
            spans.append(Span(each["start"], each["end"], clean(each["reason"])))
    return tuple(spans)


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
