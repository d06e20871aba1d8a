"""One small world per test."""

from __future__ import annotations

import pytest

from tests.gdpr.rules.worlds import World


@pytest.fixture
def world():
    return World()
