"""What is written from the code (`make docs`), pages of docs/ above all; a test compares them."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
# A room with many errors of its own keeps them in a module called errors too.
MODULES = (
    "gdpr.errors",
    *sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for package in ("crm", "gdpr", "tui")
        for path in (ROOT / package).rglob("errors.py")
        if path != ROOT / "gdpr" / "errors.py"
    ),
)
FAMILIES = (
    ("Failed", 1), ("Invalid", 2), ("NotFound", 3), ("Refused", 4), ("Locked", 5), ("Due", 6),
    ("Damaged", 7), ("RowsRejected", 8),
)  # fmt: skip
_HEAD = """# Exit codes

Written from the classes by `make docs`; edit those, not this page.

A command ends with the code of the family its error belongs to. 0 means done. Usage errors are 2,
whatever nobody foresaw is 1.
"""


def errors() -> list[type[Exception]]:
    """Return every error class of the product, the root first."""
    modules = [import_module(name) for name in MODULES]
    root = modules[0].KartotekaError
    found = [
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, root)
    ]
    return [root, *(kind for kind in dict.fromkeys(found) if kind is not root)]


def exit_codes() -> str:
    """Write docs/internals/exit-codes.md."""
    lines = [_HEAD]
    by_code: dict[int, list[type[Exception]]] = {}
    for kind in errors()[1:]:
        by_code.setdefault(kind.exit_code, []).append(kind)  # type: ignore[attr-defined]
    for family, code in FAMILIES:
        kinds = by_code.get(code, [])
        head = next(kind for kind in kinds if kind.__name__ == family)
        lines += [f"## {code}: {_first_line(head)}", ""]
        lines += ["| error | message | article |", "| --- | --- | --- |"]
        for kind in sorted(kinds, key=lambda kind: kind.__name__):
            text = kind.text.replace("|", "\\|")  # type: ignore[attr-defined]
            lines.append(f"| `{kind.__name__}` | {text} | {kind.article or ''} |")  # type: ignore[attr-defined]
        lines.append("")
    return "\n".join(lines)


def _first_line(kind: type[Exception]) -> str:
    line = (kind.__doc__ or "").strip().partition("\n")[0]
    return line.partition(" (exit")[0].rstrip(".")


def data_map() -> str:
    """Write docs/internals/data-map.md; only here does anything load the product's tables."""
    page: str = import_module("tests.house.data_map").data_map()
    return page


# How a keyboard names a key that the toolkit calls by a word.
_KEYCAPS = {
    "slash": "/", "question_mark": "?", "space": "Space", "enter": "Enter", "escape": "Esc",
    "asterisk": "*", "plus": "+", "minus": "-", "comma": ",", "full_stop": ".", "pageup": "PgUp",
    "pagedown": "PgDn", "less_than_sign": "<", "greater_than_sign": ">", "apostrophe": "'",
}  # fmt: skip
_GROUP_TITLES = {
    "app": "Everywhere",
    "list": "In every list",
    "back": "Where one can go back",
    "lines": "Between the fields of a form",
    "button": "Between buttons",
    "text": "In a long text",
    "choice": "In a field with choices",
    "box": "In a small form",
    "save": "What is saved at once",
    "run": "What is run on a file",
    "filter": "Filter of a list",
    "rejected": "A rejected row",
    "imported": "After an import",
    "restored": "After a restore",
    "merge": "Two versions of a card",
    "review": "Review of texts",
    "redaction": "Redaction within a text",
    "entry": "Logging in",
    "wizard": "A new register",
    "matrix": "Consents side by side",
    "papers": "Policies",
    "grounds": "Lawful bases",
    "erase": "Erasure",
    "copies": "Known copies",
    "users": "Users",
    "firm": "The firm",
    "keys": "Encryption keys",
}


def keycap(key: str) -> str:
    """Write a key as people read it: `ctrl+l` is Ctrl+L, `slash` is /."""
    *held, last = key.split("+")
    shown = _KEYCAPS.get(last, last.upper() if held or (last[:1] == "f" and last[1:]) else last)
    if len(shown) > 1 and shown.islower():
        shown = shown.capitalize()
    return "+".join([*(one.capitalize() for one in held), shown])


def keys() -> str:
    """Write docs/keys.md from the table that the screens' bindings are made of."""
    lines = [
        "# Keys",
        "",
        "Written from the table of keys by `make docs`; edit that, not this page. None of them",
        "needs AltGr. Another key is chosen in the `[keys]` table of the config file by the name",
        "in the last column. On a screen, F1 shows those that work there.",
        "",
    ]
    for group, entries in import_module("tui.key_bindings").KEY_GROUPS.items():
        title = _GROUP_TITLES.get(group, group.replace("-", " ").replace("_", " ").capitalize())
        lines += [f"## {title}", "", "| key | does | name |", "| --- | --- | --- |"]
        for entry in entries:
            shown = " or ".join(f"`{keycap(key)}`" for key in entry.keys.split(","))
            lines.append(f"| {shown} | {entry.words} | `{entry.id}` |")
        lines.append("")
    return "\n".join(lines)


def listing() -> str:
    """Write migrations/schema.jsonl: what the migrations make, for comparing with what is there."""
    database = import_module("gdpr.store.database")
    declared = import_module("gdpr.store.schema_check")
    upgrade = import_module("gdpr.store.upgrade")
    with TemporaryDirectory() as folder:
        made = database.create_database(str(Path(folder) / "made"))
        upgrade.Upgrader(made, ROOT / "migrations").upgrade()
        things = declared.things_in(made)
        made.close()
    # Sorted, so that a change of the schema is a change of few lines.
    ordered = sorted(things, key=lambda thing: (thing.table, thing.kind, thing.name))
    return "".join(json.dumps(list(thing), ensure_ascii=False) + "\n" for thing in ordered)


def _from_kinds() -> dict[str, Callable[[], str]]:
    """Return the modules that are written from the descriptions of kinds of records."""
    sys.path.insert(0, str(ROOT))  # so that a page can be written from anywhere
    pages: dict[str, Callable[[], str]] = import_module("tests.house.kinds").pages()
    return pages


def short_messages() -> str:
    """Write docs/internals/short-messages.md; it needs the collector of messages."""
    page: str = import_module("tests.house.short_messages").short_messages()
    return page


def program_files() -> str:
    """Write gdpr/program_files.txt: what the program reads of itself."""
    packages = import_module("tests.house.source").PACKAGES
    files = (path for package in packages for path in (ROOT / package).rglob("*.*"))
    ours = (path for path in files if path.suffix in _TEXTS and path.name != "program_files.txt")
    return "".join(f"{path.relative_to(ROOT).as_posix()}\n" for path in sorted(ours))


_TEXTS = {".html", ".json", ".jsonl", ".md", ".tcss", ".toml", ".txt", ".yaml"}
PAGES = {
    **_from_kinds(),
    "migrations/schema.jsonl": listing,
    "gdpr/program_files.txt": program_files,
    "docs/keys.md": keys,
    "docs/internals/exit-codes.md": exit_codes,
    "docs/internals/data-map.md": data_map,
    "docs/internals/short-messages.md": short_messages,
}


def main() -> None:
    """Write every generated page."""
    for name, write in PAGES.items():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(write(), "utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
