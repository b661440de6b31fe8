"""EstateGraph: who is connected to whom, over what, in which direction of data.

The tables are plain dictionaries built in one pass, because most questions are counters; the networkx graph is made
only when somebody asks for cycles or reachability (import and build together cost more than all counters).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from retailctl.model.estate import Entry, Estate
from retailctl.model.estate_nouns import System
from retailctl.model.interface import Interface

if TYPE_CHECKING:
    import networkx as nx

# Layers whose systems carry other systems' data; the first two also change it on the way (rules.md ARC-12).
MEDIATING_LAYERS = frozenset({"orchestration", "integration"})
INTEGRATION_LAYERS = MEDIATING_LAYERS | {"event_distribution"}

_HTTP = frozenset({"http", "soap", "ws"})
# POST is left out: it creates, updates, and (JSON-RPC, search) reads.
_OPERATION_OF_METHOD = {
    "GET": "read",
    "HEAD": "read",
    "OPTIONS": "read",
    "PUT": "update",
    "PATCH": "update",
    "DELETE": "delete",
}


@dataclass(frozen=True, slots=True)
class Link:
    """Data of one interface going from one system to another. ``source`` and ``target`` follow the data."""

    interface: str
    source: str
    target: str
    domain: str | None
    direction: str
    provider: str
    consumer: str
    connector: str | None


@dataclass(frozen=True, slots=True)
class Flow:
    """Interface x direction x domain, the unit that is planned and moved."""

    id: str
    interface: str
    direction: str
    domain: str


def provider_of(interface: Interface) -> str | None:
    """The system that offers the interface: as declared, else as its key says."""
    return interface.provider or getattr(interface.key, "provider", None)


def direction_of(interface: Interface) -> str | None:
    """in, out or both as declared; for http GET is out and every other method in; else None (estate.md 1)."""
    if interface.direction is not None:
        return interface.direction
    method = getattr(interface.key, "method", None)
    if method and interface.key is not None and interface.key.protocol in _HTTP:
        return "out" if method.upper() in ("GET", "HEAD") else "in"
    return None


def operations_of(interface: Interface) -> tuple[str, ...] | None:
    """What the interface does to records at the provider: declared, else from the method or the SQL access."""
    if interface.operations is not None:
        return interface.operations
    key = interface.key
    method = getattr(key, "method", None)
    if key is not None and key.protocol in _HTTP and method and method.upper() in _OPERATION_OF_METHOD:
        return (_OPERATION_OF_METHOD[method.upper()],)
    if key is not None and key.protocol == "sql" and getattr(key, "access", None):
        return ("read",) if key.access == "read" else ("create", "update")
    return None


class EstateGraph:
    """The tables over one estate. Read only."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.systems: Mapping[str, Entry] = estate.of("system")
        self.interfaces: Mapping[str, Entry] = estate.of("interface")
        self.links: list[Link] = []
        self.by_provider: dict[str, list[str]] = defaultdict(list)
        self.by_consumer: dict[str, list[str]] = defaultdict(list)
        self.by_identity: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for entry in self.interfaces.values():
            self._add(entry.noun)

    def _add(self, interface: Interface) -> None:
        provider = provider_of(interface)
        if provider:
            self.by_provider[provider].append(interface.id)
        for consumption in interface.consumers or ():
            self.by_consumer[consumption.system].append(interface.id)
            if consumption.identity:
                self.by_identity[consumption.identity].append((interface.id, consumption.system))
            if provider:
                self.links.extend(_links(interface, provider, consumption.system))

    def layer(self, system: str) -> str | None:
        """Declared layer of a system, None when the system or its layer is not declared."""
        entry = self.systems.get(system)
        return entry.noun.layer if entry else None

    def is_integration(self, system: str) -> bool | None:
        """Does the system belong to the integration layer? None when its layer is not declared.

        A partner outside the estate is an end point, never integration.
        """
        if system in self.estate.of("partner"):
            return False
        layer = self.layer(system)
        return None if layer is None else layer in INTEGRATION_LAYERS

    def known_ends(self) -> set[str]:
        """Every system or partner that an interface names or the inventory lists."""
        return set(self.systems) | set(self.by_provider) | set(self.by_consumer)

    def system(self, system: str) -> System | None:
        """The declared system, or None."""
        entry = self.systems.get(system)
        return entry.noun if entry else None

    @cached_property
    def flows(self) -> list[Flow]:
        """All flows in id order. An interface without domain or direction has none: it cannot be planned yet."""
        flows = [flow for entry in self.interfaces.values() for flow in _flows(entry.noun)]
        return sorted(flows, key=lambda flow: flow.id)

    @cached_property
    def network(self) -> nx.MultiDiGraph[Any]:
        """Systems as nodes, one edge per link in the direction of data (kind ``data``)."""
        import networkx as nx

        network: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
        network.add_nodes_from(sorted(self.known_ends()))
        network.add_edges_from((link.source, link.target, {"interface": link.interface}) for link in self.links)
        return network


def _links(interface: Interface, provider: str, consumer: str) -> Iterator[Link]:
    direction = direction_of(interface)
    for one in ("in", "out") if direction == "both" else (direction,):
        # Without a direction the link still exists; it is drawn as a call, consumer -> provider.
        source, target = (provider, consumer) if one == "out" else (consumer, provider)
        yield Link(interface.id, source, target, interface.domain, one or "", provider, consumer, interface.connector)


def _flows(interface: Interface) -> Iterator[Flow]:
    direction = direction_of(interface)
    if direction is None or interface.domain is None:
        return
    for one in ("in", "out") if direction == "both" else (direction,):
        yield Flow(f"{interface.id}:{one}:{interface.domain}", interface.id, one, interface.domain)
