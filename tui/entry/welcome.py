"""The first screen of all, where there is no register: found one, or look at an invented one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from crm.i18n import _
from crm.opening.words import shown_place
from tui.entry.entry_screen import EntryScreen, Masthead
from tui.entry.wizard_steps import make_ready
from tui.key_bindings import bindings
from tui.safe import line
from tui.widgets.answer_button import AnswerButton

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Welcome(EntryScreen):
    """Says what this program is and offers the two ways to begin."""

    BINDINGS = bindings("entry")
    AUTO_FOCUS = "#new"

    def drawn(self) -> ComposeResult:
        """Draw the words and the two ways."""
        yield Masthead()
        about = _(
            "Kartotēka is a register of clients. It keeps all personal data"
            " encrypted, explains why each field is kept, and erases it on time."
        )
        place = _("There is no register yet in {place}")
        steps = _(
            "Four steps: the firm, your password, a recovery key for paper, and "
            "a look at the purposes you begin with."
        )
        demo = _("1,200 invented clients, to try everything safely.")
        keys = _(
            "F6 restores a lost register from a backup. F8 changes the language, F1 shows"
            " the keys, ^q quits."
        )
        with Vertical(classes="entry"):
            yield Static(line(_("Welcome")), classes="question--title")
            yield Static(line(about))
            shown = place.format(place=shown_place(self.start.vault))
            yield Static(line(shown), classes="entry--text muted")
            yield AnswerButton(_("New register"), "new", "primary")
            yield Static(line(steps), classes="entry--text")
            yield AnswerButton(_("Invented data (demo)"), "demo")
            yield Static(line(demo), classes="entry--text")
            with Horizontal(classes="entry--languages"):
                yield Static(line(keys))

    def on_mount(self) -> None:
        """Load meanwhile what judges the first lines, so that no key waits for it."""
        self.run_worker(self.desk.without_register(make_ready))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is neither password nor PIN nor a key on paper yet."""
        return action not in {"other", "recover"} and super().check_action(action, parameters)

    def action_restore(self) -> None:
        """Go on with the backup of a register that was lost."""
        self.register.visit("restore")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Begin in the way that was chosen."""
        event.stop()
        if event.button.id == "new":
            self.register.visit("wizard")
        else:
            self.entrance.show_invented()
