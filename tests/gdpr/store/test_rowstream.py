"""Rows outside a database: what goes in comes out, and what is malformed is refused by name."""

import io
from struct import pack as packed

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr.errors import MalformedStream
from gdpr.store.errors import MiscountedRows
from gdpr.store.rowstream import LONGEST_FRAME, Columns, RowWriter, StreamNote, StreamReader
from gdpr.store.snapshot import check_counts, is_token, pack_counts, unpack_counts

VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(),
    st.binary(),
)


class Exact(io.BytesIO):
    """A source that raises at its end, as a container does."""

    def read(self, size=-1):
        found = super().read(size)
        if len(found) != size:
            raise EOFError
        return found


def stream(*frames):
    return Exact(b"".join(kind + packed(">I", len(body)) + body for kind, body in frames))


@given(
    rows=st.integers(0, 6).flatmap(
        lambda width: st.lists(st.tuples(*[VALUES] * (width + 1)), max_size=5)
    ),
    note=st.binary(),
)
def test_what_goes_in_comes_out(rows, note):
    """Any row of any stored types comes back equal in value and type, and is counted."""
    sink = io.BytesIO()
    writer = RowWriter(sink)
    names = tuple(f"c{n}" for n in range(len(rows[0]) if rows else 1))
    writer.columns(Columns("party", names, completing=False))
    for row in rows:
        writer.row(row)
    writer.note("ledger", note)
    writer.end()
    reader = StreamReader(Exact(sink.getvalue()))
    found = list(reader.frames)
    assert found == [Columns("party", names, completing=False), *rows, StreamNote("ledger", note)]
    assert [[type(v) for v in row] for row in found[1:-1]] == [[type(v) for v in r] for r in rows]
    assert reader.counts == writer.counts == {"party": len(rows)}


TABLE = (b"T", b"\x00\x01t\x00\x02id")


@pytest.mark.parametrize(
    "frames",
    [
        [(b"X", b"")],
        [(b"R", b"n")],
        [(b"T", b"\x00\x01t")],
        [(b"T", b"\x00\x09t")],
        [TABLE, (b"R", b"nn")],
        [TABLE, (b"R", b"")],
        [TABLE, (b"R", b"i\x00")],
        [TABLE, (b"R", b"b\x00\x00\x00\x09x")],
        [TABLE, (b"R", b"x\x00\x00\x00\x01x")],
        [TABLE, (b"R", b"t\x00\x00\x00\x01\xff")],
        [(b"T", b"\x00\x01t" + b"\x00\x01c" * 300)],
    ],
)
def test_malformed_frames(frames):
    """A frame that this program would not write is refused, never guessed at."""
    with pytest.raises(MalformedStream):
        list(StreamReader(stream(*frames, (b"E", b""))).frames)


def test_lengths_are_capped_before_reading():
    """A frame that claims to be huge is refused before a byte of it is asked for."""
    source = Exact(b"R" + packed(">I", LONGEST_FRAME + 1))
    with pytest.raises(MalformedStream):
        list(StreamReader(source).frames)
    with pytest.raises(EOFError):
        list(StreamReader(stream(TABLE)).frames)


def test_counts_must_agree():
    """One row more or less than said, or a table nobody spoke of, is refused by its name."""
    said = {"counts": pack_counts({"party": 2, "note": 0})}
    check_counts({"party": 2, "note": 0}, said)
    assert unpack_counts(said["counts"]) == {"note": 0, "party": 2}
    for counts in ({"party": 1, "note": 0}, {"party": 2}, {"party": 2, "note": 0, "x": 1}):
        with pytest.raises(MiscountedRows):
            check_counts(counts, said)
    with pytest.raises(MiscountedRows):
        unpack_counts(b"\x00\x09x")


def test_tokens_are_known_by_their_names():
    """Whatever tells equal things apart goes with the keys."""
    assert [is_token(name) for name in ("email_token", "import_token", "email", "mac")] == [
        True, True, False, False
    ]  # fmt: skip
