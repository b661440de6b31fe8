"""backstage: entities of ``catalog-info.yaml``, several to a file.

A Component or Resource is a system, an API an interface, a Group a team, a Domain a domain. Users are people and are
not kept. An API of a catalogue has no address: it gets a key only where the entity carries one, as exports of retailctl
do, or names a remote.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from retailctl.errors import InputError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.catalogue import full_ref, is_name, references, short
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.inventory.urls import key_of, url_of
from retailctl.model.interface_key import InterfaceKey
from retailctl.model.seen import Seen, SeenConsumer, SeenKind
from retailctl.model.sighting import Coverage, Window

ANNOTATION: Final = "retailctl.io/"
_VERSION: Final = "backstage.io/"
_KINDS: Final[Mapping[str, SeenKind]] = {
    "component": "system", "resource": "system", "api": "interface", "group": "team", "domain": "domain"
}  # fmt: skip
_LIFECYCLES: Final = {"production": "active", "deprecated": "deprecated", "planned": "planned", "active": "active", "retiring": "retiring", "retired": "retired"}  # fmt: skip # noqa: E501
_PATTERNS: Final = {"openapi": "rest", "graphql": "rest", "grpc": "rpc", "asyncapi": "event"}
_ADAPTER: Final[TypeAdapter[InterfaceKey]] = TypeAdapter(InterfaceKey)
# What an export says beside the entity, and which attribute it is.
_MORE: Final = ("domain", "mode", "direction", "disposition", "schedule", "capability", "pattern", "connector", "contract", "replaced_by", "lifecycle", "classification.criticality", "classification.latency")  # fmt: skip # noqa: E501


@dataclass(frozen=True, slots=True)
class _Entity:
    """One document of the file that is an entity. ``relations`` are (relation, reference) with the place of each."""

    steps: tuple[str | int, ...]
    kind: str
    ref: str
    meta: Mapping[str, Any]
    spec: Mapping[str, Any]
    relations: tuple[tuple[str, str, str], ...]


def _detect(artefact: Artefact) -> float:
    if b"backstage.io/" not in artefact.head:
        return 0.0
    try:
        return 0.95 if any(_is_entity(root) for _, root in artefact.documents()) else 0.0
    except InputError:
        return 0.6 if artefact.name.startswith("catalog-info.") else 0.0


def _is_entity(root: Any) -> bool:
    return isinstance(root, dict) and str(root.get("apiVersion", "")).startswith(_VERSION) and bool(root.get("kind"))


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    roots = [(steps, root) for steps, root in artefact.documents() if _is_entity(root)]
    if not roots:
        hint = "a catalogue file has documents with apiVersion: backstage.io/... and kind"
        raise artefact.error("INP020", "is no catalogue: no document in it is an entity", hint=hint)
    entities: list[_Entity] = []
    for steps, root in roots:
        made = _entity(artefact, steps, root)
        yield from made[1]
        entities.extend(made[0])
    for entity in entities:
        yield from _seen(artefact, entity, entities, reading)
    yield Coverage(source="backstage", scope="*", window=Window(start=reading.as_of, end=reading.as_of))


def _entity(
    artefact: Artefact, steps: tuple[str | int, ...], root: dict[str, Any]
) -> tuple[list[_Entity], list[InputError]]:
    meta, spec = root.get("metadata"), root.get("spec", {})
    if not isinstance(meta, dict) or not is_name(meta.get("name")):
        hint = "metadata.name is 1 to 63 letters, digits, - _ and ."
        return [], [artefact.error("INP020", "entity has no name that Backstage takes", steps, hint=hint)]
    if spec is not None and not isinstance(spec, dict):
        return [], [artefact.error("INP020", "spec of the entity is not a mapping", (*steps, "spec"))]
    kind, space = str(root["kind"]).lower(), str(meta.get("namespace") or "default")
    relations, problems = [], []
    for relation, below, ref, text in references(spec or {}, space):
        if ref is None:
            said = f"{relation}: {text[:80]!r} is no reference to an entity"
            problems.append(artefact.error("INP020", said, (*steps, *below), hint="write [kind:][namespace/]name"))
        else:
            relations.append((relation, ref, artefact.ref((*steps, *below))))
    name = full_ref(f"{kind}:{space}/{meta['name']}", kind) or ""
    return [_Entity(steps, kind, name, meta, spec or {}, tuple(relations))], problems


def _seen(artefact: Artefact, entity: _Entity, entities: list[_Entity], reading: Reading) -> Iterator[Found]:
    kind = _KINDS.get(entity.kind)
    common: dict[str, Any] = {
        "source": "backstage",
        "ref": artefact.ref((*entity.steps, "metadata", "name")),
        "at": reading.as_of,
    }
    figures: dict[str, Any] = {
        "entity": entity.ref,
        "relations": {ref: place for _, ref, place in entity.relations},
        **({"title": title} if isinstance(title := entity.meta.get("title"), str) else {}),
    }
    name = _annotation(entity, "id") or short(entity.ref)
    if kind == "interface":
        yield from _interface(artefact, entity, entities, reading, {**common, "name": name, "figures": figures})
    elif kind is not None:
        yield Seen(kind=kind, name=name, values=_values(entity, reading), figures=figures, **common)
    elif entity.kind == "system":  # a group of components: nothing runs under this name
        yield Seen(kind="capability", name=name, figures=figures, **common)
    # An API that another file provides: the component says so, wherever the API is declared.
    if entity.kind in ("component", "resource"):
        yield from _used(entity, entities, common, name)


def _used(entity: _Entity, entities: list[_Entity], common: dict[str, Any], name: str) -> Iterator[Found]:
    here = {other.ref for other in entities}
    for relation, ref, place in entity.relations:
        if ref in here or not ref.startswith("api:"):
            continue
        more = {"provider": name} if relation == "providesApis" else {"consumers": (SeenConsumer(name=name),)}
        if relation in ("providesApis", "consumesApis"):
            yield Seen(**{**common, "ref": place}, name=short(ref), confidence=0.5, **more)


def _interface(
    artefact: Artefact, entity: _Entity, entities: list[_Entity], reading: Reading, common: dict[str, Any]
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
    yield Seen(kind="interface", key=key, provider=provider, consumers=consumers, values=values, figures=figures, **common)


def _called(entity: _Entity) -> str:
    return _annotation(entity, "id") or short(entity.ref)


def _values(entity: _Entity, reading: Reading) -> dict[str, Any]:
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


def _annotation(entity: _Entity, name: str) -> str:
    annotations = entity.meta.get("annotations")
    found = annotations.get(ANNOTATION + name) if isinstance(annotations, dict) else None
    return found if isinstance(found, str) else ""


def _key(artefact: Artefact, entity: _Entity) -> tuple[InterfaceKey | None, list[InputError]]:
    if text := _annotation(entity, "key"):
        try:
            return _ADAPTER.validate_python(json.loads(text)), []
        except (ValidationError, ValueError, RecursionError):
            steps = (*entity.steps, "metadata", "annotations", f"{ANNOTATION}key")
            return None, [artefact.error("INP020", "annotation is no key of an interface", steps, hint="export it again")]
    remotes = entity.spec.get("remotes")
    first = remotes[0] if isinstance(remotes, list) and remotes else None
    url = url_of(str(first.get("url", ""))) if isinstance(first, dict) else None
    return (key_of(url) if url is not None else None), []


READER = Reader("backstage", "Backstage catalogue (catalog-info.yaml)", _detect, _read)
