"""A copy that is open becomes a register of its own, once somebody who keeps backups says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from crm.i18n import _
from tui.dialogs.filling import SECRET, BoxField, Fill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.app_screen import AppScreen
    from tui.gate import Gate


def adopting(room: AppScreen) -> None:
    """Ask for the password and adopt; the keys of the copy that was only read are dropped then."""
    app = cast("Gate", room.app)
    who = None if app.me is None else app.me.name

    async def adopt(values: Mapping[str, str]) -> object:
        from crm.kartoteka import Kartoteka  # noqa: PLC0415 - paint first

        start, secret = app.start, values["secret"]
        return await room.desk.outside(
            lambda: Kartoteka.adopt(start.vault, who, lambda: secret, clock=start.clock)
        )

    def adopted(done: object) -> None:
        if done is not None:
            # Not as this screen's work: the lock ends that together with the screen.
            app.call_later(app.lock)

    text = _(
        "There will be two registers of the same people. What is changed or erased in one "
        "does not reach the other. The original is not changed. Afterwards everybody here "
        "has to log in again."
    )
    fields = (BoxField("secret", _("my password"), kind=SECRET),)
    app.push_screen(
        Fill(_("Turn this copy into a separate register?"), fields, adopt, text=text), adopted
    )
