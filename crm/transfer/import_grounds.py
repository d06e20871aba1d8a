"""Why the rows of a file may be kept: the grounds to be opened, worked out once for the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm.clients.clients import client_opening, evidence_of
from crm.errors import NotAmong
from crm.kinds.party import SOURCES
from crm.privacy import NAME, SubjectKind
from crm.transfer.cards import ColumnUse
from crm.transparency.notice_proofs import informed_statement, source_of
from gdpr.errors import NoLawfulBasis
from gdpr.rules.purposes import Basis, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from crm.files.headings import ColumnField, FileLayout
    from crm.session.context import RegisterContext
    from crm.transfer.cards import ImportOrder
    from gdpr.rules.grounds import Grounds, Opening

_CONTACT = SubjectKind.CONTACT.value


@dataclass(frozen=True, slots=True)
class ImportGrounds:
    """The grounds for companies, for people and for contact persons, and how they know of it.

    `contact` is None where no chosen purpose may concern a contact person; their columns are
    then left out. Both kinds of client have the same purposes and so the same items.
    """

    legal: Opening
    natural: Opening
    contact: Opening | None
    source: str | None
    told: str | None
    informed: date | None = None

    @property
    def items(self) -> frozenset[str]:
        """Return what may be stored of a client."""
        return self.legal.items

    @property
    def contact_items(self) -> frozenset[str]:
        """Return what may be stored of a contact person."""
        return frozenset() if self.contact is None else self.contact.items

    def provenance(self, opening: Opening, *, natural: bool) -> str | None:
        """Say where data come from and whether the person knows; None where no purpose asks.

        A company is not informed of anything: Articles 13 and 14 speak of people.
        """
        return source_of(opening, self.source, self.told if natural else None)


def reasons_for(context: RegisterContext, order: ImportOrder) -> ImportGrounds:
    """Prepare the grounds an order names, or refuse what may not be kept so."""
    given = evidence_of(order.relation, order.purposes, order.evidence)
    if order.obtained_from and order.obtained_from not in SOURCES:
        raise NotAmong(field="obtained_from", known=", ".join(SOURCES))
    legal, natural = (
        client_opening(context, order.relation, order.purposes, given, is_legal=is_legal)
        for is_legal in (True, False)
    )
    contact = _contact_opening(context.grounds, order, given)
    if NAME.code not in legal.items:
        raise NoLawfulBasis(item=NAME.code)
    informed = order.informed
    proven = None if isinstance(informed, str) else informed
    return ImportGrounds(
        legal, natural, contact, order.obtained_from, informed_statement(informed), proven
    )


def columns_in(layout: FileLayout, reasons: ImportGrounds) -> tuple[ColumnUse, ...]:
    """Tell of every column which purposes cover it, and why it is left out where none does."""
    return tuple(
        ColumnUse(
            column.heading,
            column.field.code if column.field else None,
            _covering(column.field, reasons) if column.field else (),
            column.left_out(reasons.items, reasons.contact_items),
        )
        for column in layout.columns
    )


def _contact_opening(
    grounds: Grounds, order: ImportOrder, given: Evidence | None
) -> Opening | None:
    if order.relation:
        return grounds.by_relation(_CONTACT, is_legal=False)
    # A contact person is no party to the contract, so is told of it instead.
    notice = given or Evidence.NOTICE
    fitting = _fitting_contacts(grounds, dict.fromkeys(order.purposes), notice)
    if not fitting:
        return None
    return grounds.by_purposes(fitting, kind=_CONTACT, is_legal=False, evidence=notice)


def _fitting_contacts(grounds: Grounds, codes: Iterable[str], evidence: Evidence) -> list[str]:
    """Choose the purposes that have a lawful basis for contact persons."""
    fitting = []
    for code in codes:
        basis = grounds.rulebook.purpose(code).basis(_CONTACT, evidence)
        if basis is not None and (basis is not Basis.CONSENT or evidence is Evidence.CONSENT):
            fitting.append(code)
    return fitting


def _covering(field: ColumnField, reasons: ImportGrounds) -> tuple[str, ...]:
    opening = reasons.contact if field.contact else reasons.legal
    purposes = () if opening is None else opening.purposes
    return tuple(p.code for p in purposes if not set(field.items).isdisjoint(p.items))
