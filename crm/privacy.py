"""What Kartotēka keeps about people, who may read it, and what is masked. Declarations only.

A data protection officer reads this page to know the whole vocabulary: no personal column can
exist in the program without one of the items below, and no item can be stored unless a purpose
names it (`crm/data/purposes.yaml`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gdpr.category import Category, Item
from gdpr.dpv import DPV, EU_GDPR, PD

# --- Categories: what shares a key, and is therefore read and destroyed together -----------------

IDENTITY = Category("identity")
CONTACT = Category("contact")
BILLING = Category("billing")
CONTRACT = Category("contract")
SUPPORT = Category("support")
MARKETING = Category("marketing")
EVIDENCE = Category("evidence")
CASE = Category("case")

CATEGORIES = (IDENTITY, CONTACT, BILLING, CONTRACT, SUPPORT, MARKETING, EVIDENCE, CASE)

# --- Items: what a purpose can name, each with the nearest term of the Data Privacy Vocabulary ---

NAME = Item("name", IDENTITY, PD + "Name")
REG_NO = Item("reg_no", IDENTITY, PD + "OfficialID")
VAT_NO = Item("vat_no", IDENTITY, PD + "Tax")
LANGUAGE = Item("language", IDENTITY, PD + "Language")

EMAIL = Item("email", CONTACT, PD + "EmailAddress")
PHONE = Item("phone", CONTACT, PD + "TelephoneNumber")
ADDRESS = Item("address", CONTACT, PD + "PhysicalAddress")
POSITION = Item("position", CONTACT, PD + "Job")
CHANNEL = Item("channel", CONTACT, PD + "Communication")

BANK = Item("bank", BILLING, PD + "BankAccount")
# Personal code, codice fiscale, and the VAT number of a sole trader, which contains it.
OFFICIAL_NUMBER = Item("official_number", BILLING, PD + "OfficialID")
INVOICE = Item("invoice", BILLING, PD + "Transaction")
PAYMENT = Item("payment", BILLING, PD + "Transaction")
TIME = Item("time", BILLING, PD + "Purchase")

AGREEMENT = Item("contract", CONTRACT, PD + "Purchase")
LICENCE = Item("licence", CONTRACT, PD + "Purchase")

TICKET = Item("ticket", SUPPORT, PD + "Communication")
SESSION = Item("session", SUPPORT, PD + "IPAddress")
# Notes are correspondence: what people said to us, and what we wrote down about it.
CORRESPONDENCE = Item("correspondence", SUPPORT, PD + "Communication")
FEEDBACK = Item("feedback", SUPPORT, PD + "ServiceConsumptionBehaviour")

INTEREST = Item("interest", MARKETING, PD + "ServiceConsumptionBehaviour")
ATTENDANCE = Item("attendance", MARKETING, PD + "ServiceConsumptionBehaviour")

CONSENT_PROOF = Item("consent_proof", EVIDENCE, DPV + "ConsentRecord")
NOTICE_PROOF = Item("notice_proof", EVIDENCE, EU_GDPR + "DirectDataCollectionNotice")
PROVENANCE = Item("provenance", EVIDENCE, DPV + "DataSource")

REQUEST_FILE = Item("request_file", CASE, DPV + "RightExerciseRecord")
# The result of a check, never a copy of the document.
ID_CHECK = Item("id_check", CASE, PD + "OfficialID")

# Every item above, so that none can be left out.
ITEMS: Final = {item.code: item for item in tuple(vars().values()) if isinstance(item, Item)}

# Shown as dots, of natural persons, everywhere but in the accountant's own files. Looking at one
# is an entry in the log.
MASKED = frozenset({OFFICIAL_NUMBER, BANK})

# Exact numbers can be searched for through a blind index, whose key the item's category wraps.
FINDABLE = frozenset({REG_NO, VAT_NO, OFFICIAL_NUMBER, EMAIL, PHONE, BANK, CONSENT_PROOF})

# --- Kinds of data subject: what someone is to us decides the lawful basis of a purpose ----------


class SubjectKind(StrEnum):
    """The people we know. A legal person has one of these kinds too, but no lawful basis needs it.

    A contact person is not party to the contract of the company, so never has a basis in it.
    """

    CLIENT = "client"
    CONTACT = "contact"
    PROSPECT = "prospect"
    SUBSCRIBER = "subscriber"
    SUPPLIER = "supplier"
    PARTNER = "partner"
    USER = "user"
    VISITOR = "visitor"
    EMPLOYEE = "employee"


# --- Roles: who may read (r) and write (w) which category ----------------------------------------


class AccessLevel(StrEnum):
    """You can write only what you can read; without either, no key is in your slots."""

    NONE = ""
    READ = "r"
    WRITE = "rw"


class Duty(StrEnum):
    """What a role may do beyond reading and writing."""

    USERS = "users"
    KEYS = "keys"
    BACKUP = "backup"
    ERASURE = "erasure"
    PURPOSES = "purposes"
    HOLDS = "holds"


@dataclass(frozen=True, slots=True)
class Role:
    """A set of categories with access, access to register and audit (no names), and duties."""

    code: str
    access: dict[Category, AccessLevel]
    register: AccessLevel
    duties: frozenset[Duty] = frozenset()

    def reads(self, category: Category) -> bool:
        """Tell whether the role's slots hold the key of this category."""
        return self.access[category] is not AccessLevel.NONE

    def writes(self, category: Category) -> bool:
        """Tell whether the role may change what the key opens."""
        return self.access[category] is AccessLevel.WRITE


