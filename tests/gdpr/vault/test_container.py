"""Backup containers: frozen ones open for ever, and every other one is refused by its own name."""

import io
import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdpr.errors import ContainerChanged, WrongPassword
from gdpr.vault.bundle import Bundle, new_bundle
from gdpr.vault.container import (
    END,
    PIECE,
    BackupPart,
    Container,
    ContainerHead,
    ContainerWriter,
    Stanza,
)
from gdpr.vault.errors import (
    ContainerCut,
    ContainerHeadDamaged,
    ContainerReordered,
    ContainerTooNew,
    NotAContainer,
    NotARecipient,
    WrongPart,
)
from gdpr.vault.recipients import open_door, open_stanza
from gdpr.vault.recovery import RECOVERY_ID, RecoveryKey
from tests.gdpr.vault import second

raw = bytes.fromhex
VECTORS = json.loads((Path(__file__).parent / "vectors" / "container.json").read_text("utf-8"))
VAULT, USER = raw(VECTORS["vault"]), raw(VECTORS["user"])
CONTENT = {0: b"", 42: b"kanarijputnini " * 3, 65792: bytes(range(256)) * 257}
KEY = bytes(range(32))
SEALED = PIECE + 16


def content_of(vector):
    whole = next(c for c in CONTENT.values() if len(c) == vector["content_length"])
    assert whole[:64] == raw(vector["content_pattern"])
    return whole


def head_of(part=BackupPart.DATA, vault=VAULT, backup=bytes(16)):
    return ContainerHead(part, vault, backup, 1, (Stanza(USER, 1, bytes(80)),))


def written(content, *, head=None, key=KEY):
    stream = io.BytesIO()
    writer = ContainerWriter(stream, head or head_of(), key)
    writer.write(content)
    writer.close()
    return stream.getvalue()


def opened(blob, *, part=BackupPart.DATA, key=KEY, size=None):
    reader = Container(io.BytesIO(blob), part).unlock(key)
    content = reader.read(size) if size is not None else b""
    reader.close()
    return content


def length_of_head(blob):
    return 14 + int.from_bytes(blob[10:14], "big") + 32


CONTAINERS = VECTORS["containers"]


@pytest.mark.parametrize("vector", CONTAINERS, ids=lambda v: str(v["content_length"]))
def test_frozen_containers(vector):
    """A frozen head and the pieces behind it come out byte for byte, here and by hand."""
    head_bytes, key, content = raw(vector["head"]), raw(vector["file_key"]), content_of(vector)
    packed, mac = head_bytes[:-32], head_bytes[-32:]
    backup = bytes(range(16, 32))
    assert second.hmac256(second.derive(key, "backup/head", VAULT, backup), packed) == mac
    inner = second.derive(key, "backup/pieces", VAULT, backup, sha256(packed).digest())
    pieces = [content[at : at + PIECE] for at in range(0, max(1, len(content)), PIECE)]
    by_hand = b"".join(
        second.gcm_seal(
            inner, second.number(number, 11) + bytes([number == len(pieces) - 1]), piece, b""
        )
        for number, piece in enumerate(pieces)
    )
    whole = head_bytes + by_hand + END
    assert sha256(whole).digest() == raw(vector["sha256"])
    assert (head_bytes + raw(vector["pieces"]) == whole) is (len(content) < 1000)

    container = Container(io.BytesIO(whole), BackupPart(vector["part"]))
    assert written(content, head=container.head, key=key) == whole
    reader = container.unlock(key)
    assert reader.read(len(content)) == content
    assert reader.close() == raw(vector["sha256"])


@pytest.mark.parametrize("vector", CONTAINERS, ids=lambda v: str(v["content_length"]))
def test_frozen_stanzas(vector):
    """A frozen stanza gives the file key to the owner and to the recovery key, also by hand."""
    part = BackupPart(vector["part"])
    blob = raw(vector["head"]) + bytes(16) + END
    head = Container(io.BytesIO(blob), part).head
    seeds = {USER: raw(VECTORS["seeds"])}
    seeds[RECOVERY_ID] = RecoveryKey(raw(VECTORS["recovery"])).bundle(VAULT).seeds
    for stanza in head.stanzas:
        bundle = Bundle(seeds[stanza.user_id], b"")
        assert open_stanza(head, stanza.user_id, bundle) == raw(vector["file_key"])
        place = second.lengths(
            second.named("backup"),
            VAULT,
            head.backup_id,
            bytes([part]),
            stanza.user_id,
            second.number(stanza.card_counter),
        )
        by_hand = second.hpke_open(bundle.seeds[:32], stanza.sealed, place)
        assert by_hand == raw(vector["file_key"])
        with pytest.raises(NotARecipient):
            open_stanza(head, stanza.user_id, new_bundle(bytes(32)))
    with pytest.raises(NotARecipient):
        open_stanza(head, b"nobody-16-bytes!", new_bundle(bytes(32)))


