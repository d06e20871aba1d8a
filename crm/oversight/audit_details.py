"""What an entry of the log says beside its event: names of its counts and codes, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.grounds.words import BACK, CHANNELS, CONSENT_STATES, KEEPING
from crm.i18n import _
from crm.kinds.listed import SHAPES
from crm.transparency.words import GROUND_EVIDENCE, NOTICE_CHANNELS
from gdpr.text import N_, NP_

if TYPE_CHECKING:
    from collections.abc import Mapping

# Where events come from: the first word of their codes, for filtering.
SOURCES: Final = {
    "register": N_("clients, contacts and notes"),
    "rules": N_("lawful bases, consents and purposes"),
    "right": N_("rights of persons"),
    "paper": N_("notices and texts"),
    "file": N_("imports and exports"),
    "user": N_("users"),
    "vault": N_("register, keys and backups"),
    "audit": N_("the log itself"),
}
_NAMES: Final = {
    "because": N_("reason"),
    "by": NP_("log", "through"),
    "card": N_("issue of the card"),
    "channel": N_("channel"),
    "chosen": N_("chosen"),
    "consents": N_("consents"),
    "contact_grounds": N_("lawful bases of contact persons"),
    "count": N_("count"),
    "created": NP_("log", "created"),
    "damages": N_("damage"),
    "day": N_("day"),
    "dry": N_("trial run"),
    "duplicates": N_("duplicates"),
    "entries": N_("entries"),
    "evidence": N_("evidence"),
    "failures": N_("failed attempts"),
    "fields": N_("fields"),
    "given": NP_("log", "given"),
    "goes": NP_("log", "to be erased"),
    "grounds": N_("lawful bases"),
    "keys": NP_("encryption", "keys"),
    "list": N_("hash of the list"),
    "lost_rows": N_("lost rows"),
    "made": NP_("log", "made"),
    "material": N_("people must be informed"),
    "migration": N_("upgrade"),
    "notes": N_("notes"),
    "noun": N_("kind of record"),
    "parties": N_("clients"),
    "places": N_("places"),
    "profile": NP_("file", "format"),
    "purpose": N_("purpose"),
    "purposes": N_("purposes"),
    "quick": NP_("log", "quick"),
    "reason": N_("reason"),
    "rejected": N_("rejected"),
    "relation": N_("relationship"),
    "relations": N_("relationships"),
    "rows": N_("rows"),
    "state": N_("state"),
    "suggested": N_("suggested"),
    "texts": N_("texts"),
    "updated": NP_("log", "updated"),
    "users": N_("users"),
    "version": N_("version"),
    "warnings": N_("warnings"),
    "whole": NP_("log", "complete"),
    "why": N_("why"),
    "wording": N_("text"),
}


# Codes that are values, and how they are said; names of purposes come from the register.
_VALUES: Final = {
    **{code: word for code, (_sign, word) in CONSENT_STATES.items()},
    **KEEPING,
    **BACK,
    **CHANNELS,
    **NOTICE_CHANNELS,
    **GROUND_EVIDENCE,
    "clock": N_("the retention period expired"),
    "consent-withdrawn": N_("consent withdrawn"),
    "ended": N_("ended manually"),
    "left": N_("left the company"),
    "no-longer-needed": N_("no longer needed"),
    "objection": N_("objection"),
    "request": N_("the person asked for it"),
    "unlawful": N_("kept unlawfully"),
    "everything": NP_("suppression", "everything"),
    "name": NP_("client", "name"),
    "number": N_("number"),
    "password": N_("password"),
    "enabled": N_("enabled again"),
    "roles": N_("roles"),
    "recovery": N_("recovery key"),
    "rejects": N_("rejected rows"),
}
# Kinds of records and their states bring their words along; a code of ours goes before.
_OF_KINDS: Final = {
    **{code: words for one in SHAPES if one.states for code, words in one.states.words.items()},
    **{one.noun: one.one for one in SHAPES},
}


def told_words(told: Mapping[str, int | str], names: Mapping[str, str]) -> str:
    """Say counts and codes in one line; `names` are those of purposes, by their codes."""
    return " · ".join(
        f"{told_name(name)} {told_value(value, names)}" for name, value in told.items()
    )


def told_value(value: int | str, names: Mapping[str, str]) -> str:
    """Say a count or code; one without words is said as it is."""
    code = str(value)
    return names.get(code) or _(_VALUES.get(code, _OF_KINDS.get(code, code)))


def told_name(name: str) -> str:
    """Say the name of one count or code."""
    return _(_NAMES.get(name, name))
