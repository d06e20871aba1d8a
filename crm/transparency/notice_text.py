"""The privacy notice, put together from the register: everything Articles 13 and 14 ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from crm.privacy import NOTICE_PROOF, SubjectKind
from crm.transparency.errors import NoticeBlank
from crm.transparency.firm_details import DECLARED, NEEDED, NONE
from crm.transparency.notice_words import NoticeWords
from gdpr.papers.rendering import Document, Section, Table, fill
from gdpr.rules.purposes import Basis

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from gdpr.rules.purposes import Purpose

COLLECTED: Final = 13
"""Data were collected from the person."""
OBTAINED: Final = 14
"""Data came from somebody else."""
ARTICLES: Final = (COLLECTED, OBTAINED)
_Columns = tuple[tuple[str, ...], Sequence[tuple[str, ...]]]
_STATUTE: Final = (Basis.LEGAL_OBLIGATION, Basis.PUBLIC_TASK)
_DEAL: Final = (Basis.CONTRACT, Basis.PRE_CONTRACT)
_WEIGHED: Final = (Basis.LEGITIMATE_INTERESTS, Basis.PUBLIC_TASK)
# Places in the list of rights: Articles 15-18 are everybody's, the others depend on the basis.
_PORTABILITY, _WITHDRAWAL, _OBJECTION = 4, 5, 6


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What a notice is made of: the firm's own words, and the purposes it has made its own.

    `version` with `effective` is None for a draft, which leaves out what was not declared.
    """

    article: int
    firm: Mapping[str, str]
    purposes: tuple[Purpose, ...]
    day: date
    version: int | None = None
    effective: date | None = None


def compose(facts: NoticeFacts, language: str) -> Document:
    """Put a notice together, or refuse and name what is blank."""
    words = NoticeWords(language)
    blanks = _blanks(facts, words)
    if blanks:
        raise NoticeBlank(blanks=", ".join(blanks))
    return _Composer(facts, words).document()


def _blanks(facts: NoticeFacts, words: NoticeWords) -> list[str]:
    needed = NEEDED if facts.version is None else (*NEEDED, *DECLARED)
    blanks = [f"firm.{name}" for name in needed if not facts.firm.get(name)]
    for purpose in facts.purposes:
        if words.language not in purpose.texts:
            blanks.append(f"{purpose.code}.texts.{words.language}")
        if purpose.weighs_interests and words.language not in purpose.balancing:
            blanks.append(f"{purpose.code}.balancing.{words.language}")
        blanks += [
            f"{purpose.code}.recipients.{code}"
            for code in purpose.recipients
            if words.recipient(code) is None
        ]
    return blanks


