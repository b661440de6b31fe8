"""What a caller may say about a replay."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from retailctl.api.options import AuditOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOptions:
    """None = as the plan says. ``requests`` is a recording instead of that of the plan, ``record`` says whether
    evidence, history and learned noise are written."""

    run: AuditOptions = field(default_factory=AuditOptions)
    requests: Path | None = None
    rate: str | None = None
    workers: int | None = None
    offline: bool = False
    record: bool = True
