"""What gateways and samples show of an interface: plug-ins in force, and payloads held against the contract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from retailctl.graph.estate_graph import EstateGraph
from retailctl.model.estate_nouns import System
from retailctl.model.interface import Interface
from retailctl.model.sighting import Sighting

LIMITERS: Final = frozenset(
    {
        *("rate-limiting", "rate-limiting-advanced", "response-ratelimiting", "limit-count", "limit-req", "limit_req"),
        *("local_ratelimit", "ratelimit", "rate-limit", "throttle", "throttling", "quota", "spike-arrest"),
    }
)
"""Plug-ins and modules of gateways that refuse callers who ask too often."""

THROTTLING: Final = frozenset({"throttle", "throttling", "rate_limit", "rate-limit"})
"""What a middleware does to the same end, as ``mediation`` words it."""

_PLATFORMS: Final = frozenset({"marketplace", "storefront", "psp", "carrier", "3pl", "saas"})


def is_upstream(graph: EstateGraph, provider: str | None) -> bool | None:
    """Whether somebody else decides what the provider answers: a partner, or a platform that we rent."""
    if provider is None:
        return None
    if provider in graph.estate.of("partner"):
        return True
    system = graph.system(provider)
    return system.kind in _PLATFORMS if system is not None and system.kind is not None else None


def plugins_of(interface: Interface, provider: System | None) -> list[str] | None:
    """The plug-ins that a reader of the gateway saw on the interface or its provider; None when nobody looked."""
    seen = [*_with("plugins", interface), *_with("plugins", provider)]
    names = {str(name) for sighting in seen for name in _items((sighting.fields or {})["plugins"])}
    return sorted(names) if seen else None


def samples_of(interface: Interface, as_of: date) -> dict[str, Any]:
    """``sampled_days`` and ``schema_errors`` of the last payloads that were held against the contract, if any were."""
    checked = [(_day(sighting.at), sighting) for sighting in _with("schema_errors", interface)]
    dated = [(day, sighting) for day, sighting in checked if day is not None and day <= as_of]
    if not dated:
        return {}
    day, last = max(dated, key=lambda one: one[0])
    errors = (last.fields or {})["schema_errors"]
    found: dict[str, Any] = {"sampled_days": (as_of - day).days}
    if isinstance(errors, int) and not isinstance(errors, bool):
        found["schema_errors"] = int(errors)
    return found


def _with(name: str, noun: Interface | System | None) -> Iterator[Sighting]:
    for sighting in (noun.sightings if noun is not None else None) or ():
        if (sighting.fields or {}).get(name) is not None:
            yield sighting


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _day(at: date | datetime | None) -> date | None:
    return at.date() if isinstance(at, datetime) else at
