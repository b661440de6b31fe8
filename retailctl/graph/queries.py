"""Questions about the shape of the estate: pairs, degrees, duplicates, mediated paths, transit, cycles, reach.

Every answer is sorted and made of plain values. Costs are O(links) unless said otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from retailctl.graph.estate_graph import MEDIATING_LAYERS, EstateGraph, Link
from retailctl.graph.gaps import may_touch, missing_of, more_pairs
from retailctl.model.interface import Interface


@dataclass(frozen=True, slots=True)
class Pair:
    """Two systems that talk without the integration layer between them (unordered; ``a`` < ``b``)."""

    a: str
    b: str
    interfaces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Density:
    """Direct pairs against possible pairs of the systems outside the integration layer.

    ``undecided`` are pairs with an end whose layer is not declared: they may or may not be direct. ``more`` counts
    the pairs that may hide in interfaces without provider or consumers, ``decided`` the systems with a layer.
    """

    systems: int
    direct: tuple[Pair, ...]
    undecided: tuple[Pair, ...]
    decided: int
    more: int = 0

    @property
    def possible(self) -> int:
        """Number of pairs that could exist."""
        return self.systems * (self.systems - 1) // 2

    @property
    def low(self) -> float:
        """Density if no undecided pair is direct."""
        return len(self.direct) / self.possible if self.possible else 0.0

    @property
    def high(self) -> float:
        """Density if every undecided pair is direct, and no system without a layer is one of the others."""
        most = len(self.direct) + len(self.undecided) + self.more
        fewest = self.decided * (self.decided - 1) // 2
        return most / max(fewest, 1) if most else 0.0


@dataclass(frozen=True, slots=True)
class Parallel:
    """Links that carry the same domain the same way between the same systems."""

    source: str
    target: str
    domain: str
    direction: str
    links: tuple[Link, ...]

    @property
    def connectors(self) -> tuple[str, ...]:
        """Distinct connectors that are declared."""
        return tuple(sorted({link.connector for link in self.links if link.connector}))


@dataclass(frozen=True, slots=True)
class MediatedPath:
    """Data of one domain that reaches a system through two or more mediators side by side."""

    source: str
    target: str
    domain: str
    via: tuple[tuple[str, tuple[str, ...]], ...]


def direct_pairs(graph: EstateGraph) -> Density:
    """Point-to-point pairs (rules.md ARC-09): both ends outside the integration layer."""
    pairs: dict[tuple[str, str], set[str]] = defaultdict(set)
    for link in graph.links:
        if link.source != link.target:
            a, b = sorted((link.source, link.target))
            pairs[a, b].add(link.interface)
    place = {end: graph.is_integration(end) for end in graph.known_ends()}
    direct: list[Pair] = []
    undecided: list[Pair] = []
    for (a, b), interfaces in sorted(pairs.items()):
        if place[a] is True or place[b] is True:
            continue
        bucket = undecided if place[a] is None or place[b] is None else direct
        bucket.append(Pair(a, b, tuple(sorted(interfaces))))
    systems = sum(1 for inside in place.values() if inside is not True)
    decided = sum(1 for inside in place.values() if inside is False)
    return Density(systems, tuple(direct), tuple(undecided), decided, more_pairs(graph))


def degrees(density: Density) -> dict[str, tuple[int, int]]:
    """System -> (direct partners, undecided partners)."""
    sure: dict[str, int] = defaultdict(int)
    open_: dict[str, int] = defaultdict(int)
    for bucket, pairs in ((sure, density.direct), (open_, density.undecided)):
        for pair in pairs:
            bucket[pair.a] += 1
            bucket[pair.b] += 1
    return {system: (sure[system], open_[system]) for system in sorted(set(sure) | set(open_))}


def parallels(graph: EstateGraph) -> list[Parallel]:
    """Groups of two or more interfaces with equal (source, destination, domain, direction): ARC-13's candidates."""
    groups: dict[tuple[str, str, str, str], list[Link]] = defaultdict(list)
    for link in graph.links:
        if link.domain is not None and link.direction:
            groups[link.source, link.target, link.domain, link.direction].append(link)
    return [
        Parallel(*key, tuple(sorted(links, key=lambda link: link.interface)))
        for key, links in sorted(groups.items())
        if len({link.interface for link in links}) > 1
    ]


