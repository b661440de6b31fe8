"""The result of one replay as reports show it: counts, latency and how sure one can be; never a value of an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from retailctl.model.parallel_run import GateResult

RunVerdict = Literal["pass", "fail", "unknown"]
REPLAY_CLASSES = (
    "EQUAL", "NOISE", "ACCEPTED", "MINOR", "MISSING_IN_NEW", "EXTRA_IN_NEW", "STATUS", "FIELD", "UNSURE", "REJECTED",
)  # fmt: skip
"""What a request comes to; exactly one each. NOISE differs only where legacy differs from itself, ACCEPTED only as the
plan accepts, MINOR only where no failure follows, UNSURE where it is not known yet; of REJECTED one answer could not be
had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Milliseconds from sending a request to the last byte of its answer."""

    p50: float = 0.0
    p95: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRun:
    """One route. ``bound`` is the upper 95 % bound of the share that may differ unseen (3/n), where nothing did."""

    route: str
    requests: int
    classes: dict[str, int] = field(default_factory=dict)
    pairs: int = 0
    noisy: tuple[str, ...] = ()
    legacy: Latency = Latency()
    new: Latency = Latency()
    bound: float | None = None
    verdict: RunVerdict = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayRun:
    """A whole run. ``not_sent`` and ``unusable`` count, by reason, what was left out and was not compared.

    ``rows`` are the requests of which a side has an answer with something in it, ``values`` what a gate of a cutover
    may require, ``learned`` says of when and of how many pairs the noise is, where an earlier run has learned it.
    """

    plan: str
    plan_sha256: str
    verdict: RunVerdict
    requests: int
    sent: int
    compared: int
    pairs: int
    rows: dict[str, int] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)
    not_sent: dict[str, int] = field(default_factory=dict)
    unusable: dict[str, int] = field(default_factory=dict)
    bound: float | None = None
    routes: tuple[RouteRun, ...] = ()
    gates: tuple[GateResult, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    learned: str = ""
