"""Whatever lies where a file of ours should lie is refused by name; nothing falls over it."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crm.cli.reading import document_from_stdin
from crm.cli.settings import config_file
from crm.kartoteka import Kartoteka, check_package, parse_recovery_key, way_in
from crm.session.card_signers import CardSigners
from crm.transfer.cards import ImportOrder
from gdpr.audit.chain import unpack_heads
from gdpr.audit.identity import known_identity
from gdpr.audit.pin import pinned
from gdpr.errors import KartotekaError
from gdpr.vault.encoding import unpack_numbers
from tests.crm.planting import plant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.crm.conftest import Place

LONG = os.environ.get("KARTOTEKA_FAULTS") == "long"
_PIECES = (
    b"", b"\x00", b"\xff", b"\r\n", b'"', b";", b"{", b"[" * 400, b"=1+1", b"\xef\xbb\xbf",
    b"\xff\xfe", b"9" * 400, b"\xf0\x9f\x91\xa9", b"NaN", b"'", b"\x1b[2J", b"\\u0000",
)  # fmt: skip

# One change of a file: where, as a share of it, how many bytes go, and what comes in their place.
CHANGE = st.tuples(
    st.floats(0, 1),
    st.sampled_from([0, 0, 1, 1, 2, 7, 64, 5_000]),
    st.one_of(st.binary(max_size=12), st.sampled_from(_PIECES)),
)
CHANGES = st.lists(CHANGE, min_size=1, max_size=4)


def changed(content: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for share, length, new in changes:
        at = int(share * len(content))
        content = content[:at] + new + content[at + length :]
    return content


class Readers:
    """For each kind of file a sound one, and what reads it."""

    def __init__(self, place: Place, folder: Path) -> None:
        self.folder = folder
        self.register = place.open()
        number = str(plant(self.register, "client").number)
        leaver = plant(self.register, "prospect")
        self.register.subjects.erase(str(leaver.number), "no-longer-needed", leaver.number)
        made = self.register.backups.create(folder)
        self.data, self.keys = folder / made.data, folder / made.keys
        packed = self.register.packages.access(number, folder / "package")
        self.packed = Path(packed.path)
        self.package = sorted(path for path in self.packed.rglob("*") if path.is_file())
        self.state = self.register.context.state
        self.password = place.owner.password

    def close(self) -> None:
        self.register.__exit__(None, None, None)

    def in_place_of(self, path: Path, content: bytes, read: Callable[[], object]) -> None:
        sound = path.read_bytes()
        path.write_bytes(content)
        try:
            read()
        finally:
            path.write_bytes(sound)

    def anchor(self, content: bytes | None) -> bytes:
        path = self.state / "anchor"
        if content is not None:
            self.in_place_of(path, content, self.register.context.journal.anchors.read)
        return path.read_bytes()

    def ledger(self, content: bytes | None) -> bytes:
        path = self.state / "ledger"
        office = self.register.context
        if content is not None:
            signers = CardSigners(office.session)
            self.in_place_of(path, content, lambda: office.journal.ledger.lines(signers))
        return path.read_bytes()

    def pin(self, content: bytes | None) -> bytes:
        path = self.state / "root.pin"
        if content is not None:
            self.in_place_of(path, content, lambda: pinned(self.state))
        return path.read_bytes()

    def desk(self, content: bytes | None) -> bytes:
        path = self.state / "desk"
        if content is not None:
            self.in_place_of(path, content, lambda: known_identity(self.state))
        return path.read_bytes()

    def _backup(self, path: Path, content: bytes | None) -> bytes:
        if content is not None:
            way = way_in("anna", lambda: self.password)
            self.in_place_of(
                path, content, lambda: Kartoteka.check_backup((self.data, self.keys), way)
            )
        return path.read_bytes()

    def data_half(self, content: bytes | None) -> bytes:
        return self._backup(self.data, content)

    def keys_half(self, content: bytes | None) -> bytes:
        return self._backup(self.keys, content)

    def package_file(self, content: bytes | None) -> bytes:
        path = self.package[len(content or b"") % len(self.package)]
        if content is not None:
            self.in_place_of(path, content, lambda: check_package(self.packed, str))
        return self.package[0].read_bytes()

    def archive(self, content: bytes | None) -> bytes:
        path = self.folder / "package.zip"
        if not path.exists():
            shutil.make_archive(str(self.folder / "package"), "zip", self.packed)
        if content is not None:
            self.in_place_of(path, content, lambda: check_package(path, str))
        return path.read_bytes()

    def table(self, content: bytes | None) -> bytes:
        if content is not None:
            order = ImportOrder(relation="prospect", informed="unknown", dry_run=True)
            self.register.imports.take(io.BytesIO(content), order)
        return (
            "Nosaukums;E-pasts;Tālrunis;PVN Nr.\r\n"
            "SIA Ķīpsala;birojs@kipsala.example;29123456;LV40003521600\r\n"
            'Jānis Bērziņš;janis@example.com;"29 123\r\n457";\r\n'
        ).encode()

    def stopped(self, content: bytes | None) -> bytes:
        if content is not None:
            self.register.consent_lists.stop(io.BytesIO(content), channel="email")
        return b"email\r\nkanarija@example.com\r\nnobody@example.com\r\n"

    def consents(self, content: bytes | None) -> bytes:
        if content is not None:
            self.register.consent_lists.take(io.BytesIO(content))
        head = b"email,purpose,day,channel\r\n"
        return head + b"kanarija@example.com,direct_marketing,2026-01-01,form\r\n"

    def typed(self, content: bytes | None) -> bytes:
        if content is not None:
            real, sys.stdin = sys.stdin, SimpleNamespace(buffer=io.BytesIO(content))  # type: ignore[assignment]
            try:
                document_from_stdin()
            finally:
                sys.stdin = real
        return json.dumps({"name": "SIA Ķīpsala", "more": [1, {"a": None}]}).encode()

    def config(self, content: bytes | None) -> bytes:
        sound = b'vault = "/srv/office.db"\nlang = "lv"\n[keys]\n"nav.clients" = "f2"\n'
        if content is not None:
            path = self.folder / "config.toml"
            path.write_bytes(content)
            config_file({"KARTOTEKA_CONFIG": str(path), "XDG_CONFIG_HOME": str(self.folder)})
        return sound

    def recovery(self, content: bytes | None) -> bytes:
        if content is not None:
            parse_recovery_key(content.decode("utf-8", "replace"))
        return b"0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000"

    def digests(self, content: bytes | None) -> bytes:
        anchor = self.register.context.journal.anchors.read()
        if content is not None:
            for read in (unpack_numbers, unpack_heads):
                try:
                    read(content)
                except ValueError:
                    continue
        assert anchor is not None
        return anchor.hash


KINDS = (
    "anchor", "ledger", "pin", "desk", "data_half", "keys_half", "package_file", "archive",
    "table", "stopped", "consents", "typed", "config", "recovery", "digests",
)  # fmt: skip
# These open a whole backup or package, or take a file through every rule, for each example.
SLOW = {"data_half", "keys_half", "package_file", "archive", "table", "consents"}


@pytest.fixture
def readers(place: Place, tmp_path: Path) -> Iterator[Readers]:
    folder = tmp_path / "files"
    folder.mkdir(mode=0o700)
    made = Readers(place, folder)
    yield made
    made.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_changed_is_read_or_refused(readers: Readers, kind: str) -> None:
    """Bytes cut out, put in or turned over never end in anything but an answer or a refusal."""
    read = getattr(readers, kind)
    sound = read(None)
    many = (2_000 if LONG else 15) if kind in SLOW else (20_000 if LONG else 150)

    @settings(
        max_examples=many, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(changes=CHANGES)
    @example(changes=[(0.0, len(sound), b"")])
    @example(changes=[(0.5, len(sound), b"")])
    @example(changes=[(1.0, 0, b"\x00" * 70_000)])
    @example(changes=[(0.0, 0, b"\xff" * 16)])
    def fuzz(changes: list[tuple[float, int, bytes]]) -> None:
        with suppress(KartotekaError):
            read(changed(sound, changes))

    fuzz()
