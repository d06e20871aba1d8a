"""Consents and what backs them: kept with keys of their own, so that proof outlives the person."""

from __future__ import annotations

import re

from crm.privacy import CONSENT_PROOF
from crm.shape.normal_forms import SHORTEST_PHONE, digits, lowercase
from gdpr.category import Origin
from gdpr.rules.consent_rows import ConsentEvidence, ConsentFile
from gdpr.rules.consents import ConsentModels
from gdpr.store.fields import Personal

# The salt of a sealed text of a consent, in hex digits, which is no part of what it says.
_SALT = 32
_SALTED = re.compile(rf"[0-9a-f]{{{_SALT}}}", re.ASCII)

# The purpose of the starter register that names proofs, and whose rule says how long.
PROOF_PURPOSE = "policy_change_notices"


def known_again(sealed: str) -> str:
    """Give the form in which an address, number or name in a proof is searched for."""
    text = sealed[_SALT:] if _SALTED.match(sealed) else sealed
    if "@" in text:
        return lowercase(text)
    plain = digits(text)
    return plain if len(plain) >= SHORTEST_PHONE else " ".join(text.casefold().split())


class Consent(ConsentFile):
    """A party's consent to one purpose, with who it was in the words of that day."""

    unique_together = ("party", "purpose")
    proof_purpose = PROOF_PURPOSE
    item = CONSENT_PROOF.code

    identifier = Personal(
        CONSENT_PROOF, Origin.OBSERVED, findable="consent_proof", normalise=known_again
    )


class EvidenceFile(ConsentEvidence):
    """A note or the scan of a paper behind one event."""

    wide = True
    proof_purpose = PROOF_PURPOSE
    item = CONSENT_PROOF.code

    note = Personal(CONSENT_PROOF, Origin.PROVIDED)
    scan = Personal(CONSENT_PROOF, Origin.PROVIDED)

    class Meta:
        """At most one for each event."""

        table_name = "consent_evidence"


MODELS = ConsentModels(Consent, EvidenceFile)
