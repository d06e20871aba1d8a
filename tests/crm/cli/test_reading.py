"""Personal values from standard input."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from crm.cli.errors import FieldOfWrongKind, InputNotText, NotOneObject, UnknownFields
from crm.cli.reading import fields_from_stdin

if TYPE_CHECKING:
    from gdpr.errors import Invalid


def told(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> object:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    return fields_from_stdin({"name", "emails", "number"})


def test_one_object_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text, numbers, lists of text and null pass; a byte order mark is no obstacle."""
    raw = b'\xef\xbb\xbf{"name": "B\xc4\x93rzi\xc5\x86\xc5\xa1", "emails": ["a@b.it"], "number": 7}'

    assert {"name": "Bērziņš", "emails": ["a@b.it"], "number": 7} == told(monkeypatch, raw)


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"", NotOneObject),
        (b"[]", NotOneObject),
        (b'"canary"', NotOneObject),
        (b'{"name": "a"} {}', NotOneObject),
        (b'{"name": "canary", "name": "b"}', NotOneObject),
        (b'{"number": NaN}', NotOneObject),
        (b'{"name": "\xff"}', InputNotText),
        (b'{"name": "\\ud800"}', InputNotText),
        (b"[" * 200_000, NotOneObject),
        (b'{"name": "' + b"a" * (1 << 20) + b'"}', NotOneObject),
        (b'{"canary": 1}', UnknownFields),
        (b'{"name": {"canary": 1}}', FieldOfWrongKind),
        (b'{"emails": [1]}', FieldOfWrongKind),
        (b'{"number": 1.5}', FieldOfWrongKind),
    ],
)
def test_anything_else_is_refused_without_quoting_it(
    monkeypatch: pytest.MonkeyPatch, raw: bytes, error: type[Invalid]
) -> None:
    """What two readers could understand differently is refused with exit 2 and not repeated."""
    with pytest.raises(error) as caught:
        told(monkeypatch, raw)

    assert 2 == caught.value.exit_code
    assert "canary" not in str(caught.value)
