"""Whom a change breaks: operation to interface to consumers, owners, processes and waves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from retailctl.api.contracts.called import Called
from retailctl.contracts.api.urls import erased
from retailctl.model.contract_change import AffectedConsumer, Uses
from retailctl.model.estate import Estate
from retailctl.model.interface import Consumption, Interface
from retailctl.model.interface_key import HttpKey
from retailctl.model.wave_file import WaveFile


@dataclass(frozen=True, slots=True)
class Consumers:
    """Who uses what, as the estate has it. ``waves`` are the wave files of the workspace."""

    estate: Estate
    waves: Sequence[WaveFile] = ()
    _by_contract: dict[str, list[Interface]] = field(default_factory=dict)
    _wave_of: dict[str, str] = field(default_factory=dict)
    _processes_of: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
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
            for interface in self._by_contract.get(path, ()):
                uses, evidence = _uses(interface, operations)
                for consumer in interface.consumers or ():
                    one = self._one(interface, consumer, uses, evidence, path)
                    found.setdefault((one.system, one.interface), one)
        order = {"yes": 0, "unknown": 1, "no": 2}
        return tuple(sorted(found.values(), key=lambda one: (order[one.uses], one.system, one.interface)))

    def _one(
        self, interface: Interface, consumer: Consumption, uses: Uses, evidence: str, path: str
    ) -> AffectedConsumer:
        seen = f"; last seen {consumer.last_seen}" if consumer.last_seen else ""
        system = self.estate.of("system").get(consumer.system)
        owner = getattr(system.noun, "owner", None) if system else None
        return AffectedConsumer(
            system=consumer.system,
            interface=interface.id,
            owner=owner or interface.owner,
            wave=self._wave_of.get(interface.id),
            processes=tuple(sorted(set(self._processes_of.get(interface.id, ())))),
            version=_version(path),
            uses=uses,
            evidence=evidence + seen,
        )


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
