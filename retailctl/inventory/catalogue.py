"""Entities of a Backstage catalogue: references, relations, and which of them lead nowhere in what was scanned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from retailctl.errors import IncompleteError, InputError
from retailctl.inventory.artefact import Artefact

VERSION: Final = "backstage.io/"
ANNOTATION: Final = "retailctl.io/"  # what exports say beside the entity

# Relation of a spec -> kind of the entity that a bare name stands for (Backstage: well-known relations).
RELATIONS: Final[Mapping[str, str]] = {
    "owner": "group",
    "system": "system",
    "domain": "domain",
    "subcomponentOf": "component",
    "subdomainOf": "domain",
    "providesApis": "api",
    "consumesApis": "api",
    "apiProvidedBy": "component",
    "apiConsumedBy": "component",
    "dependsOn": "component",
    "dependencyOf": "component",
    "parent": "group",
    "children": "group",
}
_CHECKED: Final = frozenset(
    {"component", "api", "system", "domain", "resource", "group"}
)  # people are nobody's business
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
_REF: Final = re.compile(r"(?:(?P<kind>[A-Za-z][A-Za-z0-9]*):)?(?:(?P<space>[a-zA-Z0-9-]+)/)?(?P<name>[^:/\s]+)")


def is_name(text: object) -> bool:
    """Is it a name of an entity by Backstage's rules: 1 to 63 of letters, digits, ``-``, ``_`` and ``.``?"""
    return isinstance(text, str) and _NAME.fullmatch(text) is not None


def full_ref(text: str, kind: str, namespace: str = "default") -> str | None:
    """``kind:namespace/name`` in lower case, as Backstage compares; None for what is no reference."""
    found = _REF.fullmatch(text.strip())
    if found is None:
        return None
    return f"{found['kind'] or kind}:{found['space'] or namespace}/{found['name']}".lower()


def short(ref: str) -> str:
    """The name that a reference is known by: without kind, and without the namespace where it is the usual one."""
    space, _, name = ref.partition(":")[2].partition("/")
    return name if space == "default" else f"{space}/{name}"


def _references(
    spec: Mapping[str, Any], namespace: str
) -> Iterator[tuple[str, tuple[str | int, ...], str | None, str]]:
    """(relation, steps below the entity, full reference or None, as written) of every relation of an entity."""
    for relation, kind in RELATIONS.items():
        given = spec.get(relation)
        several = given if isinstance(given, list) else [given] if isinstance(given, str) else ()
        for number, text in enumerate(several):
            steps: tuple[str | int, ...] = ("spec", relation, *((number,) if isinstance(given, list) else ()))
            if isinstance(text, str) and text.strip():
                yield relation, steps, full_ref(text, kind, namespace), text


@dataclass(frozen=True, slots=True)
class Entity:
    """One document of a catalogue file. ``relations`` are (relation, full reference, place below the document)."""

    steps: tuple[str | int, ...]
    kind: str
    ref: str
    meta: Mapping[str, Any]
    spec: Mapping[str, Any]
    relations: tuple[tuple[str, str, tuple[str | int, ...]], ...]


def is_entity(root: Any) -> bool:
    """Is a document an entity of a catalogue? Kinds of others that share the file are not."""
    return isinstance(root, dict) and str(root.get("apiVersion", "")).startswith(VERSION) and bool(root.get("kind"))


def entities_of(artefact: Artefact) -> tuple[list[Entity], list[InputError]]:
    """The entities of a file, and what is wrong in those that cannot be used. Raises InputError as the file does."""
    entities: list[Entity] = []
    problems: list[InputError] = []
    for steps, root in artefact.documents():
        if is_entity(root):
            _entity(artefact, steps, root, entities, problems)
    return entities, problems


def _entity(
    artefact: Artefact,
    steps: tuple[str | int, ...],
    root: Mapping[str, Any],
    entities: list[Entity],
    problems: list[InputError],
) -> None:
    meta, spec = root.get("metadata"), root.get("spec") or {}
    if not isinstance(meta, dict) or not is_name(meta.get("name")):
        hint = "metadata.name is 1 to 63 letters, digits, - _ and ."
        problems.append(artefact.error("INP020", "entity has no name that Backstage takes", steps, hint=hint))
        return
    if not isinstance(spec, dict):
        hint = "write spec as key: value lines"
        problems.append(artefact.error("INP020", "spec of the entity is not a mapping", (*steps, "spec"), hint=hint))
        return
    kind, space = str(root["kind"]).lower(), str(meta.get("namespace") or "default")
    relations = []
    for relation, below, ref, text in _references(spec, space):
        if ref is None:
            said = f"{relation}: {text[:80]!r} is no reference to an entity"
            problems.append(artefact.error("INP020", said, (*steps, *below), hint="write [kind:][namespace/]name"))
        else:
            relations.append((relation, ref, below))
    own = f"{kind}:{space}/{meta['name']}".lower()
    entities.append(Entity(steps, kind, own, meta, spec, tuple(relations)))


def dangling(artefacts: Iterable[Artefact]) -> Iterator[InputError]:
    """One located error per relation to an entity that none of these files declares.

    A catalogue is spread over many files: give it all of one scan. People are not looked for.
    """
    files: list[tuple[Artefact, list[Entity]]] = []
    for artefact in artefacts:
        with suppress(InputError, IncompleteError):  # the reader has said what is wrong with it
            files.append((artefact, entities_of(artefact)[0]))
    known = {entity.ref for _, entities in files for entity in entities}
    hint = "correct the name, add the entity, or scan the file that declares it"
    for artefact, entities in files:
        for entity in entities:
            for _, ref, below in entity.relations:
                if ref not in known and ref.partition(":")[0] in _CHECKED:
                    said = f"relation to {ref}, which no catalogue file of this scan declares"
                    yield artefact.error("INP023", said, (*entity.steps, *below), hint=hint)
