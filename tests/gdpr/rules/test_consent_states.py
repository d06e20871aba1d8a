"""From where to where a consent may go, and that only a clear yes permits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr.rules.consent_states import ConsentState, import_may_follow, may_follow, state_after
from gdpr.rules.facts import Ending

STATES = st.sampled_from(ConsentState)
WALKS = st.lists(STATES, max_size=30)


def walk(steps, may=may_follow):
    """Take every step that may be taken."""
    at = None
    for step in steps:
        if may(at, step):
            at = step
    return at


def test_only_given_and_renewed_permit():
    """Nine of the eleven states permit nothing."""
    assert {state for state in ConsentState if state.permits} == {
        ConsentState.GIVEN,
        ConsentState.RENEWED,
    }


@given(WALKS)
def test_a_list_never_turns_a_no_or_an_end_into_a_yes(steps):
    """Once somebody said no or a consent ended, nothing in a file makes it permit again."""
    at = walk(steps)
    if (
        at is not None
        and not at.permits
        and at
        not in {
            ConsentState.UNKNOWN,
            ConsentState.REQUESTED,
            ConsentState.DEFERRED,
        }
    ):
        for step in ConsentState:
            assert not (step.permits and import_may_follow(at, step))


@given(WALKS)
def test_a_person_can_always_say_no(steps):
    """Whatever happened before, a no is taken, or it stands already."""
    at = walk(steps)

    for no in (ConsentState.WITHDRAWN, ConsentState.OBJECTED):
        assert may_follow(at, no) or (at is not None and at.forbids)


@given(WALKS)
def test_a_person_can_always_say_yes_again(steps):
    """After every no and every end a new yes of the person themselves is taken."""
    at = walk(steps)

    assert may_follow(at, ConsentState.GIVEN) or (at is not None and at.permits)


@given(WALKS)
def test_a_list_knows_no_step_that_a_person_does_not(steps):
    """What an import may do is a part of what may be done."""
    at = walk(steps, import_may_follow)

    for step in ConsentState:
        assert may_follow(at, step) or not import_may_follow(at, step)


@pytest.mark.parametrize("why", Ending)
def test_no_end_of_a_ground_leaves_a_permission(why):
    """However a ground ends, the consent that follows permits nothing and can follow a yes."""
    assert not state_after(why).permits
    assert may_follow(ConsentState.GIVEN, state_after(why))
    assert may_follow(ConsentState.RENEWED, state_after(why))
