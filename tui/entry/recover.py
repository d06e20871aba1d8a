"""The way in for an owner whose password is lost: the key on paper, a new password, a new key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.widgets import Input

from crm.i18n import _
from gdpr.text import N_
from tui.app_screen import run_once
from tui.entry.wizard import Wizard
from tui.entry.wizard_steps import KeyStep, PasswordStep, ProofStep, WizardStep, checked_as_login
from tui.widgets.asked_line import Asked, Passphrase

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from crm.kartoteka import Kartoteka


class PaperStep(PasswordStep):
    """The key as it stands on paper, whose it is, and the password to come."""

    number = 1
    heading = N_("The password is lost")
    text = N_(
        "An owner logs in with the recovery key and chooses a new password: F9 accepts this "
        "phrase, F7 offers another. The key can be used only once; the next one is then shown "
        "once. Others ask an owner for help."
    )
    forward = N_("Log in")

    def asked(self) -> ComposeResult:
        """Ask for all of it."""
        hint = _("13 groups; dashes and capitals do not matter")
        yield Asked("paper", _("Recovery key"), _key, hint=hint)
        yield Asked("user", _("Login name"), checked_as_login, value=self.draft.user)
        yield Passphrase(lambda: (self.query_one("#user", Input).value,))

    def is_right(self) -> bool:
        """Judge every line and keep both secrets for the one use."""
        right = super().is_right()
        if right:
            self.draft.paper = self.query_one("#paper", Input).value
        return right


class Recover(Wizard):
    """Asks for the paper and ends, as a founding does, with the next key proved."""

    steps: ClassVar[tuple[type[WizardStep], ...]] = (PaperStep, KeyStep, ProofStep)
    behind: ClassVar[str] = N_(
        "You are logged in. The old key is no longer valid; this is the new one."
    )

    def deeds(self) -> dict[type[WizardStep], Callable[[], object]]:
        """Return what is done after some steps."""
        return {**super().deeds(), PaperStep: self._recover}

    @run_once
    async def _recover(self) -> None:
        """Use the key up and open the register with the new password."""
        draft, start = self._draft, self.start
        typed, password, draft.paper = draft.paper, draft.password, ""

        def way(held: list[Any]) -> Kartoteka:
            from crm.kartoteka import Kartoteka  # noqa: PLC0415 - on the desk's thread

            key = Kartoteka.recover(
                start.vault, typed, draft.user, lambda: password, clock=start.clock
            )
            held.append(key)
            return Kartoteka.open(start.vault, draft.user, lambda: password, clock=start.clock)

        await self.enter(way)


def _key(text: str) -> str:
    from crm.kartoteka import parse_recovery_key  # noqa: PLC0415 - paint first

    parse_recovery_key(text)
    return ""
