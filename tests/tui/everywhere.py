"""Every screen there is, walked by its table, over a register in which each has something to show.

Arguments of a place are chosen by their names, so that a new place is walked from its first day.
"""

from __future__ import annotations

import inspect
import random
import shutil
from collections import deque
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, partial
from importlib import import_module
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType, NoneType
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console
from textual.color import Color
from textual.css.styles import StylesBase
from textual.css.stylesheet import Stylesheet
from textual.events import Resize
from textual.geometry import Region, Size, Spacing
from textual.strip import Strip
from textual.theme import Theme

from crm.kinds.listed import SHAPES
from crm.models.files import KnownCopy
from crm.session.access import access_of
from gdpr.audit.events import Event
from gdpr.clock import FixedClock
from gdpr.store.accounts import account_row, store_slots
from gdpr.store.ids import new_id
from gdpr.store.layout import Layout
from gdpr.vault.founding import Member, new_user
from gdpr.vault.kdf import FLOOR
from tests.crm.conftest import NOON, Login, Place
from tests.crm.consenting import add_wording, agree
from tests.crm.planting import employ, plant
from tests.faults.everything import fill
from tests.faults.everything import word as canary
from tests.faults.test_roles import CATEGORIES
from tests.tui.hostile import mixed
from tui.places import AREAS, PLACES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from textual.screen import Screen

    from crm.grounds.cards import Receipt
    from crm.kartoteka import Kartoteka
    from crm.packages.cards import ReviewText
    from tests.faults.everything import Person
    from tests.tui.conftest import Seat

    Say = Callable[[random.Random], str]
    _Way = Callable[[Any], Iterable[Any]] | None

PURPOSE = "direct_marketing"
WORDING = "spring-news"
RELATION = "client"
# The founding of a register is no place of a register that is open, and where no kind of record is
# described there is no list of one.
NOUN = next((one.noun for one in SHAPES if not one.kept), SHAPES[-1].noun if SHAPES else "")
_NOWHERE = {"wizard", *(() if SHAPES else ("records",))}
WHERE = [*AREAS, *(name for name in PLACES if name not in _NOWHERE)]
ROLES = ("owner", "privacy", "office", "small-office", "technician", "accountant", "auditor")
# To these some category is closed.
NARROW = tuple(role for role in ROLES if not access_of([role]).reads.issuperset(CATEGORIES))


@dataclass(frozen=True)
class World:
    """A register with one person of whom everything is stored, and what screens are made with."""

    place: Place
    person: Person
    company: int
    receipt: Receipt
    texts: tuple[ReviewText, ...]
    logins: dict[str, Login]

    def arguments(self, name: str) -> list[Any]:
        """Choose what the screen of a place has to be made with."""
        known = {
            "number": self.person.number,
            "company": self.company,
            "code": {"relation": RELATION, "wording": WORDING}.get(name, PURPOSE),
            "purpose": PURPOSE,
            "receipt": self.receipt,
            "texts": self.texts,
            "language": "lv",
            "noun": NOUN,
        }
        wanted = inspect.signature(screen_of(name)).parameters.values()
        return [known[one.name] for one in wanted if one.default is one.empty]

    def copied(self, folder: Path, patch: pytest.MonkeyPatch) -> World:
        """Return the same register in a folder of its own, and live there."""
        return replace(self, place=copied(self.place.folder, folder, patch))


def copied(source: Path, folder: Path, patch: pytest.MonkeyPatch) -> Place:
    """Copy a register with the folders around it, and live there."""
    shutil.copytree(source, folder)
    place = Place(folder, FixedClock(NOON))
    for name, value in place.environment.items():
        patch.setenv(name, value)
    return place


