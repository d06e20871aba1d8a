"""What consents need from the register: who somebody is, which text was shown, who is a child.

Who is a child for a consent is told by the personal code, or by whoever enters it (Art. 8).
"""

from __future__ import annotations

import base64
import re
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from crm.errors import FileMissing, FileUnreadable
from crm.grounds.errors import (
    GuardianNeeded,
    NoSuchWording,
    NotAGuardian,
    NotByConsent,
    ScanTooLarge,
    WordingElsewhere,
)
from crm.models.consents import MODELS, Consent
from crm.models.party import Party, PartyKind
from crm.parties.find_party import find_party
from crm.privacy import EVIDENCE, Duty, SubjectKind
from gdpr.papers.stored import WordingRow
from gdpr.rules.consents import Consents, Wording
from gdpr.rules.period_ends import clock_end
from gdpr.rules.purposes import Basis, Evidence
from gdpr.store.settings import read_setting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from crm.session.context import RegisterContext
    from gdpr.rules.consent_rows import ConsentFile
    from gdpr.rules.grounds import Opening


# Below this age a parent consents: Latvia, Italy (Codice privacy art. 2-quinquies), else Art. 8(1).
AGES: Final[Mapping[str, int]] = {"LV": 13, "IT": 14}
ELSEWHERE: Final = 16

_LATVIAN: Final = re.compile(r"(\d\d)(\d\d)(\d\d)([012])\d{4}", re.ASCII)
_ITALIAN: Final = re.compile(r"[A-Z]{6}([0-9L-V]{2})([A-EHLMPR-T])([0-9L-V]{2})[0-9A-Z]{5}")
_MONTHS: Final = "ABCDEHLMPRST"
# Where two people would share a code, digits of one are replaced by these letters.
_DIGIT_LETTERS: Final = str.maketrans("LMNPQRSTUV", "0123456789")
_WOMEN: Final = 40
_CENTURY: Final = 100


def age_of_consent(country: str) -> int:
    """Return the age from which somebody consents alone, by the law of the firm's country."""
    return AGES.get(country, ELSEWHERE)


def born_on(code: str, today: date) -> date | None:
    """Read the day of birth out of a personal code; None where the code does not tell it."""
    plain = "".join(code.split()).replace("-", "").upper()
    try:
        if found := _LATVIAN.fullmatch(plain):
            day, month, year, century = map(int, found.groups())
            return date(1800 + _CENTURY * century + year, month, day)
        if found := _ITALIAN.fullmatch(plain):
            year, day = (int(found[place].translate(_DIGIT_LETTERS)) for place in (1, 3))
            year += today.year // _CENTURY * _CENTURY
            year -= _CENTURY if year > today.year else 0
            return date(year, _MONTHS.index(found[2]) + 1, day % _WOMEN)
    except ValueError:
        pass
    return None


def is_child(born: date, on: date, country: str) -> bool:
    """Tell whether somebody was too young on a day to consent alone."""
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return years < age_of_consent(country)


_CODES: Final = re.compile(r"[a-z][a-z0-9_]*")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_ORDER: Final = [kind.value for kind in SubjectKind]
_STRANGER: Final = (SubjectKind.PROSPECT.value, SubjectKind.SUBSCRIBER.value)
# Sealed as text, which is a third longer, in a field that holds at most 1 MiB.
_MOST_KIB: Final = 700


def consents_of(context: RegisterContext) -> Consents:
    """Return the kernel's book of consents for this register."""
    return Consents(context.session, MODELS, partial(_identify, context))


def proofs_under(context: RegisterContext, text: str) -> list[Consent]:
    """Find the proofs that name somebody who is no party any more, by address, number or name.

    They are for whoever answers for erasures: who asks what is left of them gets an answer.
    """
    if EVIDENCE.code not in context.access.reads or Duty.ERASURE not in context.access.duties:
        return []
    found = context.session.find(Consent, "identifier", text)
    found = [file for file in found if context.session.first(Party, id=bytes(file.party)) is None]
    return sorted(found, key=lambda file: (file.since, file.purpose))


def kept_until(context: RegisterContext, file: ConsentFile) -> date | None:
    """Return the last day of a proof whose consent has ended, None while its clock stands."""
    rulebook = context.grounds.rulebook
    (clock,) = file.kept_record(rulebook.purpose).clocks
    if clock.started is None:
        return None
    return clock_end(clock.rule, clock.started, rulebook.settings)


