"""ARC-09: point-to-point density stays under a limit; brittle connections are listed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from retailctl.errors import Location
from retailctl.graph.gaps import missing_end, more_partners
from retailctl.graph.queries import Density, Pair, degrees, direct_pairs
from retailctl.model.finding import Evidence
from retailctl.model.outcome import Outcome
from retailctl.policy.context import CheckContext


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome for the estate (density) and one per system (direct degree).

    Direct = neither end in the integration layer. Params: ``max_density`` (share of possible pairs), ``min_systems``
    (below it a share says nothing), ``max_degree``.
    """
    density = direct_pairs(context.graph)
    if density.systems >= int(context.params["min_systems"]):
        yield _density(density, float(context.params["max_density"]), context)
    limit = int(context.params["max_degree"])
    pairs: dict[str, list[Pair]] = defaultdict(list)
    for pair in density.direct:
        pairs[pair.a].append(pair)
        pairs[pair.b].append(pair)
    known, more = degrees(density), more_partners(context.graph)
    for system in sorted({*known, *more}):
        open_ = known.get(system, (0, 0))[1] + more.get(system, 0)
        yield _degree(system, pairs[system], open_, density.undecided, limit, context)


def _density(density: Density, limit: float, context: CheckContext) -> Outcome:
    if density.low <= limit < density.high:
        missing, where = _gap(density.undecided, context)
        return Outcome(subject="estate", decision="unknown", missing=missing, locations=where, pointer="density")
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


def _gap(undecided: Sequence[Pair], context: CheckContext) -> tuple[str, tuple[Location, ...]]:
    """What is missing before the number is known, and where: a layer, else an end of an interface."""
    for system in (end for pair in undecided for end in (pair.a, pair.b)):
        if context.graph.is_integration(system) is None:
            declared = system in context.graph.systems
            pair = next(pair for pair in undecided if system in (pair.a, pair.b))
            place = context.place(system, kind="system") if declared else context.place(pair.interfaces[0])
            return f"system.layer of {system}", (place,)
    for entry in context.graph.interfaces.values():
        if (missing := missing_end(entry.noun)) is not None:
            return f"interface.{missing} of {entry.id}", entry.origins[:1]
    return "system.layer", ()


def _degree(
    system: str, pairs: list[Pair], open_: int, undecided: Sequence[Pair], limit: int, context: CheckContext
) -> Outcome:
    sure = len(pairs)
    if sure <= limit < sure + open_:
        missing, where = _gap([pair for pair in undecided if system in (pair.a, pair.b)], context)
        return Outcome(subject=system, decision="unknown", missing=missing, locations=where, pointer="degree")
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
