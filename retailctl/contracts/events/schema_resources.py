"""Identifiers and dynamic references of a stand-alone JSON Schema.

Source: JSON Schema 2020-12 Core, 8.2 (``$id``, ``$anchor``, ``$dynamicAnchor``) and 8.2.3.2 (``$dynamicRef``); 2019-09
Core, 8.2.4.2 (``$recursiveRef``). A dynamic reference leads to the outermost schema on the way to it that has its
anchor. Everything starts at the root here, so that the anchor of the root wins wherever there is one.
"""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.contracts.api.reading import Paths
from retailctl.contracts.references import Library
from retailctl.contracts.references.pointers import Missing, split_pointer, value_at
from retailctl.contracts.references.problem import ReferenceProblem


class SchemaResources:
    """The resources of the documents of a library: subtrees with an identifier of their own."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._paths = Paths(library.root_path)

    def base_of(self, key: str) -> str:
        """The base of the references at a place: the path of the document, or the key of the resource around it."""
        path, _, pointer = key.partition("#")
        try:
            resource = self._library.resource_of(self._paths.outer(path), pointer)
        except ReferenceProblem:
            return path
        return f"{path}#{resource}" if resource else path

    def entered(self, identifier: str, base: str) -> str | None:
        """The base inside a schema with an ``$id``; None where it names nothing."""
        path, _, resource = base.partition("#")
        if not identifier.partition("#")[0]:
            return None
        try:
            found = self._library.resource_named(identifier, self._paths.outer(path), resource)
        except ReferenceProblem:
            return None
        if found is None:
            return None
        inner = self._paths.inner(found[0])
        return f"{inner}#{found[1]}" if found[1] else inner

    def dynamic(self, keyword: str, reference: str, base: str) -> str | None:
        """The key that a dynamic reference leads to; "" where it is one like any other, None where it cannot be told
        without the way that leads there."""
        name = reference.partition("#")[2] if keyword == "$dynamicRef" else ""
        if keyword == "$dynamicRef" and (not name or name.startswith("/")):
            return ""
        try:
            anchors = dict(self._anchors(name))
            start = self._start(reference, base, name)
        except ReferenceProblem:
            return ""
        if start not in anchors:
            return ""
        root = (self._library.root_path, "")
        if root not in anchors and len(anchors) > 1:
            return None
        found = root if root in anchors else start
        return f"{self._paths.inner(found[0])}#{anchors[found]}"

    def _start(self, reference: str, base: str, name: str) -> tuple[str, str]:
        """The resource that the reference leads to before anything dynamic."""
        path, _, resource = base.partition("#")
        outer = self._paths.outer(path)
        if not name or reference.startswith("#"):
            return outer, resource
        target = self._library.target(reference, self._library.base_of(outer, resource) if resource else outer)
        return target.path, self._library.resource_of(target.path, target.pointer)

    def _anchors(self, name: str) -> Iterator[tuple[tuple[str, str], str]]:
        """(path, resource) and pointer of every dynamic anchor of a name; of every recursive one for no name."""
        library = self._library
        if name:
            for (path, resource), pointer in library.anchored(name).items():
                if self._says(path, pointer, "$dynamicAnchor") == name:
                    yield (path, resource), pointer
            return
        for path in library.paths:
            for resource in library.resources(path):
                if self._says(path, resource, "$recursiveAnchor") is True:
                    yield (path, resource), resource

    def _says(self, path: str, pointer: str, keyword: str) -> object:
        try:
            value = value_at(self._library.data(path), split_pointer(pointer))
        except (Missing, ValueError):
            return None
        return value.get(keyword) if isinstance(value, dict) else None
