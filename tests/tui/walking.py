"""A register in which every screen has much to say, and a walk over all that is drawn of it.

Everything typed in is invented and known, so that what else is drawn are words of the program.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from textual.screen import ModalScreen
from textual.widgets import Input

from crm.i18n import LANGUAGES
from crm.kinds.listed import SHAPES
from crm.kinds.party import FIELDS
from crm.models.party import Party
from crm.parties.cards import NewClient
from gdpr.audit.events import Event
from tests.crm.client_lists import CODE, firm, latvian, person
from tests.crm.consenting import agree
from tests.crm.records.samples import sample
from tests.tui import album
from tests.tui.everywhere import WHERE, World, go, screen_of
from tui.app_screen import _MOVING, offered
from tui.dialogs.asking import Choose
from tui.widgets.pick import Pick
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from textual.screen import Screen

    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Place
    from tests.tui.conftest import Seat

PURPOSE: Final = "direct_marketing"
_NOTED: Final = ("requested", "deferred", "refused", "given")
# A row as it should be, one with a wrong number, one who is known, one whose code is of another.
_FILE: Final = (
    firm(1),
    firm(2, iban="LV00BANK0000435195001"),
    firm(3, name="SIA Bērziņš un dēli"),
    person(4, personal_code=CODE, notes="zvanīt Annai Bērziņai"),
    person(5, email="nav"),
)
# How many rows of a list that leads somewhere are followed, and how many steps from a place.
_ROWS: Final = 4
_DEEPEST: Final = 3


def furnish(place: Place) -> World:
    """Furnish the office of the pictures, and add what happens in a busy year."""
    album.furnish(place)
    (place.folder / "clients.csv").write_bytes(latvian(*_FILE))
    with place.open() as opened:
        for name in _NOTED:
            _say(opened, name)
        _restrict(opened, album.COMPANY)
        for number in (album.COMPANY, album.PERSON):
            for shape in SHAPES:
                opened.records(shape).add(str(number), sample(shape)[0])
        gone = opened.clients.add(NewClient(kind="natural", given_name="Uldis", relation="client"))
        receipt = opened.subjects.erase(str(gone.number), "unlawful", gone.number)
        opened.backups.create(place.folder / "backups")
        texts = opened.packages.texts(str(album.PERSON))
    return World(place, _Known(album.PERSON), album.COMPANY, receipt, texts, {})


class _Known(NamedTuple):
    number: int


def _say(opened: Kartoteka, state: str) -> None:
    from crm.transfer.cards import ConsentOrder

    new = NewClient(
        kind="natural",
        given_name="Zane",
        family_name=f"Egle{_NOTED.index(state)}",
        relation="client",
    )
    number = str(opened.clients.add(new, anyway=True).number)
    if state == "given":
        agree(opened, int(number), on=opened.today)
        opened.consents.note(
            number, ConsentOrder(purpose=PURPOSE, channel="phone", state="invalidated")
        )
        return
    text = {"wording": "spring-news"} if state == "requested" else {}
    opened.consents.note(
        number, ConsentOrder(purpose=PURPOSE, channel="email", state=state, **text)
    )


def _restrict(opened: Kartoteka, number: int) -> None:
    office = opened.context
    party = office.session.first(Party, number=number)
    with office.journal.audited_change(Event.PARTY_EDITED, bytes(party.id)) as deed:
        party.status = "restricted"
        deed.update(party)


# Who is in the office, and what else was written there by hand; see `album.py`.
_TYPED: Final = """
    SIA Testa birojs Brīvības iela Rīga SIA Bērziņš un dēli Anna Bērziņa īpašniece Kārlis Ozoliņš
    grāmatvedis Ilze Ozola Lielā iela Jelgava Giulia Conti Bruno Rossi Srl Via Garibaldi Milano MI
    Jānis Kalniņš Līga Liepa AS Ziemeļu dati Francesca Maria Della Valle Zane Egle Uldis
    Lauksaimniecības pakalpojumu kooperatīvā sabiedrība Zemgales pļavas amministrazione rossi
    francesca dellavalle giulia conti ilze otrs example com net org birojs plavas info berzins
    Zvanīja par rēķinu un lūdza to sūtīt Kārlim Ozoliņam Atzvanīt pēc vai rakstīt jaunu serveri
    par citu personu N Tipo Paese Situazione Klienta veids Valsts Statuss Telefono Indirizzo
    otrdien marta paolo anna spring news srv office clients home place LV
    Piekrītu saņemt jaunumus un piedāvājumus pa e-pastu Piekrišanu varu jebkurā laikā atsaukt
