"""The words by which address books name their columns and kinds, in our three languages."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from crm.i18n import LANGUAGES
from gdpr.program_files import program_toml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SILENT = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Reduce a heading or word to what its spellings have in common."""
    if text.strip() == "#":
        return "no"
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(letter)
    )
    return _SILENT.sub("", plain)


# Languages and countries have codes of two letters.
_CODE: Final = 2
_COUNTRY_CODE = re.compile(r"[A-Z]{2}")
# Legal forms that stand at either end of a company's name in the two home countries and near.
_EDGE: Final = r"(?:^|[\s\",(]){}(?:$|[\s\",.)])"
_LEGAL_FORM = re.compile(
    _EDGE.format(
        r"(?:sia|a/s|vas|vsia|biedrība|nodibinājums|z/s|oü|uab|gmbh|mbh|kgaa|ltd|llc|plc|s\.?\s?à\s?r\.?\s?l"
        r"|b\.v|n\.v|bv|sp\.?\s?z\s?o\.?\s?o|sp\.?\s?j|s\.?\s?r\.?\s?l\.?(?:\s?s\.?)?|s\.?\s?p\.?\s?a"
        r"|s\.?n\.?c|s\.a\.s|soc\.?\s?coop|d\.o\.o|kft|e\.v|gbr|sabiedrība ar ierobežotu atbildību"
        r"|akciju sabiedrība|società a responsabilità limitata|società per azioni)\.?"
    ),
    re.IGNORECASE,
)
# Two letters that are a form where a quote or comma stands beside them, or in front of the name.
_SURE_BY_PLACE: Final = re.compile(
    r"^(?:AS|PS|KS|IK)\s|(?:[\",]\s*|\.\s)(?:AS|PS|KS|AG|OY|AB|KG|SE|SA)$"
)
# Forms that are also names or words; written in capitals they are forms more likely than not.
_DOUBTFUL_FORM = re.compile(
    _EDGE.format(r"(?:AS|PS|KS|AG|OY|OYJ|AB|KG|OHG|UG|IK|SAS|INC|Inc|SE|SA|NV)")
)
# Words by which people call what is no human being.
_BODIES: Final = re.compile(
    r"\b(?:universitāte|augstskola|skola|vidusskola|pamatskola|ģimnāzija|bērnudārzs|pašvaldība|dome"
    r"|ministrija|aģentūra|slimnīca|poliklīnika|bibliotēka|muzejs|draudze|baznīca|fonds|savienība"
    r"|asociācija|kooperatīvs|kooperatīvā|apvienība|klubs|centrs|birojs|valsts|novada|banka|biedrība"
    r"|condominio|associazione|parrocchia|comune|provincia|regione|università|scuola|istituto"
    r"|fondazione|cooperativa|consorzio|ente|ministero|ospedale|azienda|impresa|studio|banca"
    r"|comitato|società|university|school|college|association|foundation|council|church|bank"
    r"|hospital|institute|agency|union|club|group|holding|trust|company)\b",
    re.IGNORECASE,
)


@cache
def written(name: str) -> Mapping[str, Mapping[str, Any]]:
    """Return what a file of `crm/data` says, read once."""
    return program_toml("crm", "data", name)


def spellings() -> Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]:
    """Return the words of `crm/data/headings.toml`: headings, and words of codes."""
    return written("headings.toml")


@cache
def _codes(table: str) -> Mapping[str, str]:
    known = spellings()["words"][table]
    return {fold(word): code for code, words in known.items() for word in words}


def code_of(table: str, word: str) -> str | None:
    """Return the code a word stands for in one of the tables; None for an unknown word.

    Any two capital letters are taken as a country's own code, and languages and countries are known
    by their names in each language of ours, as our own files write them.
    """
    found = _codes(table).get(fold(word)) or _named(table).get(fold(word))
    if found is None and table == "country" and _COUNTRY_CODE.fullmatch(word.strip().upper()):
        return word.strip().upper()
    return found


@cache
def _named(table: str) -> Mapping[str, str]:
    """Return the names of languages or countries with their codes; nothing for other tables."""
    names = {"language": "languages", "country": "territories"}.get(table)
    if names is None:
        return {}
    from babel import Locale  # noqa: PLC0415 - most files name neither

    return {
        fold(name): code
        for language in LANGUAGES
        for code, name in getattr(Locale.parse(language), names).items()
        if len(code) == _CODE and code.isalpha()
    }


def has_legal_form(name: str) -> bool:
    """Tell whether a name carries the legal form of a company, for files that do not say it."""
    return any(form.search(name) for form in (_LEGAL_FORM, _SURE_BY_PLACE))


def sounds_like_a_body(name: str) -> bool:
    """Tell whether a name is more likely that of a firm, school or club than of a human being."""
    return _BODIES.search(name) is not None or (
        _DOUBTFUL_FORM.search(name) is not None and name != name.upper()
    )
