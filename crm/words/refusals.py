"""What a refusal says beside its reason: the article, what is still possible, and where to go.

Whoever is refused is told of the authority and the courts (Art. 12(4)); which authority that is
follows from the country of the firm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.i18n import _, filled
from gdpr.errors import Refused
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdpr.errors import KartotekaError

_AUTHORITIES: Final[Mapping[str, str]] = {
    "LV": N_("the Data State Inspectorate (Datu valsts inspekcija)"),
    "IT": N_("the Garante per la protezione dei dati personali"),
}
_ELSEWHERE: Final = N_("the data protection authority of their country")
_STAYS: Final = N_(
    "Tell the person within a month what stays, why and until when (Article 12(4) GDPR): the line"
    " of each names the paragraph of Article 17."
)
_COMPLAINT: Final = N_(
    "The person may complain to {authority} or go to court (Articles 77 and 79 GDPR)."
)


def stays_words(country: str | None = None) -> str:
    """Return what a person is told of what an erasure left: the reasons, and where to turn."""
    authority = _(_AUTHORITIES.get(country or "", _ELSEWHERE))
    return f"{_(_STAYS)} {_(_COMPLAINT).format(authority=authority)}"


def copies_words() -> str:
    """Return what old copies still tell of somebody who was erased whole."""
    return _(
        "No copy of the register's database alone opens this person any more, whoever made"
        " it and whenever. A copy that has the shred file of the same day as well does."
    )


def refusal_words(problem: KartotekaError) -> str:
    """Return what follows the text of a failure, with a space before it; empty where nothing does.

    A refusal without an article is a rule of the program, of which no authority needs to be told.
    """
    said = []
    if problem.article:
        said.append(_("(Article {article} GDPR)").format(article=problem.article))
    if isinstance(problem, Refused):
        if problem.remedy:
            said.append(filled(problem.remedy, problem.arguments))
        if problem.article and problem.country is not None:
            authority = _(_AUTHORITIES.get(problem.country, _ELSEWHERE))
            said.append(_(_COMPLAINT).format(authority=authority))
    return "".join(f" {part}" for part in said)
