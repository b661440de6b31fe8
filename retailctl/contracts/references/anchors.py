"""The ``$id``, ``$anchor`` and ``$self`` of one document: names that references may use instead of pointers.

Source: JSON Schema 2020-12 Core, 8.2 (draft-06 and 07 write an anchor as ``$id: "#name"``, draft-04 as ``id``);
OpenAPI 3.2, ``$self``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from retailctl.contracts.references.walk import family_of, walk_objects

_KEYWORDS = ("$id", "$anchor", "$dynamicAnchor", "id")


@dataclass(frozen=True, slots=True)
class Anchors:
    """Names by the pointer of the resource (the subtree with an ``$id`` of its own; "" is the document)."""

    resources: dict[str, str] = field(default_factory=dict)
    """Pointer of a resource -> its URI without fragment."""

    uris: dict[str, str] = field(default_factory=dict)
    """URI -> pointer of the resource."""

    names: dict[tuple[str, str], str] = field(default_factory=dict)
    """(Pointer of the resource, plain name) -> pointer of the schema."""

    def resource_of(self, pointer: str) -> str:
        """The pointer of the closest resource around a pointer."""
        if len(self.resources) <= 1 and set(self.resources) <= {""}:
            return ""
        while pointer:
            if pointer in self.resources:
                return pointer
            pointer = pointer.rpartition("/")[0]
        return ""


def read_anchors(root: object) -> Anchors:
    """The names that one document declares; Swagger 2.0 and OpenAPI 3.0 have none."""
    family = family_of(root)
    if not isinstance(root, Mapping) or family == "swagger" or str(root.get("openapi", "")).startswith("3.0"):
        return Anchors()
    said = str(root.get("$schema", ""))
    draft4 = any(draft in said for draft in ("draft-03", "draft-04"))
    # Up to draft-07, as in AsyncAPI, whatever stands beside a reference is passed over.
    alone = "asyncapi" in root or "draft-0" in said
    found = Anchors()
    if isinstance(own := root.get("$self"), str):
        _add_resource(found, "", own.partition("#")[0])
    for pointer, schema in walk_objects(root, family):
        if any(keyword in schema for keyword in _KEYWORDS):
            _read(found, pointer, schema, "id" if draft4 else "$id", alone=alone)
    return found


def _read(found: Anchors, pointer: str, schema: Mapping[str, object], keyword: str, *, alone: bool) -> None:
    identifier = schema.get(keyword)
    around = found.resource_of(pointer.rpartition("/")[0]) if pointer else ""
    if isinstance(identifier, str) and not (alone and "$ref" in schema):
        uri, _, anchor = identifier.partition("#")
        if uri:
            _add_resource(found, pointer, _join(found.resources.get(around, ""), uri))
            around = pointer
        if anchor:
            found.names.setdefault((around, anchor), pointer)
    for key in ("$anchor", "$dynamicAnchor"):
        name = schema.get(key)
        if isinstance(name, str):
            found.names.setdefault((found.resource_of(pointer), name), pointer)


def _add_resource(found: Anchors, pointer: str, uri: str) -> None:
    found.resources[pointer] = uri
    found.uris.setdefault(uri, pointer)


def _join(base: str, uri: str) -> str:
    try:
        return urljoin(base, uri)
    except ValueError:
        return uri
