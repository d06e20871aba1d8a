"""The privacy notice as it stands or as it was published: read, compared, saved, given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Final

from crm.i18n import _, pgettext
from tui.app_screen import run_once, task
from tui.dialogs.filling import BoxField, Fill, pick
from tui.dialogs.reading import ReadingBox
from tui.dialogs.screen_kinds import SheetScreen
from tui.key_bindings import bindings
from tui.transparency.notice_forms import give, publish

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.widgets.sheet import Part

_ARTICLES: Final = (13, 14)
# Names of formats, which no language translates.
_FORMS: Final = (("md", "Markdown"), ("html", "HTML"))
# Text is drawn in pieces: one piece may hold no more than ten thousand letters.
_LINES: Final = 20
# A bar between two cells, and a letter that is kept from being taken for a sign.
_BAR: Final = re.compile(r"(?<!\\)\|")
_KEPT: Final = re.compile(r"\\([\\`*_\[\]<>|#])")


class NoticeScreen(SheetScreen):
    """Shows a version, or with None the register as it stands, in one language."""

    LOADED = "once"
    DUTIES: ClassVar = {"publish": "purposes"}
    WRITES: ClassVar = {"give": "evidence"}
    BINDINGS = bindings("back", "notice")

    def __init__(self, version: int | None = None) -> None:
        """Show the notice for data collected from the person, in the language in use."""
        super().__init__()
        self._version = version
        self._kind = _ARTICLES[0]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to publish a draft, and to give what is published."""
        if action in {"publish", "give"} and (action == "publish") is not (self._version is None):
            return False
        return super().check_action(action, parameters)

    @task
    async def load(self) -> None:
        """Fill the sheet."""
        version = _("version {version}").format(version=self._version)
        which = _("draft") if self._version is None else version
        title = _("Privacy notice · {which} · Art. {article} · {language}").format(
            which=which, article=self._kind, language=self.language
        )
        text = await self.desk.look(
            lambda r: r.notices.render(self._kind, self.language, version=self._version)
        )
        await self.show(title, _read(text))

    def action_kind(self) -> None:
        """Show the one for data from the person, or the one for data from elsewhere."""
        self._kind = _ARTICLES[1] if self._kind == _ARTICLES[0] else _ARTICLES[0]
        self.load()

    @task
    async def action_diff(self) -> None:
        """Show what changed: since the version before, or since the last one for the draft."""
        version = self._version
        old = None if version is None else max(1, version - 1)
        text = await self.desk.look(
            lambda r: r.notices.diff(self._kind, self.language, old, version)
        )
        parts = pieces(text) if text else [("", _("Nothing would change."))]
        await self.app.push_screen_wait(ReadingBox(_("Differences"), parts))

    @run_once
    async def action_save(self) -> None:
        """Write it to a new file."""
        fields = [
            BoxField("path", _("file"), hint=_("such as notice.html")),
            pick("form", pgettext("file", "format"), _FORMS),
        ]

        async def save(values: Mapping[str, Any]) -> str:
            form, path = values["form"], values["path"].strip()
            return await self.desk.ask(
                lambda r: r.notices.save(
                    r.notices.render(self._kind, self.language, form, version=self._version), path
                )
            )

        where = await self.app.push_screen_wait(Fill(_("Save to file"), fields, save))
        if where is not None:
            self.register.notify(_("Written: {path}").format(path=where))

    @run_once
    async def action_give(self) -> None:
        """Record who was given this version."""
        await give(self, self._version, ())

    @run_once
    async def action_publish(self) -> None:
        """Publish the draft."""
        made: Any = await publish(self)
        if made is not None:
            self._version = made.version
            self.refresh_bindings()
            self.load()


def _read(text: str) -> list[Part]:
    """Lay out the notice for reading: headings stand out, a table is read row by row."""
    parts: list[Part] = []
    held: list[str] = []
    headings: list[str] = []
    for one in text.splitlines():
        is_row = one.startswith("|")
        if is_row or one.startswith("#"):
            parts += pieces("\n".join(held).strip("\n"))
            held = []
        if not is_row:
            headings = []
        if one.startswith("#"):
            parts.append((_plain(one.lstrip("# ")), ""))
        elif not is_row:
            held.append(_plain(one))
        elif not headings:
            headings = _cells(one)
        elif set(one) - set("|- "):
            parts.append(_row(headings, _cells(one)))
    return [*parts, *pieces("\n".join(held).strip("\n"))]


def _cells(row: str) -> list[str]:
    return [_plain(cell.strip()) for cell in _BAR.split(row.strip("| "))]


def _row(headings: list[str], cells: list[str]) -> Part:
    """Put the first cell beside the others, each of which says what it is where there are more."""
    first, *others = cells
    if len(others) == 1:
        return first or "–", others[0] or "–"
    named = [f"{name}: {cell}" for name, cell in zip(headings[1:], others, strict=False) if cell]
    return first or "–", "\n".join([*named, ""])


def _plain(text: str) -> str:
    """Drop the signs of weight, and what keeps Markdown from taking a letter for a sign."""
    text = text.replace("**", "")
    if text.startswith("*") and text.endswith("*"):
        text = text[1:-1]
    return _KEPT.sub(r"\1", text)


def pieces(text: str) -> list[Part]:
    """Cut a long text into parts that a sheet can draw."""
    lines = text.splitlines()
    return [("", "\n".join(lines[at : at + _LINES])) for at in range(0, len(lines), _LINES)]
