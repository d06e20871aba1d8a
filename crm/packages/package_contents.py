"""What stands in a package: the data with their reasons, and for a report all of Art. 15(1)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from crm.models.attached import Employment, NoticeGiven
from crm.models.consents import MODELS
from crm.models.party import Party
from crm.packages import package_words as words
from crm.starter import recipients
from crm.transparency.firm_details import AUTHORITIES, DETAILS, NONE
from crm.transparency.notice_proofs import notice_in_force
from gdpr.audit.reading import Wanted
from gdpr.clock import instant_of
from gdpr.errors import NotFound
from gdpr.rights.dossier import COPY_OF_ALL, PORTABLE_BASES, included, left_out, plain_facts, tell
from gdpr.rights.packages import DATA_FORMAT, VERSION, urn
from gdpr.rights.redaction import blacked_out
from gdpr.rights.stored import Disclosure
from gdpr.rules.consents import Consents
from gdpr.rules.purposes import Basis
from gdpr.store.settings import read_setting

if TYPE_CHECKING:
    from crm.packages.package_words import PackageWords
    from crm.session.context import RegisterContext
    from gdpr.rights.dossier import Dossier, Held
    from gdpr.rights.redaction import Decided
    from gdpr.rules.purposes import Purpose
    from gdpr.rules.reasons import Reason

Json = dict[str, Any]

ACCESS: Final = "Art.15"
PORTABLE: Final = "Art.20"
_FIRM: Final = ("name", "country", "reg_no", "address", "email", "phone", "dpo")
_ALL_ENTRIES: Final = 1_000_000
# The rights as the notice lists them, in its order.
_RIGHTS: Final = ("15", "16", "17", "18", "20", "7(3)", "21")
_WEIGHED: Final = frozenset({Basis.LEGITIMATE_INTERESTS, Basis.PUBLIC_TASK})


class Making(NamedTuple):
    """One package in the making: whose it is, what is held, the words, and what is blacked out."""

    context: RegisterContext
    party: Party
    dossier: Dossier
    words: PackageWords
    decided: Decided
    at: str


def access_document(making: Making) -> Json:
    """Write the report and copy under Art. 15."""
    because = making.words.voice(COPY_OF_ALL)
    data = [_told(making, held, _lead(held), because) for held in making.dossier.data]
    return {**_head(making, ACCESS), "data": data, "excluded": [], "report": _report(making)}


def portable_document(making: Making) -> Json:
    """Write what may be taken along under Art. 20, and what is left out and why."""
    voice = making.words.voice
    data = []
    for held in making.dossier.data:
        lead = held.portable()
        if lead is not None:
            data.append(_told(making, held, lead, voice(included(held, lead))))
    head = _head(making, PORTABLE)
    if not data:
        kinds = {reason.ground.kind for reason in making.dossier.reasons() if reason.ground}
        empty = (
            words.SENTENCES["empty_contact"] if kinds == {"contact"} else words.SENTENCES["empty"]
        )
        head |= {"empty_because": voice(empty), "offer": voice(words.SENTENCES["offer"])}
    excluded = left_out(making.dossier.data, voice)
    return {**head, "data": data, "excluded": excluded, "report": None}


def controller_of(context: RegisterContext) -> dict[str, str]:
    """Give the firm's details as every package carries them."""
    told = {name: read_setting(context.session, f"firm_{name}") or "" for name in DETAILS}
    return {name: told[name] for name in _FIRM}


def _head(making: Making, scope: str) -> Json:
    return {
        "format": DATA_FORMAT,
        "format_version": VERSION,
        "scope": scope,
        "language": making.words.language,
        "generated_at": making.at,
        "controller": controller_of(making.context),
        "subject": {
            "uid": urn(bytes(making.party.id)),
            "number": making.party.number,
            "country": making.party.country,
        },
        "empty_because": None,
        "offer": None,
    }


def _lead(held: Held) -> Reason | None:
    return held.verdict.lead


def _told(making: Making, held: Held, lead: Reason | None, because: str) -> Json:
    told = tell(held, lead, because, making.words.because)
    spans = making.decided.get(held.name, ())
    if rows := words.rows_in(held):
        # What is blacked out may reach over several cells: then the text alone is given.
        told |= {} if spans else {"rows": rows}
    if spans:
        marker = making.words.voice(words.SENTENCES["redacted"])
        told["value"], told["redacted"] = blacked_out(held.value, spans, marker)
    return told


def _report(making: Making) -> Json:
    say = making.words
    held = {one.datum.category for one in making.dossier.data}
    reasons = making.dossier.reasons()
    return {
        "confirmation": say.voice(words.SENTENCES["confirmation"]),
        "notice": _notice(making),
        "purposes": [_purpose(making, reason) for reason in reasons],
        "categories": [
            {"code": code, "name": say.category(code)} for code in words.CATEGORIES if code in held
        ],
        "recipients": _recipients(making, reasons),
        "disclosures": _disclosures(making),
        "sources": _sources(making),
        "employers": _employers(making),
        "consents": _consents(making),
        "records": list(plain_facts(making.dossier.rows)),
        "lookups": _lookups(making),
        "rights": _rights(say, reasons),
        "authority": _authority(making),
        "automated_decisions": _automated(making),
        "transfers": _transfers(making),
    }