@pytest.fixture(scope="module")
def furnished(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Fill a register with a word of its own in every column: once for all that walk it."""
    if founded not in _FURNISHED:
        with pytest.MonkeyPatch.context() as patch:
            place = copied(founded, tmp_path_factory.mktemp("furnished") / "place", patch)
            _FURNISHED[founded] = furnish(place, roles=NARROW)
    return _FURNISHED[founded]


@pytest.fixture(scope="module")
def hostile(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Fill a register in which every personal column is hostile, past the door; once for all."""
    if founded not in _HOSTILE:
        said = mixed()
        with pytest.MonkeyPatch.context() as patch:
            place = copied(founded, tmp_path_factory.mktemp("hostile") / "place", patch)
            _HOSTILE[founded] = furnish(place, lambda _draw: next(said))
    return _HOSTILE[founded]


_FURNISHED: dict[Path, World] = {}
_HOSTILE: dict[Path, World] = {}


@pytest.fixture
def world(furnished: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Give that register for one test."""
    return furnished.copied(tmp_path / "place", monkeypatch)


def screen_of(name: str) -> type[Screen[Any]]:
    """Return the class of the screen of an area or a place."""
    module, _colon, found = {**AREAS, **PLACES}[name].partition(":")
    kind: type[Screen[Any]] = getattr(import_module(module), found)
    return kind


def furnish(place: Place, say: Say = canary, roles: tuple[str, ...] = ()) -> World:
    """Fill a founded register; `say` gives the text of every personal column of one person."""
    draw = random.Random(1)
    with place.open() as opened:
        person = fill(opened, "client", word=say)
        company = plant(opened, "client", legal=True, fields={"name": say(draw)})
        employ(opened, company, say(draw))
        add_wording(opened, text=say(draw))
        agree(opened, person.number)
        gone = plant(opened, "prospect", fields={"given_name": "Gone"})
        receipt = opened.subjects.erase(str(gone.number), "unlawful", gone.number)
        texts = opened.packages.texts(str(person.number))
        _leave_copies(opened, say(draw))
        logins = {role: _hire(opened, role) for role in roles}
    return World(place, person, company.number, receipt, texts, logins)


def _leave_copies(opened: Kartoteka, name: str) -> None:
    with opened.context.journal.audited_change(Event.EXPORTED, None, rows=1) as deed:
        deed.insert(
            KnownCopy(
                id=new_id(),
                kind="export",
                path=f"/tmp/{name}",
                made=0,
                ends="2026-01-01",
                gone=None,
            )
        )


def _hire(opened: Kartoteka, role: str, name: str = "") -> Login:
    office = opened.context
    access = access_of([role])
    member = Member(new_id(), access.roles, access.key_classes())
    user = new_user(office.session.ring, member, cost=FLOOR, language="en")
    event = (Event.USER_ADDED, member.user_id)
    with office.journal.audited_change(*event, card=user.account.card.counter) as deed:
        deed.insert(account_row(user.account, name or role, 0, must_change=False))
        store_slots(deed, user.slots)
    return Login(name or role, user.password)


async def go(seat: Seat, name: str, world: World) -> None:
    """Open an area, or a place over the area that is open."""
    if name in AREAS:
        await seat.app.action_go(name)
    else:
        seat.app.visit(name, *world.arguments(name))
    await seat.settle()
    assert seat.app._exception is None, (name, seat.app._exception)


async def leave(seat: Seat) -> None:
    """Take away whatever stands over the area."""
    while len(seat.app.screen_stack) > 1:
        await seat.app.pop_screen()
    seat.app.clear_notifications()
    await seat.settle()


async def resize(seat: Seat, width: int, height: int = 24) -> None:
    """Make the window another size, and wait until everything is laid out in it."""
    size = Size(width, height)
    seat.app._driver._size = size
    seat.app.post_message(Resize(size, size))
    for _round in range(200):
        await seat.settle()
        if seat.app.screen._compositor.size == size:
            break


# They hold no text, or what the sheets of style and the tables of the program say, whoever sits
# before it. That is most of what can be reached, and would be walked anew for every screen.
_SAYS_NOTHING = (
    bytes | int | float | Fraction | ModuleType | type | BuiltinFunctionType | NoneType | Layout
) | (Stylesheet | StylesBase | Theme | Color | Spacing | Size | Region | Console)


def reachable(root: object) -> set[str]:
    """Return every text that can be reached from an object: attributes, closures, containers."""
    texts: set[str] = set()
    seen: set[int] = set()
    waiting: list[Any] = [root]
    while waiting:
        one = waiting.pop()
        inside = _WAYS[type(one)]
        if inside is str:
            texts.add(one)
        elif inside is not None and id(one) not in seen:
            seen.add(id(one))
            waiting += inside(one)
    return texts


class _Ways(dict[type, "_Way"]):
    """How what the objects of a class hold is listed: chosen once, for millions are asked."""

    def __missing__(self, kind: type) -> _Way:
        self[kind] = _way_into(kind)
        return self[kind]


_WAYS = _Ways()


def _way_into(kind: type) -> _Way:
    """Choose how what the objects of a class hold is listed; a text is one itself."""
    if issubclass(kind, str | _SAYS_NOTHING):
        return str if issubclass(kind, str) else None
    if issubclass(kind, dict):
        return lambda one: [*one.keys(), *one.values()]
    if issubclass(kind, list | tuple | set | frozenset | deque | Strip):
        # What a drawn line keeps besides are pieces of itself.
        return list
    if issubclass(kind, MethodType):
        return lambda one: [one.__self__, one.__func__]
    if issubclass(kind, partial):
        return lambda one: [one.func, one.args, one.keywords]
    return _inside_function if issubclass(kind, FunctionType) else _inside


def _inside_function(one: FunctionType) -> list[Any]:
    cells = [cell.cell_contents for cell in one.__closure__ or () if _is_filled(cell)]
    return [*cells, *(one.__defaults__ or ())]


def _inside(one: object) -> list[Any]:
    found = list(vars(one).values()) if hasattr(one, "__dict__") else []
    return found + [getattr(one, name, None) for name in _slots(type(one))]


@cache
def _slots(kind: type) -> tuple[str, ...]:
    """Name what instances of a class hold outside of their dictionary, as dataclasses may."""
    own = (vars(each).get("__slots__", ()) for each in kind.__mro__)
    named = [name for names in own for name in ((names,) if isinstance(names, str) else names)]
    return tuple(name for name in named if name not in {"__dict__", "__weakref__"})


def _is_filled(cell: Any) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False
