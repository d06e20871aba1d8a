"""What becomes of a consent, and from where to where: only two of its states permit anything."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from gdpr.rules.facts import Ending

if TYPE_CHECKING:
    from collections.abc import Mapping


class ConsentState(StrEnum):
    """The states of ISO/IEC TS 27560, and the objection to what needs no consent (Art. 21(2))."""

    UNKNOWN = "unknown"
    REQUESTED = "requested"
    DEFERRED = "deferred"
    REFUSED = "refused"
    GIVEN = "given"
    RENEWED = "renewed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"
    REVOKED = "revoked"
    OBJECTED = "objected"

    @property
    def permits(self) -> bool:
        """Tell whether a purpose may be pursued on it; nothing but a clear yes is one."""
        return self in _PERMITTING

    @property
    def forbids(self) -> bool:
        """Tell whether the person has said no, which no other ground for mailing outweighs."""
        return self in _FORBIDDING


class Channel(StrEnum):
    """How a word reached us: the six ways people use, and three that only the program writes.

    `register` is an end that came with the end of the ground, `restored` a no that a copy of the
    register had forgotten, `unknown` what an old list does not say.
    """

    WEB_FORM = "web_form"
    PAPER = "paper"
    EMAIL = "email"
    PHONE = "phone"
    IN_PERSON = "in_person"
    DOUBLE_OPT_IN = "double_opt_in"
    REGISTER = "register"
    RESTORED = "restored"
    UNKNOWN = "unknown"


SPOKEN: Final = (
    Channel.WEB_FORM,
    Channel.PAPER,
    Channel.EMAIL,
    Channel.PHONE,
    Channel.IN_PERSON,
    Channel.DOUBLE_OPT_IN,
)
# A no counts however it came; where nobody says how, that is what is written down.
NO_SPOKEN: Final = (Channel.UNKNOWN, *SPOKEN)

_PERMITTING: Final = frozenset({ConsentState.GIVEN, ConsentState.RENEWED})
_FORBIDDING: Final = frozenset(
    {ConsentState.REFUSED, ConsentState.WITHDRAWN, ConsentState.OBJECTED}
)
_BEFORE: Final = frozenset(
    {
        ConsentState.UNKNOWN,
        ConsentState.REQUESTED,
        ConsentState.DEFERRED,
        ConsentState.REFUSED,
        ConsentState.GIVEN,
        ConsentState.WITHDRAWN,
        ConsentState.OBJECTED,
    }
)
_AFTER_YES: Final = frozenset(
    {
        ConsentState.RENEWED,
        ConsentState.WITHDRAWN,
        ConsentState.EXPIRED,
        ConsentState.INVALIDATED,
        ConsentState.REVOKED,
        ConsentState.OBJECTED,
    }
)
# After a no or an end a person may be asked again and say yes anew; nothing else leads back.
_AFTER_END: Final = frozenset(
    {
        ConsentState.REQUESTED,
        ConsentState.GIVEN,
        ConsentState.REFUSED,
        ConsentState.WITHDRAWN,
        ConsentState.OBJECTED,
    }
)
_NEXT: Final[Mapping[ConsentState | None, frozenset[ConsentState]]] = {
    None: _BEFORE | {ConsentState.EXPIRED, ConsentState.INVALIDATED, ConsentState.REVOKED},
    ConsentState.UNKNOWN: _BEFORE - {ConsentState.UNKNOWN},
    ConsentState.REQUESTED: _BEFORE - {ConsentState.REQUESTED, ConsentState.UNKNOWN},
    ConsentState.DEFERRED: _BEFORE - {ConsentState.DEFERRED, ConsentState.UNKNOWN},
    ConsentState.GIVEN: _AFTER_YES,
    ConsentState.RENEWED: _AFTER_YES,
    ConsentState.REFUSED: _AFTER_END - {ConsentState.REFUSED},
    ConsentState.WITHDRAWN: _AFTER_END - {ConsentState.WITHDRAWN},
    ConsentState.EXPIRED: _AFTER_END,
    ConsentState.INVALIDATED: _AFTER_END,
    ConsentState.REVOKED: _AFTER_END,
    ConsentState.OBJECTED: _AFTER_END - {ConsentState.OBJECTED},
}
# What the end of its ground makes of a consent that permitted until then.
_BY_ENDING: Final[Mapping[Ending, ConsentState]] = {
    Ending.CLOCK: ConsentState.EXPIRED,
    Ending.ENDED: ConsentState.REVOKED,
    Ending.LEFT: ConsentState.REVOKED,
    Ending.CONSENT_WITHDRAWN: ConsentState.WITHDRAWN,
    Ending.OBJECTION: ConsentState.WITHDRAWN,
    Ending.NO_LONGER_NEEDED: ConsentState.REVOKED,
    Ending.UNLAWFUL: ConsentState.INVALIDATED,
    Ending.REQUEST: ConsentState.WITHDRAWN,
}


def may_follow(state: ConsentState | None, then: ConsentState) -> bool:
    """Tell whether a consent in one state (None: nothing recorded) may enter another."""
    return then in _NEXT[state]


def import_may_follow(state: ConsentState | None, then: ConsentState) -> bool:
    """Tell it for a word from a file: an old list never turns a no, or an end, into a yes."""
    if then.permits and state not in {
        None,
        ConsentState.UNKNOWN,
        ConsentState.REQUESTED,
        ConsentState.DEFERRED,
    }:
        return False
    return may_follow(state, then)


def state_after(why: Ending) -> ConsentState:
    """Say what a permitting consent becomes when its ground ends for this reason."""
    return _BY_ENDING[why]
