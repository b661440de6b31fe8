"""References: cycles, chains, fan-out, equal text with unequal targets, references that lead nowhere."""

from __future__ import annotations

import time
from typing import Any

import pytest

from retailctl.contracts.schemas.inclusion import Relation
from tests.unit.contracts.inclusion.judging import Store, included, verdict

STRING: dict[str, Any] = {"type": ("string",)}
INTEGER: dict[str, Any] = {"type": ("integer",)}


def ref(key: str) -> dict[str, Any]:
    return {"$ref": key}


def obj(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": ("object",), "properties": properties, "required": list(required)}


def test_equal_text_may_lead_to_unequal_schemas() -> None:
    assert verdict(ref("K"), ref("K"), a_store={"K": STRING}, b_store={"K": INTEGER}) == "excluded"
    assert verdict(obj(p=ref("K")), obj(p=ref("K")), a_store={"K": STRING}, b_store={"K": INTEGER}) == "excluded"
    assert verdict(ref("K"), ref("L"), a_store={"K": STRING}, b_store={"L": STRING}) == "included"


def test_a_reference_that_leads_nowhere_is_undecided_unless_nothing_is_asked() -> None:
    assert verdict(STRING, ref("gone")) == "undecided"
    assert verdict(ref("gone"), STRING) == "undecided"
    assert verdict(ref("gone"), True) == "included"
    assert verdict({"allOf": [ref("gone"), STRING]}, STRING) == "included"


@pytest.mark.parametrize("length", [1, 2, 1000])
def test_a_ring_of_references_without_content_accepts_everything(length: int) -> None:
    ring: dict[str, Any] = {f"k{i}": ref(f"k{(i + 1) % length}") for i in range(length)}
    assert verdict(True, ref("k0"), a_store=ring, b_store=ring) == "included"
    assert verdict(ref("k0"), STRING, a_store=ring, b_store=ring) == "excluded"


def test_a_chain_of_5000_references_is_walked_without_recursion() -> None:
    chain: dict[str, Any] = {f"k{i}": ref(f"k{i + 1}") for i in range(5000)} | {"k5000": STRING}
    other = chain | {"k5000": INTEGER}
    assert verdict(obj(p=ref("k0")), obj(p=ref("k9")), a_store=chain, b_store=dict(chain)) == "included"
    answer = included(ref("k0"), ref("k0"), chain, other)
    assert answer.verdict == "excluded"
    assert answer.reasons[0].b_steps == ("$ref",) * 5001


@pytest.mark.parametrize("keyword", ["allOf", "anyOf"])
def test_twice_the_same_reference_on_each_level_costs_what_once_costs(keyword: str) -> None:
    fan: dict[str, Any] = {f"k{i}": {keyword: [ref(f"k{i + 1}")] * 2} for i in range(64)} | {"k64": obj(p=STRING)}
    other = fan | {"k64": obj(p=INTEGER)}
    start = time.process_time()
    assert verdict(ref("k0"), ref("k0"), a_store=fan, b_store=other) == "excluded"
    assert verdict(ref("k0"), obj(p=STRING), a_store=fan) == "included"
    assert time.process_time() - start < 5


def test_a_difference_deep_in_a_cycle_is_found_and_located() -> None:
    def tree(leaf: Any) -> dict[str, Any]:
        return {"N": obj(v=leaf, kids={"type": ("array",), "items": ref("M")}), "M": obj("n", n=ref("N"))}

    assert verdict(ref("N"), ref("N"), a_store=tree(STRING), b_store=tree({"type": ("null", "string")})) == "included"
    answer = included(ref("M"), ref("M"), tree({"type": ("null", "string")}), tree(STRING))
    assert answer.verdict == "excluded"
    (reason,) = answer.reasons
    assert (reason.keyword, reason.verdict) == ("type", "excluded")
    assert reason.a_steps == reason.b_steps == ("$ref", "properties", "n", "$ref", "properties", "v")
    assert answer.witness == ({"n": {"v": None}},)


def test_a_component_that_needs_itself_accepts_nothing() -> None:
    assert verdict(ref("K"), INTEGER, a_store={"K": obj("k", k=ref("K"))}) == "included"


def test_a_chain_of_required_components_has_an_example_at_its_end() -> None:
    chain: dict[str, Any] = {f"k{i}": obj("n", n=ref(f"k{i + 1}")) for i in range(500)} | {"k500": STRING}
    other = chain | {"k500": INTEGER}
    assert verdict(ref("k0"), ref("k0"), a_store=chain, b_store=other) == "excluded"


def test_one_relation_answers_many_questions_alike() -> None:
    a: dict[str, Any] = {f"k{i}": obj(n=ref(f"k{(i + 1) % 50}"), v=STRING) for i in range(50)}
    b = a | {"k25": obj(n=ref("k26"), v=INTEGER)}
    relation = Relation(Store(a), Store(b))
    assert {relation.included(ref(key), ref(key)).verdict for key in a} == {"excluded"}
    back = Relation(Store(b), Store(b))
    assert {back.included(ref(key), ref(key)).verdict for key in a} == {"included"}


def test_the_budget_ends_in_undecided_and_does_not_spoil_later_answers() -> None:
    a: dict[str, Any] = {f"k{i}": obj(n=ref(f"k{(i + 1) % 300}"), v=STRING) for i in range(300)}
    b = {key: {**schema, "minProperties": 0} for key, schema in a.items()}
    relation = Relation(Store(a), Store(b), budget=100)
    answer = relation.included(ref("k0"), ref("k0"))
    assert answer.verdict == "undecided"
    assert "work" in answer.reasons[-1].text
    assert relation.included(STRING, STRING).verdict == "included"
    assert Relation(Store(a), Store(b)).included(ref("k0"), ref("k0")).verdict == "included"


def test_paradoxes_end() -> None:
    store: dict[str, Any] = {
        "K": {"not": ref("K")},
        "L": {"anyOf": [ref("L"), STRING]},
        "M": {"oneOf": [ref("M"), ref("M")]},
    }
    for a in store:
        for b in store:
            assert verdict(ref(a), ref(b), a_store=store, b_store=dict(store)) in {"included", "excluded", "undecided"}
