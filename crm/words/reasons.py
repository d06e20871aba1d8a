"""Reasons in the user's language: the kernel's codes and dates, said as sentences."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from crm.i18n import _

if TYPE_CHECKING:
    from gdpr.rules.because import Because


def say_because(because: Because) -> str:
    """Fill the translated sentence with its days in ISO form, which no country misreads."""
    arguments = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in because.arguments.items()
    }
    return _(because.template).format(**arguments)