def test_a_door_opens_by_name_and_password_in_the_keys_part_only():
    """A lost machine needs the keys part and a password; the data part cannot even be guessed."""
    data, keys = (
        Container(io.BytesIO(raw(v["head"]) + bytes(16) + END), BackupPart(v["part"])).head
        for v in CONTAINERS[:2]
    )
    for login in (VECTORS["login"], None):
        user, bundle = open_door(keys, login, VECTORS["password"])
        assert (user, bundle.seeds) == (USER, raw(VECTORS["seeds"]))
        assert bundle.vouched_root(None) == sha256(raw(VECTORS["root_public"])).digest()
    assert VECTORS["login"].encode() not in keys.packed()
    assert [stanza.door for stanza in data.stanzas] == [b"", b""]
    with pytest.raises(NotARecipient):
        open_door(keys, "bruno", VECTORS["password"])
    with pytest.raises(NotARecipient):
        open_door(data, VECTORS["login"], VECTORS["password"])
    with pytest.raises(WrongPassword):
        open_door(keys, VECTORS["login"], VECTORS["password"] + "!")


@settings(max_examples=40, deadline=None)
@given(pieces=st.lists(st.integers(0, 2 * PIECE), max_size=4), step=st.integers(1, PIECE * 2))
def test_what_goes_in_comes_out(pieces, step):
    """However content is handed in and asked for, it comes back whole."""
    content = b"".join(bytes([n % 251]) * size for n, size in enumerate(pieces))
    stream = io.BytesIO()
    writer = ContainerWriter(stream, head_of(), KEY)
    for at in range(0, len(content), step):
        writer.write(content[at : at + step])
    digest = writer.close()
    reader = Container(io.BytesIO(stream.getvalue()), BackupPart.DATA).unlock(KEY)
    found = b""
    while len(found) < len(content):
        found += reader.read(min(step, len(content) - len(found)))
    assert found == content
    assert reader.close() == digest == sha256(stream.getvalue()).digest()


THREE = written(b"a" * PIECE + b"b" * PIECE + b"c" * 100)
START = length_of_head(THREE)


@pytest.mark.parametrize("left", [0, 5, 13, 60, START - 1, START, START + 100, START + SEALED])
def test_cut_containers(left):
    """A container that lost its end is cut, wherever that happened."""
    with pytest.raises(NotAContainer if left < 8 else ContainerCut):
        opened(THREE[:left], size=2 * PIECE + 100)


def test_cut_at_a_piece_with_the_end_put_back():
    """Leaving out whole pieces is noticed although the end mark stands there."""
    for pieces in (1, 2):
        cut = THREE[: START + pieces * SEALED] + END
        with pytest.raises(ContainerCut):
            opened(cut, size=pieces * PIECE)
    for more in (THREE + b"x", THREE + END):
        with pytest.raises((ContainerCut, ContainerChanged)):
            opened(more, size=2 * PIECE + 100)


@pytest.mark.parametrize("piece", [1, 2, 3])
def test_flipped_pieces(piece):
    """A flipped bit names its piece, and nothing of that piece is given out."""
    at = START + (piece - 1) * SEALED + 50
    flipped = THREE[:at] + bytes([THREE[at] ^ 1]) + THREE[at + 1 :]
    reader = Container(io.BytesIO(flipped), BackupPart.DATA).unlock(KEY)
    assert len(reader.read((piece - 1) * PIECE)) == (piece - 1) * PIECE
    with pytest.raises(ContainerChanged) as refused:
        reader.read(1)
    assert refused.value.arguments == {"piece": piece}


def test_pieces_out_of_order():
    """Swapped, repeated and left-out pieces are told from changed ones."""
    a, b = (THREE[START + n * SEALED : START + (n + 1) * SEALED] for n in (0, 1))
    tail = THREE[START + 2 * SEALED :]
    for pieces in ((b, a), (a, a), (b,)):
        with pytest.raises(ContainerReordered):
            opened(THREE[:START] + b"".join(pieces) + tail, size=2 * PIECE)


def test_pieces_of_another_container():
    """A piece of another backup under the same key opens nowhere in this one."""
    other = written(b"z" * (2 * PIECE + 100), head=head_of(backup=b"\x01" * 16))
    swapped = THREE[: START + SEALED] + other[START + SEALED : START + 2 * SEALED]
    with pytest.raises(ContainerChanged):
        opened(swapped + THREE[START + 2 * SEALED :], size=2 * PIECE)


def test_every_byte_of_a_head_counts():
    """Whatever is changed in the head, the container does not open."""
    blob = written(b"content")
    for at in range(length_of_head(blob)):
        changed = blob[:at] + bytes([blob[at] ^ 0x40]) + blob[at + 1 :]
        with pytest.raises(
            (NotAContainer, ContainerTooNew, ContainerHeadDamaged, ContainerCut, WrongPart)
        ):
            opened(changed, size=7)


def test_the_other_errors():
    """A newer form, the wrong part and the wrong key are told apart; lengths are capped first."""
    blob = written(b"content")
    with pytest.raises(ContainerTooNew) as newer:
        opened(blob[:8] + b"\x02" + blob[9:])
    assert newer.value.arguments == {"version": 2}
    with pytest.raises(WrongPart) as part:
        opened(blob, part=BackupPart.KEYS)
    assert part.value.arguments == {"found": "data", "wanted": "keys"}
    with pytest.raises(ContainerHeadDamaged):
        opened(blob, key=bytes(32))
    with pytest.raises(ContainerHeadDamaged):
        opened(blob[:10] + b"\xff\xff\xff\xff" + blob[14:])
    with pytest.raises(ContainerHeadDamaged):
        opened(written(b"", head=ContainerHead(BackupPart.DATA, VAULT, bytes(16), 1, ())))
    with pytest.raises(ContainerCut):
        opened(blob, size=8)
    with pytest.raises(ContainerCut):
        opened(blob, size=6)
