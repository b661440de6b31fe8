"""Two small tables as files, compared by the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from retailctl import api
from retailctl.model.parallel_run import ParallelSummary
from retailctl.model.report import Report


def compare(folder: Path, legacy: str, new: str, **more: Any) -> Report:
    """Compare two texts as CSV files; the key is ``id`` where none is given."""
    (folder / "legacy.csv").write_text(legacy, encoding="utf-8")
    (folder / "new.csv").write_text(new, encoding="utf-8")
    return between(folder, "legacy.csv", "new.csv", **more)


def between(folder: Path, legacy: str, new: str, **more: Any) -> Report:
    """Compare two files of a folder."""
    options = {"key": ("id",), "root": folder, "threads": 1, "memory": "256MB", **more}
    return api.parallel_compare(str(folder / legacy), str(folder / new), api.CompareOptions(**options))


def told(report: Report) -> ParallelSummary:
    """The totals of the comparison."""
    assert report.summary.parallel is not None
    return report.summary.parallel


def classes(report: Report) -> dict[str, int]:
    """The row classes that occur."""
    return {name: count for name, count in told(report).classes.items() if count}
