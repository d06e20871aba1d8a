"""The review before a package: texts that may speak of others, each looked at by a person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.widgets import Static

from crm.i18n import _, ngettext, voice
from gdpr.text import N_
from tui.dialogs.asking import AskText
from tui.dialogs.screen_kinds import FramedScreen
from tui.key_bindings import bindings
from tui.safe import line
from tui.widgets.marked_text import MarkedText

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from crm.packages.cards import ReviewText

_REASON = N_("about another person")


class ReviewScreen(FramedScreen):
    """One text at a time; leaving with the key of its own hands back what was decided."""

    LOADED = "once"
    BINDINGS = bindings("back", "review")
    AUTO_FOCUS = "MarkedText"

    def __init__(self, texts: tuple[ReviewText, ...], language: str) -> None:
        """Look at these texts; reasons are written in the language of the package."""
        super().__init__()
        self._texts = list(texts)
        self._language = language
        self._at = 0
        self._seen: set[int] = set()

    def drawn(self) -> ComposeResult:
        """Draw which text it is, the text, and what the mark under the cursor says."""
        yield Static("", id="title", classes="title")
        yield Static("", id="standing", classes="standing muted")
        with VerticalScroll(id="text-place", can_focus=False):
            yield MarkedText()
        yield Static("", id="reason", classes="standing")
        legend = _("✗«…» is redacted, ✓«…» is kept. m marks from word to word.")
        yield Static(line(legend), classes="standing muted")

    def load(self) -> None:
        """Show the first text."""
        self._show(0)

    def on_marked_text_changed(self, event: MarkedText.Changed) -> None:
        """Say what the mark under the cursor means."""
        event.stop()
        shown = self.query_one(MarkedText)
        mark = shown.mark
        if shown.is_marking:
            words = _("Go to the last word and press m again.")
        elif mark is None:
            words = ""
        elif mark.redact:
            words = _("Redacted because: {reason}").format(reason=mark.reason)
        else:
            words = _("Kept.")
        self.write("reason", words)

    def on_marked_text_reason(self, event: MarkedText.Reason) -> None:
        """Ask why; the reader of the package sees it in the place of the text."""
        event.stop()
        mark = event.mark

        def given(reason: str | None) -> None:
            if reason and reason.strip():
                self.query_one(MarkedText).give_reason(mark, reason.strip()[:200])

        self.app.push_screen(AskText(_("Reason shown to the reader"), value=mark.reason), given)

    def action_next_text(self) -> None:
        """Go to the next text."""
        self._show(self._at + 1)

    def action_previous_text(self) -> None:
        """Go to the text before."""
        self._show(self._at - 1)

    def action_done(self) -> None:
        """Hand back what was decided; every text must have been looked at."""
        self._keep()
        unseen = len(self._texts) - len(self._seen)
        if unseen:
            words = ngettext(
                "{count} text is not reviewed yet: n shows it.",
                "{count} texts are not reviewed yet: n shows the next.",
                unseen,
            )
            self.register.notify(words.format(count=unseen), severity="warning")
            return
        self.dismiss(tuple(self._texts))

    def _keep(self) -> None:
        marks = tuple(self.query_one(MarkedText).marks)
        self._texts[self._at] = replace(self._texts[self._at], marks=marks)

    def _show(self, at: int) -> None:
        if self._seen:
            self._keep()
        self._at = at % len(self._texts)
        self._seen.add(self._at)
        text = self._texts[self._at]
        title = _("Text {at} of {count}: {where}").format(
            at=self._at + 1, count=len(self._texts), where=text.where
        )
        self.write("title", title)
        marks = len(text.marks)
        found = ngettext("{count} passage suggested", "{count} passages suggested", marks)
        self.write("standing", found.format(count=marks))
        shown = self.query_one(MarkedText)
        shown.show_text(text.text, text.marks, voice(self._language)(_REASON))
