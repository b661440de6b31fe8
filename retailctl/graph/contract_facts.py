"""Derived facts of API contracts: what a rule may ask of one document, and where what it names is written.

A list that names what is missing is left out when it is empty and the document could not be followed to the end: then
nothing shows that nothing is missing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from retailctl.errors import Location
from retailctl.graph.estate_graph import EstateGraph, provider_of
from retailctl.graph.plugins import LIMITERS, THROTTLING, is_upstream, plugins_of
from retailctl.model.contract_facts import ContractDocument, OperationFact, Place, ResponseFact, VersionStep
from retailctl.model.interface import Interface

Facts = dict[str, dict[str, Any]]
Places = dict[str, dict[str, tuple[Location, ...]]]
Named = tuple[str, Place]
"""A name for the message, and the place that it is written at."""

_CALLED: Final = frozenset({"http", "soap", "ws", "rpc"})
_READING: Final = frozenset({"GET", "HEAD", "DELETE", "OPTIONS", "TRACE"})
_REPLACING: Final = frozenset({"PUT", "PATCH", "QUERY"})
_WITHOUT_BODY: Final = frozenset({"202", "204", "205", "206"})
_LIMIT_HEADER = re.compile(r"retry-after|(x-)?rate-?limit(-.*)?")
_ENDING: Final = frozenset({"deprecated", "retiring"})


class ContractFacts(NamedTuple):
    """Facts by path of the document, and the places of those that name parts of it."""

    values: Facts
    places: Places


def contract_facts(graph: EstateGraph) -> ContractFacts:
    """Facts of every API document of a version that is not retired."""
    users = _users(graph)
    found = ContractFacts({}, {})
    for path, document in graph.estate.documents.items():
        if not document.is_api or document.lifecycle == "retired":
            continue
        values, places = _about(document), dict[str, tuple[Location, ...]]()
        for name, named in _lists(document, users(document), graph).items():
            if named is None or (not named and (document.problem or document.unresolved)):
                continue
            values[name] = [name for name, _ in named]
            places[name] = tuple(Location(place.path, pointer=place.pointer) for _, place in named)
        values |= _step(document, graph)
        found.values[path], found.places[path] = values, places
        place = graph.estate.steps[path].place if path in graph.estate.steps else None
        if place is not None:
            places["breaking"] = (Location(place.path, pointer=place.pointer),)
    return found


def users_of(graph: EstateGraph) -> dict[str, list[Interface]]:
    """Path of a contract document -> interfaces that name it and are not retired, in id order."""
    found: dict[str, list[Interface]] = defaultdict(list)
    for entry in graph.interfaces.values():
        if entry.noun.contract and entry.noun.lifecycle != "retired":
            found[entry.noun.contract].append(entry.noun)
    return found


def may_have_contract(interface: Interface) -> bool:
    """Whether an interface that names no contract may be under an API contract all the same.

    It is not over a protocol without API contracts, and not in class C, of which CON-01 asks none.
    """
    if interface.classification is not None and interface.classification.criticality == "C":
        return False
    return interface.key is None or interface.key.protocol in _CALLED


class _Users(NamedTuple):
    """The interfaces that name a document, and whether there may be more."""

    interfaces: tuple[Interface, ...]
    complete: bool


def _users(graph: EstateGraph) -> Callable[[ContractDocument], _Users]:
    """Finds the interfaces under a document. One of the same provider that names no contract may be under it."""
    naming = users_of(graph)
    nouns = [entry.noun for entry in graph.interfaces.values()]
    open_ = {provider_of(one) for one in nouns if not one.contract and may_have_contract(one)}

    def users(document: ContractDocument) -> _Users:
        found = tuple(naming.get(document.path, ()))
        providers = {document.provider, *map(provider_of, found)} - {None}
        complete = not open_ or (bool(providers) and None not in open_ and not providers & open_)
        return _Users(found, complete)

    return users


def _about(document: ContractDocument) -> dict[str, Any]:
    about = {
        "id": document.path,
        "name": document.contract,
        "version": document.version or document.declared_version,
        "format": document.format,
        "domain": document.domain,
        "provider": document.provider,
        "owner": document.owner,
        "lifecycle": document.lifecycle,
    }
    return {name: value for name, value in about.items() if value is not None}


def _lists(document: ContractDocument, users: _Users, graph: EstateGraph) -> dict[str, list[Named] | None]:
    """Fact -> what it names; None for what cannot be known."""
    whole = Place(path=document.path, pointer="")
    per_operation: dict[str, Callable[[OperationFact], bool]] = {
        "untyped_operations": _untyped,
        "operations_without_errors": _without_errors,
        "unlimited_operations": _unlimited,
        "open_operations": lambda operation: _open(operation, document),
    }
    certain = [operation for operation in document.operations if not _hides(operation, document)]
    lists: dict[str, list[Named] | None] = {
        name: [(operation.name, operation.place) for operation in certain if test(operation)]
        for name, test in per_operation.items()
    }
    lists["operations"] = [(operation.name, operation.place) for operation in document.operations]
    lists["error_schemas"] = list(_error_schemas(document))
    lists["deprecated_without_sunset"] = list(_without_sunset(document, whole))
    lists["unlisted_consumers"] = _unlisted(document, users, whole)
    lists["unthrottled_interfaces"] = _unthrottled(document, users, graph, whole)
    return lists


def _hides(operation: OperationFact, document: ContractDocument) -> bool:
    """Whether what the operation seems to lack may stand behind a reference of it that leads nowhere."""
    own = f"{operation.place.pointer}/"
    shared = f"{operation.place.pointer.rpartition('/')[0]}/parameters/"
    return any(
        one.place.path == operation.place.path and one.place.pointer.startswith((own, shared))
        for one in document.unresolved
    )


def _untyped(operation: OperationFact) -> bool:
    """Whether the request or the answer has no schema.

    A POST may do without a body when what it acts on stands in its path or query (``/orders/{ref}/cancel``).
    """
    asks = operation.body == "typed" or (
        operation.body == "none"
        and operation.method not in _REPLACING
        and (operation.method in _READING or bool(operation.parameters))
    )
    return not asks or bool(operation.untyped_parameters) or not _answers(operation)


def _answers(operation: OperationFact) -> bool:
    """Whether each success has a schema; a redirect or an answer that has no body by its status is one."""
    successes = [response for response in operation.responses if response.is_success]
    if not successes:
        return any(response.status[:1] in ("1", "3") for response in operation.responses)
    return all(one.typed and (bool(one.media_types) or _bodiless(operation, one)) for one in successes)


def _bodiless(operation: OperationFact, response: ResponseFact) -> bool:
    return (
        operation.method == "HEAD"
        or operation.webhook
        or response.status in _WITHOUT_BODY
        or (response.status == "201" and "location" in response.headers)
    )


def _without_errors(operation: OperationFact) -> bool:
    """Whether 4xx or 5xx (or ``default`` for both) is missing, or one of them has no schema."""
    if operation.webhook:  # whoever is called decides how he fails
        return False
    errors = [response for response in operation.responses if response.is_error]
    covered = {response.status[:1] for response in errors}
    complete = "d" in covered or covered >= {"4", "5"}
    return not complete or any(not (response.media_types and response.typed) for response in errors)


def _error_schemas(document: ContractDocument) -> Iterator[Named]:
    """The schemas of errors, the most used first, each with the place where it is used first."""
    used: dict[str, list[Place]] = defaultdict(list)
    for operation in document.operations:
        for response in operation.responses:
            for schema in response.schemas if response.is_error else ():
                used[schema].append(response.place)
    for schema in sorted(used, key=lambda name: (-len(used[name]), name)):
        yield schema.rpartition("/")[2] or schema, used[schema][0]


def _unlimited(operation: OperationFact) -> bool:
    """Whether the operation does not say what happens to a caller who asks too often."""
    if operation.webhook or operation.limits_declared:
        return False
    refused = any(operation.with_status("429"))
    told = (_LIMIT_HEADER.fullmatch(header) for response in operation.responses for header in response.headers)
    return not refused or not any(told)


def _open(operation: OperationFact, document: ContractDocument) -> bool:
    """Whether somebody may call without saying who he is, as far as the document says."""
    known = {name for name, _ in document.schemes}
    if operation.security is None:
        return not operation.webhook
    return not operation.security or any(not set(names) <= known or not names for names in operation.security)


def _without_sunset(document: ContractDocument, whole: Place) -> Iterator[Named]:
    if document.sunset is not None:
        return
    if document.lifecycle in _ENDING:
        yield f"version {document.version}", whole
    for operation in document.operations:
        if operation.deprecated and not operation.sunset:
            yield operation.name, operation.place


def _unlisted(document: ContractDocument, users: _Users, whole: Place) -> list[Named] | None:
    """Consumers of a version that ends whom ``contract.yaml`` does not name, so that nobody tells them."""
    ending = document.lifecycle in _ENDING or any(operation.deprecated for operation in document.operations)
    if not ending:
        return None if document.problem else []
    if document.listed_consumers is None:
        return None
    systems = {consumption.system for interface in users.interfaces for consumption in interface.consumers or ()}
    unlisted = sorted(systems - set(document.listed_consumers))
    if not unlisted and not (users.complete and all(one.consumers is not None for one in users.interfaces)):
        return None
    return [(system, whole) for system in unlisted]


def _unthrottled(document: ContractDocument, users: _Users, graph: EstateGraph, whole: Place) -> list[Named] | None:
    """Interfaces whose gateway was read and has no limit; None while that of one of them is not known."""
    found: list[Named] = []
    unknown = not users.complete and is_upstream(graph, document.provider) is not True
    for interface in users.interfaces:
        throttled = _throttled(interface, document, graph)
        if throttled is False:
            found.append((interface.id, whole))
        unknown = unknown or throttled is None
    return None if unknown and not found else found


def _throttled(interface: Interface, document: ContractDocument, graph: EstateGraph) -> bool | None:
    """What is known of a limit in front of the interface. A partner and a rented platform keep theirs."""
    provider = provider_of(interface) or document.provider
    system = graph.system(provider) if provider else None
    if is_upstream(graph, provider) or THROTTLING & set(interface.mediation or ()):
        return True
    plugins = plugins_of(interface, system)
    return None if plugins is None else bool(LIMITERS & set(plugins))


def _step(document: ContractDocument, graph: EstateGraph) -> dict[str, Any]:
    step = graph.estate.steps.get(document.path)
    if step is None:
        return {"successor": False}
    found: dict[str, Any] = {"successor": True, "previous": step.from_version}
    new_major = is_new_major(step)
    if new_major is not None:
        found["new_major"] = new_major
    if step.breaking is not None:
        found["breaking"] = step.breaking
    if step.required_bump is not None:
        found["required_bump"] = step.required_bump
    if step.first_breaking:
        found["first_breaking"] = step.first_breaking
    return found


def is_new_major(step: VersionStep) -> bool | None:
    """Whether the major version rises with the step; None for versions that are no numbers."""
    before, after = _major(step.from_version), _major(step.to_version)
    return None if before is None or after is None else after > before


def _major(version: str) -> int | None:
    found = re.match(r"[vV]?(\d{1,9})", version)
    return int(found[1]) if found else None


def versions_in_order(
    documents: Mapping[str, ContractDocument], *, events: bool = False
) -> dict[str, list[ContractDocument]]:
    """Folder of a contract -> its API documents, oldest version first; those whose version is no number are left out.

    Documents of one version are told apart by file name: each name without its ending has a line of its own.
    ``events``: the event contracts instead of the APIs.
    """
    lines: dict[str, list[ContractDocument]] = defaultdict(list)
    for path, document in documents.items():
        folders = path.rpartition("/")[0].rpartition("/")[0]
        version = document.version or ""
        wanted = document.is_events if events else document.is_api
        if wanted and re.fullmatch(r"[vV]?\d+(\.\d+)*", version):
            lines[f"{folders}/*/{path.rpartition('/')[2].partition('.')[0]}"].append(document)
    return {key: sorted(line, key=_order) for key, line in sorted(lines.items())}


def _order(document: ContractDocument) -> tuple[int, ...]:
    return tuple(int(part[:9]) for part in re.findall(r"\d+", document.version or ""))
