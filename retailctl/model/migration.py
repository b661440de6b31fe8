"""What waves move, which plans hold them side by side, and what was proved: as rules read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from retailctl.errors import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedUnit:
    """One interface that a wave moves, and the interface that takes over, where the coexistence names one."""

    interface: str
    wave: str
    successors: tuple[str, ...]
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFact:
    """A plan of a wave: its bare name, the interfaces it covers, and the digest that its runs must carry."""

    wave: str
    name: str
    covers: tuple[str, ...]
    sha256: str
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFact:
    """One piece of evidence that was not changed since it was sealed.

    ``wave`` is its folder, ``day`` the one that its age counts from. ``covers`` are interfaces; for a run they are
    those of its plan, and ``current`` whether that is as it is now. ``window_days`` is how long the time is that it
    tells of; 0 = not stated.
    """

    id: str
    kind: str
    wave: str
    day: date
    values: Mapping[str, Any]
    covers: tuple[str, ...]
    location: Location
    plan: str = ""
    verdict: str = ""
    current: bool = True
    window_days: int = 0
    expires: date | None = None
    rows: Mapping[str, Any] = field(default_factory=dict)
    classes: Mapping[str, Any] = field(default_factory=dict)
    gates: Mapping[str, Any] = field(default_factory=dict)
    controls: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """Everything under ``migrations/`` that rules read. ``unread`` names a file of a wave that could not be read: what
    it moves is then not known."""

    units: tuple[MovedUnit, ...] = ()
    plans: tuple[PlanFact, ...] = ()
    evidence: tuple[EvidenceFact, ...] = ()
    unread: str = ""
