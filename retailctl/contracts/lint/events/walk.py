"""Every object of an AsyncAPI document with the kind that its place gives it, through references and over files."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from retailctl.contracts.lint.events.notation import Choice, ListOf, MapOf, Type, Word, picks
from retailctl.contracts.lint.events.specification import Specification
from retailctl.contracts.lint.schema_walk import SchemaPlace, nested_schemas
from retailctl.contracts.lint.sections import Reference
from retailctl.contracts.references import Library, ReferenceProblem
from retailctl.contracts.references.pointers import escape

SCHEMA: Final = Word("schema")
_SCHEMAS: Final = frozenset({"schema", "headers", "object-schema"})


class Thing(NamedTuple):
    """An object of the table at its place, never a reference. ``key`` is its key in a map, "" elsewhere."""

    kind: str
    path: str
    pointer: str
    key: str
    value: Mapping[str, object]

    @property
    def place(self) -> tuple[str, str]:
        """The document and the pointer."""
        return self.path, self.pointer

    def below(self, *steps: str | int) -> tuple[str, str]:
        """The place of something in it."""
        return self.path, self.pointer + "".join("/" + escape(str(step)) for step in steps)


@dataclass(slots=True)
class Found:
    """What a walk met, in document order.

    ``kinds`` are those of the objects written in the root document where their kind is known; ``targets`` says of a
    reference where it leads and which kinds are meant.
    """

    things: list[Thing] = field(default_factory=list)
    schemas: list[SchemaPlace] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    kinds: dict[tuple[str, str], str] = field(default_factory=dict)
    targets: dict[tuple[str, str], tuple[tuple[str, str], frozenset[str]]] = field(default_factory=dict)


class _Place(NamedTuple):
    path: str
    pointer: str
    key: str
    value: object
    type: Type


class Walker:
    """Walks from typed values; whatever a reference leads to is walked once, as the kind of the reference."""

    def __init__(self, library: Library, spec: Specification) -> None:
        self._library, self._spec = library, spec
        self._seen: set[tuple[str, str, str]] = set()
        self._later: deque[_Place] = deque()
        self.found = Found()

    def walk(self, path: str, pointer: str, value: object, type: Type) -> None:
        """Walk one value and, after it, what its references lead to."""
        self._later.append(_Place(path, pointer, "", value, type))
        while self._later:
            stack = [self._later.popleft()]
            while stack:
                stack.extend(reversed(list(self._children(stack.pop()))))
            if not self.found.kinds:
                self.found.kinds = {thing.place: thing.kind for thing in self.found.things}

    def refer(self, path: str, pointer: str, value: object) -> None:
        """Follow the reference that a value of another language may be."""
        if isinstance(value, Mapping) and isinstance(text := value.get("$ref"), str):
            self._reference(path, f"{pointer}/$ref", text, None)

    def _children(self, place: _Place) -> Iterator[_Place]:
        path, pointer, _, value, type = place
        if isinstance(type, Choice):
            yield from self._choice(place, type)
        elif isinstance(type, ListOf) and isinstance(value, list):
            for index, item in enumerate(value):
                yield _Place(path, f"{pointer}/{index}", "", item, type.item)
        elif isinstance(type, MapOf) and isinstance(value, Mapping):
            for key, item in value.items():
                if not str(key).startswith("x-"):
                    yield _Place(path, f"{pointer}/{escape(str(key))}", str(key), item, type.item)
        elif isinstance(type, Word):
            yield from self._word(place, type)

    def _choice(self, place: _Place, type: Choice) -> Iterator[_Place]:
        value, options = place.value, type.options
        if options[0][0] == "$ref":
            options = options[1:]
            if picks("$ref", value):
                meant = Choice(options) if len(options) > 1 else options[0][1]
                self._reference(place.path, f"{place.pointer}/$ref", value["$ref"], meant)  # type: ignore[index]
                return
        tag = value.get("type") if isinstance(value, Mapping) else None
        for condition, option in options:
            if isinstance(option, Word) and option.is_object and not condition and len(options) > 1:
                if option.name == tag:  # objects told apart by their type
                    yield place._replace(type=option)
                    return
            elif not condition or picks(condition, value):
                yield place._replace(type=option)
                return
        if options[-1][0] == "" and len([one for one in options if not one[0]]) == 1:
            yield place._replace(type=options[-1][1])

    def _word(self, place: _Place, word: Word) -> Iterator[_Place]:
        path, pointer, key, value, _ = place
        if word.name in self._spec.aliases:
            yield place._replace(type=self._spec.aliases[word.name])
        elif word.name.startswith("ref"):
            if isinstance(value, Mapping) and isinstance(value.get("$ref"), str):
                meant = Word(word.name.partition("@")[2], is_object=True)
                self._reference(path, f"{pointer}/$ref", value["$ref"], meant)
        elif word.is_object and isinstance(value, Mapping):
            yield from self._object(Thing(word.name, path, pointer, key, value))
        elif word.name in _SCHEMAS:
            self._schema(path, pointer, value)

    def _object(self, thing: Thing) -> Iterator[_Place]:
        if not self._first(thing.path, thing.pointer, thing.kind):
            return
        self.found.things.append(thing)
        for name, content in self._spec.objects[thing.kind].items():
            if name == "$ref" and isinstance(text := thing.value.get("$ref"), str):
                self._reference(*thing.below("$ref"), text, Word(thing.kind, is_object=True))
            elif name in thing.value:
                yield _Place(*thing.below(name), "", thing.value[name], content.type)

    def _schema(self, path: str, pointer: str, value: object) -> None:
        for one in nested_schemas(path, pointer, value):
            if self._first(one.path, one.pointer, "schema"):
                self.found.schemas.append(one)
                for keyword in ("$ref", "$dynamicRef"):
                    if isinstance(text := one.schema.get(keyword), str):
                        self._reference(one.path, f"{one.pointer}/{keyword}", text, SCHEMA)

    def _first(self, path: str, pointer: str, kind: str) -> bool:
        key = (path, pointer, kind)
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def _reference(self, path: str, pointer: str, text: object, meant: Type | None) -> None:
        if not isinstance(text, str) or not self._first(path, pointer, "$ref"):
            return
        problem: ReferenceProblem | None = None
        try:
            base = self._library.base_of(path, pointer.rpartition("/")[0])
            target = self._library.target(text, base)
            if meant is not None:
                many = isinstance(target.value, Mapping) and "schemaFormat" in target.value and meant == SCHEMA
                type = Word("multiFormatSchema", is_object=True) if many and self._spec.major == 3 else meant
                key = target.pointer.rpartition("/")[2]  # what the reference ends in is the name of what it leads to
                self._later.append(_Place(target.path, target.pointer, key, target.value, self._with_reference(type)))
                self.found.targets[path, pointer] = ((target.path, target.pointer), self.kinds(meant))
            self._library.follow(text, base)
        except ReferenceProblem as caught:
            problem = caught
        self.found.references.append(Reference(path, pointer, text, problem))

    def _with_reference(self, type: Type) -> Type:
        """What a reference leads to may be a reference again."""
        options = type.options if isinstance(type, Choice) else (("", type),)
        return type if type == SCHEMA else Choice((("$ref", Word("ref")), *options))

    def kinds(self, type: Type) -> frozenset[str]:
        """The names of the objects that a type allows; nothing when it allows others as well."""
        if isinstance(type, Choice):
            found = [self.kinds(option) for _, option in type.options]
            return frozenset().union(*found) if all(found) else frozenset()
        if isinstance(type, Word) and type.name in self._spec.aliases:
            return self.kinds(self._spec.aliases[type.name])
        return frozenset({type.name}) if isinstance(type, Word) and (type.is_object or type == SCHEMA) else frozenset()
