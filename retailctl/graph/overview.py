"""The overview that ``graph show`` prints: how many, how dense, who carries the most, where it turns in circles."""

from __future__ import annotations

from collections import Counter
from typing import Any

from retailctl.graph.estate_graph import INTEGRATION_LAYERS, EstateGraph
from retailctl.graph.queries import cycles, degrees, direct_pairs, overlapping_paths, parallels

_TOP = 10


def overview(graph: EstateGraph) -> dict[str, Any]:
    """Plain values, sorted; shares are 0 to 1."""
    density = direct_pairs(graph)
    direct = degrees(density)
    mediated = {
        link.interface
        for link in graph.links
        if graph.layer(link.source) in INTEGRATION_LAYERS or graph.layer(link.target) in INTEGRATION_LAYERS
    }
    linked = {link.interface for link in graph.links}
    load = Counter(end for link in graph.links for end in {link.source, link.target})
    hubs = sorted(load.items(), key=lambda item: (-item[1], item[0]))[:_TOP]
    return {
        "systems": len(graph.known_ends()),
        "systems_not_declared": sorted(graph.known_ends() - set(graph.systems) - set(graph.estate.of("partner"))),
        "interfaces": len(graph.interfaces),
        "flows": len(graph.flows),
        "layers": _count(graph.layer(system) or "not declared" for system in sorted(graph.known_ends())),
        "domains": _count(entry.noun.domain or "not declared" for entry in graph.interfaces.values()),
        "direct_pairs": len(density.direct),
        "possible_pairs": density.possible,
        "density": round(density.low, 4),
        "hub_share": round(len(mediated) / len(linked), 4) if linked else 0.0,
        "hubs": [{"system": s, "links": n, "direct_partners": direct.get(s, (0, 0))[0]} for s, n in hubs],
        "parallel_groups": len(parallels(graph)),
        "overlapping_paths": len(overlapping_paths(graph)),
        "cycles": [{"systems": list(component)} for component in cycles(graph)],
    }


def _count(values: Any) -> dict[str, int]:
    return dict(sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])))