"""


def typed() -> frozenset[str]:
    """Return every word that somebody typed in, in small letters."""
    told = [_TYPED, *(text for row in _FILE for cell in row.items() for text in cell)]
    told += [text for shape in SHAPES for text in sample(shape)[0].values()]
    # A file has the headings of the country it is for, whoever writes it.
    told += [(one.heading or one.label).said(code) for one in FIELDS for code in ("lv", "it")]
    return frozenset(re.findall(r"[^\W\d_]+", " ".join(told).lower()))


class Picture(NamedTuple):
    """What was drawn, by which steps somebody came there, and whether the last one did anything."""

    way: tuple[str, ...]
    screen: str
    text: str
    notices: tuple[str, ...]
    dead: bool = False


_PLACES: Final = frozenset(map(screen_of, WHERE))


class Walk:
    """Presses every key that is offered, on every place and on what each opens, and draws it all.

    A step is the keys of it, or a field that is gone to, with a sign before its place.
    """

    def __init__(self, seat: Seat, world: World) -> None:
        """Nothing has been seen yet."""
        self._seat, self._world = seat, world
        self._seen: set[str] = set()

    async def pictures(self, places: Iterable[str] = WHERE) -> AsyncIterator[Picture]:
        """Draw what can be reached from these places."""
        for name in places:
            await self._go((name,))
            async for one in self._below((name,)):
                yield one
            await self._leave()

    async def _leave(self) -> None:
        app = self._seat.app
        while len(app.screen_stack) > 1:
            app.screen.dismiss(None)
            await self._seat.settle()

    async def _go(self, way: tuple[str, ...]) -> None:
        """Go a whole way anew."""
        await self._leave()
        await go(self._seat, way[0], self._world)
        for step in way[1:]:
            await self._step(step)
        self._seat.app.clear_notifications()

    async def _step(self, step: str) -> None:
        for key in step.split():
            if key.startswith("@"):
                self._seat.app.screen.focus_chain[int(key[1:])].focus()
                await self._seat.settle()
            else:
                await self._seat.press(key)

    async def _below(self, way: tuple[str, ...]) -> AsyncIterator[Picture]:
        seat = self._seat
        here = seat.app.screen
        yield self._drawn(way)
        sign = _sign(seat.app.screen)
        if len(way) > _DEEPEST or sign in self._seen:
            return
        if len(way) > 1 and type(seat.app.screen) in _PLACES:
            return  # its own turn comes
        self._seen.add(sign)
        for step in _steps(seat):
            if seat.app.screen is not here:
                await self._go(way)
                here = seat.app.screen
            before, focused = seat.text, seat.app.focused
            await self._step(step)
            further = (*way, step)
            if seat.app.screen is not here or _sign(here) not in self._seen:
                async for one in self._below(further):
                    yield one
            else:
                dead = seat.text == before and not seat.notices and focused is seat.app.focused
                yield self._drawn(further, dead=dead)
            moved = focused is not seat.app.focused
            if seat.app.screen is not here or seat.text != before or moved:
                await self._go(way)
                here = seat.app.screen

    def _drawn(self, way: tuple[str, ...], *, dead: bool = False) -> Picture:
        told = tuple(self._seat.notices)
        self._seat.app.clear_notifications()
        name = type(self._seat.app.screen).__name__
        return Picture(way, name, self._seat.text, told, dead)


def _sign(screen: Screen[object]) -> str:
    """Tell one screen from another: by its class, what stands over it, and what it asks."""
    lists = [one for one in screen.query(VirtualList) if one.display]
    headings = [column.heading for one in lists for column in one.columns]
    fields = [one.id for one in screen.focus_chain if isinstance(one, Input | Pick)]
    title = re.sub(r"[0-9]+", "", str(getattr(screen, "_title", "")))
    return f"{type(screen).__name__} {title} {headings} {fields}"


def _steps(seat: Seat) -> list[str]:
    screen = seat.app.screen
    if isinstance(screen, Choose) and {one for one, _words in screen._choices} == set(LANGUAGES):
        return []
    found: dict[str, str] = {}
    for active in offered(screen):
        name = active.binding.id or ""
        if (
            name in _MOVING
            or name in {"back", "clients.search"}
            or name.endswith(".language")
            or name.startswith("app.")
        ):
            continue
        found.setdefault(active.binding.action, active.binding.key)
    steps = list(found.values())
    if isinstance(seat.app.focused, VirtualList):
        rows = min(seat.app.focused.count, _ROWS)
        for row in range(1, rows):
            to = "home " + "down " * row
            detail = [] if isinstance(screen, ModalScreen) else [to.strip()]
            steps += detail + ([f"{to}enter"] if "enter" in steps else [])
    return steps + [f"@{at} enter" for at in _picks(screen)]


def _picks(screen: Screen[object]) -> list[int]:
    """Find the fields of choices, one of those that offer the same."""
    found = {one.choices: at for at, one in enumerate(screen.focus_chain) if isinstance(one, Pick)}
    return sorted(found.values())
