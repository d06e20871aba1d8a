"""The pictures that people see first show invented people and call nobody."""

from __future__ import annotations

import re

import pytest

from tests.house.pictures import PLACE, SHOWN, quiet
from tests.house.source import ROOT


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_is_there_and_calls_nobody(name: str) -> None:
    """Each picture of the README is in docs/pictures and holds no address but its format's."""
    picture = (PLACE / name).read_text("utf-8")

    assert {"http://www.w3.org/2000/svg"} == set(re.findall(r"https?://[^\"'<>) ]+", picture))
    assert f"docs/pictures/{name}" in (ROOT / "README.md").read_text("utf-8")


def test_addresses_are_taken_out() -> None:
    """A font from elsewhere and a remark with an address do not get through."""
    drawn = "<!-- https://a.example --><style>@font-face {src: url(https://b.example)}</style>"

    assert "http" not in quiet(drawn)
