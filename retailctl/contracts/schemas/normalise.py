"""One schema of any dialect to the normal form: JSON Schema 2020-12 keywords, references as store keys.

Source of the rules: Swagger 2.0 and OpenAPI 3.0 Schema Object, JSON Schema draft-04 to 2020-12 (contracts.md 4.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, Protocol

from retailctl.contracts.schemas.store import Schema

Dialect = Literal["openapi-3.0", "draft-04", "draft-06", "draft-07", "2020-12"]
# Where whatever stands beside a reference is ignored.
ALONE: Final = frozenset({"openapi-3.0", "draft-04", "draft-06", "draft-07"})


class References(Protocol):
    """References as they are read at one place.

    ``exact`` asks for a normal form that accepts precisely what is written, where otherwise two common spellings of
    null count as one.
    """

    exact: bool

    def key_of(self, reference: str) -> str:
        """The store key of what the text of a reference leads to."""
        ...

    def entered(self, identifier: str) -> References | None:
        """References inside a nested schema with an identifier of its own; None where it changes nothing."""
        ...

    def dynamic(self, keyword: str, reference: str) -> str | None:
        """The store key that a dynamic reference leads to; None where that depends on the way there."""
        ...


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
_LATER: Final[Mapping[Dialect, frozenset[str]]] = {
    "draft-04": frozenset({"const", "contains", "propertyNames", "if", "then", "else"}),
    "draft-06": frozenset({"if", "then", "else"}),
}
"""Keywords that a draft does not know, so that they say nothing."""
# Internal marks: a schema that takes everything was left out, but what it stands for counts as evaluated.
EVALUATES: Final = {"additionalProperties": "x-evaluates-properties", "unevaluatedProperties": "x-evaluates-properties",
                    "items": "x-evaluates-items", "unevaluatedItems": "x-evaluates-items"}  # fmt: skip
_MAX_DEPTH: Final = 400


def normalise(raw: Any, dialect: Dialect, references: References) -> Schema:
    """Return a schema in normal form; what is no schema at all (text, a list, null) accepts everything.

    Nested schemas are normalised as well, references become store keys and are not followed.
    """
    return _Normaliser(dialect, references).schema(raw, 0)


class _Normaliser:
    __slots__ = ("_alone", "_dialect", "_identifier", "_key_of", "_later", "_old", "_references")

    def __init__(self, dialect: Dialect, references: References) -> None:
        self._dialect = dialect
        self._old = dialect == "openapi-3.0"
        self._alone = dialect in ALONE
        self._later = _LATER.get(dialect, frozenset())
        self._identifier = "id" if dialect == "draft-04" else "$id"
        self._references = references
        self._key_of = references.key_of

    def schema(self, raw: Any, depth: int) -> Schema:
        if isinstance(raw, bool):
            return raw
        if not isinstance(raw, dict) or depth > _MAX_DEPTH:
            return {}
        reference = raw.get("$ref")
        if depth and self._identifier in raw and not (self._alone and isinstance(reference, str)):
            identifier = raw[self._identifier]
            inside = self._references.entered(identifier) if isinstance(identifier, str) else None
            if inside is not None:
                return _Normaliser(self._dialect, inside).schema(raw, depth)
        if isinstance(reference, str) and (self._alone or len(raw) == 1):
            return {"$ref": self._key_of(reference)}
        result: dict[str, object] = {}
        for name, value in raw.items():
            if name in _REFERENCES:
                if isinstance(value, str):
                    self._reference(name, value, result)
            elif name not in self._later:
                self._keyword(str(name), value, depth, result)
        self._types(result)
        self._bounds(result)
        self._arrays(result, raw)
        self._dependencies(result, raw, depth)
        _drop_defaults(result, marked=self._references.exact and not self._alone)
        return _nullable_branches(result, exact=self._references.exact)

    def _keyword(self, name: str, value: Any, depth: int, result: dict[str, object]) -> None:
        if name in ONE:
            self._one(name, value, depth, result)
        elif name in MANY:
            if isinstance(value, list) and value:
                made = [self.schema(item, depth + 1) for item in value]
                result[name] = [*_listed(result.get(name)), *made] if name == "allOf" else made
        elif name in NAMED:
            if isinstance(value, dict):
                named = {str(key): self.schema(item, depth + 1) for key, item in value.items()}
                result["$defs" if name == "definitions" else name] = named
        elif name == "discriminator":
            found = self._discriminator(value)
            result.update({name: found} if found else {})
        elif isinstance(value, _KINDS.get(name, object)):
            result[name] = value  # what has the wrong type says nothing; lint reports it

    def _reference(self, name: str, value: str, result: dict[str, object]) -> None:
        """Add a reference; a second one beside it (static and dynamic) is a conjunct like any other."""
        key = self._key_of(value) if name == "$ref" else self._references.dynamic(name, value)
        if key is None:
            result["$dynamicRef"] = value
        elif result.setdefault("$ref", key) != key:
            result["allOf"] = [*_listed(result.get("allOf")), {"$ref": key}]

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


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


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


def _drop_defaults(result: dict[str, object], *, marked: bool) -> None:
    """Leave out what says nothing, so that writing it or not is no difference.

    With ``marked`` it is remembered that everything counts as evaluated there.
    """
    for name, value in _NOTHING:
        if name in result and result[name] == value and type(result[name]) is type(value):
            del result[name]
            if marked and name in EVALUATES:
                result[EVALUATES[name]] = True


def _nullable_branches(schema: dict[str, object], *, exact: bool) -> Schema:
    """``anyOf: [X, {type: null}]`` is X that may also be null, which is how OpenAPI 3.0 writes it.

    In a ``oneOf`` that holds where X is not null anyhow; of a reference it is taken to be so, unless ``exact``.
    """
    for name in ("anyOf", "oneOf"):
        branches = schema.get(name)
        if not isinstance(branches, list) or len(branches) < 2:
            continue
        kept = [branch for branch in branches if not _is_null(branch)]
        if len(kept) != len(branches) - 1 or set(schema) - ANNOTATIONS - {name, "discriminator"}:
            continue
        if name == "oneOf" and not all(_refuses_null(branch, exact=exact) for branch in kept):
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


def _refuses_null(branch: Schema, *, exact: bool) -> bool:
    if isinstance(branch, bool):
        return not branch
    kinds, values = branch.get("type"), branch.get("enum")
    if isinstance(kinds, tuple):
        return "null" not in kinds
    if isinstance(values, list):
        return None not in values
    return (not exact or ("const" in branch and branch["const"] is not None)) and branch.get("nullable") is not True


def _is_null(branch: Schema) -> bool:
    if isinstance(branch, bool) or set(branch) - ANNOTATIONS - {"type", "enum", "const"}:
        return False
    if branch.get("type") == ("null",) and branch.get("enum", [None]) == [None] and branch.get("const") is None:
        return True
    return "type" not in branch and (branch.get("enum") == [None] or ("const" in branch and branch["const"] is None))
