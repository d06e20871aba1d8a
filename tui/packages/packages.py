"""What a person gets in hand: the report and copy, or the data to take along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.containers import Vertical
from textual.widgets import Input, Static

from crm.i18n import LANGUAGES, _, current
from crm.packages.cards import Packing
from crm.parties.words import language_words
from crm.session.words import needs_review
from gdpr.errors import KartotekaError
from tui.app_screen import explain, run_once, task
from tui.dialogs.fields import FieldsScreen
from tui.dialogs.saving import suggested, typed_path
from tui.key_bindings import bindings
from tui.retention.erase import no_data_subject
from tui.widgets.pick import Pick
from tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult

    from crm.packages.cards import PackageMade, ReviewText

_CATEGORIES = 8


class PackagesScreen(FieldsScreen):
    """Which package, in which form and language, and where to; the texts are reviewed before."""

    BINDINGS = bindings("back", "packages")
    AUTO_FOCUS = "#scope"

    def __init__(self, number: int) -> None:
        """Make packages for the party with this number."""
        super().__init__()
        self._number = number
        self._texts: tuple[ReviewText, ...] | None = None
        self._tongue = current()
        self._possible = False
        # Whether a package waits only for the review of its texts.
        self._wanted = False
        self._written = ""

    def drawn(self) -> ComposeResult:
        """Draw the choices, and room for what was made."""
        scopes = (
            ("access", _("information and copy of all data (Art. 15)")),
            ("portable", _("portable data (Art. 20)")),
        )
        forms = (
            ("folder", _("a folder")),
            ("zip", _("one ZIP")),
            ("sealed", _("one ZIP, encrypted with a passphrase")),
        )
        tongues = (
            ("", _("the person's language")),
            *((code, language_words(code)) for code in LANGUAGES),
        )
        yield Static("", id="title", classes="title")
        with Vertical(classes="told"):
            yield self.row(_("Package"), Pick(scopes, id="scope"))
            yield self.row(_("Format"), Pick(forms, id="form"))
            yield self.row(_("Language"), Pick(tongues, id="language"))
            yield self.row(_("Location"), Input(self._place("access"), id="place", compact=True))
            yield Static("", id="standing", classes="standing muted")
            yield Static("", id="problem", classes="error")
            yield Sheet(id="made")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer it to those who may read everything, for people."""
        if action in {"make", "review"}:
            return self._possible
        return super().check_action(action, parameters)

    @task
    async def load(self) -> None:
        """Say whom it is for, and why it may not be made where it may not."""
        card = await self.desk.ask(lambda r: r.clients.show(str(self._number)))
        title = _("Packages for {name} ({number})")
        self.write("title", title.format(name=card.name or "–", number=card.number))
        self._tongue = card.language or current()
        me = self.register.me
        self._possible = card.kind != "legal" and me is not None and len(me.reads) >= _CATEGORIES
        self.refresh_bindings()
        if card.kind == "legal":
            self.say(no_data_subject(card))
        elif not self._possible:
            self.say(_("Only somebody who may read all data of a person can create a package."))
        self._say_review()

    def on_pick_turned(self, event: Pick.Turned) -> None:
        """Suggest another name for another package."""
        event.stop()
        place = self.query_one("#place", Input)
        old = {self._place("access"), self._place("portable")}
        if event.pick.id == "scope" and place.value in old:
            place.value = self._place(event.pick.value)
        if event.pick.id == "language":
            self._texts = None
            self._say_review()

    def action_verify(self) -> None:
        """Check a package that was made, here or elsewhere."""
        self.register.visit("package-verify", self._written or self.typed("place"))

    @task
    async def action_review(self) -> None:
        """Look at the texts that may speak of others."""
        language = self.picked("language") or None
        texts = await self.desk.ask(lambda r: r.packages.texts(str(self._number), language))
        if not texts:
            self.register.notify(_("There are no texts about this person."))
            return

        def decided(done: tuple[ReviewText, ...] | None) -> None:
            wanted, self._wanted = self._wanted, False
            if done is None:
                return
            self._texts = done
            self.say()
            self._say_review()
            if wanted:
                self.action_make()

        known = {one.id: one.sha256 for one in self._texts or ()}
        shown = texts
        if self._texts is not None and known == {one.id: one.sha256 for one in texts}:
            shown = self._texts
        self.register.visit("package-review", shown, language or self._tongue, then=decided)

    @run_once
    async def action_make(self) -> None:
        """Make the package; where texts wait for a review, that comes first."""
        path = typed_path(self.typed("place"))
        if path is None:
            self.say(_("Enter a location."))
            return
        self.say(_("One moment…"))
        try:
            made = await self._make(path)
        except KartotekaError as error:
            self.say(explain(error))
            if needs_review(error):
                self._wanted = True
                self.action_review()
        else:
            self.say()
            self._written = made.path
            await self.query_one("#made", Sheet).show(made_parts(made))
            self.query_one("#made", Sheet).focus()

    async def _make(self, path: Path) -> PackageMade:
        form = self.picked("form")
        packing = Packing(
            archive=form == "zip",
            encrypt=form == "sealed",
            language=self.picked("language") or None,
            texts=self._texts,
        )
        number = str(self._number)
        if self.picked("scope") == "access":
            return await self.desk.ask(lambda r: r.packages.access(number, path, packing))
        return await self.desk.ask(lambda r: r.packages.portable(number, path, packing))

    def _say_review(self) -> None:
        words = ""
        if self._possible:
            words = _("Texts that may concern others: not reviewed yet (F8).")
            if self._texts is not None:
                words = _("Texts that may concern others: reviewed.")
        self.write("standing", words)

    def _place(self, scope: str) -> str:
        return suggested(f"{self._number}-{'report' if scope == 'access' else 'data'}")


def made_parts(made: PackageMade) -> list[tuple[str, str]]:
    """Say what was made, where it is, and the passphrase this once."""
    parts: list[tuple[str, Any]] = []
    if made.passphrase is not None:
        parts += [
            (_("Passphrase"), made.passphrase),
            ("", _("It is shown only once and not stored. Pass it on through another channel.")),
        ]
    if made.empty_because is not None:
        parts.append((_("Reason if empty"), made.empty_because))
    parts += [
        (_("Location"), made.path),
        (_("Destroy the copy by"), made.ends),
        (_("Data"), str(made.data)),
        (_("Left out"), str(made.excluded)),
        (_("Redacted"), str(made.redactions)),
        (_("Files"), str(made.files)),
        (_("Language"), language_words(made.language)),
        (_("SHA-256 of the manifest"), made.manifest_sha256),
        (_("Fingerprint of the register"), made.root_sha256),
    ]
    if made.passphrase is not None:
        text = _(
            "The archive opens with 7-Zip, WinZip, Keka or the archive program of a"
            " current desktop; the unzip of the command line cannot."
        )
        parts.append(("", text))
    return parts
