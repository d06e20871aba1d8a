"""What hangs on a party: a place of work, notes, and values set aside to be mended."""

from __future__ import annotations

from crm.privacy import (
    BANK,
    CORRESPONDENCE,
    EMAIL,
    OFFICIAL_NUMBER,
    POSITION,
    REG_NO,
    VAT_NO,
)
from gdpr.category import Origin
from gdpr.store.fields import OptionalText, Personal, PlainBlob, PlainInteger, PlainText
from gdpr.store.record import Record


class Employment(Record):
    """A contact person's place at a company; when the last one ends, so does the ground."""

    person = PlainBlob("the contact person", index=True)
    company = PlainBlob("the company", index=True)
    since = PlainText("first day")
    left = OptionalText("last day; empty while it lasts")
    position = Personal(POSITION, Origin.PROVIDED)

    subject = "person"
    needs = "company"


class Note(Record):
    """What staff wrote down about a party; correspondence in the words of the register.

    It goes with the ground that names correspondence.
    """

    party = PlainBlob("about whom", index=True)
    written = PlainInteger("when, µs UTC")
    author = PlainBlob("which user")
    speaks_of = OptionalText("places that speak of people who were erased, JSON")
    text = Personal(CORRESPONDENCE, Origin.DERIVED)

    subject = "party"
    wide = True


class ToMend(Record):
    """Values of an imported row that failed their check, kept aside until somebody mends them.

    At most one row for each party.
    """

    party = PlainBlob("whose values", index=True)
    reg_no = Personal(REG_NO, Origin.PROVIDED)
    vat_no = Personal(VAT_NO, Origin.PROVIDED)
    official_number = Personal(OFFICIAL_NUMBER, Origin.PROVIDED)
    iban = Personal(BANK, Origin.PROVIDED)
    email = Personal(EMAIL, Origin.PROVIDED)

    subject = "party"
