"""What ends, who is on it, and what is called without being described: facts of documents and traffic.

Pure functions over the estate; ``lifecycle`` judges what they return.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from retailctl.api.contracts.traffic import Observations, Traffic
from retailctl.contracts.api.urls import erased
from retailctl.graph.estate_graph import provider_of
from retailctl.model.contract_facts import ContractDocument, OperationFact
from retailctl.model.interface import Interface
from retailctl.model.interface_key import HttpKey

_GENERIC: Final = re.compile(r"api|rest|services?|public|v\d+(\.\d+)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ending:
    """What shares one last day: a version (``operation`` None), or one operation with a sunset of its own.

    ``sunset`` is the last day on which it is served, None for what is retired without one. ``traffic`` is that of
    every interface on it.
    """

    document: ContractDocument
    sunset: date | None
    retired: bool
    operation: OperationFact | None = None
    traffic: tuple[Traffic, ...] = ()

    @property
    def shown(self) -> str:
        """For a sentence."""
        return self.operation.name if self.operation else f"version {self.document.version}"


@dataclass(frozen=True, slots=True)
class Undocumented:
    """An operation that is called at the provider of a contract, under its paths, and that no version describes."""

    traffic: Traffic
    contract: str
    method: str
    address: str


def endings(document: ContractDocument, interfaces: Iterable[Interface], seen: Observations) -> Iterator[Ending]:
    """The parts of a version that end or have ended. An operation's own sunset goes before that of its version."""
    on: dict[OperationFact | None, list[Traffic]] = defaultdict(list)
    own = {one: day for one in document.operations if (day := day_of(one.sunset)) is not None}
    for interface in interfaces:
        found = described(interface, document.operations)
        on[found if found in own else None].append(seen.traffic[interface.id])
    retired = document.lifecycle == "retired"
    if document.sunset is not None or retired:
        yield Ending(document, document.sunset, retired, None, tuple(on[None]))
    for operation, day in own.items():
        yield Ending(document, day, retired, operation, tuple(on[operation]))


def day_of(text: str | None) -> date | None:
    """The day of a sunset, a date or a time stamp of RFC 3339; None for anything else."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def described(interface: Interface, operations: Iterable[OperationFact]) -> OperationFact | None:
    """The operation behind the key of an interface, if one is described."""
    key = interface.key
    if not isinstance(key, HttpKey) or not key.address or not key.method:
        return None
    methods = {method.strip().upper() for method in key.method.replace("|", ",").split(",")}
    address = _segments(key.address)
    for operation in operations:
        asked = operation.method in methods or "*" in methods
        if asked and any(_same(_segments(url), address) for url in operation.urls):
            return operation
    return None


def undocumented(documents: Mapping[str, ContractDocument], seen: Observations) -> Iterator[Undocumented]:
    """Calls that no document describes, in order of interface; only of providers that were watched."""
    by_provider: dict[str, list[ContractDocument]] = defaultdict(list)
    for document in documents.values():
        if document.is_api and document.provider:
            by_provider[document.provider].append(document)
    for id_, traffic in seen.traffic.items():
        interface: Interface = seen.interfaces[id_].noun
        provider = provider_of(interface)
        known = by_provider.get(provider or "", [])
        key = interface.key
        if not known or traffic.until is None or not isinstance(key, HttpKey) or not key.method or not key.address:
            continue
        if key.protocol != "http" or seen.watched(provider).until is None:
            continue
        if any(document.problem or document.unresolved for document in known):
            continue  # what could not be read may describe it
        if described(interface, (operation for document in known for operation in document.operations)) is None:
            contract = _above(interface, known)
            if contract is not None:
                yield Undocumented(traffic, contract, key.method.upper(), key.address)


def _above(interface: Interface, documents: Iterable[ContractDocument]) -> str | None:
    """The contract that should describe a call: the one that the interface names, else the one whose paths it is
    under; the longest base wins."""
    address = _segments(getattr(interface.key, "address", ""))
    best: tuple[int, str] | None = None
    operations: dict[str, list[OperationFact]] = defaultdict(list)
    for document in documents:
        if document.path == interface.contract:
            return document.contract
        operations[document.contract].extend(document.operations)
    for contract, described_ones in operations.items():
        base = _base([_segments(url) for operation in described_ones for url in operation.urls])
        if base and _same(base, address[: len(base)]) and (best is None or (len(base), contract) > best):
            best = len(base), contract
    return best[1] if best else None


def _base(urls: list[list[str]]) -> list[str]:
    """The segments that all paths begin with, up to the first parameter.

    Nothing where they name no subject: below ``/api`` or ``/v2`` there is room for other contracts.
    """
    shared: list[str] = []
    for column in zip(*urls, strict=False):
        if len(set(column)) > 1 or "{}" in column[0]:
            break
        shared.append(column[0])
    return shared if any(not _GENERIC.fullmatch(segment) for segment in shared) else []


def _segments(address: str) -> list[str]:
    """The segments of a path, or of the path of a URL, with nameless parameters."""
    _, separator, rest = address.partition("://")
    bare = rest.partition("/")[2] if separator else address
    return erased(bare).split("?")[0].strip("/").split("/")


def _same(described_as: list[str], called: list[str]) -> bool:
    """Equal segment by segment; a parameter stands for any value."""
    if len(described_as) != len(called):
        return False
    return all(one == other or "{}" in one for one, other in zip(described_as, called, strict=True))
