"""Every change of a schema as a pair of schemas that differ in it alone, and the positions that a schema can have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.unit.contracts.comparing import Raw, header, parameter, request, response, thing

Pair = tuple[Any, Any]
TEXT: Final = {"type": "string"}
NUMBER: Final = {"type": "number"}
LIST: Final = {"type": "array"}

_BOUNDS: Final = {
    "max": (NUMBER, "maximum"), "min": (NUMBER, "minimum"),
    "exclusive-max": (NUMBER, "exclusiveMaximum"), "exclusive-min": (NUMBER, "exclusiveMinimum"),
    "max-length": (TEXT, "maxLength"), "min-length": (TEXT, "minLength"),
    "max-items": (LIST, "maxItems"), "min-items": (LIST, "minItems"),
    "max-properties": (thing(), "maxProperties"), "min-properties": (thing(), "minProperties"),
    "max-contains": ({**LIST, "contains": TEXT}, "maxContains"),
    "min-contains": ({**LIST, "contains": TEXT}, "minContains"),
}  # fmt: skip


def _bounds() -> dict[str, Pair]:
    found: dict[str, Pair] = {}
    for name, (base, keyword) in _BOUNDS.items():
        low, high = {**base, keyword: 4}, {**base, keyword: 8}
        found |= {
            f"{name}-set": (base, low), f"{name}-unset": (low, base),
            f"{name}-increased": (low, high), f"{name}-decreased": (high, low),
        }  # fmt: skip
    return found


def _there(name: str, base: Raw, keyword: str, schema: object, added: str = "added", removed: str = "removed") -> Any:
    having = {**base, keyword: schema}
    return {f"{name}-{added}": (base, having), f"{name}-{removed}": (having, base)}


def _discriminated(name: str = "kind", **mapping: str) -> Raw:
    ends = {f"#/components/schemas/{target}" for target in ("Cat", "Dog", "Cow")}
    return {
        "oneOf": [{"$ref": end} for end in sorted(ends)],
        "discriminator": {"propertyName": name, **({"mapping": mapping} if mapping else {})},
    }


_CAT, _DOG, _COW = (f"#/components/schemas/{name}" for name in ("Cat", "Dog", "Cow"))
COMPONENTS: Final = {
    name: {"type": "object", "properties": {"kind": TEXT, "sort": TEXT, name: TEXT}, "required": ["kind", "sort", name]}
    for name in ("Cat", "Dog", "Cow")
}
_ONE: Final = [{"$ref": _CAT}]
_TWO: Final = [{"$ref": _CAT}, {"$ref": _DOG}]
_MAPPED: Final = _discriminated(cat=_CAT, dog=_DOG)

FAMILIES: Final[dict[str, Pair]] = {
    **_bounds(),
    "became-nullable": (TEXT, {"type": ["string", "null"]}),
    "became-not-nullable": ({"type": ["string", "null"]}, TEXT),
    "list-of-types-widened": (TEXT, {"oneOf": [TEXT, {"type": "integer"}]}),
    "list-of-types-narrowed": ({"oneOf": [TEXT, {"type": "integer"}]}, TEXT),
    "became-enum": (TEXT, {**TEXT, "enum": ["a", "b"]}),
    "became-not-enum": ({**TEXT, "enum": ["a", "b"]}, TEXT),
    "enum-value-added": ({**TEXT, "enum": ["a"]}, {**TEXT, "enum": ["a", "b"]}),
    "enum-value-removed": ({**TEXT, "enum": ["a", "b"]}, {**TEXT, "enum": ["a"]}),
    "x-extensible-enum-value-removed": (
        {**TEXT, "x-extensible-enum": ["a", "b"]}, {**TEXT, "x-extensible-enum": ["a"]}),
    **_there("const", TEXT, "const", "a"),
    "const-changed": ({**TEXT, "const": "a"}, {**TEXT, "const": "b"}),
    **_there("default-value", TEXT, "default", "a"),
    "default-value-changed": ({**TEXT, "default": "a"}, {**TEXT, "default": "b"}),
    **_there("multiple-of", NUMBER, "multipleOf", 2, "set", "unset"),
    "multiple-of-changed": ({**NUMBER, "multipleOf": 2}, {**NUMBER, "multipleOf": 3}),
    **_there("unique-items", LIST, "uniqueItems", True, "set", "unset"),
    **_there("pattern", TEXT, "pattern", "^[a-z]+$"),
    "pattern-changed": ({**TEXT, "pattern": "^[a-z]+$"}, {**TEXT, "pattern": "^[a-z]*[0-9]$"}),
    "pattern-generalized": ({**TEXT, "pattern": "^[a-z]+$"}, {**TEXT, "pattern": ".*"}),
    "content-media-type-changed": (
        {**TEXT, "contentMediaType": "text/plain"}, {**TEXT, "contentMediaType": "text/html"}),
    "content-encoding-changed": ({**TEXT, "contentEncoding": "base64"}, {**TEXT, "contentEncoding": "base32"}),
    **_there("content-schema", {**TEXT, "contentMediaType": "application/json"}, "contentSchema", thing(a=TEXT)),
    "additional-properties-closed": (thing(a=TEXT), {**thing(a=TEXT), "additionalProperties": False}),
    "additional-properties-opened": ({**thing(a=TEXT), "additionalProperties": False}, thing(a=TEXT)),
    "additional-properties-schema-narrowed": (thing(a=TEXT), {**thing(a=TEXT), "additionalProperties": TEXT}),
    "additional-properties-schema-widened": ({**thing(a=TEXT), "additionalProperties": TEXT}, thing(a=TEXT)),
    **_there("pattern-property", thing(), "patternProperties", {"^x": TEXT}),
    **_there("dependent-schema", thing(a=TEXT), "dependentSchemas", {"a": {"required": ["b"]}}),
    **_there("dependent-required", thing(a=TEXT, b=TEXT), "dependentRequired", {"a": ["b"]}),
    "dependent-required-changed": (
        {**thing(a=TEXT, b=TEXT, c=TEXT), "dependentRequired": {"a": ["b"]}},
        {**thing(a=TEXT, b=TEXT, c=TEXT), "dependentRequired": {"a": ["c"]}}),
    **_there("items", LIST, "items", TEXT),
    **_there("prefix-items", LIST, "prefixItems", [TEXT]),
    **_there("contains", LIST, "contains", TEXT),
    **_there("unevaluated-items", LIST, "unevaluatedItems", TEXT),
    **_there("unevaluated-properties", thing(a=TEXT), "unevaluatedProperties", TEXT),
    **_there("property-names", thing(), "propertyNames", {"maxLength": 3}),
    **_there("if", thing(a=TEXT), "if", {"required": ["a"]}),
    **_there("then", {"if": {"required": ["a"]}}, "then", {"required": ["b"]}),
    **_there("else", {"if": {"required": ["a"]}}, "else", {"required": ["b"]}),
    **_there("not", TEXT, "not", {"enum": ["a"]}),
    **{
        f"{name}-{action}": pair
        for name, keyword in (("one-of", "oneOf"), ("any-of", "anyOf"), ("all-of", "allOf"))
        for action, pair in (("added", ({keyword: _ONE}, {keyword: _TWO})), ("removed", ({keyword: _TWO}, {keyword: _ONE})))
    },
    "all-of-added-annotation-only": ({"allOf": [TEXT]}, {"allOf": [TEXT, {"title": "Note", "description": "d"}]}),
    "all-of-removed-annotation-only": ({"allOf": [TEXT, {"title": "Note", "description": "d"}]}, {"allOf": [TEXT]}),
    **_there("discriminator", {"oneOf": _MAPPED["oneOf"]}, "discriminator", {"propertyName": "kind"}),
    "discriminator-property-name-changed": (_discriminated("kind"), _discriminated("sort")),
    "discriminator-mapping-added": (_MAPPED, _discriminated(cat=_CAT, dog=_DOG, cow=_COW)),
    "discriminator-mapping-deleted": (_discriminated(cat=_CAT, dog=_DOG, cow=_COW), _MAPPED),
    "discriminator-mapping-changed": (_MAPPED, _discriminated(cat=_COW, dog=_DOG)),
    "schema-became-false": ({}, False),
    "schema-became-not-false": (False, {}),
}  # fmt: skip


def _nested(place: Callable[..., Raw]) -> Callable[[Any], Raw]:
    return lambda schema: place(thing(p=schema))


POSITIONS: Final[dict[str, Callable[[Any], Raw]]] = {
    "request-body": request,
    "request-property": _nested(request),
    "request-parameter": parameter,
    "request-parameter-property": _nested(parameter),
    "response-body": response,
    "response-property": _nested(response),
    "response-header": header,
    "response-header-property": _nested(header),
}


def placed(position: str, schema: object) -> Raw:
    """A document with the schema at a position, and the components that the pairs refer to."""
    document = POSITIONS[position](schema)
    return {**document, "components": {"schemas": COMPONENTS}}


_INT: Final = {"type": "integer"}
_FLAG: Final = {"type": "boolean"}
_RESPONSES: Final = tuple(name for name in POSITIONS if name.startswith("response"))
_AS_TEXT: Final = ("response-header", "response-header-property")
_ROOTS: Final = ("request-body", "request-parameter", "response-body", "response-header")

TYPES: Final[dict[str, dict[str, Pair]]] = {
    "type-changed": {**dict.fromkeys(POSITIONS, (thing(a=TEXT), _FLAG)), "request-parameter-property": (_INT, TEXT)},
    "type-generalized": dict.fromkeys(POSITIONS, (_INT, NUMBER)),
    "type-specialized": dict.fromkeys((*_RESPONSES, "request-parameter-property"), (NUMBER, _INT)),
    "type-compatible": dict.fromkeys(_AS_TEXT, (TEXT, _INT)),
    "wrapped-in-one-of": dict.fromkeys(_ROOTS, (thing(a=TEXT, b=_INT), {"oneOf": [thing(a=TEXT), thing(b=_INT)]})),
}
"""What a change of type is called depends on the position: whether values are text there, and which way they flow."""
