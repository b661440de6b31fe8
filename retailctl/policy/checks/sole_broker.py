"""ARC-03: Odoo must not be the sole broker of a domain that it does not master."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from retailctl.graph.gaps import missing_of
from retailctl.graph.queries import Transit, transit
from retailctl.model.estate import Entry
from retailctl.model.finding import Evidence
from retailctl.model.outcome import Outcome
from retailctl.policy.context import CheckContext

_WORST_FIRST = ("fail", "unknown", "not_applicable", "pass")


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per domain: that of the worst hub. Transit = in-flow and out-flow of one domain; the share is over
    the domain's interfaces (seed rule ARC-03). Params: ``systems`` (globs of hub ids), ``max_share``."""
    globs = context.params["systems"]
    hubs = sorted(s for s in context.graph.known_ends() if any(fnmatchcase(s, glob) for glob in globs))
    through = {hub: transit(context.graph, hub) for hub in hubs}
    for id_, entry in context.estate.of("domain").items():
        outcomes = [_judge(entry, hub, through[hub][id_], context) for hub in hubs]
        if outcomes:
            yield min(outcomes, key=lambda outcome: _WORST_FIRST.index(outcome.decision))


def _judge(entry: Entry, hub: str, through: Transit, context: CheckContext) -> Outcome:
    record = entry.noun.system_of_record
    base: dict[str, Any] = {
        "subject": entry.id,
        "domain": entry.id,
        "owner": entry.noun.owner,
        "locations": entry.origins[:1],
    }
    if record is None:
        return Outcome(decision="unknown", missing="domain.system_of_record", **base)
    if record == hub:
        return Outcome(decision="not_applicable", message=f"{hub} is the system of record of {entry.id}", **base)
    limit = float(context.params["max_share"])
    passes_on = bool(through.into and through.out_of)
    if not (passes_on and through.low > limit):
        if through.perhaps and through.high > limit:
            return Outcome(decision="unknown", missing=_missing(through, context), **base)
        return Outcome(decision="pass", **base)
    names = sorted({*through.into, *through.out_of})
    return Outcome(
        decision="fail",
        message=(
            f"{through.share:.0%} of the {entry.id} interfaces go through {hub}, which passes on a domain that "
            f"{record} masters (limit {limit:.0%})"
        ),
        evidence=tuple(
            Evidence(f"{name} {'into' if name in through.into else 'out of'} {hub}", context.place(name))
            for name in names
        ),
        **base,
    )


def _missing(through: Transit, context: CheckContext) -> str:
    name = through.perhaps[0]
    missing = missing_of(context.estate.of("interface")[name].noun)
    return f"interface.{missing[0]} of {name}"
