"""backstage: entities of ``catalog-info.yaml``, several to a file.

A Component or Resource is a system, an API an interface, a Group a team, a Domain a domain. Users are people and are
not kept. An API of a catalogue has no address: it gets a key only where the entity carries one, as exports of retailctl
do, or names a remote.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from retailctl.errors import InputError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.catalogue import ANNOTATION, VERSION, Entity, entities_of, is_entity, short
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.inventory.urls import key_of, url_of
from retailctl.model.interface_key import InterfaceKey
from retailctl.model.seen import Seen, SeenConsumer, SeenKind
from retailctl.model.sighting import Coverage, Window

_KINDS: Final[Mapping[str, SeenKind]] = {
    "component": "system", "resource": "system", "api": "interface", "group": "team", "domain": "domain"
}  # fmt: skip
_LIFECYCLES: Final = {"production": "active", "deprecated": "deprecated", "planned": "planned", "active": "active", "retiring": "retiring", "retired": "retired"}  # fmt: skip # noqa: E501
_PATTERNS: Final = {"openapi": "rest", "graphql": "rest", "grpc": "rpc", "asyncapi": "event"}
_ADAPTER: Final[TypeAdapter[InterfaceKey]] = TypeAdapter(InterfaceKey)
# What an export says beside the entity, and which attribute it is.
_MORE: Final = ("domain", "mode", "direction", "disposition", "schedule", "capability", "pattern", "connector", "contract", "replaced_by", "lifecycle", "classification.criticality", "classification.latency")  # fmt: skip # noqa: E501


def _detect(artefact: Artefact) -> float:
    if VERSION.encode() not in artefact.head:
        return 0.0
    try:
        entities = [is_entity(root) for _, root in artefact.documents()]
        # A stream may hold manifests of others too; what it begins with is what it was made for.
        return 0.0 if not any(entities) else 0.98 if entities[0] else 0.9
    except InputError:
        return 0.6 if artefact.name.startswith("catalog-info.") else 0.0


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    entities, problems = entities_of(artefact)
    if not entities and not problems:
        hint = "a catalogue file has documents with apiVersion: backstage.io/... and kind"
        raise artefact.error("INP020", "is no catalogue: no document in it is an entity", hint=hint)
    yield from problems
    for entity in entities:
        yield from _seen(artefact, entity, entities, reading)
    yield Coverage(source="backstage", scope="*", window=Window(start=reading.as_of, end=reading.as_of))


def _seen(artefact: Artefact, entity: Entity, entities: list[Entity], reading: Reading) -> Iterator[Found]:
    kind = _KINDS.get(entity.kind)
    common: dict[str, Any] = {
        "source": "backstage",
        "ref": artefact.ref((*entity.steps, "metadata", "name")),
        "at": reading.as_of,
    }
    title = entity.meta.get("title")
    figures: dict[str, Any] = {"entity": entity.ref, **({"title": title} if isinstance(title, str) else {})}
    name = _annotation(entity, "id") or short(entity.ref)
    if kind == "interface":
        yield from _interface(artefact, entity, entities, reading, {**common, "name": name, "figures": figures})
    elif kind is not None:
        yield Seen(kind=kind, name=name, values=_values(entity, reading), figures=figures, **common)
    elif entity.kind == "system":  # a group of components: nothing runs under this name
        yield Seen(kind="capability", name=name, figures=figures, **common)
    # An API that another file provides: the component says so, wherever the API is declared.
    if entity.kind in ("component", "resource"):
        yield from _used(artefact, entity, entities, common, name)


def _used(
    artefact: Artefact, entity: Entity, entities: list[Entity], common: dict[str, Any], name: str
) -> Iterator[Found]:
    here = {other.ref for other in entities}
    for relation, ref, below in entity.relations:
        if ref in here or not ref.startswith("api:"):
            continue
        more = {"provider": name} if relation == "providesApis" else {"consumers": (SeenConsumer(name=name),)}
        if relation in ("providesApis", "consumesApis"):
            yield Seen(
                **{**common, "ref": artefact.ref((*entity.steps, *below))}, name=short(ref), confidence=0.5, **more
            )


def _interface(
    artefact: Artefact, entity: Entity, entities: list[Entity], reading: Reading, common: dict[str, Any]
) -> Iterator[Found]:
    ends: dict[str, list[str]] = {"provider": [], "consumers": []}
    for other in entities:
        for relation, ref, _ in other.relations:
            if ref == entity.ref and relation in ("providesApis", "consumesApis"):
                ends["provider" if relation == "providesApis" else "consumers"].append(_called(other))
    by_ref = {other.ref: _called(other) for other in entities}
    for relation, ref, _ in entity.relations:
        if relation in ("apiProvidedBy", "apiConsumedBy"):
            ends["provider" if relation == "apiProvidedBy" else "consumers"].append(by_ref.get(ref, short(ref)))
    key, problem = _key(artefact, entity)
    yield from problem
    values = _values(entity, reading)
    if (pattern := _PATTERNS.get(str(entity.spec.get("type", "")).lower())) is not None:
        values.setdefault("pattern", pattern)
    consumers = tuple(SeenConsumer(name=one) for one in dict.fromkeys(ends["consumers"]))
    providers = list(dict.fromkeys(ends["provider"]))
    provider = (key.provider if key is not None else None) or (providers[0] if len(providers) == 1 else "")
    figures = {**common.pop("figures"), "type": str(entity.spec.get("type", ""))}
    figures |= {"providers": providers} if len(providers) > 1 else {}
    yield Seen(
        kind="interface", key=key, provider=provider, consumers=consumers, values=values, figures=figures, **common
    )


def _called(entity: Entity) -> str:
    return _annotation(entity, "id") or short(entity.ref)


def _values(entity: Entity, reading: Reading) -> dict[str, Any]:
    """Attributes by the words of the inventory; an owner who is a user is a person."""
    values: dict[str, Any] = {}
    owner = next((ref for relation, ref, _ in entity.relations if relation == "owner"), None)
    if owner is not None:
        person = owner.startswith("user:")
        values["owner"] = reading.pseudonym(owner) if person else _annotation(entity, "owner") or short(owner)
    lifecycle = _LIFECYCLES.get(str(entity.spec.get("lifecycle", "")).lower())
    values |= {"lifecycle": lifecycle} if lifecycle is not None else {}
    if entity.kind in ("component", "resource") and isinstance(entity.spec.get("type"), str):
        values["kind"] = entity.spec["type"]
    for attribute in _MORE:
        if said := _annotation(entity, attribute):
            values[attribute] = said
    return values


def _annotation(entity: Entity, name: str) -> str:
    annotations = entity.meta.get("annotations")
    found = annotations.get(ANNOTATION + name) if isinstance(annotations, dict) else None
    return found if isinstance(found, str) else ""


def _key(artefact: Artefact, entity: Entity) -> tuple[InterfaceKey | None, list[InputError]]:
    if text := _annotation(entity, "key"):
        try:
            return _ADAPTER.validate_python(json.loads(text)), []
        except (ValidationError, ValueError, RecursionError):
            steps = (*entity.steps, "metadata", "annotations", f"{ANNOTATION}key")
            return None, [
                artefact.error("INP020", "annotation is no key of an interface", steps, hint="export it again")
            ]
    remotes = entity.spec.get("remotes")
    first = remotes[0] if isinstance(remotes, list) and remotes else None
    url = url_of(str(first.get("url", ""))) if isinstance(first, dict) else None
    return (key_of(url) if url is not None else None), []


READER = Reader("backstage", "Backstage catalogue (catalog-info.yaml)", _detect, _read)
