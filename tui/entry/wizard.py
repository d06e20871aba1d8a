"""The founding of a register, step by step, until its first list of clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from crm.i18n import LANGUAGES, _, current
from gdpr.errors import KartotekaError
from gdpr.text import N_
from tui.app_screen import explain, run_once, task
from tui.entry.entry_screen import Masthead, PhraseScreen
from tui.entry.wizard_steps import (
    STEPS,
    Draft,
    KeyStep,
    OwnerStep,
    ProofStep,
    ReviewStep,
    WizardStep,
)
from tui.key_bindings import bindings
from tui.safe import line
from tui.widgets.answer_button import AnswerButton

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from crm.kartoteka import Kartoteka


class Wizard(PhraseScreen):
    """Leads through the steps; the register is founded between the second and the third."""

    BINDINGS = bindings("back", "wizard")
    AUTO_FOCUS = ""
    steps: ClassVar[tuple[type[WizardStep], ...]] = STEPS
    # What is said to who would go back behind the key.
    behind: ClassVar[str] = N_(
        "The register has been created. Its details can be changed later in the settings."
    )

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self._made: Draft | None = None
        self._at = 0
        self._busy = False

    @property
    def _draft(self) -> Draft:
        """What was typed so far."""
        if self._made is None:
            self._made = Draft(self.start.vault)
        return self._made

    def drawn(self) -> ComposeResult:
        """Draw the present step and the ways on and back."""
        step = self.steps[self._at]
        numbers = sorted({one.number for one in self.steps})
        yield Masthead()
        with (
            VerticalScroll(id="steps", can_focus=False)
            if step is not ReviewStep
            else Vertical(id="steps")
        ):
            words = _("Step {number} of {count}: {what}").format(
                number=numbers.index(step.number) + 1, count=len(numbers), what=_(step.heading)
            )
            yield Static(line(words), classes="step--title")
            yield step(self._draft)
        yield Static("", id="said", classes="error", markup=False)
        with Horizontal(id="wizard--buttons"):
            yield AnswerButton(_("Back"), "back")
            yield AnswerButton(_(step.forward), "next", "primary")

    def on_mount(self) -> None:
        """Let the first key go into the first line."""
        self.call_after_refresh(self.begin)

    def begin(self) -> None:
        """Let the next key go into the first line of the step."""
        self._step.begin()

    def keep(self) -> None:
        """Keep what was typed, before the step is drawn anew."""
        self._step.keep()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer phrases where a password is asked for."""
        if action in {"phrase", "another"}:
            return self.steps[self._at].chooses_password
        return super().check_action(action, parameters)

    def on_virtual_list_opened(self) -> None:
        """Go on from the list of purposes as from any line."""
        self.go_on()

    def action_back(self) -> None:
        """Go back one step; what is founded stays founded."""
        if self._busy:
            return
        if self._at == 0:
            self.dismiss(None)
        elif self.steps[self._at] is KeyStep:
            self.write("said", _(self.behind))
        elif self.steps[self._at] is ReviewStep:
            self.write("said", _("The recovery key is confirmed and is not shown again."))
        else:
            self._step.keep()
            self._go(self._at - 1)

    @property
    def _step(self) -> WizardStep:
        return self.query_one(WizardStep)

    def go_on(self) -> None:
        """Do what belongs to the step, or simply show the next."""
        if self._busy or not self._step.is_right():
            return
        work = self.deeds().get(self.steps[self._at])
        if work is not None:
            work()
        else:
            self._go(self._at + 1)

    def deeds(self) -> dict[type[WizardStep], Callable[[], object]]:
        """Return what is done after some steps; after the others the next one simply comes."""
        return {OwnerStep: self._found, ProofStep: self._confirm, ReviewStep: self._open}

    @task
    async def _go(self, at: int) -> None:
        self._at = at
        await self.recompose()

    @run_once
    async def _found(self) -> None:
        """Found the register on the desk's thread."""
        draft, start = self._draft, self.start
        language = current() if current() in LANGUAGES else LANGUAGES[0]

        def way(held: list[Any]) -> Kartoteka:
            from crm.kartoteka import Firm, Kartoteka  # noqa: PLC0415 - on the desk's thread

            firm = Firm(
                draft.firm, draft.country, draft.reg_no, draft.address, draft.email, language
            )
            owner = (draft.user, draft.password)
            register, key = Kartoteka.create(start.vault, firm, owner, clock=start.clock)
            held.append(key)
            return register

        await self.enter(way)

    async def enter(self, way: Callable[[list[Any]], Kartoteka]) -> None:
        """Open a register by `way`, which leaves a key in its list; it stays in memory only."""
        draft = self._draft
        held: list[Any] = []
        self._busy = True
        self.write("said", _("Creating the keys …"))
        try:
            await self.desk.open(lambda: way(held))
            self.entrance.kept = None  # a PIN of somebody else's opens their keys, not these
        except KartotekaError as error:
            self.write("said", explain(error))
            return
        finally:
            self._busy = False
            draft.password = ""
        draft.key = held.pop()
        self.entrance.start = self.start.found(draft.user)
        self._go(self.steps.index(KeyStep))

    @run_once
    async def _confirm(self) -> None:
        """Note that the key is on paper, forget it here, and fetch what is reviewed next."""
        draft = self._draft
        key = draft.key
        self._busy = True
        try:
            await self.desk.ask(lambda register: register.keys.confirm_recovery(key))
            if ReviewStep in self.steps:
                draft.purposes = await self.desk.ask(lambda register: register.purposes.listing())
        except KartotekaError as error:
            self.write("said", explain(error))
            return
        finally:
            self._busy = False
        draft.key = None
        if self.steps[self._at] is self.steps[-1]:
            await self.entrance.begin()
        else:
            self._go(self._at + 1)

    @run_once
    async def _open(self) -> None:
        """Show the clients."""
        await self.entrance.begin()
