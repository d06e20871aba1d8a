"""The rows of a card's tabs, made from what the services answered; nothing is asked here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len, chop_cells

from crm.dates import day_text, minute_text
from crm.grounds.words import (
    BASES,
    CONSENT_STATES,
    EVIDENCE,
    FIELDS,
    GROUND_STATES,
    ITEMS,
    TABLES,
    channel,
    record_words,
    signed,
    word_of,
)
from crm.i18n import _, ngettext, spoken
from crm.kinds.party import (
    BY_NAME,
    FURTHER,
    IN_FORMS,
    MENDED_IN,
    SHOWN_AS,
    TRADES_AS,
    FurtherKind,
)
from crm.oversight.words import event_words
from crm.parties.words import card_labels, country_words, kind_words, status_words, value_words
from crm.transparency.words import wording_name
from tui.safe import one_line
from tui.widgets.virtual_list import Column, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crm.consents.cards import ConsentLine, ConsentList
    from crm.grounds.cards import GroundLine
    from crm.oversight.cards import LogLine
    from crm.parties.cards import ClientCard, ContactLine, NoteCard, Workplace

    Json = Mapping[str, object]

TO_CHECK: Final = "to_check"
PARTY: Final = "party:"
"""How the key of a row begins that opens another party's card."""
_LABEL: Final = 21
# What stands on the card beside the name, which only a company has there.
_SINGLE: Final = tuple(name for name in IN_FORMS if name != "name")


class CardField(NamedTuple):
    """One field of the card that holds something: what can be copied, and where it stands."""

    key: str
    label: str
    value: str
    masked: bool


def data_of(card: ClientCard) -> list[CardField]:
    """List the fields that hold something, in the order of the card."""
    labels = card_labels()
    found: list[CardField] = []

    def add(key: str, label: str, value: str | None, field: str) -> None:
        if value:
            masked = field in card.masked
            found.append(
                CardField(key, label, value if masked else value_words(field, value), masked)
            )

    def add_further(further: FurtherKind) -> None:
        for place, value in enumerate(card.further(further.kind)):
            key = f"{further.several}/{place}"
            add(key, labels[further.several], value, further.kind)

    if card.kind == "legal":
        add("name", labels["name"], card.name, "name")
    for field in _SINGLE:
        add(field, labels[field], card.value(field), field)
        kind = BY_NAME[field].further
        if field == kind:
            add_further(FURTHER[kind])
    for further in FURTHER.values():
        if further.kind not in BY_NAME:
            add_further(further)
    return found


def overview(card: ClientCard, relations: Sequence[str], width: int) -> list[Row]:
    """Make the rows of the overview."""
    labels = card_labels()
    going = {(one.table, one.field): one.until for one in card.going}
    rows: list[Row] = []
    for mend in card.to_mend:
        text = f"✗ {mend.value or ''} · " + _("failed its check; correct it in the form")
        rows += _field(f"mend:{mend.field}", _mend_label(mend.field), text, width, "warning")
    if card.to_check:
        names = ", ".join(labels.get(one, one) for one in card.to_check)
        text = "? " + _("{fields}: inferred or not checked; press Enter if it is right").format(
            fields=names
        )
        rows += _field(TO_CHECK, labels["to_check"], text, width, "warning")
    for datum in data_of(card):
        until = going.get(_place(card, datum.key))
        text = datum.value
        if datum.key == "phone" and card.phone_to_check:
            text += "  ? " + labels["phone_to_check"]
        if until:
            text += "  ! " + _("to be erased after {day}").format(day=spoken(until))
        rows += _field(datum.key, datum.label, text, width, "warning" if until else "")
    if relations:
        rows += _field("relations", labels["relations"], ", ".join(relations), width)
    for place in card.works_at:
        rows += _field(f"{PARTY}{place.number}", labels["works_at"], _workplace(place), width)
    rows += _field("country", labels["country"], country_words(card.country), width)
    rows += _field("created", labels["created"], card.created, width)
    rows += _field("last_activity", labels["last_activity"], card.last_activity, width)
    return rows


def overview_columns() -> tuple[Column, ...]:
    """Name the columns of the overview."""
    return Column("field", _("field"), _LABEL), Column("value", _("value"), 0)


