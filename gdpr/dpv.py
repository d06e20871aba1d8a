"""Where the terms of the Data Privacy Vocabulary (DPV 2) are: what other programs know them by."""

from __future__ import annotations

from typing import Final

DPV: Final = "https://w3id.org/dpv#"
# Kinds of personal data, and what the GDPR itself has a name for.
PD: Final = "https://w3id.org/dpv/pd#"
EU_GDPR: Final = "https://w3id.org/dpv/legal/eu/gdpr#"
