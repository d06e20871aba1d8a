"""What a command holds while it runs: the settings and the way through the front door."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm.cli.password import current_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.cli.settings import Settings
    from crm.kartoteka import Kartoteka
    from gdpr.clock import Clock


@dataclass(frozen=True)
class Session:
    """One run of one command."""

    settings: Settings
    clock: Clock

    @contextmanager
    def open(self) -> Iterator[Kartoteka]:
        """Open the register; the front door is imported only here, so help stays quick.

        The password is asked for by the front door when it needs one, and is never kept.
        """
        from crm.kartoteka import Kartoteka

        with Kartoteka.open(
            self.settings.vault,
            self.settings.user,
            current_password,
            clock=self.clock,
            language=self.settings.language,
        ) as kartoteka:
            yield kartoteka