def _purpose(making: Making, reason: Reason) -> Json:
    say, purpose = making.words, _in_force(making, reason.purpose)
    language = say.language
    texts = purpose.texts.get(language) or purpose.texts["en"]
    weighed = purpose.balancing.get(language) if reason.basis in _WEIGHED else None
    return {
        "code": purpose.code,
        "version": reason.purpose.version,
        "name": texts.name,
        "why": texts.why,
        "basis": reason.basis.value,
        "article": reason.article,
        "term": purpose.dpv,
        "since": reason.since.isoformat(),
        "until": reason.until.isoformat(),
        "because": say.because(reason.because),
        # The rule that keeps this person's data, which is that of the version they are kept under.
        "periods": say.notice.periods(reason.purpose, 0),
        "interest": None if weighed is None else weighed.interest,
        "laws": [
            {"title": law.title, "article": law.article, "text": say.notice.law(law)}
            for law in purpose.laws
            if law.in_force(making.context.day)
        ],
        "recipients": list(purpose.recipients),
        "items": list(purpose.items),
    }


def _in_force(making: Making, purpose: Purpose) -> Purpose:
    """Give the version of a purpose that the notice in force speaks of, never an older one."""
    told = notice_in_force(making.context)
    covered = 0 if told is None else json.loads(told.covers).get(purpose.code, 0)
    if covered <= purpose.version:
        return purpose
    return making.context.grounds.rulebook.version(purpose.code, covered)


def _notice(making: Making) -> Json | None:
    """Say which notice is in force, and what the person was given of it and before."""
    row = notice_in_force(making.context)
    if row is None:
        return None
    given = making.context.session.rows(NoticeGiven, party=bytes(making.party.id))
    return {
        "version": row.version,
        "effective": row.effective,
        "sha256": row.text_hash,
        "given": [
            {"version": one.version, "on": one.given, "channel": one.channel}
            for one in sorted(given, key=lambda one: one.given)
        ],
    }


def _recipients(making: Making, reasons: tuple[Reason, ...]) -> list[Json]:
    purposes: dict[str, list[str]] = {}
    for reason in reasons:
        for code in _in_force(making, reason.purpose).recipients:
            purposes.setdefault(code, []).append(reason.purpose.code)
    roles = {code: known.role for code, known in recipients().items()}
    lines = []
    for code, served in purposes.items():
        name, role = making.words.notice.recipient(code) or (code, roles.get(code, "–"))
        lines.append({"code": code, "name": name, "role": role, "purposes": served})
    return lines


def _disclosures(making: Making) -> list[Json]:
    rows = making.context.session.rows(Disclosure, party=bytes(making.party.id))
    return [
        {
            "at": _instant(row.made),
            "kind": row.kind,
            "recipient": row.recipient,
            "channel": row.channel,
            "article": row.article,
            "purpose": row.purpose,
            "sha256": row.file_hash,
        }
        for row in rows
    ]


def _sources(making: Making) -> list[Json]:
    code, say = making.party.provenance, making.words.voice
    if code is None:
        return [{"code": "untold", "name": say(words.SENTENCES["untold"])}]
    return [{"code": code, "name": say(words.SOURCES[code]) if code in words.SOURCES else code}]


def _employers(making: Making) -> list[Json]:
    """Name the companies a person works for; nothing else of theirs is the person's own."""
    session = making.context.session
    lines = []
    for place in session.rows(Employment, person=bytes(making.party.id)):
        try:
            company = session.get(Party, bytes(place.company)).display_name() or None
        except NotFound:
            company = None
        lines.append({"name": company, "since": place.since, "left": place.left})
    return lines


def _consents(making: Making) -> list[Json]:
    consents = Consents(making.context.session, MODELS, lambda _party: ("", ""))
    return [
        {
            "purpose": file.purpose,
            "name": making.words.purpose(file.purpose),
            "events": [
                {
                    "at": _instant(event.happened),
                    "state": event.state,
                    "channel": event.channel,
                    "wording": event.wording,
                    "wording_version": event.wording_version,
                    "wording_sha256": event.wording_hash,
                    "evidence": event.evidence,
                }
                for event in consents.events(file)
            ],
        }
        for file in consents.files(bytes(making.party.id))
    ]


def _lookups(making: Making) -> list[Json]:
    """Say when the data were looked at or changed and for what; never by whom (C-579/21)."""
    wanted = Wanted(object_id=bytes(making.party.id), limit=_ALL_ENTRIES)
    return [
        {
            "at": _instant(entry.time),
            "event": entry.event,
            "what": making.words.event(entry.event),
        }
        for entry in making.context.journal.entries(wanted)
    ]


def _rights(say: PackageWords, reasons: tuple[Reason, ...]) -> list[Json]:
    bases = {reason.basis for reason in reasons}
    marketing = any(reason.purpose.direct_marketing for reason in reasons)
    applies = {
        "20": bool(bases & PORTABLE_BASES),
        "7(3)": Basis.CONSENT in bases,
        "21": bool(bases & _WEIGHED) or marketing,
    }
    return [
        {"article": article, "applies": applies.get(article, True), "text": text}
        for article, text in zip(_RIGHTS, say.notice.text("right"), strict=True)
    ]


def _authority(making: Making) -> Json:
    country = making.context.country
    said = making.words.notice.text("authority")
    text = said.get(country) or said["other"].replace("{{ country }}", country)
    return {"text": text, "term": AUTHORITIES.get(country)}


def _transfers(making: Making) -> Json:
    told, text = _declared(making, "transfers")
    return {"known": [told] if told and told != NONE else [], "text": text}


def _automated(making: Making) -> Json:
    told, text = _declared(making, "automated")
    return {"exist": told != NONE if told else None, "text": text}


def _declared(making: Making, detail: str) -> tuple[str, str]:
    """Say what the firm declared; where it declared nothing, that and not a comfortable guess."""
    told = read_setting(making.context.session, f"firm_{detail}")
    if not told:
        return told, making.words.voice(words.SENTENCES["undeclared"])
    return told, making.words.notice.text(f"{detail}_none") if told == NONE else told


def _instant(stored: int) -> str:
    return instant_of(stored).isoformat(timespec="seconds").replace("+00:00", "Z")
