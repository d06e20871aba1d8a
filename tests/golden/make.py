"""Makes the register that every later version must open (`python -m tests.golden.make`).

A file of this kind is made once for each version of the formats and never changed: what a firm has
on its disk cannot be made anew either. Everybody in it is invented, and its password is here.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from crm.kartoteka import Firm, Kartoteka
from gdpr.clock import FixedClock
from gdpr.vault.kdf import FLOOR
from tests.crm.conftest import NOON
from tests.crm.planting import add_marketing, employ, plant

FOLDER = Path(__file__).parent
OWNER, PASSWORD = "anna", "seši mazi kaķi ēd putru agri"
ERASED, KEPT = "Izgaisušais", "Palicējs"
COMPANY = "SIA Zelta ābele"


def homes(folder: Path) -> dict[str, str]:
    """Return where the program keeps its things, all below one folder."""
    return {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("STATE", "DATA", "CONFIG")}


def live_a_little(folder: Path) -> str:
    """Found a register in `folder`, work in it, back it up; return the recovery key."""
    os.environ.update(homes(folder))
    (folder / "register").mkdir(mode=0o700, parents=True)
    (folder / "backup").mkdir(mode=0o700)
    made, key = Kartoteka.create(
        str(folder / "register" / "office.db"),
        Firm("SIA Zelta birojs", "LV", "40003798684", "Brīvības iela 1, Rīga", "b@example.com"),
        (OWNER, PASSWORD),
        clock=FixedClock(NOON),
        cost=FLOOR,
    )
    with made as register:
        register.keys.confirm_recovery(key)
        stays = plant(register, "client", fields={"given_name": KEPT, "email": "p@example.com"})
        add_marketing(register, stays)
        gone = plant(register, "prospect", fields={"given_name": ERASED})
        company = plant(register, "client", legal=True, fields={"name": COMPANY})
        employ(register, company, "grāmatvede")
        register.backups.create(folder / "backup")
        register.subjects.erase(str(gone.number), "no-longer-needed", gone.number)
        register.rotation.run(["support"])
    return key.printed()


def main(version: str) -> None:
    """Write the archive and the recovery key of one version."""
    os.umask(0o077)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "golden"
        folder.mkdir(mode=0o700)
        key = live_a_little(folder)
        shutil.make_archive(str(FOLDER / f"register-{version}"), "xztar", folder)
    (FOLDER / f"register-{version}.txt").write_text(key + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
