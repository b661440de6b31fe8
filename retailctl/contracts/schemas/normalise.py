"""One schema of any dialect to the normal form: JSON Schema 2020-12 keywords, references as store keys.

Source of the rules: Swagger 2.0 and OpenAPI 3.0 Schema Object, JSON Schema draft-04 to 2020-12 (contracts.md 4.2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from retailctl.contracts.schemas.store import Schema

Dialect = Literal["openapi-3.0", "draft-07", "2020-12"]
# Where whatever stands beside a reference is ignored.
ALONE: Final = frozenset({"openapi-3.0", "draft-07"})
KeyOf = Callable[[str], str]

ONE: Final = frozenset({
    "not", "items", "additionalProperties", "additionalItems", "contains", "propertyNames", "if", "then", "else",
    "unevaluatedItems", "unevaluatedProperties", "contentSchema",
})  # fmt: skip
MANY: Final = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
NAMED: Final = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs", "definitions"})
ANNOTATIONS: Final = frozenset({
    "title", "description", "example", "examples", "externalDocs", "xml", "default", "deprecated", "$comment",
    "readOnly", "writeOnly", "$id", "$schema", "$anchor", "$dynamicAnchor", "$vocabulary", "$defs", "definitions",
})  # fmt: skip
# An internal mark: null came from a branch of its own (``anyOf: [X, {type: null}]``), not from a type or a flag.
NULL_BRANCH: Final = "x-null-branch"
_REFERENCES: Final = frozenset({"$ref", "$dynamicRef", "$recursiveRef"})
_MAX_DEPTH: Final = 400


def normalise(raw: Any, dialect: Dialect, key_of: KeyOf) -> Schema:
    """Return a schema in normal form; what is no schema at all (text, a list, null) accepts everything.

    ``key_of`` turns the text of a reference into its store key. Nested schemas are normalised as well, references
    are not followed.
    """
    return _Normaliser(dialect, key_of).schema(raw, 0)


class _Normaliser:
    __slots__ = ("_alone", "_key_of", "_old")

    def __init__(self, dialect: Dialect, key_of: KeyOf) -> None:
        self._old = dialect == "openapi-3.0"
        self._alone = dialect in ALONE
        self._key_of = key_of

    def schema(self, raw: Any, depth: int) -> Schema:
        if isinstance(raw, bool):
            return raw
        if not isinstance(raw, dict) or depth > _MAX_DEPTH:
            return {}
        reference = raw.get("$ref")
        if isinstance(reference, str) and (self._alone or len(raw) == 1):
            return {"$ref": self._key_of(reference)}
        result: dict[str, object] = {}
        for name, value in raw.items():
            self._keyword(str(name), value, depth, result)
        self._types(result)
        self._bounds(result)
        self._arrays(result, raw)
        self._dependencies(result, raw, depth)
        _drop_defaults(result)
        return _nullable_branches(result)

    def _keyword(self, name: str, value: Any, depth: int, result: dict[str, object]) -> None:
        if name in _REFERENCES:
            if isinstance(value, str):
                result["$ref"] = self._key_of(value)
        elif name in ONE:
            self._one(name, value, depth, result)
        elif name in MANY:
            if isinstance(value, list) and value:
                result[name] = [self.schema(item, depth + 1) for item in value]
        elif name in NAMED:
            if isinstance(value, dict):
                named = {str(key): self.schema(item, depth + 1) for key, item in value.items()}
                result["$defs" if name == "definitions" else name] = named
        elif name == "discriminator":
            found = self._discriminator(value)
            result.update({name: found} if found else {})
        elif isinstance(value, _KINDS.get(name, object)):
            result[name] = value  # what has the wrong type says nothing; lint reports it

    def _one(self, name: str, value: Any, depth: int, result: dict[str, object]) -> None:
        if isinstance(value, dict | bool):
            result[name] = self.schema(value, depth + 1)
        elif name == "items" and isinstance(value, list):
            result["prefixItems"] = [self.schema(item, depth + 1) for item in value]

    def _discriminator(self, value: Any) -> Mapping[str, object] | None:
        if isinstance(value, str):  # Swagger 2.0: the name of the property
            return {"propertyName": value}
        if not isinstance(value, dict) or not isinstance(value.get("propertyName"), str):
            return None
        mapping = value.get("mapping")
        found: dict[str, object] = {"propertyName": value["propertyName"]}
        if isinstance(mapping, dict) and mapping:
            found["mapping"] = {
                str(name): self._key_of(target if _is_reference(target) else f"#/components/schemas/{target}")
                for name, target in mapping.items()
                if isinstance(target, str)
            }
        return found

    def _types(self, result: dict[str, object]) -> None:
        kinds = result.pop("type", None)
        nullable = result.pop("nullable", None) is True and self._old
        if isinstance(kinds, str):
            kinds = (kinds,)
        if isinstance(kinds, list | tuple) and kinds:
            names = {kind for kind in kinds if isinstance(kind, str)}
            if "file" in names:  # Swagger 2.0: bytes
                names = {"string"}
                result.setdefault("format", "binary")
            if nullable:
                names.add("null")
            if "number" in names:
                names.discard("integer")  # every integer is a number
            result["type"] = tuple(sorted(names))
        elif nullable:
            result["nullable"] = True

    def _bounds(self, result: dict[str, object]) -> None:
        for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            flag = result.get(exclusive)
            if isinstance(flag, bool):
                del result[exclusive]
                if flag and is_number(result.get(bound)):
                    result[exclusive] = result.pop(bound)

    def _arrays(self, result: dict[str, object], raw: Mapping[str, Any]) -> None:
        rest = result.pop("additionalItems", None)
        if rest is not None and isinstance(raw.get("items"), list):
            result["items"] = rest

    def _dependencies(self, result: dict[str, object], raw: Mapping[str, Any], depth: int) -> None:
        dependencies = raw.get("dependencies")
        if not isinstance(dependencies, dict):
            return
        result.pop("dependencies", None)
        names = {name: value for name, value in dependencies.items() if isinstance(value, list)}
        schemas = {
            name: self.schema(value, depth + 1)
            for name, value in dependencies.items()
            if isinstance(value, dict | bool)
        }
        if names:
            result.setdefault("dependentRequired", names)
        if schemas:
            result.setdefault("dependentSchemas", schemas)


def is_number(value: object) -> bool:
    """True for a JSON number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_reference(text: str) -> bool:
    return "#" in text or "/" in text or text.endswith((".json", ".yaml", ".yml"))


