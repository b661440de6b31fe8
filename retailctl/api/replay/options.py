"""What a caller may say about a replay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from retailctl.api.options import AuditOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOptions:
    """None = as the plan says. ``progress`` is told (done, of how many) while requests are sent."""

    run: AuditOptions = field(default_factory=AuditOptions)
    requests: Path | None = None
    rate: str | None = None
    workers: int | None = None
    offline: bool = False
    progress: Callable[[int, int], None] | None = None
