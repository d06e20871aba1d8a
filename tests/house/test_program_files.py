"""Files of the program that are no code are read through one door, and all of them are listed."""

from __future__ import annotations

import re

from gdpr.program_files import LISTING
from tests.house.source import PACKAGES, ROOT, product, short, tracked

# The door; what asks for the folder of the migrations; and a migration, which never changes.
_ASKING = {"crm/opening/opening.py", "migrations/0001_founding.py"}
_PAST = re.compile(r"importlib\.resources|__file__")
_DOORS = {"gdpr/program_files.py", "crm/i18n.py"}


def test_every_file_that_is_no_code_is_listed() -> None:
    """What is not listed is looked for by nobody before something is stored."""
    listed = (ROOT / "gdpr" / LISTING).read_text("utf-8").splitlines()
    ours = {short(path) for path in tracked() if short(path).partition("/")[0] in PACKAGES}
    code = (".py", ".po", ".mo", "py.typed", LISTING)

    assert set(listed) == {name for name in ours if not name.endswith(code)}


def test_no_module_reads_a_file_of_the_program_by_itself() -> None:
    """What is missing would be called an error of the disk, and what is no text a damage."""
    found = {short(path) for path in product() if _PAST.search(path.read_text("utf-8"))}

    assert found == _ASKING | _DOORS
