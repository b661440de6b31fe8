"""Make evidence and history of the reference estate anew: ``python -m tests.reference_estate.shadow``."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tests.needs import ROOT
from tests.reference_estate.shadow.data import DAYS
from tests.reference_estate.shadow.runs import WAVE, run_days, workspace


def main() -> None:
    """Run in a folder of its own, and take over what came out when all of it is there."""
    with tempfile.TemporaryDirectory(prefix="retailctl-shadow-") as scratch:
        made = workspace(Path(scratch))
        run_days(made, DAYS)
        there = ROOT / WAVE / "evidence"
        for old in there.glob("ev-parallel-*.yaml"):
            old.unlink()
        shutil.rmtree(there / "history", ignore_errors=True)
        shutil.copytree(made / WAVE / "evidence", there, dirs_exist_ok=True)


if __name__ == "__main__":
    main()
