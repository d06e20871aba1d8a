"""Second and further phones, mail addresses, postal addresses and accounts: a row for each."""

from __future__ import annotations

from crm.privacy import ADDRESS, BANK, EMAIL, PHONE
from crm.shape.normal_forms import digits, lowercase
from gdpr.category import Origin
from gdpr.store.fields import Personal, PlainBlob
from gdpr.store.record import Record


class FurtherPhone(Record):
    """Another phone of a party."""

    party = PlainBlob("whose phone", index=True)
    phone = Personal(PHONE, Origin.PROVIDED, findable="phone", normalise=digits)

    subject = "party"

    class Meta:
        """Beside the first phone in the wide row."""

        table_name = "further_phone"
        without_rowid = True


class FurtherEmail(Record):
    """Another mail address of a party."""

    party = PlainBlob("whose mail address", index=True)
    email = Personal(EMAIL, Origin.PROVIDED, findable="email", normalise=lowercase)

    subject = "party"

    class Meta:
        """Beside the first address in the wide row."""

        table_name = "further_email"
        without_rowid = True


class FurtherAddress(Record):
    """Another postal address of a party."""

    party = PlainBlob("whose address", index=True)
    address = Personal(ADDRESS, Origin.PROVIDED)

    subject = "party"

    class Meta:
        """Beside the legal and the delivery address in the wide row."""

        table_name = "further_address"
        without_rowid = True


class FurtherAccount(Record):
    """Another bank account of a party."""

    party = PlainBlob("whose account", index=True)
    iban = Personal(BANK, Origin.PROVIDED, findable="iban")

    subject = "party"

    class Meta:
        """Beside the first account in the wide row."""

        table_name = "further_account"
        without_rowid = True


FURTHER_MODELS: dict[str, type[Record]] = {
    "phone": FurtherPhone,
    "email": FurtherEmail,
    "address": FurtherAddress,
    "iban": FurtherAccount,
}
