"""MIG-01: the inventory says what was looked at: per source, over which scope, from when to when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retailctl.errors import Location
from retailctl.model.estate import Entry
from retailctl.model.finding import Evidence
from retailctl.model.outcome import Outcome
from retailctl.policy.context import CheckContext

_KINDS = ("interface", "event", "system", "credential")
_MOST = 10


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome for an estate that has interfaces; none for another, which has nothing to state coverage of."""
    interfaces = context.estate.of("interface")
    if not interfaces:
        return
    base: dict[str, Any] = {"subject": "estate", "locations": context.somewhere("interface")}
    silent = _silent(context)
    stated = [covered for covered in context.estate.coverage if covered.coverage.window and covered.coverage.scope]
    if silent:
        names = ", ".join(list(silent)[:_MOST])
        evidence = tuple(Evidence(f"seen by {name}", place) for name, place in list(silent.items())[:_MOST])
        message = f"sources saw entries and nobody says over which scope and window they looked: {names}"
        where = tuple(evidence_of.location for evidence_of in evidence if evidence_of.location is not None)
        yield Outcome(decision="fail", message=message, evidence=evidence, **{**base, "locations": where})
    elif not stated:
        yield Outcome(decision="unknown", missing="coverage (source, scope, window)", **base)
    elif missing := context.unread("interface"):
        yield Outcome(decision="unknown", missing=missing, **base)
    else:
        yield Outcome(decision="pass", **base)


def _silent(context: CheckContext) -> dict[str, Location]:
    """Sources with sightings and without a coverage statement of scope and window, and where they were first met."""
    known = {
        covered.coverage.source
        for covered in context.estate.coverage
        if covered.coverage.window is not None and covered.coverage.scope
    }
    found: dict[str, Location] = {}
    for kind in _KINDS:
        for entry in context.estate.of(kind).values():
            for sighting in entry.noun.sightings or ():
                if sighting.source not in known:
                    found.setdefault(sighting.source, _last(entry))
    return dict(sorted(found.items()))


def _last(entry: Entry) -> Location:
    """The file of the source: observed entries stand behind the hand-kept one."""
    return entry.origins[-1]