def opening_for(context: RegisterContext, party: Party, purpose: str) -> Opening:
    """Prepare the ground that a consent opens, or refuse a purpose that needs none."""
    legal = party.kind == PartyKind.LEGAL
    known = context.grounds.rulebook.purpose(purpose)
    for kind in _kinds(context, bytes(party.id)):
        if known.basis(kind, Evidence.CONSENT) is Basis.CONSENT:
            return context.grounds.by_purposes(
                [purpose], kind=kind, is_legal=legal, evidence=Evidence.CONSENT
            )
    raise NotByConsent(purpose=purpose)


def wording_named(
    context: RegisterContext, party: Party, name: str, purpose: str, language: str | None
) -> Wording:
    """Find a text by CODE, CODE@VERSION or its hash; it must speak of the purpose.

    Without a language the person's own is taken, then the firm's, then what there is.
    """
    rows = _wordings(context, name)
    if not rows:
        known = {row.code for row in context.session.rows(WordingRow)}
        raise NoSuchWording(known=", ".join(sorted(known)) or "–")
    mine = [row for row in rows if purpose in _CODES.findall(row.purposes)]
    if not mine:
        raise WordingElsewhere(purpose=purpose)
    spoken = {row.language for row in mine}
    if language is not None and language not in spoken:
        raise NoSuchWording(known=", ".join(sorted(f"{row.code} {row.language}" for row in mine)))
    wishes = (language, party.language, read_setting(context.session, "firm_language"))
    chosen = next((wish for wish in wishes if wish in spoken), min(spoken))
    row = max((row for row in mine if row.language == chosen), key=lambda row: row.version)
    return Wording(row.code, row.version, row.language, row.text_hash)


def check_age(
    context: RegisterContext, party: Party, on: date, *, guardian: str | None, minor: bool
) -> Party | None:
    """Refuse a child's word without a parent's; return who spoke for the child."""
    if party.kind == PartyKind.LEGAL:
        return None
    if not (minor or _is_child(context, party, on)):
        return None
    if guardian is None:
        raise GuardianNeeded(age=age_of_consent(context.country))
    speaker = find_party(context, guardian)
    if speaker.id == party.id or speaker.kind == PartyKind.LEGAL or _is_child(context, speaker, on):
        raise NotAGuardian(number=speaker.number)
    return speaker


def refuse_child(context: RegisterContext, party: Party, opening: Opening, on: date) -> None:
    """Refuse a ground upon a child's own consent, whichever way it is opened (Art. 8(1))."""
    if opening.evidence is Evidence.CONSENT:
        check_age(context, party, on, guardian=None, minor=False)


def scanned(path: Path) -> str:
    """Read a scan into the text that is sealed."""
    try:
        with path.open("rb") as stream:
            content = stream.read((_MOST_KIB << 10) + 1)
    except FileNotFoundError:
        raise FileMissing from None
    except OSError:
        raise FileUnreadable from None
    if len(content) > _MOST_KIB << 10:
        raise ScanTooLarge(kib=_MOST_KIB)
    return f"{path.name}\n{base64.b64encode(content).decode()}"


def _identify(context: RegisterContext, party: bytes) -> tuple[str, str]:
    """Say who consented in as few words as tell it, and what they were to us."""
    row = context.session.get(Party, party)
    who = row.email or row.phone or row.display_name() or row.reg_no
    return who or str(row.number), _kinds(context, party)[0]


def _kinds(context: RegisterContext, party: bytes) -> list[str]:
    running = {g.kind for g in context.grounds.of(party) if g.ended_on is None}
    return [*sorted(running, key=_ORDER.index), *(k for k in _STRANGER if k not in running)]


def _wordings(context: RegisterContext, name: str) -> list[WordingRow]:
    if _HASH.fullmatch(name.lower()):
        return context.session.rows(WordingRow, text_hash=name.lower())
    code, _at, version = name.partition("@")
    rows = context.session.rows(WordingRow, code=code)
    if not version:
        return rows
    return [row for row in rows if version.isdecimal() and row.version == int(version)]


def _is_child(context: RegisterContext, party: Party, on: date) -> bool:
    code = party.personal_code if party.holds("personal_code") else None
    born = born_on(code, on) if code else None
    return born is not None and is_child(born, on, context.country)
