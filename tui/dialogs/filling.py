"""A box of several fields that is saved at once, or stays with the reason why it was not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static, TextArea

from crm.errors import DayUnreadable
from crm.grounds.words import day_typed
from crm.i18n import LANGUAGES, TONGUES, _
from gdpr.errors import KartotekaError
from tui.app_screen import explain, run_once
from tui.dialogs.asking import PicksScreen, Question, may_leave
from tui.dialogs.reading import fit_box
from tui.key_bindings import bindings
from tui.safe import form_label, line
from tui.widgets.pick import Pick
from tui.widgets.ticks import Ticks

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
    from datetime import date

    from textual.app import ComposeResult
    from textual.widget import Widget

    Values = Mapping[str, Any]
    Choices = Iterable[tuple[str, str]]

LINE, SECRET, AREA, PICK, TICKS = "line", "secret", "area", "pick", "ticks"
DOCUMENT = "document"
_MOST_TICKS = 7
_PROBLEM = 2


class BoxField(NamedTuple):
    """A field: its name, its label, what stands there, and how it is filled in.

    `hint` is shown while a line is empty. A `pick` gives one code of `choices`, `ticks` several.
    """

    name: str
    label: str
    value: str = ""
    kind: str = LINE
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    chosen: tuple[str, ...] = ()


def pick(name: str, label: str, choices: Choices, value: str | None = "") -> BoxField:
    """Return a field that one of several is chosen in; the first is, unless another is named."""
    return BoxField(name, label, value or "", PICK, choices=tuple(choices))


def ticks(name: str, label: str, choices: Choices, chosen: Iterable[str] = ()) -> BoxField:
    """Return a field that several are chosen in."""
    return BoxField(name, label, kind=TICKS, choices=tuple(choices), chosen=tuple(chosen))


def worded(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return codes with their words in the language in use, to choose among."""
    return [(code, _(said)) for code, said in words.items()]


def tongues() -> list[tuple[str, str]]:
    """Return the program's languages, each by its own name, to choose among."""
    return [(code, TONGUES[code]) for code in LANGUAGES]


def no_yes() -> tuple[tuple[str, str], ...]:
    """Return no and yes, to choose among."""
    return ("no", _("no")), ("yes", _("yes"))


def day_of(text: str) -> date:
    """Read a typed day; nothing typed is refused like one that cannot be read."""
    if (day := day_typed(text)) is None:
        raise DayUnreadable
    return day


class Fill(Question[Any], PicksScreen):
    """Asks for several values and hands them to `save`; what that answers is the answer.

    A refusal is shown under the fields, which stay as they were typed.
    """

    BINDINGS = bindings("box", "lines")
    AUTO_FOCUS = "Input, TextArea, Pick, Ticks"

    def __init__(
        self,
        title: str,
        fields: Sequence[BoxField],
        save: Callable[[Values], Awaitable[Any]],
        *,
        text: str = "",
    ) -> None:
        """Take the title, the fields, and what is done with their values."""
        super().__init__(title, text)
        self._fields, self._save = tuple(fields), save
        self._begun: dict[str, Any] = {}

    def asked(self) -> ComposeResult:
        """Draw the fields, and room for what is wrong."""
        with VerticalScroll(classes="fill", can_focus=False):
            for field in self._fields:
                yield self._row(field)
        yield Static("", id="problem", classes="error")

    def on_mount(self) -> None:
        """Remember how it began, to ask before a change is lost; be as high as is needed."""
        self._begun = self.values()
        rows = sum(_rows(field) for field in self._fields)
        fit_box(self, rows + _PROBLEM, self._text)

    def values(self) -> dict[str, Any]:
        """Give what stands in the fields: text, the code of a pick, the codes of ticks."""
        return {field.name: _value(self.query_one(f"#fill-{field.name}")) for field in self._fields}

    @run_once
    async def action_save(self) -> None:
        """Save, or say under the fields why not."""
        problem = self.query_one("#problem", Static)
        problem.update(line(_("One moment…")))
        try:
            answer = await self._save(self.values())
        except KartotekaError as error:
            problem.update(line(explain(error)))
        else:
            self.dismiss(True if answer is None else answer)

    @run_once
    async def action_back(self) -> None:  # type: ignore[override]  # asks before it leaves
        """Leave; what was changed is lost only when somebody says so."""
        if await may_leave(self, changed=self.values() != self._begun):
            self.dismiss(None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the next field; after the last one save."""
        event.stop()
        if event.input.id == f"fill-{self._fields[-1].name}":
            self.action_save()
        else:
            self.focus_next()

    def naming(self, pick: Pick) -> str:
        """Return the label of a field."""
        return next(field.label for field in self._fields if pick.id == f"fill-{field.name}")

    def _row(self, field: BoxField) -> Widget:
        label = Static(form_label(field.label), classes="fill--label")
        name = f"fill-{field.name}"
        if field.kind in {AREA, DOCUMENT}:
            kind = f"fill--{field.kind}"
            area = TextArea(field.value, id=name, compact=True, classes=kind)
            return Vertical(label, area, classes="fill--tall")
        if field.kind == TICKS:
            ticks = Ticks(field.choices, field.chosen, id=name)
            ticks.styles.height = min(len(field.choices) + 1, _MOST_TICKS + 1)
            return Vertical(label, ticks, classes="fill--tall")
        if field.kind == PICK:
            return Horizontal(label, Pick(field.choices, field.value, id=name), classes="fill--row")
        secret = field.kind == SECRET
        typed = Input(field.value, field.hint, password=secret, id=name, compact=True)
        return Horizontal(label, typed, classes="fill--row")


class Sift(Fill):
    """Several fields that say what is to be shown: nothing is stored by them."""

    BINDINGS = bindings("filter")


def _rows(field: BoxField) -> int:
    """Say how many rows a field needs."""
    if field.kind == TICKS:
        return min(len(field.choices) + 1, _MOST_TICKS + 1) + 1
    return {AREA: 5, DOCUMENT: 40}.get(field.kind, 1)


def _value(widget: Widget) -> Any:
    if isinstance(widget, TextArea):
        return widget.text
    if isinstance(widget, Ticks):
        return widget.chosen
    return widget.value if isinstance(widget, Input | Pick) else ""
