"""Whether somebody may be written to for marketing: on which footing, and what the law forbids.

Directive 2002/58/EC Art. 13, in Latvia Informācijas sabiedrības pakalpojumu likums Art. 9, in
Italy Codice privacy art. 130, which protects legal persons as well. A weighed interest (Art.
6(1)(f)) carries no e-mail, SMS or automated call; calls by a person and letters it may carry.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from crm.models.party import PartyKind
from crm.parties.errors import MailingByNotice, NeverBought
from crm.privacy import EMAIL, SubjectKind
from gdpr.dpv import DPV
from gdpr.errors import InvalidRegister
from gdpr.rules.purposes import Basis, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gdpr.rules.consent_states import ConsentState
    from gdpr.rules.facts import Ground
    from gdpr.rules.purposes import Purpose

DIRECT_MARKETING: Final = "direct_marketing"
_EMAIL: Final = ("email",)
# Where the law lets a firm write to the address of a legal person that was not asked.
_B2B: Final = frozenset({"LV"})
_LAWS: Final = {
    "LV": "Informācijas sabiedrības pakalpojumu likuma 9. pants",
    "IT": "art. 130 Codice privacy",
}
_UNION: Final = "2002/58/EC, Art. 13"
# The words of the Data Privacy Vocabulary for what the law calls unsolicited communications.
_TERMS: Final = frozenset(
    DPV + term
    for term in (
        *("Marketing", "DirectMarketing", "SocialMediaMarketing", "PublicRelations"),
        *("Advertising", "PersonalisedAdvertising", "TargetedAdvertising"),
    )
)
# The soft opt-in is for whoever gave the address when buying; a company's contact bought nothing.
_BUYERS: Final = frozenset({SubjectKind.CLIENT, SubjectKind.SUBSCRIBER, SubjectKind.USER})
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
    party: tuple[str, str | None],
    country: str,
    state: ConsentState | None,
    live: Iterable[Ground],
    agreed: tuple[str, ...] = (),
) -> Reach:
    """Say on what footing a party, its kind and address, may be written to.

    `country` is that of the firm; `live` are the grounds that hold today, `state` that of the
    consent to direct marketing and `agreed` the channels which the text of that consent names.
    """
    kind, email = party
    if state is not None and state.forbids:
        return Reach(MarketingStatus.OBJECTED)
    held = list(live)
    mailing = [ground for ground in held if ground.purpose.code == DIRECT_MARKETING]
    if state is not None and state.permits and mailing:
        return Reach(MarketingStatus.OPTED_IN, agreed)
    if any(ground.evidence is Evidence.SOFT_OPT_IN for ground in mailing):
        return Reach(MarketingStatus.SOFT_OPT_IN, _EMAIL)
    if kind == PartyKind.LEGAL and country in _B2B and held and is_generic(email):
        return Reach(MarketingStatus.B2B_GENERIC, _EMAIL)
    return Reach(MarketingStatus.NONE)


def is_mailing(purpose: Purpose) -> bool:
    """Tell whether a purpose is one for which the law wants consent before an e-mail is sent."""
    marketing = purpose.direct_marketing or purpose.dpv in _TERMS
    return marketing and EMAIL.code in purpose.items


def admit(country: str, purpose: Purpose, kind: str, evidence: Evidence, legal: bool) -> None:  # noqa: FBT001 - the kernel's signature
    """Refuse evidence on which nobody may be written to in `country`, the firm's own."""
    if not is_mailing(purpose) or evidence is Evidence.CONSENT:
        return
    law = _LAWS.get(country, _UNION)
    if evidence is Evidence.SOFT_OPT_IN and evidence in purpose.basis_by_evidence:
        if kind not in _BUYERS:
            raise NeverBought(law=law)
        return
    if not (legal and country in _B2B):
        raise MailingByNotice(purpose=purpose.code, law=law)


def check_mailing(purpose: Purpose) -> None:
    """Refuse a register in which marketing by e-mail rests on anything but a yes or a purchase."""
    if not is_mailing(purpose):
        return
    for evidence, basis in purpose.basis_by_evidence.items():
        if basis is not Basis.CONSENT and (evidence, basis) != _SOFT:
            raise InvalidRegister(place=f"{purpose.code}.basis_by_evidence", fault=_FAULT)
    if set(purpose.bases.values()) != {Basis.CONSENT}:
        raise InvalidRegister(place=f"{purpose.code}.bases", fault=_FAULT)


_SOFT: Final = (Evidence.SOFT_OPT_IN, Basis.SOFT_OPT_IN)
_FAULT: Final = "marketing-by-e-mail-needs-consent"


def is_generic(email: str | None) -> bool:
    """Tell whether a mailbox is beyond doubt a firm's and not a person's.

    An address made of a person's name is personal data, whoever pays for it.
    """
    return email is not None and _GENERIC.fullmatch(email.partition("@")[0]) is not None
