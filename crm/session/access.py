"""What a user's roles add up to: categories to read and write, and duties."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crm.errors import NoDuty
from crm.privacy import CATEGORIES, PRESETS, ROLES, ROOT_KEY, SUPPRESSION_KEY, Duty, Role
from crm.session.errors import UnknownRole
from gdpr.errors import NoKey, NoRight

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gdpr.category import Category


@dataclass(frozen=True, slots=True)
class Access:
    """The sum of several roles."""

    roles: tuple[str, ...]
    reads: frozenset[str]
    writes: frozenset[str]
    duties: frozenset[Duty]

    def need(self, duty: Duty) -> None:
        """Refuse a user whose roles do not carry this duty."""
        if duty not in self.duties:
            raise NoDuty(duty=duty.value)

    def need_read(self, category: Category) -> None:
        """Refuse a user whose roles may not read this category."""
        if category.code not in self.reads:
            raise NoKey(category=category.code)

    def need_write(self, category: Category) -> None:
        """Refuse a user whose roles may not change this category."""
        if category.code not in self.writes:
            raise NoRight(category=category.code)

    def narrowed(self, held: frozenset[str]) -> Access:
        """Return what is left with the keys that are held, because a damaged slot gives none."""
        return replace(self, reads=self.reads & held, writes=self.writes & held)

    def key_classes(self) -> frozenset[str]:
        """Return the key classes whose slots these roles are given."""
        classes = set(self.reads)
        if "owner" in self.roles:
            classes.add(ROOT_KEY)
        if not {"owner", "privacy", "office", "small-office"}.isdisjoint(self.roles):
            classes.add(SUPPRESSION_KEY)
        return frozenset(classes)


def access_of(codes: Iterable[str]) -> Access:
    """Add up role codes; an unknown one is refused and the known ones are named."""
    known = {**ROLES, **PRESETS}
    roles: list[Role] = []
    for code in codes:
        if code not in known:
            raise UnknownRole(known=", ".join(known))
        roles.append(known[code])
    return Access(
        roles=tuple(role.code for role in roles),
        reads=frozenset(c.code for c in CATEGORIES if any(role.reads(c) for role in roles)),
        writes=frozenset(c.code for c in CATEGORIES if any(role.writes(c) for role in roles)),
        duties=frozenset().union(*(role.duties for role in roles)),
    )
