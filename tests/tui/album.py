"""A small office of invented clients, and a walk that draws every main screen of it.

Nobody in it exists, and its clock stands. Pictures of it are compared letter by letter, so nothing
that is drawn by lot may stand on a screen of the walk: screens with a fingerprint of this very
register or with the state of this very machine are left to tests of their own.
"""

from __future__ import annotations

import re
import time
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from textual._compositor import Compositor
from textual._context import visible_screen_stack

from crm.models.files import KnownCopy
from crm.models.party import Party
from crm.parties.cards import Further, NewClient, NewContact
from gdpr.audit.events import Event
from gdpr.store.ids import new_id
from tests.crm.consenting import agree
from tests.crm.publishing import DECLARED
from tests.tui.conftest import Seat, running, seated
from tests.tui.everywhere import leave, resize
from tui.app import Register
from tui.opening import Start
from tui.places import AREAS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest

    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Place

    _Sizes = tuple[tuple[int, int], ...]

_SMALL: Final = (80, 24)
# How a screen is laid out does not hang on the language; whether its words fit is seen where there
# is least room for them.
SIZES: Final = {
    "en": (_SMALL, (120, 40), (160, 50)),
    "lv": (_SMALL,),
    "it": (_SMALL,),
}
COMPANY, PERSON = 1, 4
# A place that is nowhere: what is only named on a screen is the same on every machine.
NOWHERE: Final = "/srv/office"
# The number of the version changes with every release, which is no change of a screen.
_VERSION: Final = re.compile(r"(?<=Kartotēka )\d+(?:\.\w+)+")
# Drawn by lot when a register is founded.
_PRINT = re.compile(r"^ *[0-9a-f]{4}(?: [0-9a-f]{4})* *$", re.MULTILINE)
_TABS: Final = ("overview", "contacts", "why", "consents", "notes", "history")
_OVER: Final[dict[str, tuple[object, ...]]] = {
    "client-new": (),
    "client-edit": (PERSON,),
    "contact-new": (COMPANY,),
    "consents": (PERSON,),
    "grounds": (PERSON,),
    "erase": (PERSON,),
    "packages": (PERSON,),
    "import": (),
    "export": (),
    "users": (),
    "keys": (),
    "backup": (),
    "preferences": (),
}
_TEXT: Final = """\
Piekrītu saņemt jaunumus un piedāvājumus pa e-pastu. Piekrišanu varu jebkurā laikā atsaukt."""
_CLIENTS: Final = (
    NewClient(
        kind="natural", given_name="Giulia", family_name="Conti", email="giulia.conti@example.org",
        phone="+39 347 1234567", country="IT", language="it", relation="prospect",
    ),
    NewClient(
        kind="legal", name="Bruno Rossi Srl", country="IT", vat_no="IT00743110157",
        email="amministrazione@rossi.example", legal_address="Via Garibaldi 12, 20121 Milano MI",
        language="it", relation="supplier",
    ),
    NewClient(
        kind="natural", given_name="Jānis", family_name="Kalniņš", email="janis@example.com",
        relation="newsletter", evidence="consent",
    ),
    NewClient(
        kind="legal", name="Lauksaimniecības pakalpojumu kooperatīvā sabiedrība “Zemgales pļavas”",
        email="birojs@plavas.example", phone="63012345", relation="client",
    ),
    NewClient(
        kind="natural", given_name="Līga", family_name="Liepa", phone="28300111",
        relation="prospect", since=date(2023, 1, 10),
    ),
    NewClient(kind="legal", name="AS Ziemeļu dati", phone="67890123", relation="partner"),
    NewClient(
        kind="natural", given_name="Francesca Maria", family_name="Della Valle",
        email="francesca.dellavalle@example.net", country="IT", language="it", relation="client",
    ),
)  # fmt: skip


def furnish(place: Place) -> None:
    """Enter the clients of a few days in March, and what was agreed, told, written and ended."""
    with place.open() as opened:
        _enter_firm(opened)
        _enter_person(opened)
        numbers = [opened.clients.add(new).number for new in _CLIENTS]
        opened.wordings.load()
        opened.wordings.add(
            _TEXT.encode(),
            code="spring-news", kind="consent", language="lv", purposes=("direct_marketing",),
        )  # fmt: skip
        agree(opened, PERSON)
        agree(opened, numbers[2])
    _live_until(place, 5)
    with place.open() as opened:
        opened.consents.withdraw(str(numbers[2]), "direct_marketing", channel="email")
        _let_go(opened, numbers[0])
        _fall_silent(opened, numbers[4])
        opened.controller.edit(DECLARED)
        opened.purposes.confirm()
        opened.notices.publish(date(2026, 4, 10))
        _copies(opened)
        opened.users.add("marta", ["office"], language="lv")
        opened.users.add("paolo", ["accountant", "auditor"], language="it")
    _live_until(place, 9)


def _enter_firm(opened: Kartoteka) -> None:
    opened.clients.add(
        NewClient(
            kind="legal", name="SIA Bērziņš un dēli", vat_no="LV40003521600", reg_no="40003521600",
            email="info@berzins.example", phone="67012345", iban="LV97HABA0012345678910",
            legal_address="Brīvības iela 1, Rīga, LV-1010", relation="client",
        )
    )  # fmt: skip
    opened.contacts.add(
        "1",
        NewContact(
            given_name="Anna", family_name="Bērziņa", position="īpašniece", phone="26000001",
            email="anna@berzins.example",
        ),
    )  # fmt: skip
    opened.contacts.add(
        "1", NewContact(given_name="Kārlis", family_name="Ozoliņš", position="grāmatvedis")
    )
    opened.notes.add("1", "Zvanīja par jaunu serveri, atzvanīt otrdien.")


