"""The words on grounds, consents, erasures and packages: codes of the register, said to staff.

A receipt of destruction carries counts, codes and days, no values.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from crm.i18n import SOURCE, _, current, filled
from crm.kinds.listed import SHAPES
from crm.session.errors import DayUnreadable
from gdpr.text import N_, NP_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crm.transparency.cards import PurposeLine, RelationLine
    from gdpr.rules.because import Because

# State of a consent -> a sign that needs no colour, and the word.
CONSENT_STATES: Final[Mapping[str, tuple[str, str]]] = {
    "given": ("✓", NP_("consent", "given")),
    "renewed": ("✓", NP_("consent", "renewed")),
    "requested": ("?", N_("requested")),
    "deferred": ("?", N_("postponed")),
    "refused": ("✗", NP_("consent", "refused")),
    "withdrawn": ("✗", NP_("consent", "withdrawn")),
    "objected": ("✗", NP_("consent", "objected")),
    "expired": ("–", NP_("consent", "expired")),
    "invalidated": ("–", N_("invalid")),
    "revoked": ("–", N_("ended by us")),
    "unknown": ("?", N_("not known")),
}
NOTHING_SAID: Final = ("·", N_("not asked"))
CHANNELS: Final[Mapping[str, str]] = {
    "paper": N_("on paper"),
    "email": N_("by e-mail"),
    "phone": N_("by phone"),
    "in_person": N_("in person"),
    "web_form": N_("web form"),
    "double_opt_in": N_("e-mail, confirmed"),
}
# A no counts however it came, and nothing is written down that nobody said.
CHANNELS_OF_NO: Final[Mapping[str, str]] = {"unknown": N_("not stated"), **CHANNELS}
_MORE_CHANNELS: Final[Mapping[str, str]] = {
    "register": N_("noted by the register"),
    "restored": N_("noted after a restore"),
    "unknown": N_("not stated"),
}
BACKED: Final[Mapping[str, str]] = {
    "file": N_("a file, kept encrypted until the consent ends"),
    "note": N_("a note"),
    "none": N_("nothing"),
}
MARKETING: Final[Mapping[str, str]] = {
    "opted_in": N_("yes, consent given"),
    "soft_opt_in": N_("yes, as a client who did not object"),
    "b2b_generic": N_("yes, to the general mailbox of a company"),
    "objected": N_("no, refused"),
    "none": N_("no, not asked"),
}
WAYS: Final[Mapping[str, str]] = {
    "email": N_("e-mail"),
    "phone": N_("phone"),
    "post": N_("post"),
}
EVIDENCE: Final[Mapping[str, str]] = {
    "contract": N_("a contract"),
    "notice": N_("informed"),
    "consent": N_("consent"),
    "soft-opt-in": N_("bought from us, did not object"),
}
BASES: Final[Mapping[str, str]] = {
    "consent": N_("consent"),
    "contract": N_("contract"),
    "pre_contract": N_("pre-contractual steps"),
    "legal_obligation": N_("legal obligation"),
    "vital": N_("vital interests"),
    "public_task": N_("public task"),
    "legitimate_interests": N_("legitimate interests"),
    "soft_opt_in": N_("bought, did not object"),
    "n/a": N_("company: none needed"),
}
GROUND_STATES: Final[Mapping[str, tuple[str, str]]] = {
    "live": ("✓", NP_("lawful basis", "in force")),
    "going": ("!", NP_("lawful basis", "to be erased")),
    "ended": ("–", NP_("lawful basis", "ended")),
}
ENDINGS: Final[Mapping[str, str]] = {
    "ended": N_("ended manually"),
    "left": N_("left the company"),
    "clock": N_("the retention period expired"),
    "consent-withdrawn": N_("consent withdrawn"),
    "objection": N_("objection"),
    "no-longer-needed": N_("no longer needed"),
    "unlawful": N_("kept unlawfully"),
    "request": N_("the person asked for it"),
}
CAUSES: Final[Mapping[str, str]] = {
    "request": N_("the person asked for it (request with a number)"),
    "consent-withdrawn": N_("consent withdrawn"),
    "objection": N_("objection"),
    "no-longer-needed": N_("no longer needed"),
    "unlawful": N_("kept unlawfully"),
}
BACK: Final[Mapping[str, str]] = {
    "mistake": N_("ended by mistake"),
    "returned": N_("the person returned"),
    "other": N_("another reason"),
}
KEEPING: Final[Mapping[str, str]] = {
    "needed": N_("still needed"),
    "returned": N_("the person returned"),
    "claim": N_("a claim or dispute is pending"),
    "other": N_("another reason"),
}
DUE: Final[Mapping[str, tuple[str, str]]] = {
    "goes": ("!", N_("erase now")),
    "ran-out": ("✗", NP_("period", "expired")),
    "review": ("?", N_("review")),
    "going": ("…", NP_("data", "to be erased")),
}
TABLES: Final[Mapping[str, str]] = {
    "party": N_("entry"),
    "note": N_("notes"),
    "to_mend": N_("set aside, to be corrected"),
    "notice_given": N_("proofs of information given"),
    "consent": N_("consents"),
    "consent_evidence": N_("proofs of consent"),
    "employment": N_("roles as contact person"),
    "disclosure": N_("packages handed out"),
    "further_phone": N_("further phones"),
    "further_email": N_("further e-mails"),
    "further_address": N_("further addresses"),
    "further_account": N_("further IBANs"),
    **{shape.noun: shape.many for shape in SHAPES},
}
ITEMS: Final[Mapping[str, str]] = {
    "name": NP_("client", "name"),
    "reg_no": N_("registration number"),
    "vat_no": N_("VAT number"),
    "language": N_("language"),
    "email": N_("e-mail"),
    "phone": N_("phone"),
    "address": N_("address"),
    "position": N_("position"),
    "channel": N_("preferred channel"),
    "bank": N_("IBAN"),
    "official_number": N_("personal code"),
    "invoice": N_("invoices"),
    "payment": N_("payments"),
    "time": N_("working time"),
    "contract": N_("contracts"),
    "licence": N_("licences"),
    "ticket": N_("support tickets"),
    "session": N_("remote sessions"),
    "correspondence": N_("notes and letters"),
    "feedback": N_("feedback"),
    "interest": N_("interests"),
    "attendance": N_("attendance"),
    "consent_proof": N_("proof of consent"),
    "notice_proof": N_("proof of information given"),
    "provenance": N_("source of the data"),
    "request_file": N_("requests"),
    "id_check": N_("check of identity"),
}
COPIES: Final[Mapping[str, str]] = {
    "export": N_("export"),
    "rejects": N_("rejected rows"),
    "package": N_("package for a person"),
    "review": N_("texts for review"),
    "receipt": N_("receipt of a consent"),
    "backup": N_("backup"),
    "backup-keys": N_("keys of a backup"),
    "old-vault": N_("register before a restore"),
    "upgrade": N_("register before an upgrade"),
    "drill": N_("backup restored as a test"),
}
SHREDS: Final[Mapping[str, str]] = {
    "shredded": N_("irreversibly destroyed, including keys and traces"),
    "shred_pending": N_(
        "destroyed; the last traces disappear when the other program closes the file"
    ),
}
FAULTS: Final[Mapping[str, str]] = {
    "manifest": N_("the list of files is damaged"),
    "version": N_("created by another version"),
    "signature": N_("the signature does not match"),
    "signer": N_("the signer is not one of the register's users"),
    "fingerprint": N_("the fingerprint does not match"),
    "listed-twice": N_("a file is listed twice"),
    "missing": N_("a file is missing"),
    "changed": N_("a file was changed"),
    "extra": N_("a file was added"),
    "schema": N_("a file has another format"),
    "archive": N_("the archive is damaged"),
    "name": N_("a name in the archive is not allowed"),
    "not-a-file": N_("something in it is not a file"),
    "too-large": N_("it is too large"),
}


def told(words: Mapping[str, str], code: str | None) -> str:
    """Say a code, or show it as it is where nobody has a word for it."""
    if not code:
        return "–"
    return _(words[code]) if code in words else code


def signed(words: Mapping[str, tuple[str, str]], code: str | None) -> str:
    """Say a code with the sign that stands before its word."""
    sign, word = words.get(code or "", NOTHING_SAID if not code else ("?", code))
    return f"{sign} {_(word)}"


def channel(code: str) -> str:
    """Say how a word reached us."""
    return told({**CHANNELS, **_MORE_CHANNELS}, code)


def ending(code: str | None) -> str:
    """Say why a ground ended, with the number of the request where there was one."""
    why, _colon, number = (code or "").partition(":")
    return f"{told(ENDINGS, why)} {number}".rstrip()


def purpose_names(lines: Iterable[PurposeLine | RelationLine]) -> dict[str, str]:
    """Name purposes or relations in the language in use, else in English."""
    return {
        one.code: one.names.get(current()) or one.names.get(SOURCE) or one.code for one in lines
    }


def day_typed(text: str) -> date | None:
    """Read a day as people type it, 2026-03-31 or 31.3.2026, or None where nothing was typed."""
    typed = text.strip().rstrip(".")
    if not typed:
        return None
    try:
        if "-" in typed:
            return date.fromisoformat(typed)
        day, month, year = (int(part) for part in typed.replace("/", ".").split("."))
        return date(year, month, day)
    except ValueError:
        raise DayUnreadable from None


def say_because(because: Because) -> str:
    """Fill the translated sentence with its days, written out as the language does."""
    return filled(because.template, because.arguments)


def record_field_words(table: str, field: str) -> str:
    """Name a field of a described kind of record with its kind; empty for any other table."""
    shape = {shape.noun: shape for shape in SHAPES}.get(table)
    if shape is None:
        return ""
    return f"{_(shape.field(field).label)} ({_(shape.one)})"
