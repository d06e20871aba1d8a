"""Whose register this run is: the user's name, rights and firm, for the frame of a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.session.cards import CurrentUser
from gdpr.store.accounts import UserAccount
from gdpr.store.settings import read_setting

if TYPE_CHECKING:
    from crm.session.context import RegisterContext


def current_user(context: RegisterContext) -> CurrentUser:
    """Say who has opened the register and what their keys and duties allow."""
    access = context.access
    return CurrentUser(
        name=context.session.get(UserAccount, context.user).name,
        roles=access.roles,
        reads=access.reads,
        writes=access.writes,
        duties=frozenset(duty.value for duty in access.duties),
        firm=read_setting(context.session, "firm_name"),
        country=context.country,
        demo=context.demo,
    )
