"""What the passes over an event contract share; built once for a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from retailctl.contracts.lint.context import Context
from retailctl.contracts.lint.events.languages import JSON_SCHEMA, ForeignSchema, language_of
from retailctl.contracts.lint.events.notation import Word
from retailctl.contracts.lint.events.specification import Specification, specification
from retailctl.contracts.lint.events.walk import SCHEMA, Found, Thing, Walker
from retailctl.contracts.lint.outline import mapping, resolved, text
from retailctl.contracts.lint.schema_walk import SchemaPlace
from retailctl.contracts.lint.sections import Section
from retailctl.contracts.references.pointers import escape

Where = tuple[str, str, object]
"""A document, a pointer in it and the value there."""


@dataclass(frozen=True)
class EventContext(Context):
    """One AsyncAPI document, or one JSON Schema, under lint."""

    @cached_property
    def root(self) -> Mapping[str, object]:
        """The root document."""
        return mapping(self.library.data(self.library.root_path))

    @cached_property
    def specification(self) -> Specification:
        """The version of AsyncAPI that the document follows."""
        return specification(".".join(self.version.text.split(".")[:2]))

    @cached_property
    def _walked(self) -> tuple[Found, tuple[ForeignSchema, ...]]:
        walker = Walker(self.library, self.specification)
        walker.walk(self.library.root_path, "", self.root, Word("root", is_object=True))
        other: list[ForeignSchema] = []
        things = walker.found.things
        done = 0
        while done < len(things):  # a schema may lead to further objects
            for where, format in self._written(things[done]):
                if (language := language_of(format)) == JSON_SCHEMA:
                    walker.walk(*where, SCHEMA)
                else:
                    walker.refer(*where)
                    other.append(ForeignSchema(*where, language, format))
            done += 1
        return walker.found, tuple(other)

    def _written(self, thing: Thing) -> Iterator[tuple[Where, str]]:
        """The schemas of an object whose language is said beside them, with its format."""
        if thing.kind == "multiFormatSchema" and "schema" in thing.value:
            yield (*thing.below("schema"), thing.value["schema"]), text(thing.value.get("schemaFormat"))
        elif thing.kind == "message" and self.specification.major == 2:
            format = text(self.field(thing, "schemaFormat"))
            if "payload" in thing.value:
                yield (*thing.below("payload"), thing.value["payload"]), format
        if thing.kind == "message":
            yield from self._kafka_key(thing)

    def _kafka_key(self, message: Thing) -> Iterator[tuple[Where, str]]:
        """The key of a Kafka message is written in the language of the payload."""
        key = mapping(mapping(message.value.get("bindings")).get("kafka")).get("key")
        if key is not None:
            payload = message.value.get("payload")
            many = mapping(self.resolve(*message.below("payload"), payload)[2]) if payload is not None else {}
            format = many.get("schemaFormat") if self.specification.major == 3 else self.field(message, "schemaFormat")
            yield (*message.below("bindings", "kafka", "key"), key), text(format)

    @cached_property
    def found(self) -> Found:
        """Everything that the walk met."""
        return self._walked[0]

    @property
    def foreign(self) -> tuple[ForeignSchema, ...]:
        """The schemas in other languages."""
        return self._walked[1]

    def things(self, *kinds: str) -> Iterator[Thing]:
        """The objects of these kinds in document order."""
        return (thing for thing in self.found.things if thing.kind in kinds)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """One section: objects are walked by kind, over the files that they stand in."""
        path = self.library.root_path
        return (Section(path, "", self.root, self.schemas, tuple(self.found.references)),)

    @cached_property
    def schemas(self) -> tuple[SchemaPlace, ...]:
        """Every JSON Schema of the contract."""
        return tuple(self.found.schemas)

    def resolve(self, path: str, pointer: str, value: object) -> Where:
        """The value itself, or what it refers to in the end, with its place; (…, None) when it leads nowhere."""
        return resolved(self.library, path, pointer, value)

    def layers(self, thing: Thing) -> list[Thing]:
        """An object and its traits; the one that wins comes last (2.x: the traits, 3.x: the object)."""
        traits = thing.value.get("traits")
        found = []
        for index, trait in enumerate(traits if isinstance(traits, list) else ()):
            path, pointer, value = self.resolve(*thing.below("traits", index), trait)
            if isinstance(value, Mapping):
                found.append(Thing(thing.kind, path, pointer, "", value))
        return [thing, *found] if self.specification.major == 2 else [*found, thing]

    def field(self, thing: Thing, name: str) -> object:
        """The value of a field of an object or its traits; None where none has it."""
        return next((one.value[name] for one in reversed(self.layers(thing)) if name in one.value), None)

    def named(self, section: str) -> Iterator[tuple[str, Where]]:
        """The entries of a map of the root document by name, references followed."""
        for name, value in mapping(self.root.get(section)).items():
            if not name.startswith("x-"):
                yield name, self.resolve(self.library.root_path, f"/{section}/{escape(name)}", value)

    def json_schema(self, where: Where) -> Where | None:
        """The JSON Schema behind a payload or headers field, out of its multi-format object; None for others."""
        path, pointer, value = where
        behind = self.resolve(path, pointer, value)
        inner = behind[2]
        if self.specification.major == 3 and isinstance(inner, Mapping) and "schema" in inner:
            format = text(inner.get("schemaFormat"))
            return (behind[0], f"{behind[1]}/schema", inner["schema"]) if language_of(format) == JSON_SCHEMA else None
        return where if isinstance(value, Mapping | bool) and inner is not None else None


@dataclass(frozen=True)
class SchemaContext(Context):
    """One JSON Schema that stands alone."""

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The schema and the parts of other files that it refers to, as one section."""
        path = self.library.root_path
        root = self.library.data(path)
        walker = Walker(self.library, specification("2.6"))
        walker.walk(path, "", root, SCHEMA)
        found = walker.found
        return (Section(path, "", root, tuple(found.schemas), tuple(found.references)),)
