"""A variant says the same: proven with a validator over both documents, not with the engine that is to be judged."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator, OpenAPIV32SpecValidator

from tests.support.effort import part, tries
from tests.support.instances import damaged, sample
from tests.support.judge import Judge, Position
from tests.support.strategies import Steps, fixtures, steps, varied
from tests.support.texts import NAMES, fixture, to_json, to_yaml
from tests.support.variants import VARIANTS
from tests.support.variants.upgrading import schema_to_3_1
from tests.support.walk import Document, Node, at, places, version

Samples = list[tuple[Position, object, bool]]
_VALIDATORS = {"3.0": OpenAPIV30SpecValidator, "3.1": OpenAPIV31SpecValidator, "3.2": OpenAPIV32SpecValidator}


@cache
def sampled(name: str) -> Samples:
    """Good and damaged instances for every position of a fixture, and whether it takes them."""
    document, random = fixture(name), Random(1)
    judge = Judge(document)
    found: Samples = []
    for position, path in judge.positions.items():
        for _ in range(8):
            good = sample(document, at(document, path), random)
            found += [(position, one, judge.accepts(position, one)) for one in (good, damaged(good, random))]
    return found


def agrees(document: Document, samples: Samples) -> None:
    judge = Judge(document)
    for position, instance, accepted in samples:
        if position in judge.positions:
            assert judge.accepts(position, instance) is accepted, (position, instance)


@pytest.mark.parametrize("name", NAMES)
def test_the_samples_tell_documents_apart(name: str) -> None:
    accepted = [taken for _, _, taken in sampled(name)]
    assert accepted.count(True) > 20 and accepted.count(False) > 20


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_applies_somewhere_and_leaves_its_document_alone(variant: str) -> None:
    changed = False
    for name in NAMES:
        document = fixture(name)
        for seed in part(range(12), 4):
            other = VARIANTS[variant](document, Random(seed))
            changed = changed or to_json(other) != to_json(document)
        assert document == fixture(name)
    assert changed


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", NAMES)
def test_a_variant_accepts_what_the_document_accepts(name: str, variant: str) -> None:
    document = fixture(name)
    before = set(Judge(document).positions)
    for seed in part(range(6), 2):
        other = VARIANTS[variant](document, Random(seed))
        after = set(Judge(other).positions)
        assert {(one.operation, one.flows) for one in after} >= {(one.operation, one.flows) for one in before}
        assert version(other) != version(document) or after == before
        agrees(other, sampled(name))


@given(fixtures, steps())
def test_variants_of_variants_accept_the_same(name: str, sequence: Steps) -> None:
    agrees(varied(fixture(name), sequence), sampled(name))


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_is_valid(variant: str) -> None:
    for name in part(NAMES, 1, list(VARIANTS).index(variant)):
        other = VARIANTS[variant](fixture(name), Random(3))
        if kind := _VALIDATORS.get(version(other)):
            kind(other).validate()


@pytest.mark.parametrize(("old", "new"), [
    ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
    ({"nullable": True, "allOf": [{"$ref": "#/a"}]}, {"anyOf": [{"allOf": [{"$ref": "#/a"}]}, {"type": "null"}]}),
    ({"type": "integer", "minimum": 0, "exclusiveMinimum": True}, {"type": "integer", "exclusiveMinimum": 0}),
    ({"type": "integer", "minimum": 0, "exclusiveMinimum": False}, {"type": "integer", "minimum": 0}),
    ({"$ref": "#/a", "nullable": True}, {"$ref": "#/a"}),
    ({"type": "string", "example": "x"}, {"type": "string", "examples": ["x"]}),
])  # fmt: skip
def test_schemas_of_3_0_in_3_1(old: Node, new: Node) -> None:
    assert schema_to_3_1(old) == new


def operation(text: str) -> Node:
    document = VARIANTS["2.0 to 3.0"](fixture("loyalty"), Random(0))
    method, path = text.split()
    return document["paths"][path][method]


def test_swagger_servers_and_security() -> None:
    document = VARIANTS["2.0 to 3.0"](fixture("loyalty"), Random(0))
    assert document["servers"] == [{"url": "https://legacy.fernhill.example/loyalty/v1"}]
    schemes = document["components"]["securitySchemes"]
    assert schemes["basic"] == {"type": "http", "scheme": "basic"}
    assert list(schemes["portal"]["flows"]) == ["authorizationCode"]
    assert list(schemes["batch"]["flows"]) == ["clientCredentials"]


def test_swagger_parameters_and_bodies() -> None:
    tier, store, sort = operation("get /members")["parameters"][1:]
    assert (tier["style"], tier["explode"]) == ("form", False)
    assert (store["style"], store["explode"]) == ("form", True)
    assert (sort["style"], sort["explode"]) == ("pipeDelimited", False)
    assert operation("put /members/{number}")["requestBody"] == {"$ref": "#/components/requestBodies/MemberBody"}
    picture = operation("post /members/{number}/picture")["requestBody"]
    assert picture["required"] is True
    assert picture["content"]["multipart/form-data"]["schema"]["properties"]["picture"]["format"] == "binary"
    points = operation("post /points/{number}")["requestBody"]["content"]["application/x-www-form-urlencoded"]
    assert points["schema"]["required"] == ["points"]
    assert points["encoding"] == {"reasons": {"style": "form", "explode": False}}


def test_swagger_responses() -> None:
    read = operation("get /members/{number}")["responses"]["200"]["content"]
    assert list(read) == ["application/json", "application/xml"]
    image = operation("get /members/{number}/picture")["responses"]["200"]["content"]
    assert image == {"image/png": {"schema": {"type": "string", "format": "binary"}}}


def test_a_renamed_component_leaves_no_reference_behind() -> None:
    for name in NAMES:
        other = VARIANTS["components renamed"](fixture(name), Random(5))
        judge = Judge(other)
        for position in judge.positions:
            judge.accepts(position, None)  # resolves every reference, or raises
        for place in places(other, "schema"):
            for ref in ((place.node.get("discriminator") or {}).get("mapping") or {}).values():
                judge.accepts_at(ref, None, "in")


@settings(max_examples=tries(150))
@given(st.integers(0, 1000), fixtures)
def test_yaml_and_json_hold_the_same_document(seed: int, name: str) -> None:
    import json

    import yaml

    document = VARIANTS["keys reordered"](fixture(name), Random(seed))
    assert json.loads(to_json(document)) == yaml.load(to_yaml(document), yaml.CSafeLoader) == document
