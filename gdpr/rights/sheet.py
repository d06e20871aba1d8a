"""The sheet a person reads first: one HTML file that needs no network, no script and no program."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from gdpr.text import N_, NP_, safe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WORDS: Final[Mapping[str, str]] = {
    "title_15": N_("Your personal data: information and copy"),
    "title_20": N_("Your personal data: data portability"),
    "lead_15": N_(
        "You have the right to know which personal data we process about you, why and for how "
        "long, and to receive a copy of them (Art. 15 GDPR). This page sets everything out in "
        "words; the file my-data.json beside it holds the same data in machine-readable form."
    ),
    "lead_20": N_(
        "You have the right to receive the data you provided to us on the basis of consent or a "
        "contract, in a structured, commonly used and machine-readable format (Art. 20 GDPR). This "
        "page shows them in words; the file my-data.json beside it holds them in that format."
    ),
    "from": NP_("sender", "Controller"),
    "made": N_("Prepared on"),
    "about": N_("Your number with us"),
    "contents": N_("On this page"),
    "data": N_("Your data"),
    "what": NP_("data", "Data item"),
    "value": NP_("value", "Value"),
    "origin": N_("Source"),
    "why": N_("Why"),
    "besides": N_("also:"),
    "until": N_("Kept until"),
    "nothing": N_("This package contains no data."),
    "going": N_("No longer used; it is scheduled for erasure."),
    "too_long": N_("Too long for this page; see my-data.json."),
    "left_out": N_("What is left out, and why"),
    "left_out_lead": N_(
        "These data are not covered by data portability. You can see all of them in the"
        " information under Art. 15."
    ),
    "reason": N_("Reason"),
    "count": NP_("count", "Number"),
    "redacted": N_(
        "Some passages are redacted because they concern other persons (Art. 15(4)). The"
        " reason is given in their place."
    ),
    "purposes": N_("Purposes for which we use your data"),
    "purpose": N_("Purpose"),
    "basis": N_("Lawful basis"),
    "law": N_("Legal provision"),
    "recipients": N_("Who receives your data"),
    "recipient": N_("Recipient"),
    "role": NP_("recipient", "Role"),
    "for": N_("For which purpose"),
    "no_recipients": N_(
        "For these purposes your data are not disclosed to anyone outside the firm."
    ),
    "disclosures": N_("Packages of your data that were handed out"),
    "no_disclosures": N_("None before this one."),
    "sources": N_("Source of your data"),
    "employers": N_("Companies for which you are a contact person"),
    "employer": N_("Company"),
    "since": N_("Since"),
    "left": N_("Until"),
    "consents": N_("Your consents"),
    "no_consents": N_("No consent given by you is on record."),
    "when": N_("When (UTC)"),
    "event": N_("What happened"),
    "channel": N_("Channel"),
    "wording": N_("Text you were shown"),
    "lookups": N_("When your data were consulted or changed"),
    "lookups_lead": N_(
        "The log records the date and the kind of operation. Which member of staff"
        " carried it out is not part of a copy of your data."
    ),
    "records": N_("Administrative data of the register"),
    "records_lead": N_(
        "What the register records alongside your data: dates, statuses and counters."
    ),
    "record": NP_("noun", "Record"),
    "field": N_("Field"),
    "rights": N_("Your rights"),
    "right": NP_("of a person", "Right"),
    "applies": N_("Applies to you"),
    "yes": N_("yes"),
    "no": N_("no"),
    "authority": N_("Complaints"),
    "authority_lead": N_(
        "You may lodge a complaint with a supervisory authority, here or where you live"
        " or work (Art. 77), and you have the right to a judicial remedy (Art. 79)."
    ),
    "notice": N_("The privacy notice in force is version {version}, effective since {day}."),
    "automated": N_("Automated decisions"),
    "transfers": N_("Transfers to third countries"),
    "files": N_("The files in this package"),
    "files_lead": N_(
        "Nothing needs to be installed to read this page. The folder machine holds the"
        " same data in machine-readable form: as a contact card, as linked data, and with"
        " a description of each format."
    ),
    "check": N_("How to verify that nothing was changed"),
    "check_lead": N_(
        "The list of files, machine/manifest.json, contains the SHA-256 hash of each file"
        " and is signed. Anyone can verify the signature, without us and offline:"
    ),
    "check_ours": N_("or, where Kartotēka is installed:"),
    "check_print": N_(
        "Ask the firm for the fingerprint of its register and compare it with this one:"
    ),
    "key_print": N_("Fingerprint of the signing key:"),
}


def render(
    document: Mapping[str, Any],
    words: Mapping[str, Any],
    prints: tuple[str, str],
    voice: Callable[[str], str],
) -> bytes:
    """Draw the sheet of a package; `words` are the product's own names for codes.

    `prints` are the fingerprints of the register and of the key that signs, in groups.
    """
    own = {code: voice(text) for code, text in WORDS.items()}
    page = _environment().from_string(
        files("gdpr.rights").joinpath("sheet.html").read_text(encoding="utf-8")
    )
    drawn = page.render(d=document, w=own, names=words, root_print=prints[0], key_print=prints[1])
    return drawn.encode()


def _environment() -> SandboxedEnvironment:
    """Escape everything, fail on a word that is missing, and let no value become a program."""
    made = SandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.finalize = _finished
    return made


def _finished(value: object) -> object:
    return safe(value) if type(value) is str else value
