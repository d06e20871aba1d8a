"""A vault with some history, written once and copied for each test that spoils it."""

from __future__ import annotations

import shutil

import pytest

from tests.gdpr.audit.history import Tampered
from tests.gdpr.kernel import Place


@pytest.fixture(scope="session")
def original(tmp_path_factory, kernel_vault):
    folder = tmp_path_factory.mktemp("original")
    folder.chmod(0o700)
    place = Place(folder, kernel_vault)
    made = Tampered(place)
    place.close()
    return made


@pytest.fixture
def vault(original, tmp_path, kernel_vault):
    folder = tmp_path / "copy"
    shutil.copytree(original.place.folder, folder)
    place = Place(folder, kernel_vault)
    yield Tampered(place, original)
    place.close()
