"""The boxes in which the notice is published, and in which it is recorded who was given it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from crm.grounds.words import purpose_names
from crm.i18n import LANGUAGES, _, ngettext, spoken
from crm.lists.words import counted
from crm.transparency.words import NOTICE_CHANNELS
from tui.dialogs.filling import (
    BoxField,
    Fill,
    day_of,
    no_yes,
    pick,
    ticks,
    tongues,
    worded,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from crm.kartoteka import Kartoteka
    from crm.transparency.cards import NoticeLine, Proven, RelationLine
    from tui.app_screen import AppScreen

_MONTH: Final = timedelta(days=31)


async def publish(room: AppScreen) -> object:
    """Store the notice as a new version, in force from a day at least a month away."""
    lines, waiting, today = await room.desk.look(_state)
    earliest = today + _MONTH if lines else today

    async def save(values: Mapping[str, Any]) -> object:
        effective, material = day_of(values["effective"]), values["material"] == "yes"
        chosen = values["languages"]
        return await room.desk.ask(
            lambda r: r.notices.publish(effective, material=material, languages=chosen)
        )

    fields = [
        BoxField("effective", _("in force from"), earliest.isoformat(), hint=_("YYYY-MM-DD")),
        pick("material", _("people must be informed"), no_yes()),
        ticks("languages", _("languages"), tongues(), LANGUAGES),
    ]
    text = _("A change takes effect a month after it was published at the earliest.")
    if waiting:
        hint = ngettext(
            "{count} purpose is not confirmed by the firm yet; read it first.",
            "{count} purposes are not confirmed by the firm yet; read them first.",
            waiting,
        )
        text += "\n" + hint.format(count=waiting)
    made = await room.app.push_screen_wait(Fill(_("Publish the notice"), fields, save, text=text))
    if made is not None:
        said = _("Version {version} is published, in force from {day}.")
        room.register.notify(said.format(version=made.version, day=spoken(made.effective)))
        if made.material:
            room.register.notify(_("Inform the people concerned, and record it here with t."))
    return made


async def give(room: AppScreen, version: int | None, people: Sequence[str]) -> object:
    """Record that people were given a version; all of one box stand in one entry."""
    lines, relations = await room.desk.look(_choices)

    async def save(values: Mapping[str, Any]) -> Proven:
        numbers = values["people"].replace(",", " ").replace(";", " ").split()
        return await _record(room, numbers, values["relation"] or None, values)

    fields = [
        BoxField("people", _("client numbers"), " ".join(people)),
        pick("relation", _("or everybody in"), [("", "–"), *purpose_names(relations).items()]),
        *_how_fields(lines, version),
    ]
    text = _("The numbers of people, or everybody in a relationship; not both.")
    return await _given(room, lines, Fill(_("Mark informed"), fields, save, text=text))


async def give_marked(room: AppScreen, people: Sequence[int]) -> object:
    """Record that marked clients were given the notice, once somebody saw how many they are."""
    lines, _relations = await room.desk.look(_choices)

    async def save(values: Mapping[str, Any]) -> Proven:
        return await _record(room, [str(number) for number in people], None, values)

    title = ngettext(
        "Mark {count} client as informed",
        "Mark {count} clients as informed",
        len(people),
    ).format(count=counted(len(people)))
    text = _(
        "Companies and people scheduled for erasure are skipped; those who already received "
        "this version keep the earlier proof."
    )
    return await _given(room, lines, Fill(title, _how_fields(lines), save, text=text))


async def _given(room: AppScreen, lines: Sequence[NoticeLine], box: Fill) -> Proven | None:
    """Open the box where there is a notice to give, and say what came of it."""
    if not lines:
        room.register.notify(_("Nothing is published yet: publish the notice first."))
        return None
    proven: Proven | None = await room.app.push_screen_wait(box)
    if proven is not None:
        room.register.notify(_proven(proven), timeout=10)
    return proven


async def _record(
    room: AppScreen, people: Sequence[str], relation: str | None, values: Mapping[str, Any]
) -> Proven:
    on = day_of(values["on"]) if values["on"].strip() else None
    return await room.desk.long(
        lambda register, between: register.notice_delivery.give(
            people,
            int(values["version"]),
            values["channel"],
            relation=relation,
            on=on,
            evidence=values["evidence"].strip() or None,
            progress=between,
        )
    )


def _how_fields(lines: Sequence[NoticeLine], version: int | None = None) -> list[BoxField]:
    versions = [str(one.version) for one in reversed(lines)]
    return [
        pick("version", _("version"), zip(versions, versions, strict=True), str(version)),
        pick("channel", _("how it was given"), worded(NOTICE_CHANNELS)),
        BoxField("on", _("day"), hint=_("today")),
        BoxField("evidence", _("evidence in words"), hint=_("such as where the letter is kept")),
    ]


def _proven(proven: Proven) -> str:
    said = [_("Given now: {count}.").format(count=proven.given)]
    for text, count in (
        (_("Had it already: {count}."), proven.already),
        (_("Skipped, as companies or scheduled for erasure: {count}."), proven.passed_over),
        (_("Unknown numbers: {count}."), proven.unknown),
    ):
        if count:
            said.append(text.format(count=count))
    return " ".join(said)


def _state(register: Kartoteka) -> tuple[list[NoticeLine], int, date]:
    return register.notices.listing(), register.notices.unconfirmed(), register.notices.today


def _choices(register: Kartoteka) -> tuple[list[NoticeLine], list[RelationLine]]:
    return register.notices.listing(), register.purposes.relations()
