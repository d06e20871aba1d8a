"""Erasing a person: the screen is the dry run, only the typed number does it; and the receipt."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Static

from crm.grounds import words as ground_words
from crm.grounds.cards import RecordMention
from crm.grounds.words import say_because
from crm.i18n import _, ngettext, spoken
from crm.session.words import copies_words, stays_words
from gdpr.errors import KartotekaError
from tui.app_screen import explain, run_once, task
from tui.dialogs.asking import AskText, Choose, TypeNumber
from tui.dialogs.filling import worded
from tui.dialogs.saving import AskPlace, typed_path
from tui.dialogs.screen_kinds import PlanScreen
from tui.key_bindings import bindings
from tui.safe import line, safe
from tui.widgets.dry_run import Planned, heading, kept_row
from tui.widgets.virtual_list import Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from crm.copies.cards import CopyLine
    from crm.grounds.cards import Mention, Receipt
    from crm.parties.cards import ClientCard


_REQUEST = "request"
_USUAL = "no-longer-needed"


class EraseScreen(PlanScreen):
    """What goes now, what stays by which article and until when, and which copies are known."""

    LOADED = "once"
    DUTIES: ClassVar = {"erase": "erasure"}
    BINDINGS = bindings("back", "erase")

    def __init__(self, number: int, because: str = _USUAL) -> None:
        """Preview the erasure of the party with this number."""
        super().__init__()
        self._number, self._because = number, because
        self._possible = False
        self._empty = False
        self._name = ""

    def drawn(self) -> ComposeResult:
        """Draw whom, why, the plan and how to go on."""
        yield Static("", id="title", classes="title")
        yield Static("", id="standing", classes="standing")
        yield Planned(id="planned")
        yield Static("", id="problem", classes="error")
        yield Static("", id="onward", classes="standing warning")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer erasing once there is a plan."""
        if action in {"erase", "cause"} and not self._possible:
            return False
        return super().check_action(action, parameters)

    @task
    async def load(self) -> None:
        """Show the plan for the reason that is chosen; nothing is changed by looking."""
        card, names = await self.about(self._number)
        self._name = card.name or "–"
        title = _("Erase {name} ({number}): preview, nothing is changed yet")
        self.write("title", title.format(name=self._name, number=card.number))
        self._possible = False
        if card.kind == "legal":
            self.write("problem", no_data_subject(card))
            return
        number, because = str(self._number), self._because
        try:
            plan = await self.desk.ask(lambda r: r.subjects.preview(number, because, say_because))
        except KartotekaError as error:
            self.write("problem", explain(error))
        else:
            self._possible, self._empty = True, not plan.goes
            self.write("problem", "")
            copies = await self.desk.ask(lambda r: r.copies.list())
            beside = [*_mentioned(plan.mentions), *_outside(copies)]
            self.query_one(Planned).show_plan(plan, names, beside)
            self.write("standing", _("Reason: {reason}").format(reason=cause_words(because)))
        self.write("onward", self._onward())
        self.refresh_bindings()

    def _onward(self) -> str:
        if not self._possible:
            return ""
        if not self.register.user_may(duty="erasure"):
            return _("Only the owner and the privacy contact may erase.")
        if self._empty:
            return _(
                "Nothing is erased while these lawful bases apply. A contract is ended under "
                "lawful bases."
            )
        return _("Afterwards nobody can recover it, not even you.")

    @run_once
    async def action_cause(self) -> None:
        """Choose why; it decides what may end."""
        question = Choose(_("Why is it erased?"), worded(ground_words.CAUSES), now=self._because)
        because = await self.app.push_screen_wait(question)
        if because == _REQUEST:
            number = await self.app.push_screen_wait(AskText(_("Number of the request")))
            because = f"{_REQUEST}:{number.strip()}" if number and number.strip() else None
        if because is not None:
            self._because = because
            self.load()

    @run_once
    async def action_erase(self) -> None:
        """Ask for the number once more."""
        title = _("Erase {name}").format(name=self._name)
        text = _(
            "Reason: {reason}\n\nThis cannot be undone. Type the number {number} and press "
            "Enter; Esc leaves everything as it is."
        ).format(reason=cause_words(self._because), number=self._number)
        number = await self.app.push_screen_wait(TypeNumber(title, text, self._number))
        if number is not None:
            self.erase(number)

    @run_once
    async def erase(self, confirm: int) -> None:
        """Erase, and show the receipt in this screen's place."""
        number, because = str(self._number), self._because
        receipt = await self.desk.ask(lambda r: r.subjects.erase(number, because, confirm))
        self.register.visit("receipt", receipt, then=self._left)

    def _left(self, _done: object) -> None:
        self.dismiss(self._number)


def no_data_subject(card: ClientCard) -> str:
    """Say where to go with a company, which has no rights of its own here (Art. 4(1))."""
    people = ", ".join(str(one.number) for one in card.contacts if one.left is None)
    return _(
        "A legal person is not a data subject (Art. 4(1)): end its lawful bases instead."
        " Its contact persons: {numbers}."
    ).format(numbers=people or "–")


