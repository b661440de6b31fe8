"""The operations of a document with their parameters, through references and over files; nothing is inlined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from retailctl.contracts.lint.version import Version
from retailctl.contracts.references import Library, ReferenceProblem
from retailctl.contracts.references.pointers import escape

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter where it is written (``pointer`` may be a reference) and what it says."""

    path: str
    pointer: str
    value: Mapping[str, object]

    @property
    def name(self) -> str:
        """The name, "" when it has none."""
        return text(self.value.get("name"))

    @property
    def location(self) -> str:
        """The value of ``in``, "" when it has none."""
        return text(self.value.get("in"))


@dataclass(frozen=True, slots=True)
class PathItem:
    """A Path Item. ``template`` is the key under ``paths``, or "" in webhooks and callbacks."""

    path: str
    pointer: str
    template: str
    value: Mapping[str, object]
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation with its own parameters; ``item`` holds those it shares."""

    method: str
    pointer: str
    item: PathItem
    value: Mapping[str, object]
    parameters: tuple[Parameter, ...]

    @property
    def path(self) -> str:
        """The document it stands in."""
        return self.item.path


class Outline:
    """Path items and operations of one document, built once."""

    def __init__(self, library: Library, version: Version) -> None:
        self.library, self.version = library, version
        root = library.data(library.root_path)
        self.root: Mapping[str, object] = root if isinstance(root, Mapping) else {}
        self.items = tuple(self._items())
        self.operations = tuple(operation for item in self.items for operation in self._operations(item))

    def resolve(self, value: object, path: str, pointer: str) -> tuple[str, str, object]:
        """The value itself, or what it refers to in the end, with its place; (…, None) when it leads nowhere."""
        return resolved(self.library, path, pointer, value)

    def _items(self) -> Iterator[PathItem]:
        seen: set[tuple[str, str]] = set()
        waiting: list[tuple[str, str, object]] = []
        for key in ("paths", "webhooks"):
            for name, value in mapping(self.root.get(key)).items():
                if not (key == "paths" and name.startswith("x-")):
                    waiting.append((name if key == "paths" else "", f"/{key}/{escape(name)}", value))
        for template, pointer, value in waiting:
            yield from self._item(template, self.library.root_path, pointer, value, seen)

    def _item(
        self, template: str, path: str, pointer: str, value: object, seen: set[tuple[str, str]]
    ) -> Iterator[PathItem]:
        stack = [(template, path, pointer, value)]
        while stack:
            template, path, pointer, value = stack.pop()
            path, pointer, value = self.resolve(value, path, pointer)
            if not isinstance(value, Mapping) or (not template and (path, pointer) in seen):
                continue
            seen.add((path, pointer))
            item = PathItem(path, pointer, template, value, tuple(self._parameters(path, pointer, value)))
            yield item
            for operation in self._operations(item):
                stack.extend(reversed(tuple(self._callbacks(operation))))

    def _operations(self, item: PathItem) -> Iterator[Operation]:
        methods = METHODS if self.version.minor < 2 else (*METHODS, "query")
        found = [(method, f"{item.pointer}/{method}", item.value.get(method)) for method in methods]
        if self.version.minor >= 2:
            more = mapping(item.value.get("additionalOperations"))
            found += [(m, f"{item.pointer}/additionalOperations/{escape(m)}", value) for m, value in more.items()]
        for method, pointer, value in found:
            if isinstance(value, Mapping):
                yield Operation(method, pointer, item, value, tuple(self._parameters(item.path, pointer, value)))

    def _parameters(self, path: str, pointer: str, holder: Mapping[str, object]) -> Iterator[Parameter]:
        values = holder.get("parameters")
        for index, value in enumerate(values if isinstance(values, list) else ()):
            found = self.resolve(value, path, f"{pointer}/parameters/{index}")[2]
            if isinstance(found, Mapping):
                yield Parameter(path, f"{pointer}/parameters/{index}", found)

    def _callbacks(self, operation: Operation) -> Iterator[tuple[str, str, str, object]]:
        for name, callback in mapping(operation.value.get("callbacks")).items():
            pointer = f"{operation.pointer}/callbacks/{escape(name)}"
            path, pointer, value = self.resolve(callback, operation.path, pointer)
            for expression, item in mapping(value).items():
                if not expression.startswith("x-"):
                    yield "", path, f"{pointer}/{escape(expression)}", item


def resolved(library: Library, path: str, pointer: str, value: object) -> tuple[str, str, object]:
    """The value itself, or what it refers to in the end, with its place; (…, None) when it leads nowhere."""
    if isinstance(value, Mapping) and isinstance(ref := value.get("$ref"), str):
        try:
            found = library.follow(ref, library.base_of(path, pointer))
        except ReferenceProblem:
            return path, pointer, None
        return found.path, found.pointer, found.value
    return path, pointer, value


def mapping(value: object) -> dict[str, object]:
    """The value if it is a mapping, with keys as text; an empty one otherwise."""
    return {str(key): item for key, item in value.items()} if isinstance(value, Mapping) else {}


def text(value: object) -> str:
    """The value if it is text, "" otherwise."""
    return value if isinstance(value, str) else ""
