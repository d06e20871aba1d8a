"""What is said of a failure that nobody foresaw, and beside the reason of a refusal.

Of a failure: a reference, a type, a place, never a value. Whoever is refused is told of the
authority and the courts (Art. 12(4)); which authority that is follows from the country of the firm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.errors import DateToConfirm, ErasedOnRequest, ReviewNeeded
from crm.i18n import _, current
from gdpr.errors import PackageLocked, Refused
from gdpr.papers.citing import cite
from gdpr.rights.errors import ReviewOutdated
from gdpr.word_tables import WordTable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from gdpr.errors import KartotekaError


# By the class of what went wrong: what a screen says where a command names the next one.
_ON_SCREEN: Final = WordTable("crm.session", "on_screen")


def foreseen(problem: BaseException) -> KartotekaError | None:
    """Return our word for what the disk or the database says of itself, or None."""
    if isinstance(problem, ImportError):
        return None  # and what is imported here may be the very part that is missing
    from gdpr.errors import KartotekaError  # noqa: PLC0415 - as below
    from gdpr.store.database import as_damage  # noqa: PLC0415 - nobody hopes to need it

    told = as_damage(problem)
    return told if isinstance(told, KartotekaError) else None


def unforeseen(problem: BaseException, reference: str) -> str:
    """Reduce a failure to what can be told; locals, messages and causes stay unsaid.

    A missing module is named, because only then can somebody install what is missing.
    """
    if isinstance(problem, ImportError) and problem.name:
        return _(
            "A part of the program is missing or of another version: {module}. Install the program"
            " again, for example with: pipx reinstall kartoteka"
        ).format(module=problem.name)
    return _("An unexpected error occurred. Reference {reference}: {kind} at {place}.").format(
        reference=reference, kind=type(problem).__name__, place=place_of(problem.__traceback__)
    )


def on_screen(problem: KartotekaError) -> str:
    """Say what went wrong without naming a command that a screen has a key for."""
    return _said(problem, typed=False, text=_ON_SCREEN.get(type(problem).__name__))


def translate(problem: KartotekaError) -> str:
    """Say what went wrong, with the codes that can be typed beside their words."""
    return _said(problem)


def typed_choices(field: str, codes: Sequence[str]) -> str:
    """List the codes that an option takes behind their words; empty where there are none."""
    from crm.session.argument_words import choices  # noqa: PLC0415 - as below

    return choices(field, codes)


def _said(problem: KartotekaError, *, typed: bool = True, text: str | None = None) -> str:
    from crm.session.argument_words import say  # noqa: PLC0415 - nothing went wrong until now

    return say(problem, typed=typed, text=text)


def day_to_confirm(problem: KartotekaError) -> str | None:
    """Return the day that somebody has to confirm after the machine's date leapt, if it is that."""
    return str(problem.arguments["day"]) if isinstance(problem, DateToConfirm) else None


def needs_review(problem: KartotekaError) -> bool:
    """Tell whether texts have to be looked at before a package can be made."""
    return isinstance(problem, ReviewNeeded | ReviewOutdated)


def erased_on_request(problem: KartotekaError) -> bool:
    """Tell whether somebody was erased on request, and may come back by their own wish only."""
    return isinstance(problem, ErasedOnRequest)


def needs_passphrase(problem: KartotekaError) -> bool:
    """Tell whether a package is sealed with a passphrase that was not right."""
    return isinstance(problem, PackageLocked)


def place_of(trace: TracebackType | None) -> str:
    """Name the innermost line of our own code in a traceback, else its innermost line."""
    found = "?"
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "?")
        if found == "?" or name.partition(".")[0] in {"crm", "gdpr", "migrations", "tui"}:
            found = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


_AUTHORITIES: Final = WordTable("crm.session", "authorities")
_SENTENCES: Final = WordTable("crm.session", "sentences")


def stays_words(country: str | None = None) -> str:
    """Return what a person is told of what an erasure left: the reasons, and where to turn."""
    return f"{_sentence('stays')} {_complaint(country or '')}"


def _complaint(country: str) -> str:
    authority = _(_AUTHORITIES[country]) if country in _AUTHORITIES else _sentence("elsewhere")
    return _sentence("complaint").format(authority=authority)


def _sentence(code: str) -> str:
    return _(_SENTENCES[code])


def copies_words() -> str:
    """Return what old copies still tell of somebody who was erased whole."""
    return _sentence("copies")


def article_words(articles: str) -> str:
    """Cite articles of the Regulation as lawyers of the language in use do."""
    return _("{article} GDPR").format(article=cite(articles, current()))


def refusal_words(problem: KartotekaError) -> str:
    """Return what follows the text of a failure, with a space before it; empty where nothing does.

    A refusal without an article is a rule of the program, of which no authority needs to be told.
    """
    said = []
    if problem.article:
        said.append(f"({article_words(problem.article)})")
    if isinstance(problem, Refused):
        if problem.remedy:
            said.append(_said(problem, text=problem.remedy))
        if problem.article and problem.country is not None:
            said.append(_complaint(problem.country))
    return "".join(f" {part}" for part in said)
