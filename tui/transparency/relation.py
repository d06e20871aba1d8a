"""One relation: what a clerk chooses in plain words, and the purposes it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from crm.i18n import LANGUAGES, TONGUES, _, current
from crm.transparency.words import GROUND_EVIDENCE, SUBJECT_KINDS, in_language, said
from tui.app_screen import run_once, task
from tui.dialogs.filling import BoxField, Fill, pick, ticks, worded
from tui.dialogs.screen_kinds import SheetScreen
from tui.key_bindings import bindings
from tui.transparency.paper_lists import numbered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.kartoteka import Kartoteka
    from crm.transparency.cards import PurposeLine, RelationLine
    from tui.widgets.sheet import Part


class RelationScreen(SheetScreen):
    """Shows the current version and its bundle."""

    DUTIES: ClassVar = {"edit": "purposes"}
    BINDINGS = bindings("back", "relation")

    def __init__(self, code: str) -> None:
        """Show the relation of this code."""
        super().__init__()
        self._code = code

    @task
    async def load(self) -> None:
        """Fill the sheet."""
        relation, purposes = await self.desk.look(self._both)
        await self.show(in_language(relation.names, current()), _parts(relation, purposes))

    @run_once
    async def action_edit(self) -> None:
        """Change names, bundle and accepted evidence."""
        one, purposes = await self.desk.look(self._both)

        async def save(values: Mapping[str, Any]) -> object:
            names = {tongue: values[f"name-{tongue}"] for tongue in LANGUAGES}
            changes: dict[str, object] = {
                "names": {tongue: name for tongue, name in names.items() if name.strip()},
                "purposes": list(values["purposes"]),
                "evidence": list(values["evidence"]),
                "assumed": values["assumed"] or None,
            }
            return await self.desk.ask(lambda r: r.purposes.edit_relation(self._code, changes))

        text = _("This creates the next version. Existing lawful bases do not change.")
        title = _("Edit relationship {code}").format(code=in_language(one.names, current()))
        form = Fill(title, _fields(one, purposes), save, text=text)
        if await self.app.push_screen_wait(form) is not None:
            self.load()

    def _both(self, register: Kartoteka) -> tuple[RelationLine, list[PurposeLine]]:
        return register.purposes.relation(self._code), register.purposes.listing()


def _fields(one: RelationLine, purposes: list[PurposeLine]) -> list[BoxField]:
    open_ones = [line for line in purposes if not line.retired or line.code in one.purposes]
    evidence = worded(GROUND_EVIDENCE)
    assumed = [("", _("none: it must be given")), *evidence]
    titles = [(tongue, f"{_('title')} ({TONGUES[tongue]})") for tongue in LANGUAGES]
    return [
        *(BoxField(f"name-{code}", label, one.names.get(code, "")) for code, label in titles),
        ticks("purposes", _("purposes"), numbered(open_ones), one.purposes),
        ticks("evidence", _("accepted evidence"), evidence, one.evidence),
        pick("assumed", _("default if none is given"), assumed, one.assumed),
    ]


def _parts(relation: RelationLine, purposes: list[PurposeLine]) -> list[Part]:
    held = [one for one in purposes if one.code in relation.purposes]
    evidence = ", ".join(said(GROUND_EVIDENCE, code) for code in relation.evidence)
    assumed = said(GROUND_EVIDENCE, relation.assumed) if relation.assumed else _("none")
    return [
        *((f"{_('title')} ({TONGUES[one]})", relation.names.get(one, "–")) for one in LANGUAGES),
        (_("kind of person"), said(SUBJECT_KINDS, relation.kind)),
        (_("accepted evidence"), evidence),
        (_("default if none is given"), assumed),
        (_("version"), str(relation.version)),
        (_("Its purposes"), ""),
        *((one.number, in_language(one.names, current())) for one in held),
    ]
