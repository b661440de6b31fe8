"""Entities of a Backstage catalogue: references, relations, and which of them lead nowhere in what was scanned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from retailctl.errors import InputError, Location
from retailctl.model.seen import Seen

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
_CHECKED: Final = frozenset({"component", "api", "system", "domain", "resource", "group"})  # people are nobody's business
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


def references(spec: Mapping[str, Any], namespace: str) -> Iterator[tuple[str, tuple[str | int, ...], str | None, str]]:
    """(relation, steps below the entity, full reference or None, as written) of every relation of an entity."""
    for relation, kind in RELATIONS.items():
        given = spec.get(relation)
        several = given if isinstance(given, list) else [given] if isinstance(given, str) else ()
        for number, text in enumerate(several):
            steps: tuple[str | int, ...] = ("spec", relation, *((number,) if isinstance(given, list) else ()))
            if isinstance(text, str) and text.strip():
                yield relation, steps, full_ref(text, kind, namespace), text


def dangling(found: Iterable[Seen]) -> Iterator[InputError]:
    """One located error per relation to an entity that is in none of the files scanned, in order of place.

    Give it what the reader ``backstage`` saw in all files of one scan: a catalogue is spread over many.
    """
    entities: set[str] = set()
    wanted: dict[tuple[str, str], None] = {}
    for seen in found:
        if seen.source == "backstage" and "entity" in seen.figures:
            entities.add(seen.figures["entity"])
            wanted.update(dict.fromkeys((place, ref) for ref, place in seen.figures.get("relations", {}).items()))
    for place, ref in sorted(wanted):
        if ref not in entities and ref.partition(":")[0] in _CHECKED:
            path, _, line = place.rpartition("#L")
            at = Location(path, line=int(line)) if path and line.isdigit() else Location(place)
            hint = "correct the name, add the entity, or scan the file that declares it"
            yield InputError("INP023", f"relation to {ref}, which no catalogue file of this scan declares", at=at, hint=hint)
