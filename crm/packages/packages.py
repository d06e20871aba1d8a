"""Packages for a person: the report and copy under Art. 15, and what can be taken along (Art. 20).

Each is a disclosure: an entry in the log, a row about the person, and a known copy with an end.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from anyascii import anyascii

from crm.copies.copies import PACKAGE, REVIEW, new_copy
from crm.copies.outgoing import need_folder, outgoing
from crm.errors import FileMissing, NotADataSubject, ReviewNeeded, UnknownLanguage
from crm.files.packages import archive_name, refuse_taken_folder, write_archive
from crm.grounds.ground_endings import contacts_of
from crm.i18n import LANGUAGES, SOURCE, current
from crm.packages.cards import PackageMade, Packing, RedactionMark, ReviewText, ReviewWritten
from crm.packages.contact_formats import jscontact, vcard
from crm.packages.package_contents import (
    ACCESS,
    PORTABLE,
    Making,
    access_document,
    controller_of,
    portable_document,
)
from crm.packages.package_words import SENTENCES, PackageWords, readable
from crm.parties.find_party import find_party
from crm.privacy import CATEGORIES
from crm.retention.mentions import places_kept
from crm.retention.third_parties import Strangers, is_free_text
from crm.session.context import RegisterService
from crm.transparency.firm_details import AUTHORITIES
from gdpr.audit.events import Event
from gdpr.clock import microseconds
from gdpr.errors import ReviewUnreadable
from gdpr.rights.dossier import dossier_of
from gdpr.rights.packages import (
    CONTACT,
    DATA,
    LINKED,
    MANIFEST,
    SHEET,
    VCARD,
    PackagePart,
    Signer,
    grouped,
    json_part,
    sealed,
    written,
)
from gdpr.rights.privacy_vocabulary import linked
from gdpr.rights.redaction import LARGEST, read_review, review
from gdpr.rights.sheet import render
from gdpr.rights.stored import Disclosure
from gdpr.store.accounts import UserAccount, card_of
from gdpr.store.ids import new_id
from gdpr.store.settings import read_setting
from gdpr.vault.passwords import suggest_passphrase

if TYPE_CHECKING:
    from pathlib import Path

    from crm.models.party import Party
    from crm.retention.mentions import Places
    from gdpr.rights.dossier import Dossier, Held
    from gdpr.rights.redaction import Decided

Json = dict[str, Any]

_NOTES: Final = "note"
_EVENTS: Final = {ACCESS: Event.ACCESS_PACKED, PORTABLE: Event.PORTABLE_PACKED}
_KINDS: Final = {ACCESS: "access", PORTABLE: "portable"}


class _Package(NamedTuple):
    """A package ready to be written: what it says, its files, and the one that hashes them all."""

    document: Json
    contents: dict[str, bytes]
    redactions: int
    root_print: str

    @property
    def manifest_hash(self) -> str:
        return sha256(self.contents[MANIFEST]).hexdigest()


class Packages(RegisterService):
    """Makes packages; whoever cannot read everything about a person cannot make one."""

    def access(self, reference: str, target: Path, packing: Packing | None = None) -> PackageMade:
        """Write the report and copy of everything held about a person (Art. 15)."""
        return self._make(reference, ACCESS, target, packing or Packing())

    def portable(self, reference: str, target: Path, packing: Packing | None = None) -> PackageMade:
        """Write what a person provided on consent or contract, to be taken along (Art. 20)."""
        return self._make(reference, PORTABLE, target, packing or Packing())

    def texts(self, reference: str, language: str | None = None) -> tuple[ReviewText, ...]:
        """Show the texts about a person with the places that may speak of somebody else."""
        party, dossier = self._dossier(reference)
        words = self._words(party, language)
        found = self._suggested(party, dossier, words)
        suggested = sum(len(spans) for _held, spans in found)
        counts = {"texts": len(found), "suggested": suggested}
        self._context.journal.log_access(Event.PACKAGE_REVIEWED, bytes(party.id), **counts)
        here = PackageWords(current(), self._context.grounds.rulebook)
        return tuple(
            ReviewText(
                id=held.name,
                where=here.table(held.datum.table),
                text=held.value,
                sha256=sha256(held.value.encode()).hexdigest(),
                marks=tuple(
                    RedactionMark(s.start, s.end, redact=True, reason=s.reason, rule=s.rule)
                    for s in spans
                ),
            )
            for held, spans in found
        )

    def review(self, reference: str, target: Path) -> ReviewWritten:
        """Write the texts about a person with the places that may speak of somebody else."""
        context = self._context
        party, dossier = self._dossier(reference)
        need_folder(target.absolute().parent)
        found = self._suggested(party, dossier, self._words(party, None))
        document = review(party.number, self._now(), found)
        copy = new_copy(context, REVIEW, target, bytes(party.id))
        suggested = sum(len(spans) for _held, spans in found)
        event = (Event.PACKAGE_REVIEWED, bytes(party.id))
        with outgoing(context, copy) as work, work.file(copy) as stream:
            stream.write(written(document))
            with context.journal.audited_change(
                *event, texts=len(found), suggested=suggested
            ) as change:
                work.settle(copy, stream, change)
        return ReviewWritten(party.number, str(copy.place), copy.ends, len(found), suggested)

    def _make(self, reference: str, scope: str, target: Path, packing: Packing) -> PackageMade:
        context = self._context
        sealing = packing.archive or packing.encrypt
        target = archive_name(target) if sealing else target
        # All of it is of one moment, whatever others write while it is put together.
        with context.session.view():
            party, dossier = self._dossier(reference)
            words = self._words(party, packing.language)
            need_folder(target.absolute().parent)
            if not sealing:
                refuse_taken_folder(target)
            decided = self._decided(party, dossier, scope, words, packing)
            making = Making(context, party, dossier, words, decided, self._now())
            package = self._package(making, scope)
            copy = new_copy(context, PACKAGE, target, bytes(party.id))
        passphrase = _passphrase(words.language) if packing.encrypt else None
        counts = {"data": len(package.document["data"]), "redactions": package.redactions}
        given = self._disclosure(party, scope, sealing=sealing, package=package)
        with (
            outgoing(context, copy, disclosure=bytes(given.id)) as work,
            ExitStack() as writing,
        ):
            if sealing:
                stream = writing.enter_context(work.file(copy))
                write_archive(stream, package.contents, passphrase)
            else:
                writing.enter_context(work.folder(copy, package.contents))
            # The package gets its name when this block ends: after it is on record, or not at all.
            with context.journal.audited_change(
                _EVENTS[scope], bytes(party.id), **counts
            ) as change:
                change.insert(given)
        return PackageMade(
            number=party.number,
            scope=scope,
            path=str(copy.place),
            ends=copy.ends,
            language=words.language,
            data=counts["data"],
            excluded=sum(line["count"] for line in package.document["excluded"]),
            redactions=package.redactions,
            files=len(package.contents),
            empty_because=package.document["empty_because"],
            manifest_sha256=package.manifest_hash,
            root_sha256=package.root_print,
            passphrase=passphrase,
        )

    def _dossier(self, reference: str) -> tuple[Party, Dossier]:
        """Read everything about a person; a legal person has no rights of its own here."""
        context = self._context
        for category in CATEGORIES:
            context.access.need_read(category)
        party = find_party(context, reference)
        if party.is_legal_person():
            numbers = contacts_of(context, bytes(party.id))
            raise NotADataSubject(contacts=", ".join(map(str, numbers)) or "–")
        dossier = dossier_of(context.session, context.grounds, bytes(party.id), context.day)
        return party, replace(dossier, data=tuple(map(readable, dossier.data)))

    def _words(self, party: Party, chosen: str | None) -> PackageWords:
        """Speak the language that was chosen, else the person's, else the firm's."""
        if chosen is not None and chosen not in LANGUAGES:
            raise UnknownLanguage(known=", ".join(LANGUAGES))
        wanted = (
            chosen,
            party.language,
            read_setting(self._context.session, "firm_language"),
            SOURCE,
        )
        language = next(code for code in wanted if code in LANGUAGES)
        return PackageWords(language, self._context.grounds.rulebook)

    def _suggested(
        self, party: Party, dossier: Dossier, words: PackageWords
    ) -> list[tuple[Held, tuple[Any, ...]]]:
        free = [held for held in dossier.data if is_free_text(held)]
        if not free:
            return []
        reason = words.voice(SENTENCES["other_person"])
        strangers = Strangers(self._context, party, dossier.data, reason)
        return [
            (held, strangers.spans(held.value, self._kept(held.datum.table, held.datum.row)))
            for held in free
        ]

    def _kept(self, table: str, row: bytes) -> Places:
        return places_kept(self._context, row) if table == _NOTES else ()

    def _decided(
        self, party: Party, dossier: Dossier, scope: str, words: PackageWords, packing: Packing
    ) -> Decided:
        """Take the decisions of a review, or refuse when one is needed."""
        content = None if packing.reviewed is None else _content(packing.reviewed)
        if packing.texts is not None:
            content = written(_review_of(party.number, self._now(), packing.texts))
        if content is not None:
            texts = {held.name: held.value for held in dossier.data if is_free_text(held)}
            return read_review(content, party.number, texts)
        unclear = [
            held
            for held, spans in self._suggested(party, dossier, words)
            if spans and (scope == ACCESS or held.portable() is not None)
        ]
        if unclear:
            raise ReviewNeeded(count=len(unclear), number=party.number)
        return {}

    def _package(self, making: Making, scope: str) -> _Package:
        document = access_document(making) if scope == ACCESS else portable_document(making)
        signer = self._signer()
        terms = {code: one.dpv for code, one in self._context.grounds.rulebook.purposes.items()}
        redactions = sum(each.get("redacted", 0) for each in document["data"])
        prints = (grouped(signer.root_print), grouped(signer.key_print))
        parts = [
            PackagePart(
                SHEET, render(document, _Names(making.words), prints, making.words.voice), _HTML
            ),
            json_part(DATA, document, "my-data"),
            json_part(CONTACT, jscontact(document), "contact.jscontact", _JSCONTACT),
            json_part(LINKED, linked(document, terms, AUTHORITIES), "data.jsonld", _JSONLD),
        ]
        if (card := vcard(document)) is not None:
            parts.append(PackagePart(VCARD, card, "text/vcard"))
        head = {
            "generated_at": making.at,
            "request_id": None,
            "language": making.words.language,
            "controller": controller_of(self._context),
            "scope": scope,
            "subject": document["subject"]["uid"],
            "categories": sorted({each["category"] for each in document["data"]}),
            "excluded": document["excluded"],
            "redactions": redactions,
        }
        return _Package(document, sealed(head, parts, signer), redactions, signer.root_print)

    def _signer(self) -> Signer:
        session = self._context.session
        account = session.get(UserAccount, self._context.user)
        return Signer(
            card=card_of(session.ring.vault_id, account),
            card_signature=bytes(account.card_signature),
            root_public=session.ring.root_public,
            sign=session.ring.sign,
        )

    def _disclosure(
        self, party: Party, scope: str, *, sealing: bool, package: _Package
    ) -> Disclosure:
        return Disclosure(
            id=new_id(),
            party=bytes(party.id),
            kind=_KINDS[scope],
            made=microseconds(self._context.clock.now()),
            channel="archive" if sealing else "folder",
            recipient="subject",
            article=scope.removeprefix("Art."),
            file_hash=package.manifest_hash,
        )

    def _now(self) -> str:
        now = self._context.clock.now().isoformat(timespec="seconds")
        return now.replace("+00:00", "Z")


_HTML: Final = "text/html; charset=utf-8"
_JSCONTACT: Final = "application/jscontact+json"
_JSONLD: Final = "application/ld+json"


class _Names(dict[str, Any]):
    """What the sheet may call: the words' own methods and nothing that hangs on them."""

    def __init__(self, words: PackageWords) -> None:
        names = (
            *("category", "field", "origin", "purpose", "basis", "table", "article", "consent"),
            *("channel", "recipient", "day", "spoken", "minute", "fact", "fact_value", "value"),
            "text_shown",
        )
        super().__init__({name: getattr(words, name) for name in names})
        self["categories"] = [category.code for category in CATEGORIES]


def _review_of(number: int, at: str, texts: tuple[ReviewText, ...]) -> Json:
    """Write decisions that were made on the screen in the form of a review file."""
    decided = [
        {
            "id": one.id,
            "text": one.text,
            "sha256": one.sha256,
            "spans": [asdict(mark) for mark in one.marks],
        }
        for one in texts
    ]
    return {**review(number, at, ()), "texts": decided}


def _passphrase(language: str) -> str:
    """Make words that every archive program takes: they disagree about letters with marks."""
    return anyascii(suggest_passphrase(language))


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise ReviewUnreadable
        return file.read_bytes()
    except OSError:
        raise FileMissing from None
