"""Who is in the register already, asked by tokens for a whole batch of rows at once.

A row of a file is known by a number that belongs to one party only, or by being equal to a row
that was imported before. Nothing is opened and nothing of the file is remembered: the database
is asked anew for every batch, so that a file of any length needs the memory of one batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.kinds.party import NUMBERS
from crm.models.party import Party

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from crm.session.context import RegisterContext
    from gdpr.store.record import Record
    from gdpr.store.session import Session

Key = tuple[str, bytes]

ROW = "import_token"
VAT_PREFIX = "LV"
# One statement for any number of tokens: what is missing to this many is filled up.
_AT_ONCE = 500


def other_numbers(columns: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give where else a number may stand, where one contains the other.

    A company's VAT number is in many countries its registration number with a prefix, that of a
    Latvian sole trader the personal code.
    """
    found: list[tuple[str, str]] = []
    reg_no, vat_no = columns.get("reg_no"), columns.get("vat_no")
    if isinstance(reg_no, str):
        digits = "".join(filter(str.isalnum, reg_no)).upper()
        country = str(columns.get("country") or "")
        own = "EL" if country == "GR" else country
        found += [("vat_no", prefix + digits) for prefix in ((own,) if own else (VAT_PREFIX, "IT"))]
    if isinstance(vat_no, str):
        found.append(("reg_no", vat_no[2:]))
    code, trader = columns.get("personal_code"), columns.get("trader_vat_no")
    if isinstance(code, str) and code.isdigit():
        found.append(("trader_vat_no", VAT_PREFIX + code))
    if isinstance(trader, str) and trader.startswith(VAT_PREFIX):
        found.append(("personal_code", trader.removeprefix(VAT_PREFIX)))
    return [(name, value) for name, value in found if value]


class ExistingParties:
    """Turns numbers into tokens and asks which of them somebody has."""

    def __init__(self, context: RegisterContext) -> None:
        """Ask the register of `context`."""
        self._session = context.session
        self._seal = context.session.seals[Party.layout().table]
        self._columns = {name: Party.layout().column(name) for name in NUMBERS}
        self._holders = TokenHolders(context.session)

    def keys_of(self, columns: Mapping[str, Any]) -> list[Key]:
        """Return the tokens a party with these columns will carry."""
        return [
            (name, token)
            for name in NUMBERS
            if (value := columns.get(name)) and (token := self._token(name, value))
        ]

    def kin_of(self, columns: Mapping[str, Any]) -> list[Key]:
        """Return under which other token the same party may be known."""
        return [
            (name, token)
            for name, value in other_numbers(columns)
            if (token := self._token(name, value))
        ]

    def holders(self, keys: Iterable[Key]) -> dict[Key, bytes]:
        """Return the party behind each key that somebody has."""
        by_column: dict[str, dict[bytes, None]] = {}
        for column, token in keys:
            by_column.setdefault(column, {})[token] = None
        held: dict[Key, bytes] = {}
        for column, tokens in by_column.items():
            name = column if column == ROW else f"{column}_token"
            for token, party in self._holders.ask(Party, name, "id", list(tokens)):
                held[column, token] = party
        return held

    def _token(self, name: str, value: str) -> bytes | None:
        column = self._columns[name]
        return self._seal.token(column, column.normalise(value))


class TokenHolders:
    """Asks who has given tokens, whatever table they stand in."""

    def __init__(self, session: Session) -> None:
        """Ask the register of `session`."""
        self._database = session.database
        self._statements: dict[tuple[type[Record], str], str] = {}

    def ask(
        self, model: type[Record], column: str, owner: str, tokens: list[bytes]
    ) -> Iterator[tuple[bytes, bytes]]:
        """Yield the tokens that stand in a column, each with whose it is."""
        statement = self._statement(model, column, owner)
        for start in range(0, len(tokens), _AT_ONCE):
            page = tokens[start : start + _AT_ONCE]
            page += page[-1:] * (_AT_ONCE - len(page))
            for token, party in self._database.execute_sql(statement, page).fetchall():
                yield bytes(token), bytes(party)

    def _statement(self, model: type[Record], column: str, owner: str) -> str:
        if (model, column) not in self._statements:
            fields = model._meta.fields  # noqa: SLF001 - peewee keeps its column table there
            field = fields[column]
            query = model.select(field, fields[owner]).where(field.in_([b""] * _AT_ONCE))
            self._statements[model, column] = query.bind(self._database).sql()[0]
        return self._statements[model, column]
