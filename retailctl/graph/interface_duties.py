"""Derived facts of an interface about its duties: who may press on it, where it crosses zones, what its log tells.

One pass over the interfaces, tables made once. What cannot be known is left out. Meanings stand in
``policy/duty_facts_schema.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from retailctl.graph.estate_graph import EstateGraph, provider_of
from retailctl.graph.plugins import LIMITERS, THROTTLING
from retailctl.graph.posting_windows import outside_windows
from retailctl.model.interface import Alert, Interface, Slo

_BUFFERS: Final = frozenset({"queue", "buffer"})
_BROKERS: Final = frozenset({"amqp", "kafka", "mqtt", "jms"})
_NOT: Final = ("", "none")


class Duties:
    """Tables over one estate, asked once per interface."""

    def __init__(self, graph: EstateGraph, as_of: date, admins: Iterable[str]) -> None:
        """``admins`` are the credentials whose scopes allow everything."""
        self._graph, self._as_of, self._admins = graph, as_of, frozenset(admins)
        estate = graph.estate
        self._records = {id_: entry.noun.system_of_record for id_, entry in estate.of("domain").items()}
        self._ends = {*graph.systems, *estate.of("partner")}
        self._complete = not (estate.unread_of("system") or estate.unread_of("domain") or estate.unread_of("partner"))
        credentials = estate.of("credential")
        self._used_by_admin = {used for name in self._admins for used in credentials[name].noun.used_by or ()}
        self._systems = {id_: entry.noun for id_, entry in graph.systems.items()}

    def of(self, interface: Interface, plugins: list[str] | None) -> dict[str, Any]:
        """The facts of one interface; ``plugins`` are those of its gateway, None when nobody looked."""
        provider = provider_of(interface)
        users = None if interface.consumers is None else [one.system for one in interface.consumers]
        found: dict[str, Any] = {
            "record": self._records.get(interface.domain) if interface.domain else None,
            "lifecycle_logged": self._logged(interface),
            "throttled": _throttled(interface, plugins),
            "burst_source": self._burst(users),
            "zones": self._zones(provider, users),
            "unmapped": self._unmapped(interface, provider, users),
            "outside_windows": outside_windows(self._graph, interface) if interface.mode == "batch" else None,
        }
        if interface.dashboard is not None:
            found["shown"] = interface.dashboard not in _NOT
        if interface.reconciliation is not None and interface.reconciliation.against is not None:
            found["compared"] = interface.reconciliation.against not in _NOT
        if interface.alerts is not None:
            found |= _alerts(interface.alerts, interface.slo)
        if interface.id in self._used_by_admin or any(c.identity in self._admins for c in interface.consumers or ()):
            found["privileged"] = True
        return {name: value for name, value in found.items() if value is not None}

    def _logged(self, interface: Interface) -> str | None:
        """The state that its log ends with as of the day of the audit; none for an empty one."""
        if interface.lifecycle_log is None:
            return None
        past = [step for step in interface.lifecycle_log if step.at <= self._as_of]
        return max(past, key=lambda step: step.at).state if past else "none"

    def _burst(self, users: list[str] | None) -> bool | None:
        layers = [self._systems[name].layer if name in self._systems else None for name in users or ()]
        if "channel" in layers:
            return True
        return None if users is None or None in layers else False

    def _zones(self, provider: str | None, users: list[str] | None) -> list[str] | None:
        """The network zones of all ends; an incomplete list still proves that there are several."""
        ends = [provider or "", *(users or ())]
        zones = [self._systems[name].zone if name in self._systems else None for name in ends]
        known = sorted({zone for zone in zones if zone})
        return known if len(known) > 1 or (users is not None and None not in zones) else None

    def _unmapped(self, interface: Interface, provider: str | None, users: list[str] | None) -> list[str] | None:
        """What it names and the inventory does not have: its domain, its provider, a consumer; ``any consumer``."""
        if provider is None or users is None or interface.domain is None or not self._complete:
            return None
        missing = {name for name in (provider, *users) if name not in self._ends}
        if interface.domain not in self._records:
            missing.add(interface.domain)
        return sorted(missing) if users else [*sorted(missing), "any consumer"]


def _alerts(alerts: tuple[Alert, ...], levels: tuple[Slo, ...] | None) -> dict[str, Any]:
    """``alerted``, ``loose_alerts`` (they guard no objective) and ``paged`` (one wakes somebody), where declared."""
    guarded = {level.sli for level in levels or ()}
    loose = sorted(alert.name for alert in alerts if alert.slo is not None and alert.slo not in guarded)
    open_ = levels is None or any(alert.slo is None for alert in alerts)
    paged = True if any(alert.pages for alert in alerts) else None if any(a.pages is None for a in alerts) else False
    return {
        "alerted": bool(alerts),
        "loose_alerts": loose if levels is not None and (loose or not open_) else None,
        "paged": paged,
    }


def _throttled(interface: Interface, plugins: list[str] | None) -> bool | None:
    """Whether a queue or a limit stands before the provider; False only where both were looked at."""
    mediation = set(interface.mediation or ())
    brokered = interface.pattern == "event" or (interface.key is not None and interface.key.protocol in _BROKERS)
    queued = interface.queue is not None and interface.queue not in _NOT
    if mediation & (THROTTLING | _BUFFERS) or brokered or queued or LIMITERS & set(plugins or ()):
        return True
    return None if interface.mediation is None or plugins is None else False
