"""A new password, typed twice, with a phrase to take instead of thinking one up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.widgets import Static

from crm.i18n import _, current
from tui.safe import line
from tui.widgets.asked import Asked, Wrong

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult


class Passphrase(Vertical):
    """Offers a phrase in the language in use and says in words how strong the typed one is."""

    def __init__(self, known: Callable[[], tuple[str, ...]]) -> None:
        """Take what gives the names that an attacker would try."""
        super().__init__(classes="passphrase")
        self._known = known
        self._phrase = ""

    def compose(self) -> ComposeResult:
        """Draw the offer and the two lines."""
        yield Static("", id="phrase", markup=False)
        yield Asked("password", _("Password"), self._strength, secret=True)
        yield Asked("again", _("Repeat"), self._same, secret=True)

    def on_mount(self) -> None:
        """Offer the first phrase."""
        self.offer()

    @property
    def value(self) -> str:
        """The password as typed."""
        return self._asked[0].value

    def offer(self) -> None:
        """Draw another phrase."""
        from crm.kartoteka import suggest_passphrase  # noqa: PLC0415 - paint first

        self._phrase = suggest_passphrase(current())
        self.query_one("#phrase", Static).update(line(self._phrase))

    def take(self) -> None:
        """Put the phrase into the first line; it is still typed once, so that it is learned."""
        self._asked[0].value = self._phrase
        self._asked[0].judge()
        self._asked[1].go()

    def judge(self) -> bool:
        """Say of both lines whether they are right."""
        verdicts = [asked.judge() for asked in self._asked]
        return all(verdicts)

    @property
    def _asked(self) -> list[Asked]:
        return list(self.query(Asked))

    def _strength(self, typed: str) -> str:
        from crm.kartoteka import check_password  # noqa: PLC0415 - paint first

        check_password(typed, self._known())
        return _("Strong: guessing it would take longer than a lifetime.")

    def _same(self, typed: str) -> str:
        if typed != self.value:
            return Wrong(_("This does not match."))
        return _("Matches.") if typed else ""
