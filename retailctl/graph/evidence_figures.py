"""Figures of one piece of evidence; None for what it does not tell, or tells in no form that can be counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from retailctl.errors import Location
from retailctl.graph.estate_graph import EstateGraph
from retailctl.model.durations import minutes
from retailctl.model.interface import Slo
from retailctl.model.migration import EvidenceFact, MovedUnit

_DAY: Final = 1440
# Of these a larger value is the worse one; of everything else a smaller.
_LESS_IS_BETTER: Final = ("latency", "lag", "age", "error", "fail", "delay", "duration")


def decimal_of(value: Any) -> Decimal | None:
    """A number, or a text that is one; None for what is not finite."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < 10**15 else None


def number(key: str) -> Callable[[EvidenceFact], float | None]:
    """The value under a key, as a number."""

    def figure(evidence: EvidenceFact) -> float | None:
        found = decimal_of(evidence.values.get(key))
        return None if found is None or found < 0 else float(found)

    return figure


def count(key: str) -> Callable[[EvidenceFact], int | None]:
    """The value under a key, as a whole number."""

    def figure(evidence: EvidenceFact) -> int | None:
        found = decimal_of(evidence.values.get(key))
        return None if found is None or found < 0 or found != int(found) else int(found)

    return figure


def share_unsorted(evidence: EvidenceFact) -> float | None:
    """Exceptions that are neither technical nor business, as a share of all; 0 where there were none."""
    told = [count(f"exceptions_{name}")(evidence) for name in ("technical", "business", "unsorted")]
    if None in told:
        return None
    whole = sum(filter(None, told))
    return round((told[2] or 0) / whole, 4) if whole else 0.0


def ties(evidence: EvidenceFact) -> int | None:
    """Groups that did not tie: of the control totals of a run, or as a checkpoint tells them."""
    if evidence.kind != "parallel_run":
        return count("breaks")(evidence) if evidence.kind == "checkpoint" else None
    pairs = [(row.get("groups"), row.get("tied")) for row in evidence.controls]
    if not pairs or not all(isinstance(one, int) for pair in pairs for one in pair):
        return None
    return sum(int(groups or 0) - int(tied or 0) for groups, tied in pairs)


class ServiceLevels(NamedTuple):
    """``slo_days`` and ``slo_unmet``, and where they were read."""

    values: dict[str, Any]
    places: tuple[Location, ...] = ()


def service_levels(
    graph: EstateGraph, interface: str, units: list[MovedUnit], evidence: list[EvidenceFact], as_of: date
) -> ServiceLevels:
    """Which objectives of what takes over (else of the interface itself) were not met in the newest ``slo_window``.

    ``slo_unmet`` is left out while nothing is broken and an objective was not measured over its whole window.
    """
    windows = [one for one in evidence if one.kind == "slo_window"]
    ends = [name for unit in units for name in unit.successors if name in graph.interfaces] or [interface]
    levels = [slo for name in dict.fromkeys(ends) for slo in graph.interfaces[name].noun.slo or ()]
    if not windows or not levels:
        return ServiceLevels({})
    newest = max(windows, key=lambda one: (one.day, one.id))
    told = {slo: _met(slo, newest) for slo in levels}
    unmet = sorted(
        f"{slo.sli} {newest.values.get(slo.sli)} for {slo.objective:g}" for slo, met in told.items() if met is False
    )
    values: dict[str, Any] = {"slo_days": (as_of - newest.day).days}
    if unmet or None not in told.values():
        values["slo_unmet"] = unmet
    return ServiceLevels(values, (newest.location,))


def _met(slo: Slo, evidence: EvidenceFact) -> bool | None:
    measured = decimal_of(evidence.values.get(slo.sli))
    if measured is None:
        return None
    objective = decimal_of(slo.objective)
    if objective is None:
        return None
    met = measured <= objective if any(word in slo.sli for word in _LESS_IS_BETTER) else measured >= objective
    wanted = minutes(slo.window) if slo.window else None
    long_enough = wanted is not None and evidence.window_days * _DAY >= wanted
    return met if long_enough or not met else None
