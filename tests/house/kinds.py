"""Writes what follows from the descriptions of kinds of records (`make migration`).

Their list, the rows of their commands and their typed fields are pages like the others that
`make docs` writes, and compared like them; a migration is written once and then frozen.
"""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.shape.description import Shape

ROOT = Path(__file__).resolve().parents[2]
KINDS = ROOT / "crm" / "kinds"
_BY = "Written by `make migration`"
_LISTED = '''"""{by} from the descriptions beside it: every kind of record there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

{imports}if TYPE_CHECKING:
    from crm.shape.description import Shape

SHAPES: Final[tuple[Shape, ...]] = ({names})
'''
_COMMANDS = '''"""{by}: the commands of every kind of record, made from its description."""
'''
_ROWS = '''"""{by}: the commands of every kind of record and their help lines."""

from __future__ import annotations

{words}TYPE_CHECKING = False  # what `typing` would say, without the 10 ms it takes to say it
if TYPE_CHECKING:
    from typing import Final

ROWS: Final[dict[str, tuple[str, str]]] = {{{rows}}}
'''


def described() -> dict[str, tuple[str, Shape]]:
    """Return every description: the name of its constant -> its module and itself."""
    shape = import_module("crm.shape.description").Shape
    found: dict[str, tuple[str, Shape]] = {}
    for path in sorted(KINDS.glob("*.py")):
        if path.stem in {"__init__", "listed"}:
            continue
        module = import_module(f"crm.kinds.{path.stem}")
        for name, value in vars(module).items():
            if isinstance(value, shape):
                found[name] = path.stem, value
    return found


def listed() -> str:
    """Write crm/kinds/listed.py."""
    found = described()
    lines = "".join(f"from crm.kinds.{module} import {n}\n" for n, (module, _s) in found.items())
    names = "".join(f"{name}, " for name in found)
    return _tidy(_LISTED.format(by=_BY, imports=f"{lines}\n" if lines else "", names=names))


def commands() -> str:
    """Write crm/cli/record_commands.py."""
    text, found = _COMMANDS.format(by=_BY), described()
    if found:
        text += "\nfrom __future__ import annotations\n\nfrom crm.cli.shaped import commands_of\n"
        text += "".join(f"from crm.kinds.{m} import {n}\n" for n, (m, _s) in found.items())
        text += "\n"
        text += "".join(f"{s.noun} = commands_of({name})\n" for name, (_m, s) in found.items())
    return _tidy(text)


def rows() -> str:
    """Write crm/cli/record_command_lines.py."""
    lines = ""
    for _module, shape in described().values():
        about = shape.about
        said = ", ".join(map(_quoted, (str(about), about.lv, about.it)))
        place = _quoted(f"crm.cli.record_commands:{shape.noun}")
        lines += f"{_quoted(shape.noun)}: ({place}, Words({said})),"
    words = "from crm.i18n import Words\n\n" if lines else ""
    return _tidy(_ROWS.format(by=_BY, rows=lines, words=words))


def _typed(name: str) -> Callable[[], str]:
    def write() -> str:
        module, shape = described()[name]
        return _tidy(import_module("tests.house.kind_types").typed_module(shape, module))

    return write


def pages() -> dict[str, Callable[[], str]]:
    """Return what is written from the descriptions: path -> what writes it."""
    typed = {f"crm/kinds/typed/{s.noun}.py": _typed(name) for name, (_m, s) in described().items()}
    made = {
        "crm/kinds/listed.py": listed,
        "crm/cli/record_commands.py": commands,
        "crm/cli/record_command_lines.py": rows,
    }
    return {**made, **typed}


def steps() -> list[Path]:
    """Write and freeze a migration for each kind whose table lacks something."""
    held = _columns_held()
    written = []
    for _module, shape in described().values():
        model = import_module("crm.shape.tables").model_of(shape)
        writer = import_module("tests.house.kind_migrations")
        step = writer.step_for(model, held.get(shape.noun, ()))
        if step is None:
            continue
        last = max(path.name[:4] for path in (ROOT / "migrations").glob("[0-9]*.py"))
        path = ROOT / "migrations" / f"{int(last) + 1:04}_{step.name}.py"
        path.write_text(_tidy(step.text), "utf-8")
        with (ROOT / "tests" / "migrations" / "frozen.toml").open("a", encoding="utf-8") as frozen:
            frozen.write(f'"{path.stem}" = "{sha256(path.read_bytes()).hexdigest()}"\n')
        written.append(path)
    return written


def _columns_held() -> dict[str, frozenset[str]]:
    """Return the columns of every table that the migrations so far make."""
    database = import_module("gdpr.store.database")
    upgrade = import_module("gdpr.store.upgrade")
    with TemporaryDirectory() as folder:
        made = database.create_database(str(Path(folder) / "made"))
        upgrade.Upgrader(made, ROOT / "migrations").upgrade()
        found = {
            table: frozenset(column.name for column in made.get_columns(table))
            for table in made.get_tables()
        }
        made.close()
    return found


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _tidy(text: str) -> str:
    """Lay a module out as every other of the house."""
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--line-length", "100", "-"],
        input=text,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return done.stdout


def main() -> None:
    """Write what follows from the descriptions, then every page that follows from that."""
    for name, write in pages().items():
        (ROOT / name).write_text(write(), "utf-8")
    for path in steps():
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    # A process of its own: this one may have loaded tables that are no longer all there are.
    subprocess.run([sys.executable, "tests/house/generated.py"], cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
