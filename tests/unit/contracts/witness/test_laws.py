"""Laws: a slice gives the verdict of the whole store, and a witness is what it claims to be."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from retailctl.contracts.schemas.store import Polarity
from retailctl.contracts.witness import NoWitness, Witness, Workshop, accepts, sample
from tests.support.effort import tries
from tests.unit.contracts.witness.full import Store, verdict

NAMES = st.sampled_from(["a", "b", "c"])
KEYS = ["A", "B", "C"]
SCALARS = st.sampled_from([None, True, False, 0, 1, 2, 1.5, -1, "", "a", "ab", "abc", "2020-01-31"])
INSTANCES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)
TYPES = st.lists(
    st.sampled_from(["string", "integer", "number", "boolean", "object", "array", "null"]), min_size=1, max_size=3, unique=True
).map(sorted)  # fmt: skip
FLAGS = st.just(True)


def schemas(references: bool) -> st.SearchStrategy[Any]:
    leaf: st.SearchStrategy[Any] = st.booleans() | st.fixed_dictionaries({"type": TYPES})
    if references:
        leaf |= st.sampled_from(KEYS).map(lambda key: {"$ref": key})
    return st.recursive(leaf, _larger, max_leaves=6)


def _larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=3)
    named = st.dictionaries(NAMES, inner, max_size=3)
    counts = st.integers(0, 3)
    keywords: dict[str, st.SearchStrategy[Any]] = {
        "type": TYPES,
        "enum": st.lists(SCALARS, min_size=1, max_size=3),
        "const": SCALARS,
        "minimum": counts,
        "exclusiveMaximum": counts,
        "multipleOf": st.sampled_from([1, 2, 0.5]),
        "minLength": counts,
        "maxLength": counts,
        "pattern": st.sampled_from(["^a", "b$", "^[a-c]+$"]),
        "format": st.sampled_from(["date", "unheard-of"]),
        "minItems": counts,
        "maxItems": counts,
        "uniqueItems": FLAGS,
        "items": inner,
        "prefixItems": several,
        "contains": inner,
        "maxContains": counts,
        "unevaluatedItems": inner,
        "required": st.lists(NAMES, max_size=2, unique=True),
        "properties": named,
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "b|c"]), inner, max_size=2),
        "additionalProperties": inner,
        "propertyNames": st.sampled_from([True, {"pattern": "^[ab]"}, {"maxLength": 1}]),
        "unevaluatedProperties": inner,
        "minProperties": counts,
        "maxProperties": counts,
        "dependentRequired": st.dictionaries(NAMES, st.lists(NAMES, max_size=1), max_size=2),
        "dependentSchemas": named,
        "allOf": several,
        "anyOf": several,
        "oneOf": several,
        "not": inner,
        "if": inner,
        "then": inner,
        "else": inner,
        "nullable": FLAGS,
        "readOnly": FLAGS,
    }
    return st.lists(st.sampled_from(sorted(keywords)), min_size=1, max_size=4, unique=True).flatmap(
        lambda chosen: st.fixed_dictionaries({key: keywords[key] for key in chosen})
    )


# References lead downwards only: where a schema refers to itself on the same value, no two validators need agree.
STORES = st.tuples(schemas(False), schemas(False), schemas(False)).map(
    lambda three: Store(zip(KEYS, three, strict=True))
)


@settings(max_examples=tries(600), deadline=None)
@given(schemas(True), STORES, INSTANCES, st.sampled_from(["in", "out"]))
def test_a_slice_gives_the_verdict_of_the_whole(
    schema: Any, store: Store, instance: object, polarity: Polarity
) -> None:
    assert accepts(schema, store, instance, polarity) is verdict(schema, store, instance, polarity)


@settings(max_examples=tries(300), deadline=None)
@given(schemas(True), schemas(True), STORES, STORES, st.sampled_from(["in", "out"]))
def test_a_witness_tells_the_sides_apart(old: Any, new: Any, before: Store, after: Store, polarity: Polarity) -> None:
    found = Workshop(before, after, content="all").find(
        old, new, polarity=polarity, old_steps=(), new_steps=(), keyword="type"
    )
    if isinstance(found, Witness):
        verdicts = {
            "old": verdict(old, before, found.instance, polarity),
            "new": verdict(new, after, found.instance, polarity),
        }
        assert verdicts == {found.accepted_by: True, found.rejected_by: False}
        assert found.accepted_by == ("old" if polarity == "in" else "new")


@settings(max_examples=tries(300), deadline=None)
@given(schemas(True), STORES)
def test_equal_sides_have_no_witness(schema: Any, store: Store) -> None:
    found = Workshop(store, store).find(schema, schema, polarity="in", old_steps=(), new_steps=(), keyword="enum")
    assert isinstance(found, NoWitness)


@settings(max_examples=tries(300), deadline=None)
@given(schemas(True), STORES)
def test_a_sample_is_accepted(schema: Any, store: Store) -> None:
    found = sample(schema, store)
    assert isinstance(found, NoWitness) or verdict(schema, store, found, "in")


@settings(max_examples=tries(300), deadline=None)
@given(schemas(True), STORES, INSTANCES)
def test_where_an_instance_is_known_a_sample_is_mostly_found(schema: Any, store: Store, instance: object) -> None:
    """Not a law: conditions can hide an instance from a builder. Where there are none, it finds one."""
    text = repr((schema, store))
    tangled = any(
        word in text for word in ("not", "oneOf", "if", "unevaluated", "dependent", "propertyNames", "contains")
    )
    if not tangled and verdict(schema, store, instance, "in"):
        assert not isinstance(sample(schema, store), NoWitness)
