"""What hangs on a party: further values, a place of work, notes, proofs, values set aside."""

from __future__ import annotations

from types import new_class
from typing import Any, ClassVar, Final

from crm import privacy
from crm.kinds.party import FIELDS, FURTHER
from crm.shape.tables import sealed_column
from gdpr.category import Origin
from gdpr.store import fields as of
from gdpr.store.record import Record


class Employment(Record):
    """A contact person's place at a company; when the last one ends, so does the ground."""

    person = of.PlainBlob("the contact person", index=True)
    company = of.PlainBlob("the company", index=True)
    since = of.PlainText("first day")
    left = of.OptionalText("last day; empty while it lasts")
    position = of.Personal(privacy.POSITION, Origin.PROVIDED)

    subject = "person"
    needs = "company"


class Note(Record):
    """What staff wrote down about a party; correspondence in the words of the register.

    It goes with the ground that names correspondence.
    """

    party = of.PlainBlob("about whom", index=True)
    written = of.PlainInteger("when, µs UTC")
    author = of.PlainBlob("which user")
    speaks_of = of.OptionalText("places that speak of people who were erased, JSON")
    text = of.Personal(privacy.CORRESPONDENCE, Origin.DERIVED)

    subject = "party"
    wide = True


class ToMend(Record):
    """Values of an imported row that failed their check, kept aside until somebody mends them.

    At most one row for each party.
    """

    party = of.PlainBlob("whose values", index=True)
    reg_no = of.Personal(privacy.REG_NO, Origin.PROVIDED)
    vat_no = of.Personal(privacy.VAT_NO, Origin.PROVIDED)
    official_number = of.Personal(privacy.OFFICIAL_NUMBER, Origin.PROVIDED)
    iban = of.Personal(privacy.BANK, Origin.PROVIDED)
    email = of.Personal(privacy.EMAIL, Origin.PROVIDED)

    subject = "party"


class NoticeGiven(Record):
    """A person was given a notice, or told of purposes in another way; it goes with the person."""

    party = of.PlainBlob("who was told", index=True)
    version = of.OptionalInteger("which version of the notice; empty when told in another way")
    covers = of.OptionalText("purpose versions told of in another way, canonical JSON")
    given = of.PlainText("the day, ISO")
    entered = of.PlainInteger("when it was entered, µs UTC")
    author = of.PlainBlob("which user entered it")
    channel = of.Personal(privacy.NOTICE_PROOF, Origin.OBSERVED)
    evidence = of.Personal(privacy.NOTICE_PROOF, Origin.OBSERVED)

    subject = "party"
    wide = True


class FurtherRow(Record):
    """Another value of a party, beside the first of its kind in the wide row."""

    kind: ClassVar[str]
    subject = "party"

    party = of.PlainBlob("whose it is", index=True)

    @property
    def value(self) -> str | None:
        """Return the value, opened."""
        value: str | None = getattr(self, self.kind)
        return value


def _model(kind: str) -> type[FurtherRow]:
    """Make the record class of a kind, whose column is that of the first value."""
    first = next(one for one in FIELDS if one.further == kind)
    table = FURTHER[kind].table
    body: dict[str, Any] = {
        "__doc__": f"Another {kind} of a party.",
        "__module__": __name__,
        "kind": kind,
        kind: sealed_column(first),
    }
    name = "".join(part.title() for part in table.split("_"))
    made: type[FurtherRow] = new_class(name, (FurtherRow,), {}, lambda space: space.update(body))
    return made


FURTHER_MODELS: Final = {kind: _model(kind) for kind in FURTHER}
