"""EST102: what is declared active is seen by a source that covers it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from retailctl.graph.estate_graph import provider_of
from retailctl.model.durations import interval_minutes
from retailctl.model.estate import Covered, Entry
from retailctl.model.finding import Evidence
from retailctl.model.interface import Interface
from retailctl.model.outcome import Outcome
from retailctl.policy.checks.covered import edges, logs_of, window_text
from retailctl.policy.context import CheckContext

_DAY = 1440
_NOT_YET_OR_OVER = ("planned", "retired")
Reach = Mapping[str, set[tuple[str, str]]]
"""Source -> (provider, protocol) of what it has seen: what it is able to see."""


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per hand-kept interface that a log is able to see; none for others, of whom it proves nothing.

    A log that saw one interface of a provider over a protocol would have seen another one. Params: ``days``.
    """
    reach = _reach(context)
    if not reach:
        return
    providers = {provider for seen in reach.values() for provider, _ in seen}
    known = _long_enough(logs_of(context), context)
    logs = {provider: [log for log in known if log.coverage.scope in ("*", provider)] for provider in providers}
    for entry in context.estate.of("interface").values():
        interface: Interface = entry.noun
        if entry.hand_kept and interface.lifecycle not in _NOT_YET_OR_OVER:
            yield from _judge(entry, reach, logs, context)


def _reach(context: CheckContext) -> Reach:
    sources = {covered.coverage.source for covered in context.estate.coverage if covered.kind == "runtime"}
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for entry in context.estate.of("interface").values():
        provider, key = provider_of(entry.noun), entry.noun.key
        if provider is not None and key is not None:
            for sighting in entry.noun.sightings or ():
                if sighting.source in sources:
                    found[sighting.source].add((provider, key.protocol))
    return found


def _long_enough(logs: list[Covered], context: CheckContext) -> list[Covered]:
    """Those whose window is long enough, and not yet to come."""
    found = []
    for log in logs:
        first, last = edges(log)
        if (min(last, context.as_of) - first).days + 1 >= int(context.params["days"]):
            found.append(log)
    return found


def _judge(entry: Entry, reach: Reach, logs: Mapping[str, list[Covered]], context: CheckContext) -> Iterator[Outcome]:
    interface: Interface = entry.noun
    base: dict[str, Any] = {"subject": entry.id, "owner": interface.owner, "domain": interface.domain}
    provider, protocol = provider_of(interface), interface.key.protocol if interface.key else None
    if provider is None or protocol is None:
        missing = "interface.provider" if provider is None else "interface.key"
        yield Outcome(decision="unknown", missing=missing, locations=entry.origins[:1], **base)
        return
    able = [log for log in logs.get(provider, ()) if (provider, protocol) in reach.get(log.coverage.source, ())]
    able = [log for log in able if _would_show(interface, log)]
    if not able:
        return
    if any(_saw(interface, log) for log in able):
        yield Outcome(decision="pass", **base)
    elif interface.lifecycle is None:
        yield Outcome(decision="unknown", missing="interface.lifecycle", locations=entry.origins[:1], **base)
    else:
        log = able[0]
        told = f"{log.coverage.source} looked at {log.coverage.scope} {window_text(log)}"
        yield Outcome(
            decision="fail",
            message=f"{entry.id} is declared {interface.lifecycle}; {told} and did not see it",
            locations=(context.place(entry.id, "lifecycle"),),
            evidence=(Evidence(f"{told}: not seen", log.location),),
            **base,
        )


def _would_show(interface: Interface, log: Covered) -> bool:
    """Whether it runs often enough to be seen in the window: what runs once a month is not in the log of a week."""
    pause = interval_minutes(interface.schedule) if interface.schedule else 0
    first, last = edges(log)
    return pause is not None and 2 * pause <= ((last - first).days + 1) * _DAY


def _saw(interface: Interface, log: Covered) -> bool:
    """Whether the source, or anybody who told of a consumer, saw it since the window began."""
    first, _ = edges(log)
    seen = (sighting for sighting in interface.sightings or () if sighting.source == log.coverage.source)
    if any(sighting.at is None or _day(sighting.at) >= first for sighting in seen):
        return True
    return any(one.last_seen is not None and one.last_seen >= first for one in interface.consumers or ())


def _day(at: date | datetime) -> date:
    return at.date() if isinstance(at, datetime) else at