def overlapping_paths(graph: EstateGraph) -> list[MediatedPath]:
    """(source, destination, domain) served through two or more mediators (ARC-12, second half).

    Only mediators that route or transform count: a broker that distributes is no redundant middleware. Cost: the
    paths of two hops from a source through a mediator of the domain.
    """
    into: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    out_of: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for link in graph.links:
        if link.domain is None or not link.direction:
            continue
        if graph.layer(link.target) in MEDIATING_LAYERS:
            into[link.domain, link.target][link.source].add(link.interface)
        if graph.layer(link.source) in MEDIATING_LAYERS:
            out_of[link.domain, link.source][link.target].add(link.interface)
    mediators: dict[str, list[str]] = defaultdict(list)
    for domain, mediator in sorted(into.keys() & out_of.keys()):
        mediators[domain].append(mediator)
    found = []
    for domain, names in sorted(mediators.items()):
        for source, target, through in _shared_routes(domain, names, into, out_of):
            via = tuple(
                (name, tuple(sorted(into[domain, name][source] | out_of[domain, name][target]))) for name in through
            )
            found.append(MediatedPath(source, target, domain, via))
    return found


def _shared_routes(
    domain: str,
    names: list[str],
    into: Mapping[tuple[str, str], Mapping[str, set[str]]],
    out_of: Mapping[tuple[str, str], Mapping[str, set[str]]],
) -> list[tuple[str, str, list[str]]]:
    """(source, destination, mediators) of the routes with two mediators or more that are neither end of them."""
    from_source: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for source in into[domain, name]:
            from_source[source].append(name)
    routes: list[tuple[str, str, list[str]]] = []
    for source, near in from_source.items():
        if len(near) < 2:
            continue
        through: dict[str, list[str]] = defaultdict(list)
        for name in near:
            for target in out_of[domain, name]:
                through[target].append(name)
        routes.extend(
            (source, target, via)
            for target, via in through.items()
            if source != target and len({*via} - {source, target}) > 1
        )
    return sorted(routes)


@dataclass(frozen=True, slots=True)
class Transit:
    """How much of a domain's traffic goes through one system.

    ``perhaps`` are interfaces that may belong to any of the other three: they lack an end, a domain or a direction.
    """

    domain: str
    system: str
    into: tuple[str, ...]
    out_of: tuple[str, ...]
    elsewhere: tuple[str, ...]
    perhaps: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Share of the domain's interfaces that the system receives or sends on, as far as they are known."""
        return self._share(0, 0)

    @property
    def low(self) -> float:
        """The share if everything that is not known passes the system by."""
        return self._share(0, len(self.perhaps))

    @property
    def high(self) -> float:
        """The share if everything that is not known goes through the system."""
        return self._share(len(self.perhaps), 0)

    def _share(self, more: int, less: int) -> float:
        through = len(set(self.into) | set(self.out_of)) + more
        total = through + len(self.elsewhere) + less
        return through / total if total else 0.0


def transit(graph: EstateGraph, system: str) -> dict[str, Transit]:
    """Per domain: interfaces that bring data into a system and out of it, and those that pass it by (ARC-03)."""
    tables: dict[str, tuple[set[str], set[str], set[str]]] = {
        domain: (set(), set(), set()) for domain in sorted({*graph.estate.of("domain"), *_domains(graph)})
    }
    perhaps = {entry.id: entry.noun.domain for entry in graph.interfaces.values() if _is_open(entry.noun, system)}
    for link in graph.links:
        if link.domain is None or link.interface in perhaps:
            continue
        into, out_of, elsewhere = tables[link.domain]
        if system not in (link.source, link.target):
            elsewhere.add(link.interface)
        else:
            (into if link.target == system else out_of).add(link.interface)
    return {
        domain: Transit(
            domain=domain,
            system=system,
            into=tuple(sorted(into)),
            out_of=tuple(sorted(out_of)),
            elsewhere=tuple(sorted(elsewhere)),
            perhaps=tuple(sorted(name for name, own in perhaps.items() if own in (None, domain))),
        )
        for domain, (into, out_of, elsewhere) in tables.items()
    }


def _domains(graph: EstateGraph) -> set[str]:
    return {link.domain for link in graph.links if link.domain is not None}


def _is_open(interface: Interface, system: str) -> bool:
    """Whether it is not known if and how the interface serves the system's domains."""
    missing = missing_of(interface)
    if "provider" in missing or "consumers" in missing or "domain" in missing:
        return interface.consumers != ()
    return bool(missing) and may_touch(interface, system)


def cycles(graph: EstateGraph) -> list[tuple[str, ...]]:
    """Strongly connected components with more than one system, largest first, each sorted. O(V+E)."""
    import networkx as nx

    components = (c for c in nx.strongly_connected_components(graph.network) if len(c) > 1)
    return sorted((tuple(sorted(c)) for c in components), key=lambda c: (-len(c), c))


def reachable(graph: EstateGraph, system: str) -> tuple[str, ...]:
    """Systems that data of this one can arrive at, over any number of hops. O(V+E)."""
    import networkx as nx

    return tuple(sorted(nx.descendants(graph.network, system))) if system in graph.network else ()