_NO, _R, _RW = AccessLevel.NONE, AccessLevel.READ, AccessLevel.WRITE
_COLUMNS = ("owner", "privacy", "office", "technician", "accountant", "auditor")
_TABLE: dict[Category | None, tuple[AccessLevel, ...]] = {
    #          owner  privacy office  technician accountant auditor
    IDENTITY: (_RW, _RW, _RW, _R, _R, _NO),
    CONTACT: (_RW, _RW, _RW, _R, _R, _NO),
    CONTRACT: (_RW, _RW, _RW, _R, _RW, _NO),
    BILLING: (_RW, _RW, _RW, _NO, _RW, _NO),
    SUPPORT: (_RW, _RW, _RW, _RW, _NO, _NO),
    MARKETING: (_RW, _RW, _RW, _NO, _NO, _NO),
    EVIDENCE: (_RW, _RW, _RW, _NO, _NO, _NO),
    CASE: (_RW, _RW, _NO, _NO, _NO, _NO),
    # Register of processing and audit log: codes and numbers, no names.
    None: (_RW, _RW, _R, _R, _R, _R),
}
_DUTIES = {
    "owner": frozenset(Duty),
    "privacy": frozenset({Duty.ERASURE, Duty.PURPOSES, Duty.HOLDS}),
}

ROLES: Final = {
    code: Role(
        code,
        access={category: _TABLE[category][column] for category in CATEGORIES},
        register=_TABLE[None][column],
        duties=_DUTIES.get(code, frozenset()),
    )
    for column, code in enumerate(_COLUMNS)
}

# For a firm where everybody does everything: all categories, but neither keys nor holds.
SMALL_OFFICE = Role(
    "small-office",
    access=dict.fromkeys(CATEGORIES, AccessLevel.WRITE),
    register=AccessLevel.WRITE,
    duties=frozenset(Duty) - {Duty.KEYS, Duty.HOLDS},
)
PRESETS = {SMALL_OFFICE.code: SMALL_OFFICE}

# --- Keys: what wraps what -----------------------------------------------------------------------
# One key per category wraps the data keys of every party and kept record, and the index keys of
# its findable items. Beside them stand three key classes that hold nothing personal to read:

REGISTER_KEY = "register"  # integrity of rows and the hashes of imported files; every user has it
ROOT_KEY = "root"  # signs user cards and slots; the owner's
SUPPRESSION_KEY = "suppression"  # recognises those who objected; outside rotation
