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
    "title_15": N_("Your personal data: report and copy"),
    "title_20": N_("Your personal data to take along"),
    "lead_15": N_(
        "You have a right to know what we hold about you, why, and for how long, and to a copy of"
        " it (Art. 15 GDPR). This page tells you everything in words; the same data for programs"
        " are in the file my-data.json beside it."
    ),
    "lead_20": N_(
        "You have a right to receive the data you gave us on consent or under a contract, in a"
        " form that another firm can read (Art. 20 GDPR). This page shows them in words; the same"
        " data for programs are in the file my-data.json beside it."
    ),
    "from": NP_("sender", "Controller"),
    "made": N_("Made on"),
    "about": N_("Our number for you"),
    "contents": N_("On this page"),
    "data": N_("Your data"),
    "what": NP_("data", "Data item"),
    "value": NP_("value", "Value"),
    "origin": N_("Source"),
    "why": N_("Why"),
    "besides": N_("also:"),
    "until": N_("Kept until"),
    "nothing": N_("Nothing is in this package."),
    "going": N_("It is used for nothing any more and is about to be destroyed."),
    "too_long": N_("It is too long for this page; it stands in my-data.json."),
    "left_out": N_("What is left out, and why"),
    "left_out_lead": N_(
        "These data are not part of what can be taken along. You can see them all in the report"
        " under Art. 15."
    ),
    "reason": N_("Reason"),
    "count": NP_("count", "Number"),
    "redacted": N_(
        "In some texts places are marked as redacted, because they speak of other people"
        " (Art. 15(4)). The reason stands in their place."
    ),
    "purposes": N_("What we use your data for"),
    "purpose": N_("Purpose"),
    "basis": N_("Lawful basis"),
    "law": N_("Legal provision"),
    "recipients": N_("Who receives your data"),
    "recipient": N_("Recipient"),
    "role": NP_("recipient", "Role"),
    "for": N_("For which purpose"),
    "no_recipients": N_("For these purposes nobody outside the firm receives your data."),
    "disclosures": N_("Packages about you that were handed out"),
    "no_disclosures": N_("Before this one, none was recorded."),
    "sources": N_("Where we have your data from"),
    "employers": N_("Where you are a contact person"),
    "employer": N_("Company"),
    "since": N_("Since"),
    "left": N_("Until"),
    "consents": N_("Your consents"),
    "no_consents": N_("No consent of yours is recorded."),
    "when": N_("When (UTC)"),
    "event": N_("What happened"),
    "channel": N_("Channel"),
    "wording": N_("Text you were shown"),
    "lookups": N_("When your data were looked at or changed"),
    "lookups_lead": N_(
        "The log keeps days and kinds of work. Who of the staff it was is not part of a copy of"
        " your data."
    ),
    "records": N_("Days and notes of the register itself"),
    "records_lead": N_("What the register keeps beside your data: days, states and counters."),
    "record": NP_("noun", "Record"),
    "field": N_("Field"),
    "rights": N_("Your rights"),
    "right": NP_("of a person", "Right"),
    "applies": N_("Applies to you"),
    "yes": N_("yes"),
    "no": N_("no"),
    "authority": N_("If you are not content with us"),
    "authority_lead": N_(
        "You may complain to the supervisory authority, here or where you live or work (Art. 77),"
        " and go to court (Art. 79)."
    ),
    "notice": N_("The privacy notice in force is version {version}, effective since {day}."),
    "automated": N_("Automated decisions"),
    "transfers": N_("Transfers to other countries"),
    "files": N_("The files in this package"),
    "files_lead": N_(
        "Nothing has to be installed to read this page. The folder machine holds the same data"
        " for programs: as a contact card, as linked data, and with the descriptions of each form."
    ),
    "check": N_("How to check that nothing was changed"),
    "check_lead": N_(
        "The list of files, machine/manifest.json, carries the SHA-256 of each file and is signed."
        " Anybody can check the signature, without us and without a network:"
    ),
    "check_ours": N_("or, where Kartotēka is installed:"),
    "check_print": N_(
        "Ask the firm to tell you the fingerprint of its register and compare it with this one:"
    ),
    "key_print": N_("Fingerprint of the key that signed:"),
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
