"""Text that would be code somewhere else: stored cleaned, shown as it is, obeyed by nobody."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from itertools import product

from crm.clients.errors import EmptyNote
from crm.models.party import Party
from crm.parties.errors import NobodyThere
from gdpr.text import clean, safe
from tests.faults.invariants import breaches

_QUOTES = ("'", '"', "`", "\\'", "''", "';", '";', "\u02bc", "\uff07", "%27")
_ACTS = (
    " OR 1=1 --",
    " DROP TABLE party; --",
    " UNION SELECT mac, mac FROM party --",
    "; DELETE FROM audit_entry; --",
    "; ATTACH DATABASE '/tmp/x' AS x; --",
    "; PRAGMA secure_delete = 0; --",
    "; UPDATE ground SET ended_on = NULL; /*",
    " AND randomblob(1000000000) --",
    " || (SELECT wrapped FROM vault_secret) || ",
    "; VACUUM INTO '/tmp/y'; --",
    "; SELECT load_extension('x'); --",
    "x'00'); --",
)
_MARKS = (
    "[/nope] Oy",
    "[link=file:///etc/passwd]x[/link]", "[bold red]", "{0.__class__}", "{name}",
    "%s%n",
    "%(name)s", "${HOME}", "$(id)", "`id`", "{{7*7}}", "<script>alert(1)</script>", "&lt;",
    "../../x",
    "C:\\x", "=cmd|'/c calc'!A0", "+1+1", "-1", "@SUM(A1)", "\u202egnp.exe", "\x1b]52;c;eA==\x07",
    "\x1b[2J", "\x9b31m", "\x00", "a\x00b", "\r\nX: y", "\u2028", "\ud800", "\udfff\ud800",
    "\ufeff",
    "\U000e0041", "Z" + "\u0301" * 50, "ﷺ" * 20, "𝕵ā𝖓𝖎𝖘", "ß", "ı", "null", "None", "true",
    "NaN", "-",
    "--", "--help", "-x", "0", "1e309", "\\u0000", "\t", " ", "\u00a0", "\u200b", "🦜" * 30,
    "X" * 9_000,
)  # fmt: skip
HALF = re.compile("[\ud800-\udfff]")
STRINGS = [f"a{quote}{act}" for quote, act in product(_QUOTES, _ACTS)]
STRINGS += [f"b{mark}{quote}{n}" for n, mark in enumerate(_MARKS) for quote in _QUOTES[:7]]
STRINGS += list(_MARKS)


NOTHING = {"null", "none", "nil", "nan", "na", "nav", "n/a", "-", "/", "?", "."}


def test_hostile_text_is_only_text(place, cli):
    """Hundreds of strings as JSON on standard input, and then searched for: cleaned and whole."""
    assert len(STRINGS) >= 500
    before = schema(place)
    rows = [STRINGS[at : at + 4] for at in range(0, len(STRINGS), 4)]
    numbers = {}
    for at, row in enumerate(rows):
        name, family, legal, delivery = [*row, *[f"x{at}"] * 4][:4]
        fields = {
            "kind": "natural",
            "given_name": f"N{at} {name}",
            "family_name": family,
            "legal_address": legal,
            "delivery_address": delivery,
            "relation": "client",
        }
        typed = ("client", "add", "-", "--anyway", "--format", "json")
        if any(map(HALF.search, fields.values())):
            # Half a pair of surrogates is no letter; dropping it unasked would lose one.
            assert cli(*typed, stdin=json.dumps(fields)).exit_code == 2
            fields = {field: HALF.sub("", text) or "x" for field, text in fields.items()}
        told = cli(*typed, stdin=json.dumps(fields))
        assert told.exit_code == 0, (fields, told.stderr)
        card = json.loads(told.stdout)
        numbers[card["number"]] = fields
        for field in ("given_name", "family_name"):
            assert (card[field] or "") == shown(fields[field])
        for field in ("legal_address", "delivery_address"):
            said = shown(fields[field], lines=True)
            # Where no name stands, what people type instead of nothing is nothing.
            assert (card[field] or "") == ("" if said.casefold() in NOTHING else said)
    with place.open() as register:
        for number in numbers:
            for text in rows[number - min(numbers)]:
                with suppress(EmptyNote):
                    register.notes.add(str(number), text)
                register.clients.find(text, limit=3)
                _addressed(register, text)
            noted = {card.text for card in register.notes.list(str(number))}
            wanted = {clean(text, lines=True) for text in rows[number - min(numbers)]}
            assert noted == wanted - {""}
        assert breaches(register) == []
        assert len(register.context.session.rows(Party)) == len(rows)
    assert schema(place) == before


def shown(text, *, lines=False):
    """Return a value as it is stored, and then as it is printed."""
    return safe(clean(text, lines=lines))


def _addressed(register, text):
    """Nobody is found at an address that is no number."""
    with suppress(NobodyThere):
        assert register.clients.show(text).number == int(text)


def schema(place):
    with place.open() as register:
        run = register.context.session.database.execute_sql
        return run("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2").fetchall()


def test_hostile_arguments_are_only_arguments(cli, place):
    """The same as words of a command line: found or not, refused or not, never unforeseen."""
    for text in (*_MARKS[:44], *STRINGS[:12]):
        if "\0" in text or text.startswith("-"):
            continue
        for words in (("client", "find", text), ("client", "show", text), (text,)):
            told = cli(*words)
            assert told.exit_code in (0, 2, 3), (words, told.stderr)
            assert "unexpected error" not in told.stderr
            assert not set("\x1b\x9b\x07") & set(told.stdout + told.stderr)