def people(card: ClientCard) -> tuple[tuple[Column, ...], list[Row]]:
    """Make the contacts of a company, or the companies somebody speaks for."""
    labels = card_labels()
    columns = (
        Column("number", labels["number"], 6, right=True),
        Column("name", _("Name"), 0),
        Column("position", labels["position"], 16, rank=3),
        Column("phone", labels["phone"], 14, rank=1),
        Column("email", labels["email"], 24, rank=4),
        Column("since", labels["since"], 17, rank=2),
    )
    rows: list[Row] = []
    for place in card.works_at:
        span = _span(place.since, place.left)
        cells = (str(place.number), place.name or "", place.position or "", "", "", span)
        rows.append(Row(f"{PARTY}{place.number}", cells, "quiet" if place.left else ""))
    for one in card.contacts:
        cells = (
            *(str(one.number), one.name or "", one.position or ""),
            *(one.phone or "", one.email or "", _span(one.since, one.left)),
        )
        rows.append(Row(f"{PARTY}{one.number}", cells, "quiet" if one.left else ""))
    return columns, rows


def reasons(
    grounds: Iterable[GroundLine], why: Sequence[Json], names: Mapping[str, str]
) -> tuple[tuple[Column, ...], list[Row]]:
    """Make the grounds, then every datum with what keeps it and until when."""
    columns = (
        Column("field", _("data"), 20),
        Column("purpose", _("purpose"), 0),
        Column("basis", _("lawful basis"), 22, rank=2),
        Column("article", _("article"), 8, rank=1),
        Column("until", _("until"), 12),
    )
    rows: list[Row] = []
    for place, one in enumerate(grounds):
        style = {"going": "warning", "ended": "quiet"}.get(one.state, "")
        cells = (
            signed(GROUND_STATES, one.state),
            names.get(one.purpose, one.purpose),
            word_of(BASES, one.basis),
            one.article or "–",
            one.going_until or one.until,
        )
        rows.append(Row(f"ground:{place}", cells, style))
    for place, datum in enumerate(why):
        purpose = str(datum["purpose"] or "")
        sign = "! " if datum["going"] else ""
        cells = (
            datum_words(datum),
            names.get(purpose, purpose) or "–",
            word_of(BASES, str(datum["basis"] or "")),
            str(datum["article"] or "–"),
            sign + str(datum["until"]),
        )
        rows.append(Row(f"why:{place}", cells, "warning" if sign else ""))
    return columns, rows


def datum_words(datum: Json) -> str:
    """Name a datum: a field of the entry, or what a row beside it holds."""
    table, field = str(datum["table"]), str(datum["field"])
    if table == "party":
        field = SHOWN_AS.get(field, field)
        return card_labels().get(field, field)
    if words := record_words(datum):
        return "{} ({})".format(*words)
    if (column := f"{table}.{field}") in FIELDS:
        return word_of(FIELDS, column)
    return word_of(TABLES, table) if table in TABLES else word_of(ITEMS, str(datum["item"]))


def ground_detail(ground: GroundLine) -> str:
    """Say of a ground since when it holds and what shows it."""
    return _("since {day} · evidence: {evidence}").format(
        day=spoken(ground.since), evidence=word_of(EVIDENCE, ground.evidence)
    )


def why_detail(datum: Json, names: Mapping[str, str]) -> str:
    """Say in a sentence why a datum is kept, and what else would keep it."""
    text = str(datum["because"])
    also = datum["also"]
    if isinstance(also, list) and also:
        others = "; ".join(
            f"{names.get(str(one['purpose']), one['purpose'])} ({one['article'] or '–'})"
            f" → {one['until']}"
            for one in also
        )
        text += " · " + _("also: {others}").format(others=others)
    return text


def consents(held: ConsentList, names: Mapping[str, str]) -> tuple[tuple[Column, ...], list[Row]]:
    """Make the consents as they stand."""
    columns = (
        Column("purpose", _("purpose"), 0),
        Column("state", _("state"), 18),
        Column("at", _("given on"), 10),
        Column("channel", _("channel"), 16, rank=1),
        Column("wording", _("text"), 20, rank=2),
    )
    rows = []
    for place, one in enumerate(held.consents):
        version = f" v{one.wording_version}" if one.wording_version else ""
        cells = (
            names.get(one.purpose, one.purpose),
            signed(CONSENT_STATES, one.state),
            day_text(one.at),
            channel(one.channel),
            f"{wording_name(one.wording)}{version}" if one.wording else "–",
        )
        rows.append(Row(f"consent:{place}", cells, "" if one.permits else "quiet"))
    return columns, rows


