"""A no said at another desk while something is being entered binds that as well."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from crm.clients import clients, contacts
from crm.errors import ErasedOnRequest
from crm.grounds import grounds
from crm.grounds.errors import HasObjected
from crm.parties.cards import NewClient, NewContact
from crm.transfer import consent_lists, imports
from crm.transfer.cards import ImportOrder
from gdpr.errors import Busy
from tests.crm.consenting import add_wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Place

NEWS = "direct_marketing"
MAIL = "ilze@example.com"
ROWS = "Uzvārds;E-pasts\n{name};cits@example.com\nČetri;ilze@example.com\n"


@pytest.fixture
def elsewhere(place: Place) -> Iterator[Kartoteka]:
    with place.open() as opened:
        yield opened


def first(monkeypatch: pytest.MonkeyPatch, where: object, name: str, act: Callable) -> None:
    """Let another desk act just before the last thing that is looked at before the write lock."""
    real = getattr(where, name)

    def acted(*args: object, **told: object) -> object:
        monkeypatch.setattr(where, name, real)
        act()
        return real(*args, **told)

    monkeypatch.setattr(where, name, acted)


def enter(register: Kartoteka, *, own_wish: bool = False) -> int:
    new = NewClient(
        kind="natural", family_name="Četri", email=MAIL, relation="prospect", own_wish=own_wish
    )
    return register.clients.add(new, anyway=True).number


def erase(register: Kartoteka) -> None:
    (line,) = register.clients.find(MAIL).lines
    register.subjects.erase(str(line.number), "request:7", line.number)


def test_who_was_erased_meanwhile_is_not_entered(
    register: Kartoteka, elsewhere: Kartoteka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither as a client nor as somebody's contact person."""
    company = NewClient(kind="legal", name="SIA Trešā", relation="client")
    place = str(register.clients.add(company).number)

    enter(elsewhere)
    first(monkeypatch, clients, "identifiers_in", lambda: erase(elsewhere))
    with pytest.raises(ErasedOnRequest):
        enter(register)

    enter(elsewhere, own_wish=True)
    first(monkeypatch, contacts, "stated_row", lambda: erase(elsewhere))
    with pytest.raises(ErasedOnRequest):
        register.contacts.add(place, NewContact(family_name="Četri", email=MAIL))


def test_what_was_objected_to_meanwhile_is_not_begun(
    register: Kartoteka, elsewhere: Kartoteka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A purpose that somebody objects to while it is being opened stays closed."""
    number = str(enter(register))

    def object_to() -> None:
        elsewhere.consents.object_to(number, channel="email")

    first(monkeypatch, grounds, "further_proof", object_to)
    with pytest.raises(HasObjected):
        register.grounds.add(
            number, purposes=["direct_marketing"], evidence="consent", informed=register.context.day
        )


def test_a_long_import_asks_for_every_batch(
    register: Kartoteka, elsewhere: Kartoteka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is erased while a file is taken in is not in its later rows."""
    monkeypatch.setattr(imports, "BATCH", 1)
    enter(elsewhere)
    order = ImportOrder(relation="prospect", informed="unknown")
    waiting = [elsewhere]

    def meanwhile(_done: int) -> None:
        while waiting:
            erase(waiting.pop())

    source = io.BytesIO(ROWS.format(name="Cits").encode())
    done = register.imports.take(source, order, progress=meanwhile)
    assert (done.created, [line.reason for line in done.rejects]) == (1, ["erased"])


def test_an_import_stores_nothing_upon_an_old_answer(
    register: Kartoteka, elsewhere: Kartoteka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is erased between the look at the list and the write lock is not in that batch."""
    enter(elsewhere)
    first(monkeypatch, imports._FileImport, "_admitted", lambda: erase(elsewhere))
    order = ImportOrder(relation="prospect", informed="unknown")
    source = io.BytesIO(ROWS.format(name="Cits").encode())
    with pytest.raises(Busy):
        register.imports.take(source, order)

    source.seek(0)
    done = register.imports.take(source, order)
    assert (done.created, [line.reason for line in done.rejects]) == (1, ["erased"])


def test_a_list_of_consents_enters_no_yes_after_a_no(
    register: Kartoteka, elsewhere: Kartoteka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who objects between the look at the list and the write lock, by that address, says no."""
    add_wording(register)
    number, same_address = enter(register), str(enter(register))

    def object_to() -> None:
        elsewhere.consents.object_to(same_address, channel="email")

    first(monkeypatch, consent_lists, "is_going", object_to)
    day = register.context.day.isoformat()
    row = f"number;purpose;state;date;wording\n{number};{NEWS};given;{day};spring-news\n"
    done = register.consent_lists.take(io.BytesIO(row.encode()))
    assert (done.given, [line.reason for line in done.rejects]) == (0, ["said no"])
