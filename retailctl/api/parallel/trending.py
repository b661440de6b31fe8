"""``parallel trend``: how the runs of a plan went, day by day."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

from retailctl.api.options import AuditOptions
from retailctl.api.parallel.evidence import history_of, trend_rows
from retailctl.api.parallel.plans import find_plan
from retailctl.api.session import open_session


def parallel_trend(name: str, root: Path | None, audit: AuditOptions, last: int) -> list[dict[str, Any]]:
    """The last so many business days of a plan, oldest first. Raises UsageError where there is no such plan."""
    session = open_session(root, audit)
    return trend_rows(session.root, history_of(PurePosixPath(find_plan(session, name))))[-last:]
