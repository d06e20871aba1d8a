"""Everything that happened to one consent, each event with the text that was shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.dates import day_text, minute_text
from crm.grounds import words as ground_words
from crm.i18n import _, spoken
from crm.parties.words import language_words
from crm.transparency.words import wording_name
from gdpr.errors import NotFound
from tui.app_screen import task
from tui.dialogs.screen_kinds import BoardScreen
from tui.key_bindings import bindings
from tui.widgets.virtual_list import Column, Row

if TYPE_CHECKING:
    from crm.consents.cards import ConsentStepLine
    from tui.widgets.virtual_list import VirtualList


class HistoryScreen(BoardScreen):
    """The chain of a consent, the newest event first."""

    LOADED = "once"
    BINDINGS = bindings("back")

    def __init__(self, number: int, purpose: str) -> None:
        """Show the chain of a party's consent to a purpose."""
        super().__init__()
        self._number, self._purpose = number, purpose
        self._steps: dict[str, ConsentStepLine] = {}

    def columns(self) -> tuple[Column, ...]:
        """Say when it was, what they said, and how."""
        return (
            Column("seq", _("No."), 3, right=True),
            Column("at", _("Date"), 10),
            Column("state", _("State"), 16),
            Column("channel", _("Channel"), 20, rank=1),
            Column("by", _("Recorded by"), 0),
        )

    def on_mount(self) -> None:
        """Give the event in full all the room there is."""
        self.query_one("#board-detail").styles.height = "1fr"

    @task
    async def load(self) -> None:
        """Ask for the consent and what happened to it."""
        card, names = await self.about(self._number)
        listed = await self.desk.ask(lambda r: r.consents.listing(str(self._number)))
        steps = [
            step for one in listed.consents if one.purpose == self._purpose for step in one.events
        ]
        self._steps = {str(step.seq): step for step in reversed(steps)}
        title = _("History: {what}").format(
            what=f"{names.get(self._purpose, self._purpose)} · {card.name or '–'} ({card.number})"
        )
        self.write("title", title)
        self.listed.fill([_row(key, step) for key, step in self._steps.items()])

    def on_virtual_list_moved(self, event: VirtualList.Moved) -> None:
        """Show the event under the cursor."""
        event.stop()
        self.show(event.key)

    @task
    async def show(self, key: str) -> None:
        """Say all of an event, with the text that was shown, word for word."""
        step = self._steps[key]
        lines = [
            _("Given: {at} · entered on {day}").format(
                at=minute_text(step.at), day=spoken(step.entered)
            ),
            f"{_state(step)} · {ground_words.channel(step.channel)}",
        ]
        if step.by_guardian:
            lines.append(_("A parent consented for the child."))
        if step.note:
            lines.append(_("Note: {note}").format(note=step.note))
        lines.append(
            _("Evidence: {what}").format(
                what=ground_words.word_of(ground_words.BACKED, step.evidence)
            )
        )
        if step.wording and step.wording_version and step.language:
            code, tongue, version = step.wording, step.language, step.wording_version
            lines.append(
                _("Text: {code}, version {version}, {language}").format(
                    code=wording_name(code), version=version, language=language_words(tongue)
                )
            )
            lines.append(f"SHA-256 {step.wording_hash}")
            try:
                text = await self.desk.ask(lambda r: r.wordings.show(code, tongue, version))
            except NotFound:
                lines += ["", _("The text itself is not in the register.")]
            else:
                lines += ["", text.body]
        self.write("detail", "\n".join(lines), lines=True)


def _state(step: ConsentStepLine) -> str:
    return ground_words.signed(ground_words.CONSENT_STATES, step.state)


def _row(key: str, step: ConsentStepLine) -> Row:
    return Row(
        key, (key, day_text(step.at), _state(step), ground_words.channel(step.channel), step.by)
    )
