"""The papers of the house: numbered once, linked to what exists, without empty promises."""

from __future__ import annotations

import re

from tests.house.source import PACKAGES, ROOT, names_in, short

DECISIONS = ROOT / "docs" / "decisions"


def test_a_decision_has_a_number_of_its_own() -> None:
    """Decisions are numbered 0001, 0002 … without doubles and gaps."""
    numbers = sorted(path.name[:4] for path in DECISIONS.glob("*.md"))

    assert [f"{n:04}" for n in range(1, len(numbers) + 1)] == numbers


def test_a_decision_says_what_and_why() -> None:
    """Each decision names its reasons and what it costs."""
    wanted = ("\n## Decision\n", "\n## Reasons\n", "\n## Price\n")

    assert [
        short(path)
        for path in sorted(DECISIONS.glob("*.md"))
        if not all(heading in path.read_text("utf-8") for heading in wanted)
    ] == []


def test_links_lead_somewhere() -> None:
    """A relative link in the docs or the README leads to a file of the house."""
    broken = []
    for page in [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
            broken += [] if (page.parent / target).exists() else [f"{short(page)}: {target}"]

    assert broken == []


def test_nothing_is_promised_for_later() -> None:
    """The docs describe what exists; a page with `to do` in it is not finished."""
    empty = re.compile(r"\b(TODO|TBD|to be written|coming soon|not yet written)\b", re.IGNORECASE)

    assert [
        short(path)
        for path in [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]
        if empty.search(path.read_text("utf-8"))
    ] == []


def _cells(heading: str) -> list[list[str]]:
    """Return the rows of the tables below a heading of the page for developers."""
    page = (ROOT / "docs" / "developer.md").read_text("utf-8")
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [
        line.strip("| ").split(" | ")
        for line in section.splitlines()
        if line[:1] == "|" and ".py`" in line
    ]


def test_every_room_is_on_the_map() -> None:
    """Whoever is new finds each folder of the product, and in it the modules to begin with."""
    rooms = {
        short(path.parent) + "/" for package in PACKAGES for path in (ROOT / package).rglob("*.py")
    }
    told = {room.strip("`"): begin for room, _job, begin in _cells("The rooms")}

    assert set(told) == rooms
    assert [
        f"{room}{name}"
        for room, begin in told.items()
        for name in re.findall(r"`([^`]+)`", begin)
        if not (ROOT / room / name).is_file()
    ] == []


def test_what_is_decided_somewhere_is_still_decided_there() -> None:
    """Each module that answers a question on the map exists and has the names it is known by."""
    rows = _cells("Where it is decided")

    assert len(rows) > 20
    assert [
        f"{module}: {name}"
        for _question, module, names in rows
        for name in re.findall(r"`([^`]+)`", names)
        if name not in names_in(ROOT / module.strip("`"))
    ] == []
