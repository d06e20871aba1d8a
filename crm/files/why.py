"""What the reason codes of rejected rows mean, in sentences that say what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.errors import InvalidNumber
from crm.files.reading import ROW_REASONS
from crm.shape.errors import CELL_REASONS
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

REASONS: Final[Mapping[str, str]] = {
    **ROW_REASONS,
    **{kind.reason: kind.text for kind in InvalidNumber.__subclasses__()},
    **CELL_REASONS,
    "client": N_(
        "No client has this number. Give the client number, VAT or registration number of each."
    ),
    "another client": N_("The record with this number belongs to another client."),
    "purpose": N_("None of the purposes for which this client's data are kept covers such data."),
    "double": N_(
        "This may be an existing client. Decide: same, new or skip (kartoteka:decision, or "
        "--doubles)."
    ),
    "objected": N_(
        "The person objected to it (Article 21(2)-(3) GDPR), and a list does not change that. A "
        "contract or an offer remains possible; only a new consent of their own lifts it."
    ),
    "withdrawn": N_(
        "The person withdrew their consent (Article 7(3) GDPR), and a list does not change that. A "
        "contract or an offer remains possible; only a new consent of their own lifts it."
    ),
    "erased": N_(
        "The person asked to be erased (Articles 17 and 21 GDPR). Anyone who returns of "
        "their own accord is entered manually: client add --own-wish."
    ),
    "child": N_(
        "A child cannot consent alone (Article 8(1) GDPR). Record the consent with a parent: "
        "consent give --guardian."
    ),
}
