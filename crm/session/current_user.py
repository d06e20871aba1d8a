"""Whose register this run is: the user's name, rights and firm, for the frame of a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.session.cards import Myself
from gdpr.store.accounts import UserAccount
from gdpr.store.settings import read_setting

if TYPE_CHECKING:
    from crm.session.context import Office


def myself(office: Office) -> Myself:
    """Say who has opened the register and what their keys and duties allow."""
    access = office.access
    return Myself(
        name=office.desk.get(UserAccount, office.user).name,
        roles=access.roles,
        reads=access.reads,
        writes=access.writes,
        duties=frozenset(duty.value for duty in access.duties),
        firm=read_setting(office.desk, "firm_name"),
        country=office.country,
        demo=office.demo,
    )
