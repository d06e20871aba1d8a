"""Every table of the product in one place, because a class left out would escape every rule."""

from __future__ import annotations

from crm.models.attached import Employment, Note, ToMend
from crm.models.consents import Consent, Evidence
from crm.models.files import ImportedFile, KnownCopy
from crm.models.further import FurtherAccount, FurtherAddress, FurtherEmail, FurtherPhone
from crm.models.papers import NoticeGiven
from crm.models.party import Party
from crm.privacy import CATEGORIES
from gdpr.papers.stored import TABLES as PAPERS
from gdpr.rights.stored import TABLES as RIGHTS
from gdpr.rules.consent_rows import ConsentEvent
from gdpr.rules.stored import TABLES
from gdpr.store.accounts import KEY_TABLES
from gdpr.store.desk import Schema
from gdpr.store.layout import layout_of
from gdpr.store.settings import Setting

PERSONAL = (
    Party,
    FurtherPhone,
    FurtherEmail,
    FurtherAddress,
    FurtherAccount,
    Employment,
    Note,
    ToMend,
    NoticeGiven,
    Consent,
    Evidence,
)

SCHEMA = Schema(
    categories=tuple(category.code for category in CATEGORIES),
    models=(
        *(*PERSONAL, *TABLES, ConsentEvent, *PAPERS, *RIGHTS, *KEY_TABLES),
        *(Setting, ImportedFile, KnownCopy),
    ),
)


def token_kinds() -> dict[str, str]:
    """Return each kind of blind-index token with the category whose key wraps its index key."""
    return {
        column.findable: column.category
        for model in PERSONAL
        for column in layout_of(model).sealed
        if column.findable is not None
    }
