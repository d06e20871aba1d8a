"""What a user likes is kept in the config file beside what they wrote there themselves."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from tui.preferences import IDLE_MINUTES, Preferences

if TYPE_CHECKING:
    from pathlib import Path


def test_choices_come_back(tmp_path: Path) -> None:
    """What is saved is loaded again, from a file nobody else may read."""
    path = tmp_path / "deep" / "config.toml"
    chosen = Preferences(theme="light", icons="ascii", mouse=False, idle_minutes=5, language="lv")
    chosen = chosen.with_columns("anna", ("name", "phone")).with_sorting("anna", "number")
    chosen.save(path)

    assert chosen == Preferences.load(path)
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


def test_what_people_wrote_stays(tmp_path: Path) -> None:
    """Comments, other settings and the keys of a hand-written file survive a saved choice."""
    path = tmp_path / "config.toml"
    path.write_text('# ours\nvault = "/x"  # the firm\n\n[keys]\n"app.lock" = "f9"\n')
    Preferences(theme="light").save(path)
    text = path.read_text()

    assert "# ours" in text
    assert 'vault = "/x"  # the firm' in text
    assert {"app.lock": "f9"} == Preferences.load(path).keys
    assert "light" == Preferences.load(path).theme


def test_nonsense_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    """A broken file, a wrong type or an unknown theme give the choices of a new desk."""
    path = tmp_path / "config.toml"
    for text in ("= [", "\x00", "screens = 3", '[screens]\ntheme = "x"\nidle_minutes = -4\n'):
        path.write_text(text)
        assert Preferences() == Preferences.load(path)
    path.write_text("[screens]\nidle_minutes = 100000\n")
    assert IDLE_MINUTES == Preferences.load(path).idle_minutes
