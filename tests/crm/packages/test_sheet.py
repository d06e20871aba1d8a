"""The sheet a person reads: one page, in their language, legible on a phone and by ear."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html import escape, unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crm.packages.cards import Packing
from gdpr.rights.sheet import WORDS
from tests.crm.packaging import client, contact, note, trader
from tests.house.source import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.kartoteka import Kartoteka

LANGUAGES = pytest.mark.parametrize("language", ["en", "lv", "it"])
WIDTHS = (390, 1280)
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome")
     if (path := shutil.which(name))), None,
)  # fmt: skip
_RUN_AXE = """
<script>
axe.run(document, {resultTypes: ["violations"]}).then(function (found) {
  var outside = window.parent.document;
  var box = outside.createElement("pre");
  box.id = "finding";
  box.textContent = JSON.stringify({
    inner: window.innerWidth,
    wide: document.documentElement.scrollWidth,
    violations: found.violations.map(function (each) {
      return {id: each.id, impact: each.impact, where: each.nodes.map(function (node) {
        return node.target.join(" ") + " " + node.failureSummary; }).slice(0, 3)};
    })
  });
  outside.body.appendChild(box);
});
</script>
"""


def _axe() -> Path | None:
    """Find axe-core where `npm install` puts it, or where AXE_CORE says."""
    told = os.environ.get("AXE_CORE")
    inside = Path("node_modules") / "axe-core" / "axe.min.js"
    places = [Path(told)] if told else [ROOT / "build" / "axe" / inside, ROOT / inside]
    return next((place for place in places if place.is_file()), None)


AXE = _axe()


class Outline(HTMLParser):
    """What can be seen of a page without a browser."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.tables: list[list[str]] = []
        self._open = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append([])
        if self.tables:
            self.tables[-1].append(tag)

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attrs for name, attrs in self.tags if name == tag)


def sheet(register: Kartoteka, folder: Path, language: str, scope: str = "access") -> Path:
    """Make a package and return its sheet."""
    party = client(register)
    if scope == "access":
        # The next report lists this one with its long hash.
        register.packages.portable(str(party.number), folder / f"earlier-{language}")
        note(register, party, "Garšo <b>ābolu</b> pīrāgs & kafija {{ 7 * 7 }} <script>x</script>")
    made = getattr(register.packages, scope)(
        str(party.number), folder / f"{scope}-{language}", Packing(language=language)
    )
    assert made.language == language
    return folder / f"{scope}-{language}" / "read-me-first.html"


