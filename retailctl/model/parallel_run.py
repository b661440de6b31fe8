"""What a parallel run found: counts by class, the money bridge, the gates. A renderer never computes any of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from retailctl.model.parallel_pictures import AcceptedUse, Heat, TrendDay

RunVerdict = Literal["pass", "fail", "unknown"]
RowClass = Literal[
    "REJECTED", "KEY_INVALID", "PENDING", "DUPLICATE", "BOUNDARY", "MISSING_IN_NEW", "EXTRA_IN_NEW", "FIELD", "EQUAL"
]
ROW_CLASSES: tuple[RowClass, ...] = (
    "MISSING_IN_NEW", "EXTRA_IN_NEW", "PENDING", "REJECTED", "KEY_INVALID", "BOUNDARY", "EQUAL", "FIELD"
)  # fmt: skip
"""In the order of a summary; DUPLICATE has counts of its own, by side and kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeLine:
    """One step of the bridge from the legacy total to the new one. Amounts are decimal texts of the currency."""

    name: str
    rows: int
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """Legacy total + lines = new total. ``remainder`` is zero, or retailctl is wrong and the run is not valid."""

    legacy: str
    new: str
    lines: tuple[BridgeLine, ...]
    remainder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """One gate: what was measured against which limit, and how many business days in a row it passed.

    ``note`` says why it is not known, where it can be said: "3 of 10 days". ``alone`` is what this run alone says, in
    whatever row of days it stands ("" where nobody asked for days).
    """

    gate: str
    verdict: RunVerdict
    measured: str
    limit: str
    streak: int = 0
    needed: int = 0
    first_red: str = ""
    note: str = ""
    alone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """Rows that were pending in earlier runs, and those that are now, by the side that has them.

    ``arrived`` came since, ``expired`` did not come within the lag, ``unknown`` cannot be looked up any more.
    ``oldest_seconds`` is the age of the oldest pending row. The 99th percentile of how late rows came is between
    ``p99_least`` and ``p99_most`` seconds (None: open), of ``p99_rows`` rows of this and earlier runs.
    """

    pending: dict[str, int]
    arrived: dict[str, int]
    expired: dict[str, int]
    unknown: dict[str, int]
    oldest_seconds: int | None = None
    p99_least: int | None = None
    p99_most: int | None = None
    p99_rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Differences of one signature: how many, their part of all in percent, what they are worth, and where they are.

    ``where`` is empty where no slice stands out: such a cause is systemic. ``id`` follows a cluster over runs.
    """

    id: str
    signature: str
    rows: int
    share: str
    net: str
    gross: str
    where: str = ""
    covers: str = ""
    lift: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """One differing row: its key, and the two values of each field that differs, as they may be shown."""

    key: tuple[tuple[str, str], ...]
    values: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelSummary:
    """The totals of a run.

    ``classes`` counts rows by class, a matched pair once; ``duplicates`` is by side and then kind (identical,
    conflicting); ``fields`` is by field and then class; ``samples`` are by finding's fingerprint. ``totals`` are the
    control totals as rows of a report, ``values`` what a gate of a cutover may require. ``late`` is there where the
    plan has a lag, ``heat`` where it names a place and a time; ``trend`` has one day at least, oldest first.
    """

    legacy: str
    new: str
    key: tuple[str, ...]
    rows: dict[str, int]
    classes: dict[str, int]
    duplicates: dict[str, dict[str, int]] = field(default_factory=dict)
    fields: dict[str, dict[str, int]] = field(default_factory=dict)
    bridge: dict[str, Bridge] = field(default_factory=dict)
    gates: tuple[GateResult, ...] = ()
    not_compared: dict[str, tuple[str, ...]] = field(default_factory=dict)
    samples: dict[str, tuple[Masked, ...]] = field(default_factory=dict)
    engine: str = ""
    totals: tuple[dict[str, Any], ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    clusters: tuple[Cluster, ...] = ()
    late: Late | None = None
    heat: Heat | None = None
    trend: tuple[TrendDay, ...] = ()
    accepted: tuple[AcceptedUse, ...] = ()
