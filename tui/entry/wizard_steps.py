"""The steps in which a register is founded; each keeps what was typed, so that one can go back."""

from __future__ import annotations

import getpass
from dataclasses import dataclass, field
from random import sample
from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Vertical
from textual.widgets import Input, Static

from crm.i18n import LANGUAGES, _
from crm.opening.words import RISKS
from crm.parties.words import countries, country_words, named
from gdpr.errors import KartotekaError
from gdpr.text import N_
from tui.safe import line, safe
from tui.widgets.asked_line import Asked, Passphrase, Wrong
from tui.widgets.virtual_list import Column, Row, VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from crm.transparency.cards import PurposeLine

_IN_A_ROW = 4
_ASKED_BACK = 2
_LETTERS = 2


@dataclass
class Draft:
    """What was typed so far; the key is in it between its drawing and its proof only."""

    place: str
    firm: str = ""
    country: str = ""
    reg_no: str = ""
    address: str = ""
    email: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    paper: str = field(default="", repr=False)
    key: Any = field(default=None, repr=False)
    groups: tuple[int, ...] = ()
    purposes: Sequence[PurposeLine] = ()


class WizardStep(Vertical):
    """One step: its words, what it asks, and whether one may go on."""

    number: ClassVar[int] = 1
    heading: ClassVar[str] = ""
    # What is said at its head.
    text: ClassVar[str] = ""
    forward: ClassVar[str] = N_("Continue")
    chooses_password: ClassVar[bool] = False

    def __init__(self, draft: Draft) -> None:
        """Work on `draft`."""
        super().__init__(classes="step")
        self.draft = draft

    def compose(self) -> ComposeResult:
        """Say what it is about, and ask."""
        yield Static(line(_(self.text)), classes="step--text")
        yield from self.asked()

    def asked(self) -> ComposeResult:
        """Yield what is asked or shown."""
        yield from ()

    def keep(self) -> None:
        """Keep in the draft what stands in the lines."""

    def is_right(self) -> bool:
        """Judge every line."""
        verdicts = [asked.judge() for asked in self.query(Asked)]
        return all(verdicts)

    def begin(self) -> None:
        """Let the next key go into the first line, or where there is none to the way on."""
        lines = self.query(Input)
        (lines.first() if lines else self.screen.query_one("#next")).focus()


class PasswordStep(WizardStep):
    """One that asks who somebody is, and for the password to come."""

    chooses_password = True

    def keep(self) -> None:
        """Keep the name; a password is typed anew when one comes back."""
        self.draft.user = self.query_one("#user", Input).value

    def is_right(self) -> bool:
        """Judge every line and keep the password for the one use."""
        right = super().is_right()
        if right:
            self.keep()
            self.draft.password = self.query_one(Passphrase).value
        return right


class FirmStep(WizardStep):
    """The firm's own details, which go into every notice and letter."""

    number = 1
    heading = N_("The firm")
    text = N_("These details appear in every notice and letter. They can be changed later.")

    def asked(self) -> ComposeResult:
        """Ask for them."""
        draft = self.draft
        yield from _risk(draft.place)
        yield Asked("firm", _("Name of the firm"), _detail("firm"), value=draft.firm)
        hint = _("such as LV or IT, or its name")
        yield Asked("country", _("Country"), _country, value=draft.country, hint=hint)
        hint, words = _("may be left empty"), _("Registration no.")
        yield Asked("reg_no", words, self._reg_no, value=draft.reg_no, hint=hint)
        yield Asked("address", _("Address"), _detail("address"), value=draft.address)
        hint = _("where people ask about their data")
        yield Asked("email", _("E-mail"), _detail("email"), value=draft.email, hint=hint)

    def keep(self) -> None:
        """Keep the details as typed."""
        for asked in self.query(Asked):
            typed = asked.query_one(Input)
            setattr(self.draft, str(typed.id), typed.value)

    def is_right(self) -> bool:
        """Judge every line, and take the country by its code from then on."""
        right = super().is_right()
        if right:
            self.keep()
            self.draft.country = self._code()
        return right

    def _reg_no(self, text: str) -> str:
        return _checked("reg_no", text, self._code())

    def _code(self) -> str:
        return country_code(self.query_one("#country", Input).value)


class OwnerStep(PasswordStep):
    """Who founds the register: a login name and the password nobody else knows."""

    number = 2
    heading = N_("Your login and password")
    text = N_(
        "The password opens the register; nobody can look it up. At least 15 characters: "
        "several words are easiest to remember. F9 accepts this phrase, F7 offers another."
    )
    forward = N_("Create register")

    def asked(self) -> ComposeResult:
        """Ask for both, and offer a phrase."""
        yield Asked("user", _("Login name"), checked_as_login, value=self.draft.user or _own_name())
        yield Passphrase(lambda: (self.query_one("#user", Input).value, self.draft.firm))

    def begin(self) -> None:
        """Go to the password when the name is there."""
        self.query_one("#password" if self.query_one("#user", Input).value else "#user").focus()


