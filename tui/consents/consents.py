"""The consents of one person, or of a company and its contact persons side by side."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from crm.consents.words import STATES_NOTED
from crm.dates import day_text
from crm.grounds import words as ground_words
from crm.i18n import _, spoken
from crm.parties.words import language_words
from crm.transparency.words import wording_name
from gdpr.errors import KartotekaError
from tui.app_screen import explain, run_once, task
from tui.dialogs.asking import Choose
from tui.dialogs.saving import AskPlace, typed_path
from tui.dialogs.screen_kinds import BoardScreen
from tui.key_bindings import bindings
from tui.widgets.matrix import Matrix
from tui.widgets.virtual_list import Column, Row, VirtualList

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult

    from crm.consents.cards import ConsentLine, ConsentList
    from crm.grounds.cards import Receipt
    from crm.kartoteka import Kartoteka


class PersonConsents(NamedTuple):
    """What one person said: their consents, and the purposes they may be asked about."""

    number: int
    name: str
    list: ConsentList
    possible: tuple[str, ...]

    def consent(self, purpose: str) -> ConsentLine | None:
        """Return what is on record about a purpose."""
        return next((one for one in self.list.consents if one.purpose == purpose), None)


class ConsentsScreen(BoardScreen):
    """A list of purposes for one person; people by purposes where there are several."""

    ABOVE = (("title", "title"), ("standing", "standing muted"))
    WRITES: ClassVar = dict.fromkeys(("give", "withdraw", "note"), "evidence")
    BINDINGS = bindings("back", "consents")

    def __init__(self, number: int) -> None:
        """Show the consents of the party with this number."""
        super().__init__()
        self._number = number
        self._told: dict[int, PersonConsents] = {}
        self._names: dict[str, str] = {}
        self._loaded = False

    def boards(self) -> ComposeResult:
        """Yield both boards, of which one is shown."""
        yield VirtualList(self.columns(), id="purposes")
        yield Matrix(id="matrix")

    def columns(self) -> tuple[Column, ...]:
        """Say what one person answered, and when."""
        return (
            Column("purpose", _("Purpose"), 0),
            Column("state", _("State"), 16),
            Column("at", _("Date"), 10),
            Column("channel", _("Channel"), 18, rank=2),
            Column("wording", _("Text"), 16, rank=1),
        )

    def on_mount(self) -> None:
        """Show the list until it is known that there are several people."""
        self.query_one(Matrix).display = False

    @property
    def several(self) -> bool:
        """Tell whether people stand side by side."""
        return len(self._told) > 1

    @property
    def present(self) -> tuple[PersonConsents, str] | None:
        """Return whom and which purpose the cursor stands on."""
        board: VirtualList = self.query_one("#matrix" if self.several else "#purposes", VirtualList)
        row = board.current
        if row is None or not self._told:
            return None
        if isinstance(board, Matrix):
            return self._told[int(row.key)], board.present
        return self._told[self._number], row.key

    @task
    async def load(self) -> None:
        """Ask for the consents of the party, and of its contact persons."""
        if (found := await self.about_still(self._number)) is None:
            self._told = {}
            return
        card, self._names = found
        people = [(card.number, card.name)]
        people += [(one.number, one.name) for one in card.contacts if one.left is None]
        try:
            told = [await self.desk.ask(partial(_read, *person)) for person in people]
        except KartotekaError as error:
            self.write("standing", explain(error))
            return
        self._told = {one.number: one for one in told}
        self._draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what there is something to do with."""
        if action in {*self.WRITES, "history", "receipt"} and not self._told:
            return False
        return super().check_action(action, parameters)

    def action_give(self) -> None:
        """Record a yes to the purpose under the cursor."""
        self._tell("given")

    @run_once
    async def action_note(self) -> None:
        """Record something that is neither a yes nor a withdrawal."""
        if self.present is None:
            return
        choices = [
            (code, ground_words.signed(ground_words.CONSENT_STATES, code)) for code in STATES_NOTED
        ]
        state = await self.app.push_screen_wait(Choose(_("Answer"), choices))
        if state is not None:
            self._tell(state)

    def action_withdraw(self) -> None:
        """Take a no to the purpose under the cursor."""
        if (here := self.present) is not None:
            told, purpose = here
            self.register.visit("consent-withdraw", told.number, purpose, then=self._ended)

    def action_history(self) -> None:
        """Show everything that happened to the consent under the cursor."""
        if (here := self.present) is not None:
            told, purpose = here
            if told.consent(purpose) is None:
                self.register.notify(_("Nothing is recorded about it yet."))
            else:
                self.register.visit("consent-history", told.number, purpose)

    @run_once
    async def action_receipt(self) -> None:
        """Write the receipt of the consent under the cursor to a file; say until when it stays."""
        if (here := self.present) is None:
            return
        told, purpose = here
        if told.consent(purpose) is None:
            self.register.notify(_("Nothing is recorded about it yet."))
            return
        name = f"receipt-{told.number}-{purpose}.json"
        question = AskPlace(_("Receipt of the consent: where to?"), name)
        path = typed_path(await self.app.push_screen_wait(question))
        if path is None:
            return
        written = await self.desk.ask(
            lambda r: r.consent_receipts.write(str(told.number), purpose, path)
        )
        said = _("Saved to {path}. Destroy this copy by {day}.")
        self.register.notify(said.format(path=written.path, day=spoken(written.ends)))

    def on_virtual_list_moved(self, event: VirtualList.Moved) -> None:
        """Show what is on record about the consent under the cursor."""
        event.stop()
        self._show()

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Enter shows the history."""
        event.stop()
        self.action_history()

    def _tell(self, state: str) -> None:
        if (here := self.present) is not None:
            told, purpose = here
            self.register.visit("consent-give", told.number, purpose, state, then=self._ended)

    def _ended(self, done: Receipt | str | None) -> None:
        """Say what a word came to."""
        if done is None:
            return
        if isinstance(done, str):
            self.register.notify(done)
            return
        self.register.notify(
            _("In force now. Lawful bases ended: {grounds}; fields erased: {data}.").format(
                grounds=done.grounds_ended, data=sum(done.destroyed.values())
            )
        )

    def _draw(self) -> None:
        first = self._told[self._number]
        title = _("Consents of {name} ({number})")
        self.write("title", title.format(name=first.name, number=first.number))
        matrix, single = self.query_one(Matrix), self.query_one("#purposes", VirtualList)
        matrix.display, single.display = self.several, not self.several
        if self.several:
            codes = _codes(self._told.values())
            who = Column("who", _("Person"), 0)
            matrix.set_columns([who, *(Column(c, self._names.get(c, c), 0) for c in codes)])
            rows = [_row(told, codes) for told in self._told.values()]
        else:
            rows = [self._line(first, code) for code in _codes([first])]
        board = matrix if self.several else single
        board.fill(rows, keep=self._loaded)
        self._loaded = True
        if not board.has_focus:
            board.focus()
        self._show()
        self.refresh_bindings()

    def _line(self, told: PersonConsents, purpose: str) -> Row:
        found = told.consent(purpose)
        name = self._names.get(purpose, purpose)
        if found is None:
            return Row(
                purpose, (name, ground_words.signed(ground_words.CONSENT_STATES, None), "", "", "")
            )
        text = "–"
        if found.wording:
            text = f"{wording_name(found.wording)} v{found.wording_version}"
        state = ground_words.signed(ground_words.CONSENT_STATES, found.state)
        return Row(
            purpose, (name, state, day_text(found.at), ground_words.channel(found.channel), text)
        )

    def _show(self) -> None:
        if (here := self.present) is None:
            return
        told, purpose = here
        ways = ", ".join(
            ground_words.word_of(ground_words.WAYS, way) for way in told.list.marketing_channels
        )
        standing = ground_words.word_of(ground_words.MARKETING, told.list.marketing_status)
        text = _("May we send them news? {answer}").format(answer=standing)
        self.write("standing", f"{text}: {ways}" if ways else text)
        found = told.consent(purpose)
        detail = [f"{told.name} · {self._names.get(purpose, purpose)}"]
        detail += (
            described(found) if found is not None else [_("Nothing is recorded about it yet.")]
        )
        self.write("detail", "\n".join(detail), lines=True)


def _read(number: int, name: str | None, register: Kartoteka) -> PersonConsents:
    address = str(number)
    found, possible = register.consents.listing(address), register.consents.possible(address)
    return PersonConsents(number, name or f"({number})", found, possible)


def described(found: ConsentLine) -> list[str]:
    """Say in lines how a consent stands and what happened before."""
    lines = [
        "{} · {}".format(
            ground_words.signed(ground_words.CONSENT_STATES, found.state),
            _("permits it now") if found.permits else _("permits nothing now"),
        )
    ]
    if found.wording:
        last = next(step for step in reversed(found.events) if step.wording_hash)
        lines.append(
            _("Text: {code}, version {version}, {language} · SHA-256 {hash}").format(
                code=wording_name(found.wording),
                version=found.wording_version,
                language=language_words(found.language or ""),
                hash=(last.wording_hash or "")[:16] + "…",
            )
        )
    if found.kept_until:
        lines.append(_("The proof is kept until {day}.").format(day=spoken(found.kept_until)))
    for step in reversed(found.events):
        state = ground_words.signed(ground_words.CONSENT_STATES, step.state)
        lines.append(
            f"{day_text(step.at)} {state} · {ground_words.channel(step.channel)} · {step.by}"
        )
    return lines


def _codes(told: Iterable[PersonConsents]) -> list[str]:
    """Order the purposes that anybody of these could be asked about, or said something to."""
    codes: dict[str, None] = {}
    people = list(told)
    for one in people:
        codes |= dict.fromkeys(one.possible)
    for one in people:
        codes |= dict.fromkeys(line.purpose for line in one.list.consents)
    return list(codes)


def _row(told: PersonConsents, codes: list[str]) -> Row:
    cells = [told.name]
    for code in codes:
        found = told.consent(code)
        said = ground_words.signed(ground_words.CONSENT_STATES, found.state if found else None)
        # A company is never asked about what concerns people only.
        cells.append(said if found or code in told.possible else "")
    return Row(str(told.number), tuple(cells))
