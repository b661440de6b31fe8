"""ARC-09: point-to-point density stays under a limit; brittle connections are listed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from retailctl.graph.gaps import more_partners
from retailctl.graph.queries import Density, Pair, degrees, direct_pairs
from retailctl.model.finding import Evidence
from retailctl.model.outcome import Outcome
from retailctl.policy.context import CheckContext


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome for the estate (density) and one per system (direct degree).

    Direct = neither end in the integration layer. Params: ``max_density`` (share of possible pairs), ``max_degree``.
    """
    density = direct_pairs(context.graph)
    if density.possible:
        yield _density(density, float(context.params["max_density"]), context)
    limit = int(context.params["max_degree"])
    pairs: dict[str, list[Pair]] = defaultdict(list)
    for pair in density.direct:
        pairs[pair.a].append(pair)
        pairs[pair.b].append(pair)
    known, more = degrees(density), more_partners(context.graph)
    for system in sorted({*known, *more}):
        undecided = known.get(system, (0, 0))[1] + more.get(system, 0)
        yield _degree(system, pairs[system], undecided, limit, context)


def _density(density: Density, limit: float, context: CheckContext) -> Outcome:
    if density.low <= limit < density.high:
        return Outcome(subject="estate", decision="unknown", missing=_missing(density), pointer="density")
    if density.low <= limit:
        return Outcome(subject="estate", decision="pass", pointer="density")
    most = sorted(density.direct, key=lambda pair: (-len(pair.interfaces), pair.a, pair.b))[:10]
    return Outcome(
        subject="estate",
        decision="fail",
        pointer="density",
        message=(
            f"{len(density.direct)} of {density.possible} possible pairs of systems talk directly "
            f"({density.low:.1%}, limit {limit:.1%}); most between {most[0].a} and {most[0].b}"
        ),
        locations=tuple(context.place(pair.interfaces[0]) for pair in most[:1]),
        evidence=tuple(
            Evidence(f"{pair.a} - {pair.b}: {', '.join(pair.interfaces)}", context.place(pair.interfaces[0]))
            for pair in most
        ),
    )


def _missing(density: Density) -> str:
    return "provider and consumers of every interface" if density.more else "system.layer"


def _degree(
    system: str, pairs: list[Pair], undecided: int, limit: int, context: CheckContext
) -> Outcome:
    sure = len(pairs)
    if sure <= limit < sure + undecided:
        missing = "system.layer of its partners, or provider and consumers of every interface"
        return Outcome(subject=system, decision="unknown", missing=missing, pointer="degree")
    if sure <= limit:
        return Outcome(subject=system, decision="pass", pointer="degree")
    partners = sorted(pair.b if pair.a == system else pair.a for pair in pairs)
    entry = context.estate.of("system").get(system)
    place = entry.origins[0] if entry else context.place(pairs[0].interfaces[0])
    return Outcome(
        subject=system,
        decision="fail",
        pointer="degree",
        message=f"{system} talks directly to {sure} systems (limit {limit}): {', '.join(partners)}",
        locations=(place,),
        evidence=tuple(
            Evidence(f"{pair.a} - {pair.b}: {', '.join(pair.interfaces)}", context.place(pair.interfaces[0]))
            for pair in pairs
        ),
        owner=entry.noun.owner if entry else None,
    )
