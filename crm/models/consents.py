"""Consents and what backs them: kept with keys of their own, so that proof outlives the person."""

from __future__ import annotations

from crm.privacy import CONSENT_PROOF
from gdpr.category import Origin
from gdpr.rules.consent_rows import ConsentEvidence, ConsentFile
from gdpr.rules.consents import ConsentModels
from gdpr.store.fields import Personal

# The purpose of the starter register that names proofs, and whose rule says how long.
PROOF_PURPOSE = "policy_change_notices"


class Consent(ConsentFile):
    """A party's consent to one purpose, with who it was in the words of that day."""

    proof_purpose = PROOF_PURPOSE
    item = CONSENT_PROOF.code

    identifier = Personal(CONSENT_PROOF, Origin.OBSERVED)

    class Meta:
        """One for each party and purpose."""

        table_name = "consent"
        indexes = ((("party", "purpose"), True),)


class Evidence(ConsentEvidence):
    """A note or the scan of a paper behind one event."""

    proof_purpose = PROOF_PURPOSE
    item = CONSENT_PROOF.code

    note = Personal(CONSENT_PROOF, Origin.PROVIDED)
    scan = Personal(CONSENT_PROOF, Origin.PROVIDED)

    class Meta:
        """At most one for each event."""

        table_name = "consent_evidence"


MODELS = ConsentModels(Consent, Evidence)
