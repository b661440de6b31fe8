"""The same verbs for Python callers that the command line has.

Every function takes a workspace root (None = found upward from the current folder) and returns model types or plain
data. Nothing here prints, and nothing reads the clock when ``as_of`` is given.
"""

from __future__ import annotations

from pathlib import Path

from retailctl.api.options import AuditOptions
from retailctl.model.report import Report

__all__ = ["AuditOptions", "audit"]


def audit(root: Path | None = None, options: AuditOptions | None = None) -> Report:
    """Judge everything that can be judged now; the exit code is ``report.summary.exit_code``."""
    from retailctl.api.audit import audit as run

    return run(root, options)
