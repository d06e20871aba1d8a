"""Every table of the product in one place, because a class left out would escape every rule."""

from __future__ import annotations

from struct import error as StructError  # noqa: N812 - a class, whatever its case
from typing import TYPE_CHECKING, Final

from crm.kinds.listed import SHAPES
from crm.models.attached import FURTHER_MODELS, Employment, Note, NoticeGiven, ToMend
from crm.models.consents import Consent, EvidenceFile
from crm.models.files import ImportedFile, KnownCopy
from crm.models.party import Party
from crm.privacy import CATEGORIES
from crm.shape.tables import model_of
from gdpr.audit.entries import MODELS
from gdpr.errors import Damaged
from gdpr.papers.stored import TABLES as PAPERS
from gdpr.program_files import program_text
from gdpr.rights.stored import TABLES as RIGHTS
from gdpr.rules.consent_rows import ConsentEvent
from gdpr.rules.stored import TABLES
from gdpr.rules.suppression import SuppressionRow
from gdpr.store.accounts import KEY_TABLES
from gdpr.store.database import STORAGE_ERRORS, as_damage
from gdpr.store.layout import layout_of
from gdpr.store.mistyped import mistyped
from gdpr.store.schema_check import read_listing, schema_damage
from gdpr.store.session import Schema
from gdpr.store.settings import Sequence, Setting

if TYPE_CHECKING:
    from peewee import Database

    from gdpr.store.record import Record

# What Python says of a value that is not of the type it should be.
MISTYPED: Final = (
    *(AttributeError, IndexError, KeyError, MemoryError, OverflowError, TypeError, ValueError),
    StructError,
)
# Written by `make docs` from what the migrations make; a test compares the two.
LISTING: Final = "schema.jsonl"

PERSONAL: tuple[type[Record], ...] = (
    Party,
    *FURTHER_MODELS.values(),
    Employment,
    Note,
    ToMend,
    NoticeGiven,
    Consent,
    EvidenceFile,
    *(model_of(shape) for shape in SHAPES),
)

SCHEMA = Schema(
    categories=tuple(category.code for category in CATEGORIES),
    models=(
        *PERSONAL,
        *(*TABLES, ConsentEvent, *PAPERS, *RIGHTS, *KEY_TABLES),
        *(SuppressionRow, Setting, Sequence, ImportedFile, KnownCopy),
    ),
    declared=read_listing(program_text("migrations", LISTING)),
)


def explained(error: BaseException, database: Database) -> BaseException:
    """Return what an error of the storage means: what the schema lacks, else a malformed file.

    An error nobody foresaw means a value of a wrong type where there is one. Others stay.
    """
    if isinstance(error, MISTYPED) and not database.is_closed():
        try:
            return next(mistyped(database, (*SCHEMA.all_models(), *MODELS)), as_damage(error))
        except (*STORAGE_ERRORS, UnicodeDecodeError):
            return as_damage(error)
    damage = as_damage(error)
    if not isinstance(damage, Damaged):
        return damage
    try:
        return next(iter(schema_damage(database, SCHEMA.declared)), damage)
    except STORAGE_ERRORS:
        return damage


def token_kinds() -> dict[str, str]:
    """Return each kind of blind-index token with the category whose key wraps its index key."""
    return {
        column.findable: column.category
        for model in PERSONAL
        for column in layout_of(model).sealed
        if column.findable is not None
    }
