"""Where a text may speak of somebody else: suggested by rule, decided by a person.

Found are names of other people in the register in most of their cases, and e-mails, phones and
numbers that are not the person's own. Companies are no people: their names and numbers stay.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from crm import numbers
from crm.kinds.listed import SHAPES
from crm.kinds.party import NAMES
from crm.models.party import Party, PartyKind
from crm.names.folding import fold
from crm.privacy import CONSENT_PROOF, CORRESPONDENCE, FEEDBACK, NOTICE_PROOF, SESSION, TICKET
from crm.shape.description import FieldType
from gdpr.rights.redaction import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from crm.session.context import RegisterContext
    from gdpr.rights.dossier import Held

_FREE: Final = frozenset(
    item.code for item in (CORRESPONDENCE, TICKET, SESSION, FEEDBACK, CONSENT_PROOF, NOTICE_PROOF)
)
# Words about the person alone, codes, and scans that no rule can read.
_NOT_FREE: Final = frozenset(
    {("consent", "identifier"), ("notice_given", "channel"), ("consent_evidence", "scan")}
)
# What staff typed into records of a described kind.
TEXTS: Final = frozenset(
    (shape.noun, field.name)
    for shape in SHAPES
    for field in shape.fields
    if field.type in {FieldType.TEXT, FieldType.LINES, FieldType.ROWS}
)
WORDS: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
EMAILS: Final = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
PHONES: Final = re.compile(r"(?<![\w-])(?:\+|00)?\d(?:[ ().-]?\d){7,14}(?![\w-])")
_PERSONAL: Final = re.compile(
    r"(?<!\w)(?:\d{6}-?\d{5}|[A-Za-z]{6}\d{2}[A-Za-z]\d{2}[A-Za-z]\d{3}[A-Za-z])(?!\w)"
)
_IBAN: Final = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?!\w)")
_LOCAL: Final = 8
_STEM: Final = 3
# Latvian and Italian change the ends of names; what stays in all cases is enough to ask a person.
_ENDINGS: Final = re.compile(r"(?:iem|ais|ajam|as|es|is|us|am|em|im|um|ai|ei|u|a|e|i|o|s)$")


class _Word(NamedTuple):
    """A word of a text with its place."""

    start: int
    end: int
    stem: str
    capital: bool


def names_in(
    text: str, families: Mapping[str, Collection[str]], own: Collection[str] = ()
) -> Iterator[tuple[int, int]]:
    """Find where a text names somebody: a family name, with a given name of theirs beside it.

    A family name alone needs a capital. What stays of each name in all cases is looked for; words
    whose stems are the `own` ones of whom the text is about name nobody else.
    """
    words = [
        _Word(match.start(), match.end(), stem(match[0]), match[0][0].isupper())
        for match in WORDS.finditer(text)
    ]
    for place, word in enumerate(words):
        given = families.get(word.stem)
        if given is None:
            continue
        beside = [words[at] for at in (place - 1, place + 1) if 0 <= at < len(words)]
        first = [one for one in beside if one.stem in given and one.stem not in own]
        if first:
            yield min(word.start, first[0].start), max(word.end, first[0].end)
        elif word.capital and word.stem not in own:
            yield word.start, word.end


def is_free_text(held: Held) -> bool:
    """Tell whether somebody wrote this datum in their own words."""
    place = (held.datum.table, held.datum.field)
    return place in TEXTS or (held.datum.item in _FREE and place not in _NOT_FREE)


class Strangers:
    """Knows who is not the person; made once for a package."""

    def __init__(
        self, context: RegisterContext, party: Party, held: Iterable[Held], reason: str
    ) -> None:
        """Learn the person's own words from the data that are no free text."""
        self._context = context
        self._self = bytes(party.id)
        self._reason = reason
        own = [each.value for each in held if not is_free_text(each)]
        self._own = {plain(value) for value in own}
        self._digits = {digits[-_LOCAL:] for value in own if (digits := digits_of(value))}
        self._stems = {stem(word) for value in own for word in WORDS.findall(value)}
        self._families: dict[str, set[str]] = {}
        self._learn_names()

    def spans(self, text: str, kept: Iterable[tuple[int, int]] = ()) -> tuple[Span, ...]:
        """Suggest what to black out of a text, in its order; what overlaps becomes one place.

        `kept` are places that speak of people who were erased and whom nobody could know again.
        """
        found = [self._span(start, end, "erased") for start, end in kept]
        found += [*self._emails(text), *self._numbers(text), *self._phones(text)]
        found += [
            self._span(start, end, "name")
            for start, end in names_in(text, self._families, self._stems)
        ]
        spans: list[Span] = []
        for span in sorted(found):
            if not spans or span.start >= spans[-1].end:
                spans.append(span)
            elif span.end > spans[-1].end:
                # A name is often the beginning of an address; its rest would tell whose it is.
                spans[-1] = spans[-1]._replace(end=span.end, rule=span.rule)
        return tuple(spans)

    def _learn_names(self) -> None:
        rows = self._context.session.scan(Party, ("kind",), NAMES)
        for party, kind, name, given, family in rows:
            if kind != PartyKind.NATURAL or bytes(party) == self._self:
                continue
            words = [
                stem(word) for part in (given, family, name) for word in WORDS.findall(part or "")
            ]
            if words and len(words[-1]) >= _STEM:
                self._families.setdefault(words[-1], set()).update(words[:-1])

    def _emails(self, text: str) -> Iterator[Span]:
        for match in EMAILS.finditer(text):
            if plain(match[0]) not in self._own and self._is_strange("email", match[0]):
                yield self._span(*match.span(), "email")

    def _phones(self, text: str) -> Iterator[Span]:
        for match in PHONES.finditer(text):
            digits = digits_of(match[0])
            if digits[-_LOCAL:] in self._digits:
                continue
            phone = numbers.phone(match[0], self._context.country)
            abroad = match[0].startswith(("+", "00"))
            if not phone.to_check and self._is_strange("phone", phone.stored, unknown=abroad):
                yield self._span(*match.span(), "phone")

    def _numbers(self, text: str) -> Iterator[Span]:
        for pattern, kind in ((_PERSONAL, "official_number"), (_IBAN, "iban")):
            for match in pattern.finditer(text):
                number = plain(match[0])
                if number in self._own:
                    continue
                if kind == "official_number" and not _of_person(number):
                    continue
                if self._is_strange(kind, number):
                    yield self._span(*match.span(), kind)

    def _is_strange(self, kind: str, value: str, *, unknown: bool = True) -> bool:
        """Tell whether a value is another person's, or nobody's that the register knows."""
        session = self._context.session
        owners = {record.about for record in session.find_kind(kind, value)}
        if not owners:
            return unknown
        people = [session.first(Party, id=owner) for owner in owners if owner != self._self]
        return any(one is not None and not one.is_legal_person() for one in people)

    def _span(self, start: int, end: int, rule: str) -> Span:
        return Span(start, end, self._reason, rule)


def stem(word: str) -> str:
    """Return what stays of a name in all its cases."""
    folded = fold(word)
    return _ENDINGS.sub("", folded) or folded


def plain(value: str) -> str:
    """Return an address or number without what is only its writing."""
    return "".join(value.split()).replace("-", "").casefold()


def digits_of(value: str) -> str:
    """Return the digits of a phone, nothing where there are too few to tell one."""
    digits = "".join(letter for letter in value if letter.isdigit())
    return digits if len(digits) >= _LOCAL else ""


def _of_person(plain: str) -> bool:
    return not plain.isdigit() or numbers.is_code_of_person(plain)
