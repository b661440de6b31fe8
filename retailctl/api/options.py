"""What a caller may say about a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditOptions:
    """Options of every command that judges. None = as the settings say.

    ``as_of`` is the day that ages and expiries are measured against (None = today in UTC); ``baseline`` a file other
    than policies/baseline.json; ``picture`` asks for the laid-out map (only HTML needs it).
    """

    as_of: date | None = None
    rules: tuple[str, ...] = ()
    skip_rules: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    fail_on: str | None = None
    fail_on_unknown: bool | None = None
    no_waivers: bool = False
    baseline: Path | None = None
    jobs: int = 1
    config: Path | None = None
    no_config: bool = False
    allow_partial: bool = False
    use_cache: bool = True
    picture: bool = False
    exit_zero: bool = False
