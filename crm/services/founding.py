"""What a new register holds before its first client: the firm, the day, the starter registers."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from crm.services.firm import LAST_SEEN
from crm.services.wordings import load_starter
from crm.starter import starter
from gdpr.clock import microseconds
from gdpr.rules.rulebook import store_registers
from gdpr.store.settings import write_setting

if TYPE_CHECKING:
    from crm.services.firm import Firm
    from gdpr.audit.journal import Deed
    from gdpr.clock import Clock


def store_start(deed: Deed, firm: Firm, clock: Clock) -> None:
    """Store the firm's details, the day, and the purposes and relations of its country."""
    for field, value in asdict(firm).items():
        write_setting(deed, f"firm_{field}", value)
    write_setting(deed, LAST_SEEN, clock.today().isoformat())
    registers = starter(firm.country)
    store_registers(deed, registers.purposes, registers.relations)
    load_starter(deed, microseconds(clock.now()))
    deed.note(purposes=len(registers.purposes), relations=len(registers.relations))
