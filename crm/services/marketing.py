"""Whether somebody may be written to for marketing: five answers, and a no outweighs the others.

Directive 2002/58/EC Art. 13, in Latvia Informācijas sabiedrības pakalpojumu likums Art. 9, in
Italy Codice privacy art. 130, which protects legal persons as well.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from crm.models.party import Kind
from gdpr.rules.purposes import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gdpr.rules.consent_states import ConsentState
    from gdpr.rules.facts import Ground

MARKETING: Final = "direct_marketing"
_EMAIL: Final = ("email",)
_ANY: Final = ("email", "phone", "post")
# Where the law lets a firm write to the address of a legal person that was not asked.
_B2B: Final = frozenset({"LV"})
_GENERIC: Final = re.compile(
    r"(info|office|birojs|kontakti?|contact|contatti|mail|e?pasts|sales|pardosana|vendite"
    r"|support|atbalsts|assistenza|service|serviss|gramatvediba|accounting|amministrazione"
    r"|admin|segreteria|hello|sveiki|team|company|firma|noliktava|warehouse|veikals|shop)"
    r"([._-]?(lv|it|en|eu|riga|\d{1,3}))?",
    re.IGNORECASE,
)


class MarketingStatus(StrEnum):
    """On what footing somebody may be written to."""

    OPTED_IN = "opted_in"
    SOFT_OPT_IN = "soft_opt_in"
    B2B_GENERIC = "b2b_generic"
    OBJECTED = "objected"
    NONE = "none"


class Reach(NamedTuple):
    """The footing, and the channels it covers."""

    status: MarketingStatus
    channels: tuple[str, ...] = ()


def reach(
    kind: str, country: str, email: str | None, state: ConsentState | None, live: Iterable[Ground]
) -> Reach:
    """Say on what footing a party may be written to, `country` being that of the firm.

    `live` are its grounds that hold today, `state` that of its consent to direct marketing.
    """
    if state is not None and state.forbids:
        return Reach(MarketingStatus.OBJECTED)
    held = list(live)
    mailing = [ground for ground in held if ground.purpose.code == MARKETING]
    if state is not None and state.permits and mailing:
        return Reach(MarketingStatus.OPTED_IN, _ANY)
    if any(ground.evidence is Evidence.SOFT_OPT_IN for ground in mailing):
        return Reach(MarketingStatus.SOFT_OPT_IN, _EMAIL)
    if kind == Kind.LEGAL and country in _B2B and held and is_generic(email):
        return Reach(MarketingStatus.B2B_GENERIC, _EMAIL)
    return Reach(MarketingStatus.NONE)


def is_generic(email: str | None) -> bool:
    """Tell whether a mailbox is beyond doubt a firm's and not a person's.

    An address made of a person's name is personal data, whoever pays for it.
    """
    return email is not None and _GENERIC.fullmatch(email.partition("@")[0]) is not None
