"""The box in which a text is added from a file, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.i18n import LANGUAGES, TONGUES, _, current
from crm.transparency.words import WORDING_KINDS, in_language
from tui.dialogs.filling import PICK, TICKS, BoxField, Fill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.kartoteka import Kartoteka
    from crm.transparency.cards import WordingCard
    from tui.app_screen import AppScreen


async def add_wording(room: AppScreen) -> object:
    """Add a text of the firm's own as the next version of its code."""
    lines = await room.desk.look(lambda register: register.purposes.listing())

    async def save(values: Mapping[str, Any]) -> object:
        return await room.desk.ask(lambda register: _add(register, values))

    fields = [
        BoxField("file", _("file"), hint=_("file with the text")),
        BoxField("code", _("code"), hint=_("small letters, such as newsletter")),
        BoxField(
            "kind",
            _("kind"),
            kind=PICK,
            choices=tuple((code, _(word)) for code, word in WORDING_KINDS.items()),
        ),
        BoxField(
            "language",
            _("language"),
            current(),
            PICK,
            choices=tuple((code, TONGUES[code]) for code in LANGUAGES),
        ),
        BoxField(
            "purposes",
            _("it covers"),
            kind=TICKS,
            choices=tuple(
                (one.code, f"{one.number} {in_language(one.names, current())}") for one in lines
            ),
        ),
    ]
    text = _("The text is kept as it stands in the file and is never changed afterwards.")
    return await room.app.push_screen_wait(Fill(_("Add a text"), fields, save, text=text))


def _add(register: Kartoteka, values: Mapping[str, Any]) -> WordingCard:
    return register.wordings.add(
        register.wordings.read(values["file"].strip()),
        code=values["code"].strip(),
        kind=values["kind"],
        language=values["language"],
        purposes=values["purposes"],
    )
