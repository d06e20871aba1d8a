"""What a command holds while it runs: the settings and the way through the front door."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import click

from crm.cli.code_words import REGISTER
from crm.cli.output import say
from crm.cli.password import current_password
from crm.cli.settings import KEYS, config_file, default_vault
from crm.i18n import LANGUAGES, guess
from crm.opening.words import warning_words
from crm.session.words import translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from crm.kartoteka import Kartoteka
    from gdpr.clock import Clock


@dataclass(frozen=True)
class Settings:
    """The three choices every command shares."""

    vault: str
    user: str | None
    language: str


def settle(flags: Mapping[str, str | None], environment: Mapping[str, str]) -> Settings:
    """Decide every setting; `flags` holds what was typed, by the names of the options."""
    told = config_file(environment)
    for key in KEYS:
        if value := flags.get(key) or environment.get(f"KARTOTEKA_{key.upper()}"):
            told[key] = value
    language = told.get("lang", "")
    return Settings(
        vault=told.get("vault") or default_vault(),
        user=told.get("user"),
        language=language if language in LANGUAGES else guess(environment),
    )


@dataclass(frozen=True)
class CommandSession:
    """One run of one command."""

    settings: Settings
    clock: Clock

    @contextmanager
    def open(
        self, password: Callable[[], str] = current_password, *, changing_password: bool = False
    ) -> Iterator[Kartoteka]:
        """Open the register; the front door is imported only here, so help stays quick.

        The password is asked for by the front door when it needs one, and is never kept. With
        `changing_password` a user whose first password must go gets in to replace it.
        """
        from crm.kartoteka import Kartoteka

        with Kartoteka.open(
            self.settings.vault,
            self.settings.user,
            password,
            clock=self.clock,
            changing_password=changing_password,
        ) as kartoteka:
            for code in kartoteka.warnings:
                say(warning_words(code, kartoteka.root, kartoteka.original))
            run = click.get_current_context().meta
            run[REGISTER] = kartoteka
            try:
                yield kartoteka
            finally:
                del run[REGISTER]
            damage = kartoteka.damage
        if kartoteka.lags:
            # The answer goes out first: what was done was done.
            click.get_current_context().find_root().call_on_close(_tell_of_lag)
        for problem in damage[1:]:
            say(translate(problem))
        if damage:
            raise damage[0]


def _tell_of_lag() -> NoReturn:
    from crm.errors import StateNotWritten

    raise StateNotWritten