def consent_detail(consent: ConsentLine) -> str:
    """Say of a consent which text was shown, how it was said, and how long its proof is kept."""
    parts = [channel(consent.channel)]
    if consent.wording:
        version = f" v{consent.wording_version}" if consent.wording_version else ""
        parts.append(f"{_('text')}: {wording_name(consent.wording)}{version}")
    if consent.kept_until:
        parts.append(f"{_('proof until')} {consent.kept_until}")
    return " · ".join(parts)


def notes(found: Iterable[NoteCard], width: int) -> tuple[tuple[Column, ...], list[Row]]:
    """Make the notes, the newest first; each begins with its day and writer."""
    columns = Column("when", _("when"), 18), Column("note", _("note"), 0)
    rows = []
    for note in found:
        first = [minute_text(note.written), note.author]
        lines = wrapped(note.text, width - 24)
        lines += [""] * (len(first) - len(lines))
        for place, text in enumerate([*lines, ""]):
            when = first[place] if place < len(first) else ""
            rows.append(Row(note.id, (when, text)))
    return columns, rows


def history(log: Iterable[LogLine]) -> tuple[tuple[Column, ...], list[Row]]:
    """Make the entries of the log about a party: who did what, when, never a name."""
    columns = (
        Column("when", _("when"), 16),
        Column("who", _("user"), 12),
        Column("what", _("what"), 0),
    )
    rows = [
        Row(
            f"{line.desk}:{line.seq}",
            (
                minute_text(line.time),
                line.user,
                event_words(line.event),
            ),
        )
        for line in log
    ]
    return columns, rows


def state_line(card: ClientCard) -> str:
    """Say who this is in one line: number, kind, country, and how things stand."""
    parts = [
        _("number {number}").format(number=card.number),
        kind_words(card.kind),
        country_words(card.country),
    ]
    parts.append(("! " if card.status == "going" else "") + status_words(card.status))
    if card.partly_erased:
        parts.append("! " + _("erased in part"))
    return " · ".join(parts)


def warning_line(card: ClientCard, alike: Sequence[int]) -> str:
    """Say what somebody should look at first, empty when there is nothing."""
    parts = []
    if card.to_mend:
        count = len(card.to_mend)
        parts.append(
            ngettext("{count} value to correct (e)", "{count} values to correct (e)", count).format(
                count=count
            )
        )
    if alike:
        numbers = ", ".join(map(str, alike[:6]))
        parts.append(_("possible duplicate of {numbers} (a shows it)").format(numbers=numbers))
    return "! " + " · ".join(parts) if parts else ""


def _field(key: str, label: str, text: str, width: int, style: str = "") -> Iterator[Row]:
    for place, part in enumerate(wrapped(text, width - _LABEL - 5)):
        yield Row(key, ("" if place else label, part), style)


def _place(card: ClientCard, key: str) -> tuple[str, str]:
    several, slash, _number = key.partition("/")
    if slash:
        further = next(one for one in FURTHER.values() if one.several == several)
        return further.table, further.kind
    return "party", TRADES_AS.get(key, key) if card.kind == "natural" else key


def _mend_label(field: str) -> str:
    return card_labels().get(MENDED_IN.get(field, field), field)


def _workplace(place: Workplace) -> str:
    parts = [f"{place.number} {place.name or ''}".rstrip(), place.position or ""]
    if place.left:
        parts.append(_("left on {day}").format(day=spoken(place.left)))
    return " · ".join(part for part in parts if part)


def _span(since: str, left: str | None) -> str:
    return f"– {left}" if left else since


def lasting(people: Iterable[ContactLine | Workplace]) -> list[ContactLine | Workplace]:
    """Leave out those who left."""
    return [one for one in people if one.left is None]


def wrapped(text: str, width: int) -> list[str]:
    """Break text into lines; a word longer than a line is broken too. At least one line."""
    width = max(4, width)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in one_line(paragraph).split(" "):
            joined = f"{line} {word}" if line else word
            if cell_len(joined) <= width:
                line = joined
                continue
            if line:
                lines.append(line)
            *full, line = chop_cells(word, width) or [""]
            lines += full
        lines.append(line)
    return lines