def _enter_person(opened: Kartoteka) -> None:
    opened.clients.add(
        NewClient(
            kind="natural", given_name="Ilze", family_name="Ozola", personal_code="161175-19997",
            email="ilze@example.com", phone="29998877", iban="LV80BANK0000435195001", language="lv",
            legal_address="Lielā iela 77, Jelgava, LV-3001", relation="client",
            informed=date(2026, 3, 1),
        )
    )  # fmt: skip
    opened.clients.edit(str(PERSON), {}, [Further("email", "otrs@example.com")])
    opened.notes.add(
        str(PERSON),
        "Zvanīja par rēķinu un lūdza to sūtīt Kārlim Ozoliņam.\nAtzvanīt pēc 17 vai rakstīt.",
    )


def _let_go(opened: Kartoteka, number: int) -> None:
    held = {line.purpose for line in opened.grounds.listing(str(number))}
    opened.grounds.end(str(number), purposes=tuple(held))


def _fall_silent(opened: Kartoteka, number: int) -> None:
    office = opened.context
    party = office.session.first(Party, number=number)
    with office.journal.audited_change(Event.PARTY_EDITED, bytes(party.id)) as deed:
        party.last_activity = "2023-01-10"
        deed.update(party)


def _copies(opened: Kartoteka) -> None:
    with opened.context.journal.audited_change(Event.EXPORTED, None, rows=9) as deed:
        for year, ends in enumerate(("2026-03-01", "2026-06-05"), 2025):
            deed.insert(
                KnownCopy(
                    id=new_id(), kind="export", path=f"{NOWHERE}/clients-{year}.csv", made=year,
                    ends=ends, gone=None,
                )
            )  # fmt: skip


def _live_until(place: Place, day: int) -> None:
    place.clock.instant = datetime(2026, 3, day, 9, 30, tzinfo=UTC)


def stand_still(patch: pytest.MonkeyPatch, place: Place) -> None:
    """Let no place, time zone or home of this machine be seen."""
    patch.chdir(place.vault.parent)
    for name, value in (("HOME", NOWHERE), ("XDG_CONFIG_HOME", f"{NOWHERE}/config"), ("TZ", "UTC")):
        patch.setenv(name, value)
    if hasattr(time, "tzset"):
        time.tzset()
    # Half of the work: what a terminal is sent after every change, and here nobody is there.
    patch.setattr(Compositor, "render_update", _unsent)


def _unsent(compositor: Compositor, screen_stack: object = None) -> None:
    del screen_stack
    compositor._dirty_regions.clear()


async def pictures(place: Place, language: str) -> dict[str, str]:
    """Draw every screen of the walk at the sizes of a language, by the names of the files."""
    drawn: dict[str, str] = {}
    sizes = SIZES[language]
    async with seated(place, vault=place.vault.name) as seat:
        async for name in _walk(seat):
            await _draw(seat, name, sizes, drawn)
    async with _arrived(place) as seat:
        await _draw(seat, "welcome", sizes, drawn)
        await seat.press("enter")
        await _draw(seat, "wizard", sizes, drawn)
    return drawn


async def _draw(seat: Seat, name: str, sizes: _Sizes, drawn: dict[str, str]) -> None:
    # A turn-about saves every third change of the size, the dearest part of all this.
    there = sizes if seat.app.size == sizes[0] else sizes[::-1]
    for width, height in there:
        if seat.app.size != (width, height):
            await resize(seat, width, height)
            await seat.settle()
        # A list asks for its rows when it is drawn, so everything is drawn once for that.
        _seen(seat)
        await seat.settle()
        drawn[f"{name}-{width}x{height}.txt"] = _still(_seen(seat))


def _seen(seat: Seat) -> str:
    """Return what is drawn, with the screens that show behind a box."""
    visible_screen_stack.set(seat.app._background_screens)
    return seat.text


def _still(text: str) -> str:
    for chance in (_VERSION, _PRINT):
        text = chance.sub(lambda found: re.sub(r"\w", "#", found.group()), text)
    return text + "\n"


async def _walk(seat: Seat) -> AsyncIterator[str]:
    """Open one screen after the other, and say its name while it stands there."""
    for name in AREAS:
        await seat.app.action_go(name)
        await seat.settle()
        yield name
    await seat.app.action_go("clients")
    for name, keys in (("help", "f1"), ("palette", "ctrl+p")):
        await seat.press(keys)
        yield name
        await seat.press("escape")
    await _visit(seat, "card", PERSON)
    for tab in _TABS:
        yield f"card-{tab}"
        await seat.press("full_stop")
    await leave(seat)
    await _visit(seat, "card", COMPANY)
    await seat.press("full_stop")
    yield "company-contacts"
    await leave(seat)
    for name, arguments in _OVER.items():
        await _visit(seat, name, *arguments)
        yield name
        await leave(seat)
    await seat.press("ctrl+l")
    yield "locked"


async def _visit(seat: Seat, name: str, *arguments: object) -> None:
    seat.app.visit(name, *arguments)
    await seat.settle()


@asynccontextmanager
async def _arrived(place: Place) -> AsyncIterator[Seat]:
    """Start the program where there is no register yet."""
    begun = Start(f"{NOWHERE}/office.kartoteka", None, place.clock, demo_place="demo.kartoteka")
    async with running(Register(begun), _SMALL) as seat:
        yield seat
