"""Schemas of a contract as one JSON Schema 2020-12 with everything they refer to, for validating values.

Only what decides about acceptance is kept. Left out are formats, patterns that have no linear-time engine, and names in
``required`` that stand for a property of one direction only (``readOnly``, ``writeOnly``): an example may omit those.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from retailctl.contracts.lint.context import Context
from retailctl.contracts.lint.engine import judge_pattern
from retailctl.contracts.lint.outline import mapping
from retailctl.contracts.references import ReferenceProblem
from retailctl.contracts.references.pointers import escape

_KEPT: Final = (
    *("type", "enum", "const", "multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minContains", "maxContains"),
    *("minProperties", "maxProperties", "dependentRequired"),
)
_MAPS: Final = ("properties", "patternProperties", "dependentSchemas")
_LISTS: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE: Final = (
    *("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"),
    *("unevaluatedItems", "unevaluatedProperties"),
)
_UNKNOWN: Final[Mapping[str, frozenset[str]]] = {
    "draft-04": frozenset({"const", "contains", "propertyNames", "if", "then", "else"}),
    "draft-06": frozenset({"if", "then", "else"}),
}
MOST: Final = 3_000
"""Schemas in one bundle; what needs more is not checked."""

Place = tuple[str, str]
Json = dict[str, object]


class TooLarge(Exception):
    """A schema refers to more than is worth compiling."""


class Bundler:
    """Converts each schema of a contract once."""

    def __init__(self, context: Context) -> None:
        self._context, self._library = context, context.library
        self._old = not context.version.uses_json_schema
        self._is_draft = context.version.family in ("asyncapi", "schema")
        self._unknown = _UNKNOWN.get(context.version.text, frozenset())
        self._numbers: dict[Place, int] = {}
        self._converted: dict[int, tuple[Json | bool, tuple[int, ...]]] = {}
        self._values: dict[int, object] = {}
        self._places: dict[int, Place] = {}
        self._one_way: set[str] = {
            name
            for place in context.schemas
            for name, schema in mapping(place.schema.get("properties")).items()
            if isinstance(schema, Mapping) and (schema.get("readOnly") is True or schema.get("writeOnly") is True)
        }

    def bundle(self, path: str, pointer: str, schema: object, most: int) -> Json:
        """One schema that accepts what the schema at the place accepts. Raises TooLarge for more than ``most``."""
        first = self._number((path, pointer), schema)
        needed, waiting = {first}, [first]
        while waiting:
            for number in self._convert(waiting.pop())[1]:
                if number not in needed:
                    needed.add(number)
                    waiting.append(number)
            if len(needed) > min(most, MOST):
                raise TooLarge
        definitions = {str(number): self._convert(number)[0] for number in sorted(needed)}
        return {"$ref": f"#/$defs/{first}", "$defs": definitions}

    def _number(self, place: Place, schema: object) -> int:
        number = self._numbers.setdefault(place, len(self._numbers))
        self._values.setdefault(number, schema)
        self._places.setdefault(number, place)
        return number

    def _convert(self, number: int) -> tuple[Json | bool, tuple[int, ...]]:
        if number not in self._converted:
            links: dict[int, None] = {}
            path, pointer = self._places[number]
            self._converted[number] = (self._schema(path, pointer, self._values[number], links), tuple(links))
        return self._converted[number]

    def _schema(self, path: str, pointer: str, schema: object, links: dict[int, None]) -> Json | bool:
        """Recursive over what is written in one place; the reader bounds its depth."""
        if not isinstance(schema, Mapping):
            return schema if isinstance(schema, bool) else True
        if self._is_draft:
            schema = _current(schema, self._unknown)
        ref = schema.get("$ref", schema.get("$dynamicRef"))
        target = self._target(path, pointer, ref, links) if isinstance(ref, str) else None
        if self._old and isinstance(ref, str):
            return {"$ref": target} if target else True
        made: Json = {key: schema[key] for key in _KEPT if key in schema}
        if target:
            made["$ref"] = target
        made.update(self._nested(path, pointer, schema, links))
        pattern, required = schema.get("pattern"), schema.get("required")
        if isinstance(pattern, str) and judge_pattern(pattern) == "linear":
            made["pattern"] = pattern
        if isinstance(required, list):
            made["required"] = sorted({n for n in required if isinstance(n, str)} - self._one_way)
        _open_for_unknown_patterns(made, schema)
        return _modern(made, schema, nullable=not self._is_draft) if self._old else made

    def _nested(self, path: str, pointer: str, schema: Mapping[str, object], links: dict[int, None]) -> Json:
        made: Json = {}
        for key, value in schema.items():
            at = f"{pointer}/{key}"
            if key in _SINGLE and not isinstance(value, list):
                made[key] = self._schema(path, at, value, links)
            elif key in _LISTS and isinstance(value, list) and value:
                made[key] = [self._schema(path, f"{at}/{n}", part, links) for n, part in enumerate(value)]
            elif key in _MAPS:
                made[key] = {
                    name: self._schema(path, f"{at}/{escape(name)}", part, links)
                    for name, part in mapping(value).items()
                    if key != "patternProperties" or judge_pattern(name) == "linear"
                }
        return made

    def _target(self, path: str, pointer: str, ref: str, links: dict[int, None]) -> str | None:
        try:
            base = self._library.base_of(path, pointer)
            found = self._library.follow(ref, base) if self._old else self._library.target(ref, base)
        except ReferenceProblem:
            return None
        number = self._number((found.path, found.pointer), found.value)
        links[number] = None
        return f"#/$defs/{number}"


def _open_for_unknown_patterns(made: Json, schema: Mapping[str, object]) -> None:
    """Where a pattern was left out, nobody knows which names it takes: the object is open."""
    if len(mapping(made.get("patternProperties"))) < len(mapping(schema.get("patternProperties"))):
        made.pop("additionalProperties", None)
        made.pop("unevaluatedProperties", None)


def _current(schema: Mapping[str, object], unknown: frozenset[str]) -> Mapping[str, object]:
    """A schema of an earlier draft with the keywords of 2020-12; those its draft does not know are left out.

    Pointers into what is rewritten stay right: a schema is looked up where it was written.
    """
    made = {key: value for key, value in schema.items() if key not in unknown}
    if isinstance(made.get("items"), list):
        made["prefixItems"] = made.pop("items")
        if "additionalItems" in made:
            made["items"] = made["additionalItems"]
    dependencies = mapping(made.get("dependencies"))
    if dependencies:
        made["dependentRequired"] = {name: one for name, one in dependencies.items() if isinstance(one, list)}
        made["dependentSchemas"] = {name: one for name, one in dependencies.items() if not isinstance(one, list)}
    return made


def _modern(made: Json, schema: Mapping[str, object], *, nullable: bool) -> Json:
    """The keywords of Swagger 2.0, OpenAPI 3.0 and JSON Schema draft-04 as JSON Schema 2020-12 has them."""
    for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(made.get(flag), bool):
            exclusive = made.pop(flag)
            if exclusive and bound in made:
                made[flag] = made.pop(bound)
    if made.get("type") == "file":
        del made["type"]
    if not nullable:
        return made
    if schema.get("nullable") is True or schema.get("x-nullable") is True:
        return _or_null(made)
    return made


def _or_null(made: Json) -> Json:
    """Null besides what is accepted; written into the type where possible, which makes the better message."""
    combined = any(key in made for key in ("allOf", "anyOf", "oneOf", "not", "$ref"))
    if not isinstance(made.get("type"), str) or combined:
        return {"anyOf": [{"type": "null"}, made]}
    made["type"] = [made["type"], "null"]
    if isinstance(options := made.get("enum"), list):
        made["enum"] = [*options, None]
    return made
