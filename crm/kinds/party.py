"""The fields of a party: clients and contact persons. Said once, here; everything is made from it.

Columns, forms, cards, commands with their help, files in and out, packages, address books and the
invented people of the demo follow. `PartyFields` in `crm/parties/cards.py` repeats the names for a
type checker, and a test compares the two; a field that is not there works all the same.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Final

from crm import privacy
from crm.i18n import Words
from crm.shape import description as of
from crm.shape.description import Field
from gdpr.category import Item, Origin
from gdpr.text import N_

NATURAL, LEGAL = "natural", "legal"


@dataclass(frozen=True, slots=True, eq=False)
class PartyField(Field):
    """A field of a party, and what only those have.

    `unique` lets no second party hold the same value. `only` is the one kind of party that is asked
    for it. `natural_as` and `legal_as` are the fields in which the value of a human being or of a
    company is stored. `asked` is false for one that is filled by another, `filed` for what no file
    of clients holds. `aside` is where a value goes that failed its check, `further` the kind of
    second and more values, `place` how the headings begin that hold an address in parts. `contact`
    names it where a row names a contact person beside the client. `own` are its names in JSContact
    and vCard, which have no such field, `context` what an address is for there.
    """

    reserved: ClassVar[frozenset[str]] = frozenset()
    _: KW_ONLY
    unique: bool = False
    only: str = ""
    natural_as: str = ""
    legal_as: str = ""
    asked: bool = True
    filed: bool = True
    aside: str = ""
    further: str = ""
    place: str | None = None
    contact: Words | None = None
    own: tuple[str, str] | None = None
    context: str = ""

    def stored_as(self, kind: str) -> str:
        """Return the field in which the value of a party of this kind is stored."""
        return (self.natural_as if kind == NATURAL else self.legal_as) or self.name


CHANNELS: Final = {
    "email": Words("e-mail", "e-pasts", "e-mail"),
    "phone": Words("phone", "tālrunis", "telefono"),
    "post": Words("post", "pasts", "posta"),
    "sms": Words("SMS", "SMS", "SMS"),
    "person": Words("in person", "klātienē", "di persona"),
}
SOURCES: Final = {
    "subject": Words("the person", "persona pati", "l'interessato"),
    "client": Words("a client of ours", "mūsu klients", "un nostro cliente"),
    "public": Words("a public source", "publisks avots", "una fonte pubblica"),
    "third-party": Words("third party", "trešā persona", "un terzo"),
}
# In the order of the columns.
FIELDS: Final = (
    PartyField(
        "name",
        Words("name", "vārds vai nosaukums", "nome"),
        item=privacy.NAME,
        only=LEGAL,
        heading=Words("name", "Nosaukums", "Denominazione"),
        help=N_("Name of a company, or the whole name of a person."),
    ),
    PartyField(
        "given_name",
        Words("given name", "vārds", "nome"),
        item=privacy.NAME,
        only=NATURAL,
        contact=Words("contact's given name", "kontaktpersonas vārds", "nome del referente"),
        help=N_("Given name of a person."),
    ),
    PartyField(
        "family_name",
        Words("family name", "uzvārds", "cognome"),
        item=privacy.NAME,
        only=NATURAL,
        contact=Words("contact's family name", "kontaktpersonas uzvārds", "cognome del referente"),
        help=N_("Family name of a person."),
    ),
    PartyField(
        "reg_no",
        Words("registration number", "reģistrācijas numurs", "numero di iscrizione"),
        of.REG_NO,
        item=privacy.REG_NO,
        findable=True,
        aside="reg_no",
        unique=True,
        only=LEGAL,
        own=("registrationId", "X-KARTOTEKA-REGID"),
        heading=Words("reg_no", "Reģ. Nr.", "Numero di registrazione"),
        help=N_("Registration number of a company."),
    ),
    PartyField(
        "vat_no",
        Words("VAT number", "PVN numurs", "partita IVA"),
        of.VAT_NO,
        item=privacy.VAT_NO,
        findable=True,
        aside="vat_no",
        unique=True,
        natural_as="trader_vat_no",
        own=("vatId", "X-KARTOTEKA-VATID"),
        heading=Words("vat_no", "PVN Nr.", "Partita IVA"),
        help=N_("VAT number, with the letters of its country."),
    ),
    PartyField(
        "personal_code",
        Words("personal code", "personas kods", "codice personale"),
        of.OFFICIAL,
        item=privacy.OFFICIAL_NUMBER,
        findable=True,
        aside="official_number",
        unique=True,
        only=NATURAL,
        legal_as="reg_no",  # a company's tax code is its number in the register
        own=("personalCode", "X-KARTOTEKA-PERSONAL-CODE"),
        heading=Words("personal_code", "Personas kods", "Codice fiscale"),
        help=N_("Personal code or codice fiscale of a person."),
    ),
    PartyField(
        "trader_vat_no",  # a sole trader's identifies a human being
        Words("VAT number", "PVN numurs", "partita IVA"),
        of.OFFICIAL,
        item=privacy.OFFICIAL_NUMBER,
        findable=True,
        aside="official_number",
        unique=True,
        asked=False,
        own=("vatId", "X-KARTOTEKA-VATID"),
    ),
    PartyField(
        "language",
        Words("language", "valoda", "lingua"),
        item=privacy.LANGUAGE,
        help=N_("Language to write in, such as lv, it or en."),
    ),
    PartyField(
        "email",
        Words("e-mail", "e-pasts", "e-mail"),
        of.EMAIL,
        item=privacy.EMAIL,
        findable=True,
        aside="email",
        further="email",
        contact=Words("contact's e-mail", "kontaktpersonas e-pasts", "e-mail del referente"),
        help=N_("E-mail address."),
    ),
    PartyField(
        "phone",
        Words("phone", "tālrunis", "telefono"),
        of.PHONE,
        item=privacy.PHONE,
        findable=True,
        further="phone",
        contact=Words("contact's phone", "kontaktpersonas tālrunis", "telefono del referente"),
        help=N_("Phone number."),
    ),
    PartyField(
        "legal_address",
        Words("legal address", "juridiskā adrese", "sede legale"),
        of.LINES,
        item=privacy.ADDRESS,
        further="address",
        place="",
        context="private",
        heading=Words("legal_address", "Juridiskā adrese", "Indirizzo"),
        help=N_("Legal address, or where a person lives or works."),
    ),
    PartyField(
        "delivery_address",
        Words("delivery address", "piegādes adrese", "indirizzo di consegna"),
        of.LINES,
        item=privacy.ADDRESS,
        further="address",
        place="delivery_",
        context="delivery",
        help=N_("Address for deliveries."),
    ),
    PartyField(
        "channel",
        Words("preferred channel", "vēlamā saziņa", "canale preferito"),
        of.CODE,
        item=privacy.CHANNEL,
        codes=CHANNELS,
        heading=Words("channel", "Saziņas veids", "Canale"),
        help=N_("Preferred means of contact."),
    ),
    PartyField(
        "iban",
        Words("IBAN", "IBAN", "IBAN"),
        of.IBAN,
        item=privacy.BANK,
        findable=True,
        aside="iban",
        further="iban",
        own=("iban", "X-KARTOTEKA-IBAN"),
        heading=Words("iban", "Konts (IBAN)", "IBAN"),
        help=N_("Bank account (IBAN)."),
    ),
    PartyField(
        "provenance",
        Words("source", "datu avots", "fonte dei dati"),
        of.CODE,
        item=privacy.PROVENANCE,
        origin=Origin.OBSERVED,
        codes=SOURCES,
        filed=False,
        help=N_("Who provided these data."),
    ),
)


@dataclass(frozen=True, slots=True, eq=False)
class FurtherKind:
    """Second and more values of a kind: the card's list of them, their table, and what is said."""

    kind: str
    several: str
    table: str
    item: Item
    label: Words
    add: str
    remove: str


