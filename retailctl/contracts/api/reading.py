"""A contract document to the normal form of an API."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from retailctl.contracts.api.model import ApiDocument, Family, Place
from retailctl.contracts.api.openapi import OpenApiReader
from retailctl.contracts.api.swagger import SwaggerReader
from retailctl.contracts.references import Library, ReferenceProblem
from retailctl.contracts.references.pointers import Missing, split_pointer, value_at
from retailctl.contracts.schemas.document_store import DocumentStore
from retailctl.errors import Location

_FAMILIES: Final[dict[str, Family]] = {"3.0": "openapi-3.0", "3.1": "openapi-3.1", "3.2": "openapi-3.2"}
_MAX_CHAIN: Final = 10_000


def family_of(raw: Any) -> Family | None:
    """The family of an API document, None when it is no Swagger 2.0 or OpenAPI 3.0 to 3.2 document.

    The version counts only as text: ``openapi: 3.1`` is a number, and lint says so.
    """
    if not isinstance(raw, dict):
        return None
    if raw.get("swagger") == "2.0" and "openapi" not in raw:
        return "swagger-2.0"
    version = raw.get("openapi")
    if not isinstance(version, str) or "swagger" in raw:
        return None
    parts = version.split("-")[0].split(".")
    if len(parts) not in (2, 3) or not all(part.isdigit() for part in parts):
        return None
    return _FAMILIES.get(".".join(parts[:2]))


class Paths:
    """Inside the normal form the root document is "" and every other one is named from its folder, so that the same
    reference has the same key on both sides of a comparison."""

    __slots__ = ("_folder", "_root")

    def __init__(self, root: str) -> None:
        self._root, self._folder = root, posixpath.dirname(root)

    def inner(self, path: str) -> str:
        """The name of a document inside the normal form."""
        if path == self._root:
            return ""
        return path if "://" in path else posixpath.relpath(path, self._folder or ".")

    def outer(self, path: str) -> str:
        """The path of a document in the workspace."""
        if not path:
            return self._root
        return path if "://" in path else posixpath.normpath(posixpath.join(self._folder, path))


def read_api(library: Library) -> ApiDocument | None:
    """The API document at the root of a library; None when :func:`family_of` knows no family for it."""
    raw = library.root.data
    family = family_of(raw)
    if family is None:
        return None
    lookup, value_of, follow = access(library)
    store = DocumentStore(
        lookup, value_of, "openapi-3.0" if family in ("swagger-2.0", "openapi-3.0") else "2020-12"
    )  # fmt: skip
    if family == "swagger-2.0":
        return SwaggerReader(raw, "", store, follow).read()
    return OpenApiReader(raw, "", family, store, follow).read()


class Access(NamedTuple):
    """Ways into the documents of a library: one reference, one place, and the end of a chain of references."""

    lookup: Callable[[str, str], tuple[str, str, Any]]
    value_of: Callable[[str, str], Any]
    follow: Callable[[Any, Place], tuple[Any, Place]]


def access(library: Library) -> Access:
    """How a reader of contract documents gets at them. All three raise KeyError for what leads nowhere."""
    paths = Paths(library.root_path)
    lookup = _lookup(library, paths)

    def follow(value: Any, place: Place) -> tuple[Any, Place]:
        seen: set[Place] = set()
        while isinstance(value, dict) and isinstance(value.get("$ref"), str):
            path, pointer, value = lookup(value["$ref"], place.path)
            place = Place(path, pointer)
            if place in seen or len(seen) > _MAX_CHAIN:
                raise KeyError(pointer)
            seen.add(place)
        return value, place

    return Access(lookup, _value(library, paths), follow)


def locate(library: Library, place: Place) -> Location:
    """Line and column of a place; of the closest parent that exists."""
    path = Paths(library.root_path).outer(place.path)
    try:
        return library.document(path).locate(place.pointer)
    except ReferenceProblem:
        return Location(path, 0, 0, pointer=place.pointer)


def _lookup(library: Library, paths: Paths) -> Callable[[str, str], tuple[str, str, Any]]:
    def lookup(reference: str, base: str) -> tuple[str, str, Any]:
        path, _, resource = base.partition("#")  # the document, or a schema with an identifier in it
        start = paths.outer(path)
        try:
            target = library.target(reference, library.base_of(start, resource) if resource else start)
        except ReferenceProblem:
            raise KeyError(reference) from None
        return paths.inner(target.path), target.pointer, target.value

    return lookup


def _value(library: Library, paths: Paths) -> Callable[[str, str], Any]:
    def value(path: str, pointer: str) -> Any:
        try:
            return value_at(library.document(paths.outer(path)).data, split_pointer(pointer))
        except (ReferenceProblem, Missing, ValueError):
            try:  # asked again as a reference, so that the library knows of the problem
                return library.target("#" + quote(pointer, safe="/~"), paths.outer(path)).value
            except ReferenceProblem:
                raise KeyError(f"{path}#{pointer}") from None

    return value
