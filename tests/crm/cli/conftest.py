"""How a test types a command: in this process, with streams and surroundings of its own."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pytest

from crm import i18n
from crm.cli.app import run as run_command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdpr.clock import Clock


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str


class Run(Protocol):
    """Type a command line."""

    def __call__(
        self, *arguments: str, stdin: bytes = b"", clock: Clock | None = None
    ) -> Result: ...


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    i18n.use("en")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def typed(*arguments: str, stdin: bytes = b"", clock: Clock | None = None) -> Result:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        code = run_command(arguments, clock)
        out, err = capsys.readouterr()
        return Result(code, out, err)

    return typed
