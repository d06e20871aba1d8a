"""The columns that a rejects file puts before the original ones, and that reading passes over."""

from __future__ import annotations

from typing import Final

from crm.i18n import LANGUAGES, Words

# Marked with the program's name, so that no firm's own column is ever taken for one of them.
DECISION: Final = Words("kartoteka:decision", "kartoteka:lēmums", "kartoteka:decisione")
OWN_COLUMNS: Final = (
    Words("kartoteka:line", "kartoteka:rinda", "kartoteka:riga"),
    Words("kartoteka:column", "kartoteka:kolonna", "kartoteka:colonna"),
    Words("kartoteka:reason", "kartoteka:iemesls", "kartoteka:motivo"),
    DECISION,
    Words("kartoteka:code", "kartoteka:kods", "kartoteka:codice"),
)
DECISIONS: Final = frozenset(DECISION.said(language) for language in LANGUAGES)
# A file written in one language is read in any.
REJECT_HEADINGS: Final = frozenset(one.said(each) for one in OWN_COLUMNS for each in LANGUAGES)
