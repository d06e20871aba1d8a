"""The boxes in which a purpose is changed; each change is a new version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from crm.i18n import LANGUAGES, TONGUES, _, current
from crm.transparency.words import purpose_labels
from tui.dialogs.asking import Choose
from tui.dialogs.filling import AREA, DOCUMENT, BoxField, Fill, no_yes, pick, ticks, tongues
from tui.transparency.errors import NoNumber
from tui.transparency.paper_lists import numbered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.kartoteka import Kartoteka
    from crm.transparency.cards import PurposeCard, Vocabulary
    from tui.app_screen import AppScreen

_NOT_TAKEN: Final = ("code", "number", "version", "retired", "balancing")


async def new_purpose(room: AppScreen) -> object:
    """Enter a purpose of the firm's own, begun as a copy of one that is there."""
    lines = await room.desk.look(lambda register: register.purposes.listing())
    question = Choose(
        _("New purpose"),
        numbered(lines),
        _("Which one is most similar? Its lawful bases, periods and laws are copied."),
    )
    model = await room.app.push_screen_wait(question)
    if model is None:
        return None
    card, words = await room.desk.look(lambda register: _both(register, model))
    taken = {name: value for name, value in card.document.items() if name not in _NOT_TAKEN}
    code = BoxField("code", _("code"), hint=_("small letters, such as own_events"))

    async def save(values: Mapping[str, Any]) -> object:
        changes = _changes(values, card)
        texts = {tongue: held for tongue, held in _texts(values).items() if held}
        document = {**taken, **changes, "texts": texts, "code": values["code"].strip()}
        return await room.desk.ask(lambda register: register.purposes.add(document))

    fields = [code, *_fields(card, words, texts=False)]
    return await room.app.push_screen_wait(Fill(_("New purpose"), fields, save))


async def edit_purpose(room: AppScreen, code: str) -> object:
    """Change texts, data, recipients and periods of a purpose."""
    card, words = await room.desk.look(lambda register: _both(register, code))

    async def save(values: Mapping[str, Any]) -> object:
        changes = _changes(values, card)
        return await room.desk.ask(lambda register: register.purposes.edit(code, changes))

    text = _("This creates the next version. Existing lawful bases keep theirs.")
    title = _("Edit purpose {code}").format(code=card.document.get("number") or code)
    return await room.app.push_screen_wait(Fill(title, _fields(card, words), save, text=text))


async def edit_balance(room: AppScreen, code: str) -> object:
    """Write the balancing note of a purpose in one language."""
    question = Choose(_("Balancing test"), tongues(), now=current())
    language = await room.app.push_screen_wait(question)
    if language is None:
        return None
    card = await room.desk.look(lambda register: register.purposes.show(code))
    note = _mapping(_mapping(card.document, "balancing"), language)

    async def save(values: Mapping[str, Any]) -> object:
        changes = {"balancing": {language: dict(values)}}
        return await room.desk.ask(lambda register: register.purposes.edit(code, changes))

    labels = purpose_labels()
    fields = [
        BoxField(name, labels[name], str(note.get(name, "")), AREA)
        for name in ("interest", "need", "balance")
    ]
    return await room.app.push_screen_wait(Fill(f"{code} · {TONGUES[language]}", fields, save))


async def edit_document(room: AppScreen, code: str) -> object:
    """Change the whole document of a purpose, for what no other box holds."""
    card = await room.desk.look(lambda register: register.purposes.show(code))
    written = json.dumps(card.document, ensure_ascii=False, indent=1)

    async def save(values: Mapping[str, Any]) -> object:
        text = values["document"]
        return await room.desk.ask(lambda register: register.purposes.rewrite(code, text))

    text = _("The whole purpose as JSON. Code, number and version stay as they are.")
    fields = [BoxField("document", code, written, DOCUMENT)]
    return await room.app.push_screen_wait(Fill(_("Document"), fields, save, text=text))


def _both(register: Kartoteka, code: str) -> tuple[PurposeCard, Vocabulary]:
    return register.purposes.show(code), register.purposes.vocabulary(current())


def _mapping(document: Mapping[str, object], name: str) -> Mapping[str, Any]:
    held = document.get(name)
    return held if isinstance(held, dict) else {}


def _rules(card: PurposeCard) -> list[dict[str, Any]]:
    rules = card.document["retention"]
    return rules if isinstance(rules, list) else []


def _listed(card: PurposeCard, name: str) -> tuple[str, ...]:
    held = card.document.get(name)
    return tuple(map(str, held)) if isinstance(held, list) else ()


def _fields(card: PurposeCard, words: Vocabulary, *, texts: bool = True) -> list[BoxField]:
    fields = []
    said = _mapping(card.document, "texts") if texts else {}
    for tongue in sorted(LANGUAGES, key=lambda each: each != current()):
        held = _mapping(said, tongue)
        name, why = str(held.get("name", "")), str(held.get("why", ""))
        fields.append(BoxField(f"name-{tongue}", f"{_('title')} ({TONGUES[tongue]})", name))
        fields.append(BoxField(f"why-{tongue}", f"{_('why')} ({TONGUES[tongue]})", why, AREA))
    for place, rule in enumerate(_rules(card)):
        after = words.triggers.get(str(rule["trigger"]), "")
        label = _("months {after}").format(after=after)
        fields.append(BoxField(f"months-{place}", label, str(rule.get("months", 0))))
    review = str(_mapping(card.document, "review_months").get("default", ""))
    labels = purpose_labels()
    codes = {"items": words.items, "recipients": words.recipients}
    return [
        *fields,
        BoxField("review", labels["review_months"], review),
        *(
            ticks(name, labels[name], known.items(), _listed(card, name))
            for name, known in codes.items()
        ),
        *(
            pick(flag, labels[flag], no_yes(), "yes" if card.document.get(flag) else "no")
            for flag in ("direct_marketing", "compelling")
        ),
    ]


def _changes(values: Mapping[str, Any], card: PurposeCard) -> dict[str, object]:
    rules = [
        {**rule, "months": _number(values[f"months-{place}"])}
        for place, rule in enumerate(_rules(card))
    ]
    return {
        "texts": _texts(values),
        "retention": rules,
        "review_months": {
            **_mapping(card.document, "review_months"),
            "default": _number(values["review"]),
        },
        "items": list(values["items"]),
        "recipients": list(values["recipients"]),
        "direct_marketing": values["direct_marketing"] == "yes",
        "compelling": values["compelling"] == "yes",
    }


def _texts(values: Mapping[str, Any]) -> dict[str, dict[str, str] | None]:
    """Gather what was written in each language, None where nothing was."""
    texts = {}
    for tongue in LANGUAGES:
        name, why = values[f"name-{tongue}"].strip(), values[f"why-{tongue}"].strip()
        texts[tongue] = {"name": name, "why": why} if name or why else None
    return texts


def _number(text: str) -> int:
    """Read a number of months."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        raise NoNumber
    return int(text)
