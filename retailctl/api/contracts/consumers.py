"""Whom a change breaks: operation to interface to consumers, owners, processes and waves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from retailctl.api.contracts.called import Called
from retailctl.api.contracts.traffic import Observations, Traffic, Watched, observations
from retailctl.contracts.api.urls import erased
from retailctl.graph.estate_graph import provider_of
from retailctl.model.contract_change import AffectedConsumer, Uses
from retailctl.model.estate import Estate
from retailctl.model.interface import Consumption, Interface
from retailctl.model.interface_key import HttpKey
from retailctl.model.wave_file import WaveFile

_ORDER: Final = {"yes": 0, "unknown": 1, "no": 2}


@dataclass(frozen=True, slots=True)
class Consumers:
    """Who uses what, as the estate has it. ``waves`` are the wave files of the workspace; ``observed`` is what logs
    and captures say of calls."""

    estate: Estate
    waves: Sequence[WaveFile] = ()
    _by_contract: dict[str, list[Interface]] = field(default_factory=dict)
    _wave_of: dict[str, str] = field(default_factory=dict)
    _processes_of: dict[str, list[str]] = field(default_factory=dict)
    observed: Observations = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "observed", observations(self.estate))
        for entry in self.estate.of("interface").values():
            interface: Interface = entry.noun
            if interface.contract and interface.lifecycle != "retired":
                self._by_contract.setdefault(interface.contract, []).append(interface)
        for file in self.waves:
            for unit in file.wave.units or ():
                self._wave_of.setdefault(unit.split(":")[0], file.wave.id)
        for entry in self.estate.of("process").values():
            for step in entry.noun.steps or ():
                if step.interface:
                    self._processes_of.setdefault(step.interface, []).append(entry.id)

    def knows(self, paths: Iterable[str]) -> bool:
        """True if any interface names one of the documents."""
        return any(path in self._by_contract for path in paths)

    def of(self, paths: Iterable[str], operations: Sequence[Called]) -> tuple[AffectedConsumer, ...]:
        """The consumers of every interface under these documents, those of the operations first."""
        found: dict[tuple[str, str], AffectedConsumer] = {}
        for path in paths:
            on_it = self._by_contract.get(path, ())
            for interface in on_it:
                declared = _uses(interface, operations)
                for consumer in interface.consumers or ():
                    uses, evidence = self._weighed(interface, consumer, declared, on_it)
                    one = self.one(interface, consumer.system, uses, evidence, path)
                    found.setdefault((one.system, one.interface), one)
        return tuple(sorted(found.values(), key=lambda one: (_ORDER[one.uses], one.system, one.interface)))

    def of_messages(self, paths: Iterable[str], addresses: Collection[str]) -> tuple[AffectedConsumer, ...]:
        """Who takes and who sends messages under these documents, those of the channels first."""
        from retailctl.api.contracts.carried import carries, role_in

        found: dict[tuple[str, str], AffectedConsumer] = {}
        for path in paths:
            for interface in self._by_contract.get(path, ()):
                uses, evidence = carries(interface, addresses)
                for consumer in interface.consumers or ():
                    one = replace(
                        self.one(interface, consumer.system, uses, evidence, path), role=role_in(interface)
                    )  # fmt: skip
                    found.setdefault((one.system, one.interface), one)
        return tuple(sorted(found.values(), key=lambda one: (_ORDER[one.uses], one.role, one.system, one.interface)))

    def _weighed(
        self, interface: Interface, consumer: Consumption, declared: tuple[Uses, str], on_it: Iterable[Interface]
    ) -> tuple[Uses, str]:
        """What is declared, with what was observed beside it.

        Who was seen on other operations of the contract and, while somebody looked, never on this one does not use it.
        """
        uses, evidence = declared
        traffic = self.observed.traffic[interface.id]
        seen = _seen(traffic, consumer)
        if seen:
            return uses, f"{evidence}; observed: {seen}"
        watched = self.observed.watched(provider_of(interface))
        elsewhere = self._elsewhere(interface, consumer.system, on_it, watched)
        if uses == "yes" and elsewhere:
            return "no", f"{evidence}; observed: {elsewhere}, and never on this one ({watched.shown})"
        return uses, f"{evidence}; not observed ({watched.shown})" if watched.shown else evidence

    def _elsewhere(self, interface: Interface, system: str, on_it: Iterable[Interface], watched: Watched) -> str:
        """Where else under the contract a system was seen inside the windows of the coverage."""
        if watched.until is None:
            return ""
        for other in on_it:
            until = dict(self.observed.traffic[other.id].callers).get(system)
            if other is not interface and until is not None and any(a <= until <= b for a, b in watched.days):
                return f"{other.id} until {until}"
        return ""

    def one(
        self, interface: Interface, system: str, uses: Uses, evidence: str, path: str | None = None
    ) -> AffectedConsumer:
        """One consumer of an interface with everything that the estate knows of it."""
        entry = self.estate.of("system").get(system)
        owner = getattr(entry.noun, "owner", None) if entry else None
        return AffectedConsumer(
            system=system,
            interface=interface.id,
            owner=owner or interface.owner,
            wave=self._wave_of.get(interface.id),
            processes=tuple(sorted(set(self._processes_of.get(interface.id, ())))),
            version=_version(path) if path else None,
            uses=uses,
            evidence=evidence,
        )


def _seen(traffic: Traffic, consumer: Consumption) -> str:
    """The calls of one consumer in words; those of the interface where the sources name nobody."""
    others = {system for system, _ in traffic.callers} - {consumer.system}
    if consumer.last_seen is None:
        return "" if others else traffic.seen
    if not traffic.calls:
        return f"called until {consumer.last_seen}"
    shared = ", shared with other consumers," if others else ""
    return f"{traffic.calls:,} calls{shared} until {consumer.last_seen}"


def _uses(interface: Interface, operations: Sequence[Called]) -> tuple[Uses, str]:
    """Whether the interface is one of the operations, as far as its key says."""
    key = interface.key
    if not isinstance(key, HttpKey) or not key.address or not key.method:
        return "unknown", "the inventory does not say which operation it calls"
    address = erased(_path(key.address))
    declared = f"declared: {key.method.upper()} {key.address}"
    if not operations:
        return "yes", f"{declared}; the change is about the whole contract"
    methods = {method.strip().upper() for method in key.method.replace("|", ",").split(",")}
    for operation in operations:
        if (operation.method in methods or "*" in methods) and any(_same(url, address) for url in operation.urls):
            return "yes", declared
    return "no", declared


def _path(address: str) -> str:
    """The path of an address, which may be a whole URL."""
    _, separator, rest = address.partition("://")
    bare = rest.partition("/")[2] if separator else address
    return "/" + bare.split("?")[0].strip("/")


def _same(url: str, address: str) -> bool:
    """Equal, or one is the other below a base path that the inventory (or the document) leaves out."""
    one, other = url.rstrip("/"), address.rstrip("/")
    return one == other or one.endswith(other) or other.endswith(one)


def _version(path: str) -> str | None:
    folders = path.split("/")[:-1]
    return folders[-1] if len(folders) >= 4 else None
