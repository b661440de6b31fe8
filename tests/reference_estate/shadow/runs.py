"""The runs: each morning the exports of the day before, and every plan over that day."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from unittest import mock

from retailctl import api
from tests.needs import ROOT
from tests.reference_estate.shadow.data import PLANS, Row, exports

WAVE: Final = Path("migrations/w2-orders")
# Anybody may know it: the data is made up. With it everybody gets the same pseudonyms.
_KEY: Final = "reference-estate-of-retailctl-not-a-secret"
_DELIMITER: Final = {("orders", "legacy"): ";"}


def workspace(root: Path) -> Path:
    """A workspace with the three plans, and nothing that a run does not need."""
    shutil.copytree(ROOT / WAVE / "parallel", root / WAVE / "parallel")
    (root / "retailctl.yaml").write_text("name: shadow\n", encoding="utf-8")
    return root


def write_exports(root: Path, day: date) -> None:
    """The exports of a day; the same bytes on every machine."""
    for plan, side, rows in exports(day):
        folder = root / "build" / "shadow" / plan / side
        folder.mkdir(parents=True, exist_ok=True)
        ending = "tsv" if plan == "stock" else "csv"
        _write(folder / f"{day}.{ending}", rows, _DELIMITER.get((plan, side), "\t" if ending == "tsv" else ","))


def _write(path: Path, rows: list[Row], delimiter: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def run_days(root: Path, days: Iterable[date]) -> None:
    """Run every plan for each day on the morning after."""
    for day in days:
        write_exports(root, day)
        after = day + timedelta(days=1)
        options = api.RunOptions(start=day.isoformat(), end=after.isoformat(), threads=1, memory="256MB")
        for plan in PLANS:
            with mock.patch.dict(os.environ, {"RETAILCTL_KEY": _KEY}):
                api.parallel_run(plan, root, api.AuditOptions(as_of=after, use_cache=False), options)