class KeyStep(WizardStep):
    """The recovery key, shown this one time."""

    number = 3
    heading = N_("The recovery key")
    text = N_(
        "Write these 13 groups on paper. They open everything if the password is forgotten. They "
        "are shown only once and stored nowhere; keep the paper away from this computer and show "
        "it to nobody."
    )
    forward = N_("I have written it down")

    def asked(self) -> ComposeResult:
        """Show the groups, numbered, for two of them are asked back."""
        yield Static(safe(numbered(self.draft.key.groups())), id="groups")
        onward = _("The next page asks for two of the groups; you can come back here from there.")
        yield Static(line(onward), classes="muted")


class ProofStep(WizardStep):
    """Two groups of the key, read from the paper."""

    number = 3
    heading = N_("The recovery key, from the paper")
    text = N_("Enter these two groups from your paper. Back shows the key again.")

    def asked(self) -> ComposeResult:
        """Ask for two groups; the same two until they are right."""
        draft = self.draft
        if not draft.groups:
            # Which two are asked is no secret.
            draft.groups = tuple(sorted(sample(range(1, len(draft.key.groups()) + 1), _ASKED_BACK)))
        for number in draft.groups:
            words = _("Group {number}").format(number=number)
            yield Asked(f"group-{number}", words, self._proof(number))

    def _proof(self, number: int) -> Callable[[str], str]:
        def check(typed: str) -> str:
            if not typed.strip():
                return Wrong(_("Type the four characters of this group."))
            # Once it is confirmed it is gone, while this line is still being left.
            key = self.draft.key
            if key is not None and not key.confirms(number, typed):
                return Wrong(_("This is not what was shown."))
            return ""

        return check


class ReviewStep(WizardStep):
    """What the register begins with: purposes and roles, to be read and changed later."""

    number = 4
    heading = N_("What you start with")
    text = N_(
        "These purposes state why data are kept, and for how long. F5 Policies changes them; the "
        "periods are to be confirmed there before you rely on them."
    )
    forward = N_("Open the register")

    def asked(self) -> ComposeResult:
        """List the purposes, and say who may what and where both are changed."""
        yield VirtualList(
            (
                Column("number", _("No."), 5, right=True),
                Column("name", _("Purpose"), 0),
                Column("articles", _("Lawful basis"), 22, rank=1),
            ),
            id="purposes",
        )
        owner = _(
            "You are the owner. In a small firm give colleagues the role “small office”: "
            "all clients, but neither keys nor holds. F7 Settings adds users and roles."
        )
        yield Static(line(owner))

    def on_mount(self) -> None:
        """Fill the list."""
        rows = [
            Row(one.code, (one.number, named(one.names, one.code), ", ".join(one.articles)))
            for one in self.draft.purposes
        ]
        self.query_one(VirtualList).fill(rows)

    def begin(self) -> None:
        """Let the arrows move through the list."""
        self.query_one(VirtualList).focus()


STEPS: tuple[type[WizardStep], ...] = (FirmStep, OwnerStep, KeyStep, ProofStep, ReviewStep)


def numbered(groups: Sequence[str]) -> str:
    """Lay the groups out in rows, each with its number."""
    cells = [f"{number:<3} {group}" for number, group in enumerate(groups, 1)]
    rows = [cells[at : at + _IN_A_ROW] for at in range(0, len(cells), _IN_A_ROW)]
    return "\n".join("      ".join(row) for row in rows)


def country_code(text: str) -> str:
    """Return the two letters of a country that was typed as such, or by its name."""
    typed = text.strip()
    if len(typed) == _LETTERS:
        return typed.upper()
    found = [code for code, name in countries() if name.casefold() == typed.casefold()]
    return found[0] if found else typed


def make_ready() -> None:
    """Load what judges the lines, on a thread where nobody waits for it."""
    from crm.kartoteka import check_password, suggest_passphrase  # noqa: PLC0415 - that is the point

    countries()
    check_password(suggest_passphrase(LANGUAGES[0]))


def _risk(place: str) -> ComposeResult:
    """Warn of a place where a register should not lie."""
    from crm.kartoteka import risk_of_place  # noqa: PLC0415 - loaded by now

    if (risk := risk_of_place(place)) is not None:
        yield Static(line(_(RISKS[risk])), classes="warning step--text")


def _checked(name: str, text: str, country: str = "") -> str:
    from crm.kartoteka import check_detail  # noqa: PLC0415 - paint first

    checked = check_detail(name, text, country)
    return checked if checked != text else ""


def _detail(name: str) -> Callable[[str], str]:
    return lambda text: _checked(name, text)


def _country(text: str) -> str:
    code = country_code(text)
    _checked("country", code)
    name = country_words(code)
    if name == code:
        return Wrong(_("There is no country with these two letters."))
    return f"{code}  {name}"


def checked_as_login(text: str) -> str:
    """Judge a login name."""
    from crm.kartoteka import checked_login  # noqa: PLC0415 - paint first

    checked_login(text)
    return ""


def _own_name() -> str:
    """Propose the name by which the machine knows the user, where it will do."""
    from crm.kartoteka import checked_login  # noqa: PLC0415 - paint first

    try:
        return checked_login(getpass.getuser())
    except (KartotekaError, OSError, KeyError):
        return ""
