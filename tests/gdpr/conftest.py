"""One small vault for every test of the kernel."""

from __future__ import annotations

import pytest

from tests.gdpr.kernel import KernelVault, Place


@pytest.fixture(scope="session")
def kernel_vault():
    return KernelVault()


@pytest.fixture
def place(tmp_path, kernel_vault):
    tmp_path.chmod(0o700)
    made = Place(tmp_path, kernel_vault)
    yield made
    made.close()


@pytest.fixture
def kernel_desk(place):
    return place.desk()


@pytest.fixture
def journal(place):
    return place.journal()
