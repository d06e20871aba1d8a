"""Client lists for tests: invented people and firms whose numbers have right check digits."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_WEIGHTS = (9, 1, 4, 8, 3, 10, 2, 5, 7, 6)

LATVIAN = (
    *("Nr.", "Klienta veids", "Nosaukums", "Reģ. Nr.", "PVN Nr.", "Vārds", "Uzvārds"),
    *("Personas kods", "Juridiskā adrese", "E-pasts", "Tālrunis", "Kontaktpersonas vārds"),
    *("Kontaktpersonas uzvārds", "Amats", "Konts (IBAN)", "Piezīmes"),
)
IBAN = "LV80BANK0000435195001"
CODE = "161175-19997"


def company_number(number: int) -> str:
    """Make the registration number of a Latvian firm with its check digit right."""
    for body in (f"{first}{number:09}" for first in (4, 5, 6, 7)):
        rest = (3 - sum(w * int(d) for w, d in zip(_WEIGHTS, body, strict=True))) % 11
        if rest != 10:
            return body + str(rest)
    raise ValueError(number)


def table(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    encoding: str = "utf-8-sig",
    delimiter: str = ";",
) -> bytes:
    """Write a table as a spreadsheet would."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def latvian(*rows: dict[str, str], encoding: str = "utf-8-sig") -> bytes:
    """Write rows given by heading under the headings of a Latvian address book."""
    cells = ([row.get(heading, "") for heading in LATVIAN] for row in rows)
    return table(LATVIAN, cells, encoding=encoding)


def firm(number: int, **more: str) -> dict[str, str]:
    """Make the row of a firm with a contact person; `more` is by the codes below."""
    reg_no = company_number(number)
    row = {
        "Nr.": str(number),
        "Klienta veids": "juridiska",
        "Nosaukums": f"SIA Upmalas Dati {number}",
        "Reģ. Nr.": reg_no,
        "PVN Nr.": f"LV{reg_no}",
        "Juridiskā adrese": f"Upmalas iela {number}, Rīga",
        "E-pasts": f"info{number}@example.com",
        "Tālrunis": "+371 67001122",
        "Kontaktpersonas vārds": "Ieviņa",
        "Kontaktpersonas uzvārds": f"Kārkliņa{number}",
        "Amats": "grāmatvede",
        "Konts (IBAN)": IBAN,
        "Piezīmes": "maksā laikus",
    }
    return row | _by_heading(more)


def person(number: int, **more: str) -> dict[str, str]:
    """Make the row of a human being without any official number."""
    row = {
        "Nr.": str(number),
        "Klienta veids": "fiziska",
        "Vārds": "Ģirts",
        "Uzvārds": f"Žagarnieks{number}",
        "E-pasts": f"girts{number}@example.com",
        "Tālrunis": f"2{number:07}",
    }
    return row | _by_heading(more)


def many(count: int) -> Iterator[tuple[str, str]]:
    """Yield as many people as wanted, one after the other."""
    for number in range(count):
        yield f"Persona {number:06}", f"p{number}@example.com"


_CODES = {
    "name": "Nosaukums",
    "reg_no": "Reģ. Nr.",
    "vat_no": "PVN Nr.",
    "family_name": "Uzvārds",
    "personal_code": "Personas kods",
    "legal_address": "Juridiskā adrese",
    "email": "E-pasts",
    "phone": "Tālrunis",
    "iban": "Konts (IBAN)",
    "notes": "Piezīmes",
    "position": "Amats",
}


def _by_heading(values: dict[str, str]) -> dict[str, str]:
    return {_CODES[code]: value for code, value in values.items()}
