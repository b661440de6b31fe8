"""ARC-03: Odoo must not be the sole broker of a domain that it does not master."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from retailctl.graph.queries import Transit, transit
from retailctl.model.estate import Entry
from retailctl.model.finding import Evidence
from retailctl.model.outcome import Outcome
from retailctl.policy.context import CheckContext


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per domain and hub. Transit = in-flow and out-flow of one domain; the share is over the domain's
    interfaces (seed rule ARC-03). Params: ``systems`` (globs of hub ids), ``max_share``."""
    hubs = [s for s in context.graph.known_ends() if any(fnmatchcase(s, glob) for glob in context.params["systems"])]
    domains = context.estate.of("domain")
    for hub in sorted(hubs):
        through = transit(context.graph, hub)
        for id_, entry in domains.items():
            yield _judge(entry, hub, through.get(id_), context)


def _judge(entry: Entry, hub: str, through: Transit | None, context: CheckContext) -> Outcome:
    record = entry.noun.system_of_record
    base: dict[str, Any] = {"subject": entry.id, "domain": entry.id, "owner": entry.noun.owner, "locations": entry.origins[:1]}
    if record is None:
        return Outcome(decision="unknown", missing="domain.system_of_record", **base)
    if record == hub:
        return Outcome(decision="not_applicable", message=f"{hub} is the system of record of {entry.id}", **base)
    if through is None or not (through.into or through.out_of or through.undirected):
        return Outcome(decision="pass", **base)
    if through.undirected and not (through.into and through.out_of):
        return Outcome(decision="unknown", missing="interface.direction", **base)
    limit = float(context.params["max_share"])
    if not (through.into and through.out_of) or through.share <= limit:
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
