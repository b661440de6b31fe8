"""Laws that hold for all schemas, with another validator as the judge of single values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.contracts.inclusion.judging import included, plain, schemas, stores, validator, values, verdict

near = schemas.flatmap(
    lambda own: st.tuples(
        st.just(own),
        st.one_of(
            schemas,
            st.just(own),
            schemas.map(lambda other: {"anyOf": [own, other]}),
            schemas.map(lambda other: {"allOf": [own, other]}),
            schemas.map(lambda other: {**own, **other} if isinstance(own, dict) and isinstance(other, dict) else other),
        ),
    )
)
"""Pairs of schemas, mostly related: unrelated ones are nearly always excluded."""

law = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@law
@given(near, st.booleans(), stores, stores, st.booleans(), st.lists(values, min_size=5, max_size=20))
def test_no_value_contradicts_the_answer(
    pair: Any, turned: bool, a_store: Any, b_store: Any, one: bool, tried: Any
) -> None:
    a, b = reversed(pair) if turned else pair
    b_store = a_store if one else b_store
    mine, other = validator(a, a_store), validator(b, b_store)
    answer = included(a, b, a_store, b_store, content="all")
    if answer.verdict == "included":
        assert [value for value in tried if mine.is_valid(value) and not other.is_valid(value)] == []
    assert bool(answer.witness) is (answer.verdict == "excluded")
    for each in (answer, included(a, b, a_store, b_store)):
        for witness in each.witness:
            assert mine.is_valid(witness)
            assert not other.is_valid(witness)


@law
@given(near, stores, stores)
def test_what_holds_for_all_content_is_not_excluded_for_declared(pair: Any, a_store: Any, b_store: Any) -> None:
    if verdict(*pair, a_store=a_store, b_store=b_store, content="all") == "included":
        assert verdict(*pair, a_store=a_store, b_store=b_store) != "excluded"


@law
@given(schemas, stores)
def test_every_schema_lies_within_itself(schema: Any, store: Any) -> None:
    assert verdict(schema, schema, a_store=store, b_store=store) == "included"
    assert verdict(schema, plain_copy(schema), a_store=store, b_store=dict(store)) == "included"
    assert verdict(schema, True, a_store=store) == verdict(False, schema, b_store=store) == "included"


def plain_copy(schema: Any) -> Any:
    """An equal schema that shares no object with it."""
    if isinstance(schema, dict):
        return {key: plain_copy(value) for key, value in reversed(schema.items())}
    return [plain_copy(item) for item in schema] if isinstance(schema, list) else schema


@law
@given(near, schemas, stores)
def test_included_is_transitive(pair: Any, third: Any, store: Any) -> None:
    first, second = pair
    options: dict[str, Any] = {"a_store": store, "b_store": store, "content": "all"}
    for a, b, c in ((first, second, third), (second, first, third), (first, second, {"anyOf": [second, third]})):
        if verdict(a, b, **options) == verdict(b, c, **options) == "included":
            assert verdict(a, c, **options) != "excluded"


WRAPPED = {
    "one anyOf": lambda own: {"anyOf": [own]},
    "one oneOf": lambda own: {"oneOf": [own]},
    "one allOf": lambda own: {"allOf": [own]},
    "allOf with nothing": lambda own: {"allOf": [{}, own, True]},
    "twice in allOf": lambda own: {"allOf": [own, own]},
    "described": lambda own: {"description": "d", "allOf": [own], "x-y": 1},
}


@pytest.mark.parametrize("wrap", WRAPPED.values(), ids=WRAPPED)
@settings(law, max_examples=25)
@given(near, stores, stores)
def test_a_wrapper_changes_nothing(wrap: Any, pair: Any, a_store: Any, b_store: Any) -> None:
    a, b = pair
    options: dict[str, Any] = {"a_store": a_store, "b_store": b_store}
    plainly = verdict(a, b, **options)
    assert verdict(wrap(a), b, **options) == plainly
    assert verdict(a, wrap(b), **options) == plainly
    assert verdict(wrap(a), wrap(b), **options) == plainly


BESIDE = (
    "properties",
    "patternProperties",
    "additionalProperties",
    "unevaluatedProperties",
    "prefixItems",
    "items",
    "contains",
    "minContains",
    "maxContains",
    "unevaluatedItems",
)


@law
@given(schemas, schemas, stores)
def test_a_constraint_may_stand_beside_an_all_of_or_inside(a: Any, b: Any, store: Any) -> None:
    if not isinstance(a, dict) or "nullable" in a or any(key.startswith("unevaluated") for key in a):
        return
    inside = [{key: value} for key, value in a.items() if key not in (*BESIDE, "if", "then", "else", "allOf")]
    beside = {key: value for key, value in a.items() if key in (*BESIDE, "if", "then", "else", "allOf")}
    moved = {**beside, "allOf": [*beside.get("allOf", []), *inside]}
    options: dict[str, Any] = {"a_store": store, "b_store": store}
    assert verdict(a, moved, **options) == verdict(moved, a, **options) == "included"
    assert verdict(a, b, **options) == verdict(moved, b, **options)
    assert verdict(b, a, **options) == verdict(b, moved, **options)


@law
@given(st.lists(schemas, min_size=2, max_size=3), schemas, stores, st.sampled_from(["allOf", "anyOf", "oneOf"]))
def test_the_order_of_branches_changes_nothing(branches: Any, other: Any, store: Any, keyword: str) -> None:
    options: dict[str, Any] = {"a_store": store, "b_store": store}
    there, back = {keyword: branches}, {keyword: branches[::-1]}
    assert {verdict(there, other, **options), verdict(back, other, **options)} != {"included", "excluded"}
    assert {verdict(other, there, **options), verdict(other, back, **options)} != {"included", "excluded"}
    assert verdict(there, back, **options) != "excluded"


def test_the_judge_reads_the_normal_form() -> None:
    schema = {"nullable": True, "allOf": [{"type": ("string",)}], "x-a": 1}
    assert plain(schema) == {"anyOf": [{"type": "null"}, {"allOf": [{"type": ["string"]}], "x-a": 1}]}
    assert validator({"$ref": "A"}, {"A": schema}).is_valid(None)
    assert not validator({"$ref": "A"}, {"A": schema}).is_valid(1)