_NUMBERS: Final = (
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems",
    "maxItems", "minProperties", "maxProperties", "minContains", "maxContains",
)  # fmt: skip
_TEXTS: Final = ("format", "pattern", "contentMediaType", "contentEncoding", "title", "description")
_KINDS: Final[Mapping[str, type | tuple[type, ...]]] = {
    **dict.fromkeys(_NUMBERS, (int, float)),
    **dict.fromkeys(_TEXTS, str),
    "enum": list,
    "required": list,
    "dependentRequired": dict,
    "type": (str, list, tuple),
}

_NOTHING: Final[tuple[tuple[str, object], ...]] = (
    ("additionalProperties", True), ("additionalProperties", {}), ("unevaluatedProperties", True),
    ("unevaluatedItems", True), ("uniqueItems", False), ("minLength", 0), ("minItems", 0), ("minProperties", 0),
    ("required", []), ("readOnly", False), ("writeOnly", False), ("deprecated", False), ("items", True), ("items", {}),
)  # fmt: skip


def _drop_defaults(result: dict[str, object]) -> None:
    """Leave out what says nothing, so that writing it or not is no difference."""
    for name, value in _NOTHING:
        if name in result and result[name] == value and type(result[name]) is type(value):
            del result[name]


def _nullable_branches(schema: dict[str, object]) -> Schema:
    """``anyOf: [X, {type: null}]`` is X that may also be null, which is how OpenAPI 3.0 writes it."""
    for name in ("anyOf", "oneOf"):
        branches = schema.get(name)
        if not isinstance(branches, list) or len(branches) < 2:
            continue
        kept = [branch for branch in branches if not _is_null(branch)]
        if len(kept) != len(branches) - 1 or set(schema) - ANNOTATIONS - {name, "discriminator"}:
            continue
        rest = {key: value for key, value in schema.items() if key != name}
        if len(kept) > 1:
            return {**rest, name: kept, "nullable": True, NULL_BRANCH: True}
        return _with_null(kept[0], rest)
    return schema


def _with_null(branch: Schema, around: Mapping[str, object]) -> Schema:
    if isinstance(branch, bool):
        return {**around} if branch else {**around, "type": ("null",)}
    kinds = branch.get("type")
    if isinstance(kinds, tuple) and not {"enum", "const", "$ref", "allOf", "anyOf", "oneOf", "not", "if"} & set(branch):
        return {**branch, **around, "type": tuple(sorted({*kinds, "null"})), NULL_BRANCH: True}
    return {**branch, **around, "nullable": True, NULL_BRANCH: True}


def _is_null(branch: Schema) -> bool:
    if isinstance(branch, bool) or set(branch) - ANNOTATIONS - {"type", "enum", "const"}:
        return False
    if branch.get("type") == ("null",):
        return True
    return "type" not in branch and (branch.get("enum") == [None] or ("const" in branch and branch["const"] is None))
