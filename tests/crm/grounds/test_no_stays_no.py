"""A no stays a no: an objector, a withdrawn and an erased person are brought back by nothing.

Each way back is tried as somebody would type it, with the register as it is, with every rotating
key rotated in between, and with a backup from before the no, or from before the person, restored.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm.kartoteka import Kartoteka, way_in
from crm.keys.versions import ROTATING
from crm.parties.cards import NewClient
from tests.crm.consenting import add_wording, agree

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.crm.conftest import Cli, Place, Result

NEWS = "direct_marketing"
MAIL, REG_NO = "ilze@example.com", "40003798684"
HOW = ("objected", "withdrawn", "erased")
ARTICLE = {
    "objected": "Article 21(2)–(3) GDPR",
    "withdrawn": "Article 7(3) GDPR",
    "erased": "Articles 17(1), 21 GDPR",
}
WHO = ("--kind", "natural", "--given-name", "Ilze", "--family-name", "Četri")


def subscribe(place: Place) -> int:
    """Enter somebody who gets the news, with what a person is known again by."""
    with place.open() as register:
        add_wording(register)
        card = register.clients.add(new_reader())
        agree(register, card.number)
    return card.number


def new_reader() -> object:
    """Describe the reader."""
    return NewClient(
        kind="natural",
        given_name="Ilze",
        family_name="Četri",
        email=MAIL,
        relation="newsletter",
        evidence="consent",
        informed="unknown",
    )


def say_no(place: Place, number: int, how: str) -> None:
    """Let the person say no, each in their own way."""
    with place.open() as register:
        if how == "erased":
            register.subjects.erase(str(number), "request:7", number)
        elif how == "withdrawn":
            register.consents.withdraw(str(number), channel="email")
        else:
            register.subjects.erase(str(number), "objection", number)


def backed_up(place: Place, name: str) -> tuple[Path, Path]:
    """Make a backup and return its halves."""
    folder = place.folder / name
    folder.mkdir(mode=0o700)
    with place.open() as register:
        made = register.backups.create(folder)
    return Path(made.data), Path(made.keys)


def bring_back(place: Place, parts: tuple[Path, Path]) -> None:
    """Restore a backup over the register."""
    way = way_in(place.owner.name, lambda: place.owner.password)
    Kartoteka.restore(str(place.vault), parts, way, clock=place.clock, accept_older=True)


def as_it_is(place: Place, how: str) -> None:
    """Let the person say no, and nothing else."""
    say_no(place, subscribe(place), how)


def after_rotation(place: Place, how: str) -> None:
    """Rotate every key that rotates, after the no."""
    as_it_is(place, how)
    with place.open() as register:
        register.rotation.run(ROTATING)


def from_before_the_no(place: Place, how: str) -> None:
    """Restore a backup in which the person still reads the news."""
    number = subscribe(place)
    parts = backed_up(place, "before")
    say_no(place, number, how)
    bring_back(place, parts)


def from_before_the_person(place: Place, how: str) -> None:
    """Restore a backup that has never heard of the person."""
    parts = backed_up(place, "empty")
    as_it_is(place, how)
    bring_back(place, parts)
    with place.open() as register:
        add_wording(register)


WORLDS = (as_it_is, after_rotation, from_before_the_no, from_before_the_person)


def is_back(place: Place) -> bool:
    """Tell whether the address is in the register, or may be written to."""
    with place.open() as register:
        lines = register.clients.find(MAIL).lines
        statuses = {register.consents.listing(str(line.number)).marketing_status for line in lines}
    return bool(statuses - {"objected"})


def refused(result: Result, how: str) -> bool:
    """Tell whether a command was refused with the article, what is possible, and the authority."""
    said = result.stderr
    return (
        result.exit_code == 4
        and ARTICLE[how] in said
        and "no service may be refused because of it" in said
        and "Datu valsts inspekcija" in said
    )


@pytest.fixture(params=WORLDS, ids=lambda world: world.__name__)
def world(request: pytest.FixtureRequest) -> Callable[[Place, str], None]:
    return request.param  # type: ignore[no-any-return]


@pytest.mark.parametrize("how", HOW)
def test_nobody_is_brought_back(
    place: Place, cli: Cli, tmp_path: Path, world: Callable[[Place, str], None], how: str
) -> None:
    """No command, file, list, merge, restore or rotation makes a no undone; each says why."""
    world(place, how)
    news = ("--relation", "newsletter", "--evidence", "consent", "--informed", "unknown")

    # client add, as a reader of the news; an erased person in no way at all
    assert refused(cli("client", "add", *WHO, "--email", MAIL.upper(), *news), how)
    if how == "erased":
        asked = ("--relation", "prospect", "--informed", "unknown")
        assert refused(cli("client", "add", *WHO, "--email", MAIL, *asked), how)

    # import, in three encodings
    text = f"Vārds;Uzvārds;E-pasts\nIlze;Četri;{MAIL}\nŅina;Šķēle;nina@example.com\n"
    for place_in_list, encoding in enumerate(("utf-8-sig", "cp1257", "utf-16")):
        file = tmp_path / f"{encoding}.csv"
        file.write_bytes(text.replace("nina", f"nina{place_in_list}").encode(encoding))
        taken = cli("import", str(file), *news, "--format", "json")
        assert 8 == taken.exit_code, taken.stderr
        assert '"created": 1' in taken.stdout
        assert f'"reason": "{how}"' in taken.stdout

    # correcting: a client who reads the news is said to have the address
    company = ("--kind", "legal", "--name", "SIA Cita", "--reg-no", REG_NO)
    cli("client", "add", *company, "--email", "info@example.com", "--relation", "client")
    other = number_of(place, REG_NO)
    cli("ground", "add", other, "--purpose", NEWS, "--evidence", "soft-opt-in")
    assert refused(cli("client", "edit", other, f"email={MAIL}"), how)
    assert refused(cli("client", "edit", other, "--add-email", MAIL), how)

    # merging: a row of a known client brings the address along
    merged = tmp_path / "merged.csv"
    merged.write_text(f"Nosaukums;Reģ. nr.;E-pasts\nSIA Cita;{REG_NO};{MAIL}\n", "utf-8")
    taken = cli("import", str(merged), "--relation", "client", "--update", "--format", "json")
    assert '"updated": 0' in taken.stdout
    assert '"held_back": [' in taken.stdout

    # a list of old consents
    old = tmp_path / "consents.csv"
    old.write_text(
        f"email;purpose;state;date;wording\n{MAIL};{NEWS};given;2026-02-27;spring-news\n", "utf-8"
    )
    assert 8 == cli("consent", "import", str(old)).exit_code
    assert not is_back(place)


@pytest.mark.parametrize("how", ["objected", "withdrawn"])
def test_a_service_is_not_refused_and_marketing_is(
    place: Place, cli: Cli, tmp_path: Path, world: Callable[[Place, str], None], how: str
) -> None:
    """Who said no to marketing buys like anybody else; no ground for marketing opens on the way."""
    world(place, how)
    bought = ("--relation", "client", "--informed", "2026-03-01")
    assert 0 == cli("client", "add", *WHO, "--email", MAIL, *bought, "--anyway").exit_code
    number = number_of(place, MAIL)

    for purpose, evidence in ((NEWS, "soft-opt-in"), (NEWS, "consent")):
        added = cli("ground", "add", number, "--purpose", purpose, "--evidence", evidence,
                    "--informed", "2026-03-01")  # fmt: skip
        assert refused(added, how), added.stderr
    added = cli("ground", "add", number, "--relation", "newsletter", "--evidence", "soft-opt-in")
    assert refused(added, how)

    old = tmp_path / "consents.csv"
    row = f"{number};{NEWS};given;2026-02-27;spring-news\n"
    old.write_text("number;purpose;state;date;wording\n" + row, "utf-8")
    imported = cli("consent", "import", str(old))
    assert 8 == imported.exit_code
    assert "refused or objected" in imported.stdout + imported.stderr
    assert not is_back(place)


def number_of(place: Place, text: str) -> str:
    """Find somebody's number."""
    with place.open() as register:
        return str(register.clients.find(text).lines[0].number)
