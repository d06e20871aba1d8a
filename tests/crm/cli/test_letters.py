"""Bytes that are no letters are refused wherever they come in; nothing is stored with holes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.crm.planting import plant

if TYPE_CHECKING:
    from tests.crm.conftest import Place

ROOT = Path(__file__).resolve().parents[3]
# What a terminal in an old Baltic code page sends for the name.
BROKEN = "Jānis Bērziņš".encode("cp1257")


def run(
    place: Place, *arguments: str | bytes, stdin: bytes = b"", **more: str | bytes
) -> tuple[int, str, str]:
    """Run the program with bytes as a shell hands them on."""
    environment: dict[str | bytes, str | bytes] = {
        **place.environment,
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "KARTOTEKA_VAULT": str(place.vault),
        "KARTOTEKA_USER": place.owner.name,
        "KARTOTEKA_PASSWORD": place.owner.password,
        **more,
    }
    done = subprocess.run(
        [sys.executable, "-m", "crm.cli", *arguments],
        input=stdin,
        env={os.fsencode(name): os.fsencode(value) for name, value in environment.items()},
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def add(name: str | bytes) -> tuple[str | bytes, ...]:
    return ("client", "add", "--kind", "natural", "--relation", "client", "--name", name)


def nobody(place: Place) -> bool:
    """Tell whether nobody was stored."""
    with place.open() as register:
        return register.clients.list() == ()


@pytest.mark.parametrize("locale", ["C.UTF-8", "C", "POSIX", "xx_XX"])
def test_an_argument_that_is_no_text_is_refused(place: Place, locale: str) -> None:
    """A name in another code page ends with 2 and stores nobody, in whatever locale."""
    code, out, err = run(place, *add(BROKEN), LC_ALL=locale)

    assert (code, out) == (2, "")
    assert "UTF-8" in err
    assert "J" not in err.replace("JSON", "")
    assert nobody(place)


@pytest.mark.parametrize(("locale", "mode"), [("C", "1"), ("C.UTF-8", "0"), ("xx_XX", "1")])
def test_a_name_comes_in_whole_in_every_locale(place: Place, locale: str, mode: str) -> None:
    """The letters of a UTF-8 terminal are kept, even where the machine speaks plain ASCII."""
    surroundings = {"LC_ALL": locale, "PYTHONUTF8": mode, "PYTHONCOERCECLOCALE": "0"}
    code, _out, err = run(place, *add("Jānis Bērziņš"), **surroundings)

    assert code == 0, err
    _code, out, _err = run(place, "client", "list", "--format", "json", **surroundings)
    assert [one["name"] for one in json.loads(out)] == ["Jānis Bērziņš"]


@pytest.mark.parametrize(
    "told",
    [
        b'{"kind": "natural", "name": "' + BROKEN + b'"}',
        b'{"kind": "natural", "name": "J\\udce2nis"}',
    ],
)
def test_standard_input_that_is_no_text_is_refused(place: Place, told: bytes) -> None:
    """An object with a broken or half a letter in it stores nobody."""
    code, out, err = run(place, "client", "add", "-", "--relation", "client", stdin=told)

    assert (code, out) == (2, "")
    assert "UTF-8" in err
    assert nobody(place)


def test_a_note_that_is_no_text_is_refused(place: Place) -> None:
    """A note is stored whole or not at all; no letter becomes a question mark."""
    with place.open() as register:
        plant(register, "client")

    code, _out, err = run(place, "note", "add", "1", "-", stdin=b"zvan\xeet r\xeet")

    assert code == 2
    assert "UTF-8" in err


@pytest.mark.parametrize("name", ["KARTOTEKA_USER", "KARTOTEKA_PASSWORD", "KARTOTEKA_VAULT"])
def test_a_variable_that_is_no_text_is_refused(place: Place, name: str) -> None:
    """A password in another code page is not tried with holes in it."""
    code, out, err = run(place, "client", "list", **{name: BROKEN})

    assert (code, out) == (2, "")
    assert name in err