class _Composer:
    """Writes the sections of one notice."""

    def __init__(self, facts: NoticeFacts, words: NoticeWords) -> None:
        self._facts = facts
        self._words = words

    def document(self) -> Document:
        """Write every section in the order in which people ask."""
        collected = self._facts.article == COLLECTED
        sections: tuple[Section | None, ...] = (
            self._section("controller", paragraphs=self._lines("controller")),
            self._objection(),
            self._table("purposes", self._purposes()),
            self._table("interests", self._interests()),
            *(() if collected else self._origins()),
            self._table("recipients", self._recipients()),
            self._declared("transfers"),
            self._retention(),
            self._section(
                "rights",
                paragraphs=(self._line("rights"),),
                bullets=self._rights(),
                closing=(self._line("rights_after"),),
            ),
            self._complaint(),
            self._provision() if collected else None,
            self._declared("automated"),
            self._section("changes", paragraphs=(self._line("changes"),)),
        )
        return Document(
            language=self._words.language,
            title=self._words.text("title"),
            lead=(self._fill(self._words.text("lead", self._facts.article)),),
            sections=tuple(section for section in sections if section is not None),
            foot=self._foot(),
        )

    def _foot(self) -> str:
        facts = self._facts
        if facts.version is None or facts.effective is None:
            return fill(self._words.text("draft"), day=self._words.day(facts.day))
        effective = self._words.day(facts.effective)
        return fill(self._words.text("version"), version=facts.version, effective=effective)

    def _fill(self, sentence: str) -> str:
        firm = self._facts.firm
        return fill(sentence, firm=firm, country=firm["country"])

    def _line(self, *path: object) -> str:
        return self._fill(self._words.text(*path))

    def _lines(self, name: str) -> tuple[str, ...]:
        filled = (self._fill(sentence) for sentence in self._words.text(name))
        return tuple(sentence for sentence in filled if sentence)

    def _some(self, told: Iterable[Basis]) -> bool:
        """Tell whether some purpose rests on one of these for somebody."""
        wanted = set(told)
        return any(
            not wanted.isdisjoint((*p.bases.values(), *p.basis_by_evidence.values()))
            for p in self._facts.purposes
        )

    def _marketing(self) -> bool:
        return any(purpose.direct_marketing for purpose in self._facts.purposes)

    def _objection(self) -> Section | None:
        """Set the right to object apart, as far as there is something to object to (Art. 21(4))."""
        weighed, marketing, reach = self._lines("objection")
        said = [
            *((weighed,) if self._some(_WEIGHED) else ()),
            *((marketing,) if self._marketing() else ()),
        ]
        if not said:
            return None
        return self._section("objection", paragraphs=(*said, reach), prominent=True)

    def _rights(self) -> tuple[str, ...]:
        """List the rights; three of them depend on why data are processed."""
        applies = {
            _PORTABILITY: self._some((Basis.CONSENT, *_DEAL)),
            _WITHDRAWAL: self._some((Basis.CONSENT,)),
            _OBJECTION: self._some(_WEIGHED) or self._marketing(),
        }
        lines = self._lines("right")
        return tuple(line for place, line in enumerate(lines) if applies.get(place, True))

    def _declared(self, code: str) -> Section | None:
        """Say what the firm declared, and nothing where it declared nothing."""
        told = self._facts.firm.get(code)
        if not told:
            return None
        said = self._line(f"{code}_none") if told == NONE else told
        return self._section(code, paragraphs=(said,))

    def _section(self, code: str, **parts: Any) -> Section:
        return Section(anchor=code, title=self._words.text("sections", code), **parts)

    def _table(
        self,
        code: str,
        columns: _Columns,
        closing: tuple[str, ...] = (),
        lead: str | None = None,
    ) -> Section | None:
        headings, rows = columns
        if not rows:
            return None
        table = Table(
            caption=self._words.text("tables", code),
            headings=tuple(self._words.text("headings", heading) for heading in headings),
            rows=tuple(rows),
        )
        first = (self._line(code) if lead is None else lead,)
        return self._section(code, paragraphs=first, table=table, closing=closing)

    def _name(self, purpose: Purpose) -> str:
        return purpose.texts[self._words.language].name

    def _purposes(self) -> _Columns:
        rows = []
        for purpose in self._facts.purposes:
            laws = [self._words.law(law) for law in purpose.laws if law.in_force(self._facts.day)]
            why = purpose.texts[self._words.language].why
            cited = "; ".join(laws) or self._words.text("none")
            rows.append((self._name(purpose), why, self._bases(purpose), cited))
        return ("purpose", "why", "basis", "laws"), rows

    def _bases(self, purpose: Purpose) -> str:
        """Say each basis once, with those whom it concerns."""
        kinds: dict[Basis, list[str]] = {}
        for kind, basis in purpose.bases.items():
            kinds.setdefault(basis, []).append(kind)
        said = [
            f"{self._words.basis(basis)}: {self._words.kinds(kinds[basis])}"
            for basis in Basis
            if basis in kinds
        ]
        said += [
            f"{self._words.basis(basis)}: {self._words.text('evidence', evidence.value)}"
            for evidence, basis in purpose.basis_by_evidence.items()
        ]
        return "; ".join(said)

    def _interests(self) -> _Columns:
        rows = []
        for purpose in self._facts.purposes:
            if purpose.weighs_interests:
                note = purpose.balancing[self._words.language]
                rows.append((self._name(purpose), note.interest, note.balance))
        return ("purpose", "interest", "balance"), rows

    def _categories(self) -> _Columns:
        none = self._words.text("no_items")
        rows = []
        for purpose in self._facts.purposes:
            # The proof of information belongs to every purpose and is said once, below the table.
            items = [item for item in purpose.items if item != NOTICE_PROOF.code]
            rows.append((self._name(purpose), self._words.items(items) or none))
        return ("purpose", "data"), rows

    def _origins(self) -> tuple[Section | None, Section | None]:
        """Say which data there are and where from, as Article 14 asks."""
        proof = self._line("categories_after")
        return self._table("categories", self._categories(), closing=(proof,)), self._sources()

    def _sources(self) -> Section | None:
        """Name the sources the firm declared, and whether they are public (Art. 14(2)(f))."""
        told = self._facts.firm.get("sources", "")
        codes = [code for code in told.split(", ") if code and code != NONE]
        if not codes:
            return None
        public = "public" if "public" in codes else "closed"
        closing = (f"{self._line('source_open', public)} {self._line('source_after')}",)
        bullets = tuple(self._line("source", code) for code in codes)
        return self._section("source", bullets=bullets, closing=closing)

    def _recipients(self) -> _Columns:
        named: dict[str, list[str]] = {}
        for purpose in self._facts.purposes:
            for code in purpose.recipients:
                named.setdefault(code, []).append(self._name(purpose))
        rows = []
        for code, purposes in named.items():
            name, role = self._words.recipient(code) or ("", "")
            rows.append((name, role, ", ".join(purposes)))
        return ("recipient", "role", "purposes"), sorted(rows)

    def _retention(self) -> Section | None:
        """Say how long, each period from the rule that the program obeys."""
        if not self._facts.purposes:
            return None
        reviews = [purpose.review_after("") for purpose in self._facts.purposes]
        usual = max(set(reviews), key=lambda months: (reviews.count(months), months))
        rows = [(self._name(p), self._words.periods(p, usual)) for p in self._facts.purposes]
        lead = fill(
            self._words.text("retention"),
            review=self._words.length(usual),
            prospect=self._words.length(self._prospects()),
        )
        closing = (self._line("retention_after"),)
        return self._table("retention", (("purpose", "period"), rows), closing=closing, lead=lead)

    def _prospects(self) -> int:
        """Give the months after which those who only asked for an offer are looked at again."""
        kind = SubjectKind.PROSPECT.value
        return min(purpose.review_after(kind) for purpose in self._facts.purposes)

    def _complaint(self) -> Section:
        known = self._words.text("authority")
        country = self._facts.firm["country"]
        authority = self._fill(known.get(country, known["other"]))
        return self._section("complaint", paragraphs=self._lines("complaint"), bullets=(authority,))

    def _provision(self) -> Section | None:
        """Say for which purposes data must be given, and what follows if they are not."""
        lines = []
        for code, bases in (
            ("legal_obligation", _STATUTE),
            ("contract", _DEAL),
            ("consent", (Basis.CONSENT,)),
        ):
            names = [self._name(p) for p in self._facts.purposes if _rests_on(p, bases)]
            if names:
                sentence = self._words.text("provision", code)
                lines.append(fill(sentence, names=", ".join(names)))
        if self._some((Basis.LEGITIMATE_INTERESTS,)):
            lines.append(self._line("provision", "legitimate_interests"))
        if not lines:
            return None
        return self._section("provision", paragraphs=tuple(lines))


def _rests_on(purpose: Purpose, bases: Iterable[Basis]) -> bool:
    return not set(purpose.bases.values()).isdisjoint(bases)
