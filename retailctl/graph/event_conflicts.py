"""What inventory, contract document and ``contract.yaml`` say of one event and cannot all be true.

A statement on a whole document or contract is a default, so an event that says otherwise contradicts nobody. A
partition key against the ordering, and the retention of the broker against the declared one, are left to EVT-08 and
EVT-05.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from retailctl.errors import Location
from retailctl.graph.event_contracts import EventContract, Said, event_contracts, said
from retailctl.model.contract_facts import ContractDocument
from retailctl.model.estate import Assertion, Conflict, Estate
from retailctl.model.event_facts import Attribute
from retailctl.model.event_words import fields_named, kept_minutes

_NONE: Final = "none"


class ContractConflict(NamedTuple):
    """A contradiction about an event, or about a whole contract: then ``subject`` is the path of ``contract.yaml``."""

    subject: str
    conflict: Conflict
    owner: str | None = None
    domain: str | None = None


class EventConflicts(NamedTuple):
    """The contradictions, in order of event and attribute, those about consumers of a contract last; and the events of
    which both the inventory and a contract say something, so that they could differ."""

    conflicts: tuple[ContractConflict, ...]
    compared: frozenset[str]


def event_conflicts(estate: Estate) -> EventConflicts:
    """What the sources of all events contradict each other in."""
    contracts = event_contracts(estate)
    found = [
        ContractConflict(id_, conflict, contract.event.owner, contract.event.domain)
        for id_, contract in contracts.items()
        for conflict in _of_event(contract)
    ]
    found.extend(_listed_consumers(estate, contracts))
    return EventConflicts(tuple(found), frozenset(id_ for id_, one in contracts.items() if _could_differ(one)))


def _could_differ(contract: EventContract) -> bool:
    return any(not one.default and contract.declared(one.attribute) is not None for one in contract.statements)


def _of_event(contract: EventContract) -> Iterator[Conflict]:
    for attribute, compared in _COMPARED.items():
        told = _distinct(contract, attribute, compared)
        if len(told) > 1:
            yield Conflict(attribute, tuple(_assertion(one) for one in told))
    listed = next((one for one in contract.statements if one.attribute == "consumers"), None)
    consumers = contract.event.consumers
    if listed is not None and consumers is not None:
        systems = {one.system for one in consumers}
        if set(listed.values) != systems:
            here = Said(", ".join(sorted(systems)) or _NONE, "inventory", _place_of(contract, "consumers"))
            yield Conflict("consumers", (_assertion(here), _assertion(said(listed))))


def _distinct(contract: EventContract, attribute: Attribute, compared: Callable[[str], Any]) -> list[Said]:
    """One source for each thing that is said: the inventory, what counts in the contract, its bindings.

    What cannot be compared (prose) contradicts nothing.
    """
    specific = [one for one in contract.statements if one.attribute == attribute and not one.default]
    chosen = [one for index, one in enumerate(specific) if index == 0 or one.source.endswith(" binding")]
    declared = contract.declared(attribute)
    told: dict[Any, Said] = {}
    for one in (*((declared,) if declared is not None else ()), *map(said, chosen)):
        value = compared(one.value)
        if value is not None:
            told.setdefault(value, one)
    return list(told.values())


def _fields(text: str) -> frozenset[str] | None:
    names = fields_named(text)
    return None if names is None else frozenset(names)


def _words(text: str) -> str | None:
    return text.strip().lower() or None


_COMPARED: Final[Mapping[Attribute, Callable[[str], Any]]] = {
    "owner": _words,
    "kind": _words,
    "publisher": _words,
    "idempotency": _fields,
    "ordering": _fields,
    "partition_key": _fields,
    "retention": kept_minutes,
    "replay": lambda text: 0 if text.strip().lower() == _NONE else kept_minutes(text),
    "dead_letter": _words,
}


def _listed_consumers(estate: Estate, contracts: Mapping[str, EventContract]) -> Iterator[ContractConflict]:
    """Consumers that ``contract.yaml`` lists and no event under it has, and consumers of an event that it lacks."""
    under: dict[str, list[EventContract]] = defaultdict(list)
    for contract in contracts.values():
        document = contract.document
        if document is not None and document.is_events and document.promise and document.listed_consumers is not None:
            under[document.promise].append(contract)
    for promise, events in sorted(under.items()):
        document = events[0].document
        if document is not None:
            yield from _unlisted(promise, document, events)
            yield from _absent(promise, document, events, estate)


def _unlisted(promise: str, document: ContractDocument, events: list[EventContract]) -> Iterator[ContractConflict]:
    listed = document.listed_consumers or ()
    there = Said(", ".join(listed) or _NONE, "contract.yaml", Location(promise, pointer="/consumers"))
    for contract in events:
        missing = sorted({one.system for one in contract.event.consumers or ()} - set(listed))
        if missing:
            here = Said(f"{', '.join(missing)} too", "inventory", _place_of(contract, "consumers"))
            conflict = Conflict("contract consumers", (_assertion(here), _assertion(there)))
            yield ContractConflict(contract.entry.id, conflict, contract.event.owner, contract.event.domain)


def _absent(
    promise: str, document: ContractDocument, events: list[EventContract], estate: Estate
) -> Iterator[ContractConflict]:
    """Only while the consumers of each event under the contract are known: else the listed one may be among them."""
    if any(one.event.consumers is None for one in events) or estate.unread_of("event"):
        return
    users = {one.system for contract in events for one in contract.event.consumers or ()}
    absent = sorted(set(document.listed_consumers or ()) - users)
    if absent:
        here = Said(", ".join(sorted(users)) or _NONE, "inventory", _place_of(events[0], "consumers"))
        there = Said(f"{', '.join(absent)} too", "contract.yaml", Location(promise, pointer="/consumers"))
        conflict = Conflict("consumers", (_assertion(there), _assertion(here)))
        yield ContractConflict(promise, conflict, document.owner, document.domain)


def _place_of(contract: EventContract, field: str) -> Location:
    origin = contract.entry.origins[0]
    return Location(origin.path, pointer=f"{origin.pointer}/{field}")


def _assertion(told: Said) -> Assertion:
    return Assertion(told.value, told.source, "register" if told.source == "inventory" else "contract", told.location)
