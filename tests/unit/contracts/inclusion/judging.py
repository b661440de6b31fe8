"""An independent judge for the relation, and schemas and values small enough to collide often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jsonschema_rs
from hypothesis import strategies as st

from retailctl.contracts.schemas.inclusion import Inclusion, Relation
from retailctl.contracts.schemas.store import ContentModel, Polarity, Schema

NAMES = ("p", "q", "r")
KEYS = ("A", "B", "C")

_ONE = ("not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames")
_UNEVALUATED = ("unevaluatedItems", "unevaluatedProperties")
_LIST = ("allOf", "anyOf", "oneOf", "prefixItems")
_TABLE = ("properties", "patternProperties", "dependentSchemas")


class Store(dict[str, Schema]):
    """A store over a dict."""

    def resolve(self, key: str) -> Schema:
        return self[key]


def included(
    a: Schema,
    b: Schema,
    a_store: Mapping[str, Schema] | None = None,
    b_store: Mapping[str, Schema] | None = None,
    *,
    content: ContentModel = "declared",
    polarity: Polarity | None = None,
    budget: int = 200_000,
) -> Inclusion:
    """Ask a new relation one question."""
    relation = Relation(Store(a_store or {}), Store(b_store or {}), content=content, polarity=polarity, budget=budget)
    return relation.included(a, b)


def verdict(a: Schema, b: Schema, **options: Any) -> str:
    return included(a, b, **options).verdict


def plain(schema: Any) -> Any:
    """The normal form as a JSON Schema 2020-12 document any validator reads."""
    if not isinstance(schema, Mapping):
        return schema
    made: dict[str, Any] = {}
    for key, value in schema.items():
        if key in (*_ONE, *_UNEVALUATED):
            made[key] = plain(value)
        elif key in _LIST:
            made[key] = [plain(item) for item in value]
        elif key in _TABLE:
            made[key] = {name: plain(item) for name, item in value.items()}
        elif key == "$ref":
            made[key] = f"#/$defs/{value}"
        elif key != "nullable":
            made[key] = list(value) if isinstance(value, tuple) else value
    if schema.get("nullable") is True and "type" not in schema:
        return {"anyOf": [{"type": "null"}, made]}
    return made


def validator(schema: Schema, store: Mapping[str, Schema]) -> Any:
    whole = {"$defs": {key: plain(value) for key, value in store.items()}, "allOf": [plain(schema)]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=False)


# Values

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 6),
    st.sampled_from([0.5, 1.0, 1.5, 2.5, 4.0]),
    st.sampled_from(["", "a", "b", "aa", "ab", "bbb"]),
)


def _bigger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from([*NAMES, "x"]), inner, max_size=3))


values = st.recursive(scalars, _bigger, max_leaves=6)

# Schemas

_types = st.lists(
    st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"]),
    min_size=1,
    max_size=3,
    unique=True,
).map(lambda types: {"type": tuple(sorted(types))})
_numbers = st.sampled_from([-1, 0, 1, 2, 3, 1.5, 2.0])
_sizes = st.integers(0, 3)


def _under(keyword: str, inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return inner.map(lambda value: {keyword: value})


_leaves = st.one_of(
    _types,
    _types,
    st.lists(scalars, min_size=1, max_size=3).map(lambda values: {"enum": values}),
    scalars.map(lambda value: {"const": value}),
    *[_under(key, _numbers) for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")],
    st.sampled_from([1, 2, 3, 0.5]).map(lambda n: {"multipleOf": n}),
    *[_under(key, _sizes) for key in ("minLength", "maxLength", "minItems", "maxItems")],
    *[_under(key, _sizes) for key in ("minProperties", "maxProperties")],
    st.sampled_from(["^a", "^(a|b)$", "^[ab]+$", "b"]).map(lambda pattern: {"pattern": pattern}),
    st.just({"uniqueItems": True}),
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True).map(lambda own: {"required": own}),
    st.just({"dependentRequired": {"p": ["q"]}}),
    st.booleans(),
    st.sampled_from(KEYS).map(lambda key: {"$ref": key}),
)


def _merged(parts: list[Any]) -> Any:
    made: dict[str, Any] = {}
    for part in parts:
        if isinstance(part, dict):
            made.update(part)
    return made


def _keywords(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=3)
    table = st.dictionaries(st.sampled_from(NAMES), inner, min_size=1, max_size=2)
    return st.one_of(
        table.map(lambda own: {"properties": own}),
        table.map(lambda own: {"properties": own}),
        inner.map(lambda own: {"items": own}),
        several.map(lambda own: {"prefixItems": own}),
        st.one_of(st.just(False), inner).map(lambda own: {"additionalProperties": own}),
        inner.map(lambda own: {"patternProperties": {"^[pq]": own}}),
        inner.map(lambda own: {"dependentSchemas": {"p": own}}),
        st.sampled_from([{"pattern": "^p"}, {"enum": ["p", "q"]}, {"maxLength": 1}]).map(
            lambda own: {"propertyNames": own}
        ),
        st.tuples(inner, _sizes).map(lambda own: {"contains": own[0], "minContains": own[1]}),
        st.tuples(inner, _sizes).map(lambda own: {"contains": own[0], "maxContains": own[1]}),
        st.one_of(st.just(False), inner).map(lambda own: {"unevaluatedProperties": own}),
        st.one_of(st.just(False), inner).map(lambda own: {"unevaluatedItems": own}),
        *[_under(key, several) for key in ("allOf", "anyOf", "oneOf")],
        inner.map(lambda own: {"not": own}),
        st.tuples(inner, inner, inner).map(lambda own: dict(zip(("if", "then", "else"), own, strict=True))),
        inner.map(lambda own: {**own, "nullable": True} if isinstance(own, dict) and "type" not in own else own),
    )


schemas: st.SearchStrategy[Any] = st.recursive(
    _leaves,
    lambda inner: st.lists(st.one_of(_keywords(inner), _leaves), min_size=1, max_size=3).map(_merged),
    max_leaves=6,
)


def _guarded(schema: Any) -> Any:
    """References only inside properties and items: a component may not be defined as itself."""
    return {"type": ("object",), "properties": {"p": schema}} if schema is not True else {}


stores = st.fixed_dictionaries({key: schemas.map(_guarded) for key in KEYS})
