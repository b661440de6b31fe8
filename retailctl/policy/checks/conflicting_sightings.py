"""EST101: the sources of an entry do not contradict each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from retailctl.graph.event_conflicts import event_conflicts
from retailctl.model.estate import Assertion, Conflict, Entry
from retailctl.model.finding import Evidence
from retailctl.model.outcome import Outcome
from retailctl.model.sighting import Sighting
from retailctl.policy.context import CheckContext

_KINDS = ("system", "interface", "event", "credential")
_COUNTS = ("count", "calls", "messages", "requests")


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per entry and contradicted attribute; one pass per entry with several sources that agree.

    What a contract says of an event is a source like any other.
    "Declared retired" against "used in the last ``quiet_days`` days" is a contradiction too (estate.md section 5).
    Params: ``quiet_days``.
    """
    since = _days_before(context.as_of, int(context.params["quiet_days"]))
    about = defaultdict(list)
    events = event_conflicts(context.estate)
    for found in events.conflicts:
        about[found.subject].append(found)
    for kind in _KINDS:
        for entry in context.estate.of(kind).values():
            told = about.pop(entry.id, []) if kind == "event" else []
            compared = bool(told) or (kind == "event" and entry.id in events.compared)
            yield from _judge(entry, since, context, tuple(one.conflict for one in told), compared=compared)
    for subject, others in about.items():
        for one in others:
            yield _contradiction(one.conflict, {"subject": subject, "owner": one.owner, "domain": one.domain})


def _judge(
    entry: Entry, since: date, context: CheckContext, others: tuple[Conflict, ...], *, compared: bool
) -> Iterator[Outcome]:
    noun = entry.noun
    sightings = noun.sightings or ()
    if len(entry.origins) < 2 and not sightings and not compared:
        return
    base: dict[str, Any] = {
        "subject": entry.id,
        "owner": getattr(noun, "owner", None),
        "domain": getattr(noun, "domain", None),
    }
    use = _seen(entry, since) if getattr(noun, "lifecycle", None) == "retired" else ""
    conflicts = (*(conflict for conflict in entry.conflicts if not conflict.settled), *others)
    for conflict in conflicts:
        yield _contradiction(conflict, base)
    if use:
        told = context.place(entry.id, "lifecycle", kind=entry.kind)
        yield Outcome(
            decision="fail",
            pointer="use",
            message=f"declared {noun.lifecycle}; {use}",
            locations=(told,),
            evidence=(Evidence(f"declared {noun.lifecycle}", told), Evidence(use, entry.origins[-1])),
            **base,
        )
    missing = "" if use else _open_question(entry, since)
    if missing:
        yield Outcome(decision="unknown", missing=missing, locations=entry.origins[:1], pointer="use", **base)
    elif not conflicts and not use:
        yield Outcome(decision="pass", **base)


def _contradiction(conflict: Conflict, base: dict[str, Any]) -> Outcome:
    return Outcome(
        decision="fail",
        pointer=conflict.attribute,
        message=f"{conflict.attribute}: " + "; ".join(_say(a) for a in conflict.assertions),
        locations=tuple(a.location for a in conflict.assertions),
        evidence=tuple(Evidence(_say(a), a.location) for a in conflict.assertions),
        **base,
    )


def _say(assertion: Assertion) -> str:
    when = f" ({assertion.at})" if assertion.at else ""
    return f"{assertion.source}{when} says {assertion.value}"


def _open_question(entry: Entry, since: date) -> str:
    """What has to be declared before anybody can say whether the entry is used though it is retired."""
    if not hasattr(entry.noun, "lifecycle") or entry.noun.lifecycle not in (None, "retired"):
        return ""
    if entry.noun.lifecycle is None and _seen(entry, since):
        return f"{entry.kind}.lifecycle"
    undated = any(_count(sighting) and sighting.at is None for sighting in entry.noun.sightings or ())
    return f"{entry.kind}.sightings[].at" if undated else ""


def _seen(entry: Entry, since: date) -> str:
    """Who used the entry in the last days, in words; empty when nobody was seen."""
    for sighting in entry.noun.sightings or ():
        count = _count(sighting)
        if count and sighting.at is not None and _day(sighting.at) >= since:
            return f"{sighting.source} saw {count:,} calls, last on {_day(sighting.at)}"
    for consumption in getattr(entry.noun, "consumers", None) or ():
        if consumption.last_seen is not None and consumption.last_seen >= since:
            return f"{consumption.system} was seen on it on {consumption.last_seen}"
    return ""


def _count(sighting: Sighting) -> int:
    for name in _COUNTS:
        value = (sighting.fields or {}).get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return 0


def _day(at: date | datetime) -> date:
    return at.date() if isinstance(at, datetime) else at


def _days_before(day: date, days: int) -> date:
    """The day so many days earlier, but never before the first that there is."""
    return date.fromordinal(min(max(day.toordinal() - days, 1), date.max.toordinal()))