def cause_words(because: str) -> str:
    """Say the reason of an erasure, with the number of the request."""
    code, _colon, number = because.partition(":")
    if code == _REQUEST and number:
        return _("the person asked for it, request {number}").format(number=number)
    return ground_words.ending(because)


def _mentioned(mentions: tuple[Mention, ...]) -> list[Row]:
    """List the notes about others that speak of the person; the receipt says what stays."""
    if not mentions:
        return []
    rows = [heading(_("NOTES AND RECORDS ABOUT OTHERS that mention the person"))]
    rows += [
        Row(f"note-{place}", (_of_client(one), "", one.text, ""))
        for place, one in enumerate(mentions)
    ]
    return rows


def _of_client(mention: Mention) -> str:
    """Say in whose texts a mention stands, and in which record where it is in one."""
    if not isinstance(mention, RecordMention):
        return str(mention.number)
    words = ground_words.record_words({**asdict(mention), "number": mention.record})
    return "{}: {} ({})".format(mention.number, *(words or ("", "")))


def _outside(copies: tuple[CopyLine, ...]) -> list[Row]:
    """List the copies outside the register that are known; erasing does not reach them."""
    if not copies:
        return []
    rows = [_copy_row(str(one.id), one.kind, one.path, str(one.ends)) for one in copies]
    return [heading(_("COPIES ELSEWHERE, to destroy manually")), *rows]


def _copy_row(key: str, kind: str, path: str, ends: str) -> Row:
    return Row(
        f"copy-{key}", (f"☐ {ground_words.word_of(ground_words.COPIES, kind)}", "", path, ends)
    )


class ReceiptScreen(PlanScreen):
    """What was destroyed, what stays and why, and how far the proof has come."""

    LOADED = "once"
    BINDINGS = bindings("back", "receipt")

    def __init__(self, receipt: Receipt) -> None:
        """Show this receipt."""
        super().__init__()
        self._receipt = receipt

    def drawn(self) -> ComposeResult:
        """Draw the counts, what stays, and the entry that proves it."""
        receipt = self._receipt
        title = _("Receipt for number {number}").format(number=receipt.number)
        yield Static(line(title), classes="title")
        yield Static(safe("\n".join(_summary(receipt))), classes="told--summary")
        yield Planned(id="planned")
        entry = _("Entry in the log: {entry}").format(entry=receipt.audit_entry)
        yield Static(line(entry), classes="standing muted")

    @task
    async def load(self) -> None:
        """Fill the list."""
        names = ground_words.purpose_names(await self.desk.ask(lambda r: r.purposes.listing()))
        self.query_one(Planned).fill(_rows(self._receipt, names))

    @run_once
    async def action_save(self) -> None:
        """Save the receipt to a file; it holds no personal value, so it is no copy of data."""
        question = AskPlace(_("Receipt: where to?"), f"erasure-{self._receipt.number}.json")
        path = typed_path(await self.app.push_screen_wait(question))
        if path is not None:
            await self.desk.ask(lambda r: r.subjects.save_receipt(self._receipt, path))
            self.register.notify(_("Written to {path}.").format(path=str(path)))


def _summary(receipt: Receipt) -> list[str]:
    data = sum(receipt.destroyed.values())
    lines = [
        _("The whole entry has been erased.")
        if receipt.whole
        else _("Part of it is kept, see below."),
        ngettext("{count} field erased", "{count} fields erased", data).format(count=data)
        + " · "
        + ngettext(
            "{count} lawful basis ended", "{count} lawful bases ended", receipt.grounds_ended
        ).format(count=receipt.grounds_ended),
        ground_words.erased_words(asdict(receipt)),
    ]
    if receipt.going_until:
        going = _("Scheduled for erasure; it can be restored until {day}.")
        lines.append(going.format(day=spoken(receipt.going_until)))
    if receipt.stays:
        lines.append(stays_words())
    elif receipt.whole and receipt.state == "shredded":
        lines.append(copies_words())
    if receipt.contacts_going:
        numbers = ", ".join(map(str, receipt.contacts_going))
        lines.append(_("Contact persons to be erased: {numbers}").format(numbers=numbers))
    return lines


def _rows(receipt: Receipt, names: Mapping[str, str]) -> list[Row]:
    rows = []
    if receipt.destroyed:
        rows.append(heading(_("ERASED")))
    rows += [
        Row(
            f"gone-{item}",
            (f"✗ {ground_words.word_of(ground_words.ITEMS, item)}", str(count), "", ""),
        )
        for item, count in receipt.destroyed.items()
    ]
    if receipt.stays:
        rows.append(heading(_("KEPT")))
    rows += [kept_row(at, one, names) for at, one in enumerate(receipt.stays)]
    if receipt.copies:
        rows.append(heading(_("COPIES ELSEWHERE, to destroy manually")))
    return rows + [
        _copy_row(str(at), one["kind"], one["path"], one["ends"])
        for at, one in enumerate(receipt.copies)
    ]
