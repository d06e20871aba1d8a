"""What it costs to start the program and be told how to use it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from measure import Bench, Figures, interleaved, row

ROOT = Path(__file__).resolve().parents[2]


@row("kartoteka --help / python -c pass", budget=5, stretch=1.5)
def help_text(bench: Bench) -> Figures:
    """Start the installed command the way a shell does."""
    command = Path(sys.executable).with_name("kartoteka")
    if not command.exists():
        if not (ROOT / "crm" / "cli" / "__main__.py").exists():
            return Figures(None, None, 1, "the command does not exist")
        arguments = [sys.executable, "-m", "crm.cli", "--help"]
    else:
        arguments = [str(command), "--help"]
    home = {**os.environ, "HOME": str(bench.folder)}

    def run(*wanted: str) -> None:
        subprocess.run(wanted, check=True, stdout=subprocess.DEVNULL, env=home, cwd=ROOT)

    try:
        run(*arguments)
    except subprocess.CalledProcessError as failure:
        return Figures(None, None, 1, f"the command ended with {failure.returncode}")
    ours, plain = interleaved(
        lambda: run(*arguments), lambda: run(sys.executable, "-c", "pass"), rounds=15
    )
    return Figures(ours, plain, 1)
