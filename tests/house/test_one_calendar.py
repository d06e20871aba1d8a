"""Days come from one calendar: the only door from the clock, or from an instant, is the clock's."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.house.source import product, short, tree

if TYPE_CHECKING:
    from collections.abc import Iterator

# The clock, and what shows the instants of the open register by it.
DOORS = {"gdpr/clock.py", "crm/dates.py"}
ASKING = {"utcnow", "fromtimestamp", "utcfromtimestamp", "astimezone", "strftime", "localtime"}
ASKING |= {"gmtime", "ctime", "time_ns"}
_DAY = len("2026-03-31")
# Where such a call makes no day out of an instant, each with what it does.
ELSEWHERE = {
    ("crm/backup/backups.py", "astimezone"): "names a file by its instant, in UTC",
    ("crm/backup/backups.py", "strftime"): "names a file by its instant, in UTC",
    ("crm/cli/options.py", "date"): "a typed day comes from the parser with an hour",
    ("crm/consents/consent_receipts.py", "strftime"): "writes an instant, in UTC",
    ("crm/files/sheets.py", "date"): "a cell of a workbook holds a day with an hour, and no zone",
    ("crm/oversight/doctor.py", "[:10]"): "names ten places of many",
    ("crm/transfer/consent_lists.py", "[:10]"): "a cell of a list may hold an hour beside its day",
    ("gdpr/store/places.py", "time"): "asks how long ago a file was begun",
    ("gdpr/vault/fields.py", "astimezone"): "opens a stored instant, in UTC",
    (
        "tui/dialogs/log_entry.py",
        "strftime",
    ): "shows the second of an entry, by the door",
}


def _askings(module: ast.Module) -> Iterator[str]:
    """Name what turns a clock or an instant into a day, past the door."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from _calls(node, node.func)
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            upper = node.slice.upper
            if node.slice.lower is None and isinstance(upper, ast.Constant) and upper.value == _DAY:
                yield "[:10]"
        elif isinstance(node, ast.FormattedValue) and "%d" in ast.unparse(node.format_spec or node):
            yield "strftime"


def _calls(node: ast.Call, called: ast.Attribute) -> Iterator[str]:
    owner = ast.unparse(called.value)
    asks_the_machine = called.attr in {"now", "today"} and owner in {"datetime", "date"}
    cuts = called.attr == "date" and not node.args and not node.keywords
    if called.attr in ASKING or asks_the_machine or cuts or ast.unparse(called) == "time.time":
        yield called.attr
    elif called.attr == "replace" and [ast.unparse(one) for one in node.args[:1]] == ["'T'"]:
        yield "replace"


def test_no_day_is_made_past_the_clock() -> None:
    """A day cut off an instant is that of London: near midnight it is not the firm's."""
    found = {
        (short(path), asked)
        for path in product()
        if short(path) not in DOORS
        for asked in _askings(tree(path))
    }
    assert found == set(ELSEWHERE)


@pytest.mark.parametrize(
    "code",
    [
        "instant_of(row.made).date()",
        "card.at[:10]",
        "note.written[:16].replace('T', ' ')",
        "datetime.now(UTC)",
        "date.today()",
        "time.time()",
        "f'{one.time:%Y-%m-%d}'",
        "one.time.astimezone()",
    ],
)
def test_every_way_past_the_clock_is_seen(code: str) -> None:
    """A walk that overlooked a way would call any source clean."""
    assert list(_askings(ast.parse(code)))