FURTHER: Final = {
    one.kind: one
    for one in (
        FurtherKind(
            "phone",
            "phones",
            "further_phone",
            privacy.PHONE,
            Words("further phones", "citi tālruņi", "altri telefoni"),
            N_("Add a phone."),
            N_("Remove this phone from the card."),
        ),
        FurtherKind(
            "email",
            "emails",
            "further_email",
            privacy.EMAIL,
            Words("further e-mails", "citi e-pasti", "altre e-mail"),
            N_("Add an e-mail address."),
            N_("Remove this e-mail address from the card."),
        ),
        FurtherKind(
            "address",
            "addresses",
            "further_address",
            privacy.ADDRESS,
            Words("further addresses", "citas adreses", "altri indirizzi"),
            N_("Add a postal address."),
            N_("Remove this postal address from the card."),
        ),
        FurtherKind(
            "iban",
            "ibans",
            "further_account",
            privacy.BANK,
            Words("further IBANs", "citi IBAN", "altri IBAN"),
            N_("Add a bank account."),
            N_("Remove this bank account from the card."),
        ),
    )
}
# Our own names within a JSContact card stand under a domain that is nobody's.
OWN_PREFIX: Final = "kartoteka.example:"
BY_NAME: Final = {one.name: one for one in FIELDS}


def _in_order(names: str) -> tuple[str, ...]:
    """Put the fields that are asked for in an order; what it does not name comes behind."""
    first = names.split()
    return (*first, *(one.name for one in FIELDS if one.asked and one.name not in first))


NAMES: Final = ("name", "given_name", "family_name")
# As options and as what a command takes.
TYPED: Final = _in_order(
    "name given_name family_name reg_no vat_no personal_code email phone iban"
    " legal_address delivery_address language channel provenance"
)
# As people think of them: a VAT number tells the registration number.
IN_FORMS: Final = _in_order(
    "name given_name family_name vat_no reg_no personal_code email phone iban"
    " legal_address delivery_address language channel provenance"
)
# As scripts read a card, and as files have their columns.
ON_CARDS: Final = _in_order(
    "name given_name family_name reg_no vat_no personal_code email phone"
    " legal_address delivery_address language channel iban provenance"
)
IN_FILES: Final = tuple(name for name in ON_CARDS if BY_NAME[name].filed)
# What a line of a list has, and what a contact person is entered with.
ON_LINES: Final = ("name", "reg_no", "vat_no", "email", "phone")
OF_CONTACTS: Final = (*NAMES, "email", "phone", "language", "channel")
# Where a bad value is set aside, and the field into which the right one is typed.
ASIDE: Final = {one.name: one.aside for one in FIELDS if one.aside}
MENDED_IN: Final = {one.aside: one.name for one in FIELDS if one.aside and one.asked}
# Of a contact person a row of a client tells less.
CONTACTS_IN_FILES: Final = tuple(one.name for one in FIELDS if one.contact)
ADDRESSES: Final = tuple(one.name for one in FIELDS if one.further == "address")
# Where a value stands that was typed into another field, and the way back.
TRADES_AS: Final = {one.name: one.natural_as for one in FIELDS if one.natural_as}
SHOWN_AS: Final = {stored: name for name, stored in TRADES_AS.items()}
# By these nobody is found twice, and by those people are perhaps the same.
NUMBERS: Final = tuple(one.name for one in FIELDS if one.unique)
LOOKED_AT: Final = tuple(one.name for one in FIELDS if one.findable and not one.unique)
