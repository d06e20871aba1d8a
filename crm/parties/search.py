"""Finding and listing parties: names from the directory, numbers and addresses by their tokens."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crm.kinds.party import LOOKED_AT
from crm.models.party import Party, Status
from crm.numbers import search_keys
from crm.parties.cards import SearchResult
from crm.parties.find_party import LONGEST_NUMBER
from crm.parties.grace_period import going_parties
from crm.parties.masking import GOING, Masking
from gdpr.errors import Damaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm.parties.cards import ClientLine
    from crm.session.context import RegisterContext

LONGEST_TEXT = 200
# So many parties are asked about by name in one statement; of more, all are asked about.
_PAGE = 500
# The columns in which a number of each kind may stand; a token leads to every table that has one.
_COLUMNS = {
    "reg_no": ("reg_no",),
    "vat_no": ("vat_no", "trader_vat_no"),
    "personal_code": ("personal_code", "trader_vat_no"),
}


def find(context: RegisterContext, text: str, *, limit: int) -> SearchResult:
    """Find parties by any part of a name, or by a whole number, address or account.

    What the user's role has no key for is not searched. Names that are only alike are offered
    when nothing else was found.
    """
    text = text.strip()[:LONGEST_TEXT]
    named = dict.fromkeys(_by_token(context, text)) if _may_be_a_number(text) else {}
    # Whoever gives a whole address or number of somebody means nobody by a part of a name.
    hits = context.names.of(context).search(text, limit) if text and not named else None
    keys = dict.fromkeys(_by_number(context, text)) | named
    alike = False
    more = False
    if hits is not None and not (hits.fuzzy and keys):
        alike, more = hits.fuzzy, hits.more
        keys |= dict.fromkeys(entry.key for entry in hits.entries)
    wanted = list(keys)
    lines = _lines(context, wanted[:limit])
    return SearchResult(tuple(lines), more or len(wanted) > limit, alike)


def listing(
    context: RegisterContext,
    *,
    status: str | None,
    contacts: bool,
    limit: int | None,
    to_check: bool = False,
) -> tuple[ClientLine, ...]:
    """List parties by number; who is only a contact person is left out unless `contacts`.

    With `to_check` only those of whom something was guessed or could not be checked.
    """
    hidden = not contacts and status != Status.CONTACT
    without = ("status", Status.CONTACT.value) if hidden else None
    plainly = status is None and limit is not None and not to_check
    lines: Iterable[tuple[ClientLine, tuple[object, ...]]] = Masking(context).lines_with(
        ("to_check", "phone_unchecked"),
        without=without,
        order="number",
        limit=limit if plainly else None,
    )
    page: list[bytes] | None = None
    if plainly and (limit or 0) <= _PAGE:
        lines = list(lines)
        page = [bytes.fromhex(line.id) for line, _ in lines]
    going = {party.hex() for party in going_parties(context, page)}
    found: list[ClientLine] = []
    for line, marks in lines:
        if to_check and not any(marks):
            continue
        shown = replace(line, status=GOING) if line.id in going else line
        if status is None or shown.status == status:
            found.append(shown)
        if len(found) == limit:
            break
    return tuple(found)


def exactly(context: RegisterContext, text: str) -> Iterable[bytes]:
    """Yield the parties that a whole number, address or account names; one may come twice."""
    yield from _by_number(context, text)
    if _may_be_a_number(text):
        yield from _by_token(context, text)


def _may_be_a_number(text: str) -> bool:
    return any(letter.isdigit() or letter == "@" for letter in text)


def _by_number(context: RegisterContext, text: str) -> Iterable[bytes]:
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER:
        for party in context.session.each(Party, number=int(text)):
            yield bytes(party.id)


def _by_token(context: RegisterContext, text: str) -> Iterable[bytes]:
    wanted = {kind: list(keys) for kind, keys in search_keys(text, context.country).items()}
    # A number from elsewhere is kept as it was typed.
    wanted.setdefault("reg_no", []).append(text)
    wanted.setdefault("personal_code", []).append(text)
    for kind, candidates in wanted.items():
        for candidate in dict.fromkeys(candidates):
            try:
                yield from _holding(context, kind, candidate)
            except Damaged as damage:
                context.session.damage.append(damage)


def _holding(context: RegisterContext, kind: str, value: str) -> Iterable[bytes]:
    if kind in LOOKED_AT:
        records = context.session.find_kind(kind, value)
    else:
        records = [
            party
            for column in _COLUMNS[kind]
            for party in context.session.find(Party, column, value)
        ]
    return [record.about for record in records if record.about is not None]


def _lines(context: RegisterContext, parties: Sequence[bytes]) -> Iterable[ClientLine]:
    if not parties:
        return
    going = {party.hex() for party in going_parties(context, parties)}
    lines = {line.id: line for line in Masking(context).lines(ids=tuple(parties))}
    for party in parties:
        line = lines.get(party.hex())
        if line is not None:
            yield replace(line, status=GOING) if line.id in going else line