@LANGUAGES
@pytest.mark.parametrize("scope", ["access", "portable"])
def test_the_page_is_built_for_everybody(
    register: Kartoteka, tmp_path: Path, language: str, scope: str
) -> None:
    """Language, title, one first heading, headings in order, captions and scopes are there."""
    page = Outline(sheet(register, tmp_path, language, scope).read_text("utf-8"))

    [root] = page.all("html")
    assert root["lang"] == language
    levels = [int(tag[1]) for tag, _attrs in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert {"main", "header", "nav", "title"} <= {tag for tag, _attrs in page.tags}
    assert page.tables
    assert all(table[1] == "caption" for table in page.tables)
    assert all(cell.get("scope") in {"col", "row"} for cell in page.all("th"))
    ids = [attrs["id"] for _tag, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    anchors = {str(link["href"])[1:] for link in page.all("a")}
    assert anchors <= set(ids)


@LANGUAGES
def test_the_page_needs_nothing_from_anywhere(
    register: Kartoteka, tmp_path: Path, language: str
) -> None:
    """No script, no image, no font, no address is fetched; a policy in the page forbids it too."""
    text = sheet(register, tmp_path, language).read_text("utf-8")
    page = Outline(text)

    foreign = {"script", "img", "link", "iframe", "object", "form"}
    assert foreign & {tag for tag, _attrs in page.tags} == set()
    assert [a for _t, a in page.tags if "src" in a or any(k.startswith("on") for k in a)] == []
    assert "url(" not in text
    assert "@import" not in text
    policies = [meta["content"] for meta in page.all("meta") if meta.get("http-equiv")]
    assert ["default-src 'none'" in str(policy) for policy in policies] == [True]


def test_what_people_wrote_is_shown_and_not_run(register: Kartoteka, tmp_path: Path) -> None:
    """Marks of HTML and of templates in a note are letters."""
    text = sheet(register, tmp_path, "en").read_text("utf-8")

    assert "&lt;b&gt;ābolu&lt;/b&gt;" in text
    assert "{{ 7 * 7 }}" in text
    assert "<script" not in text


@LANGUAGES
def test_the_sheet_speaks_one_language(register: Kartoteka, tmp_path: Path, language: str) -> None:
    """Nothing of the other languages' words stands in it."""
    text = sheet(register, tmp_path, language).read_text("utf-8")

    own = {"en": "Who receives your data", "lv": "Kas saņem Jūsu datus",
           "it": "Chi riceve i Suoi dati"}  # fmt: skip
    assert own.pop(language) in text
    assert [word for word in own.values() if word in text] == []
    if language != "en":
        long = [word for word in WORDS.values() if len(word) > 20]
        assert [word for word in long if word in text] == []


def test_the_language_is_the_persons_own(register: Kartoteka, tmp_path: Path) -> None:
    """Without a wish it is the person's language; whose has none gets the firm's."""
    made = [
        register.packages.access(str(person(register).number), tmp_path / person.__name__)
        for person in (client, trader, contact)
    ]

    assert [one.language for one in made] == ["lv", "en", "en"]


def test_the_fingerprint_to_compare_stands_in_the_sheet(
    register: Kartoteka, tmp_path: Path
) -> None:
    """The register's fingerprint is printed in groups."""
    party = client(register)
    made = register.packages.access(str(party.number), tmp_path / "p", Packing(language="en"))

    text = (tmp_path / "p" / "read-me-first.html").read_text("utf-8")

    digits = made.root_sha256
    assert " ".join(digits[at : at + 8] for at in range(0, 64, 8)) in text


@pytest.mark.skipif(CHROMIUM is None, reason="NOT SEEN IN A BROWSER: apt-get install chromium")
@pytest.mark.skipif(AXE is None, reason="NOT HEARD BY AXE: npm install --prefix build/axe axe-core")
@LANGUAGES
@pytest.mark.parametrize("scope", ["access", "portable"])
def test_a_browser_shows_it_whole_and_axe_finds_nothing(
    register: Kartoteka, tmp_path: Path, language: str, scope: str
) -> None:
    """On a phone and on a desk nothing runs off the page, and no rule of axe-core is broken."""
    page = sheet(register, tmp_path, language, scope)
    for width in WIDTHS:
        found = _finding(page, tmp_path, width)

        assert found["inner"] == width
        assert found["wide"] <= width
        assert found["violations"] == []


def _finding(page: Path, folder: Path, width: int) -> dict[str, Any]:
    """Run axe-core in a copy of the page, whose policy would rightly forbid it."""
    text = re.sub(r"<meta http-equiv=[^>]*>", "", page.read_text("utf-8"))
    script = f"<script>{(AXE or Path()).read_text('utf-8')}</script>{_RUN_AXE}"
    inside = escape(text.replace("</body>", f"{script}</body>"))
    # No window of a browser is as narrow as a phone; a frame is.
    frame = f'<iframe srcdoc="{inside}" style="width: {width}px; height: 2000px; border: 0">'
    copy = folder / f"{page.parent.name}-{width}.html"
    copy.write_text(f"<!DOCTYPE html><meta charset=utf-8><title>x</title>{frame}</iframe>", "utf-8")
    done = subprocess.run(
        [
            str(CHROMIUM),
            *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update"),
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={folder / 'browser'}",
            "--window-size=1400,2100",
            "--virtual-time-budget=20000",
            "--dump-dom",
            copy.as_uri(),
        ],
        capture_output=True, check=True, text=True, timeout=180,
    )  # fmt: skip
    found = re.search(r'<pre id="finding">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found is not None
    finding: dict[str, Any] = json.loads(unescape(found[1]))
    return finding
