"""The front door gives by each name what it says it gives."""

from __future__ import annotations

import re
from importlib import import_module

from crm.services import Service, Services

TABLE = {name: made for name, made in vars(Services).items() if isinstance(made, Service)}


def test_every_service_is_what_its_type_says() -> None:
    """Each place of the table holds the class that mypy is told of, in its own module."""
    wrong = []
    for name, service in TABLE.items():
        module, _colon, kind = service.place.partition(":")
        found = getattr(import_module(module), kind)
        if Services.__annotations__[name] != f"Service[{kind}]" or found.__module__ != module:
            wrong.append(name)

    assert len(TABLE) > 25
    assert wrong == []


def test_every_service_of_the_table_says_what_it_is_for() -> None:
    """A newcomer reads at the class what stands behind a name of the table."""
    classes = [
        getattr(import_module(module), kind)
        for module, kind in (service.place.split(":") for service in TABLE.values())
    ]

    assert [kind.__name__ for kind in classes if not re.search(r"\w", kind.__doc__ or "")] == []
