"""Event contracts that want to exhaust us: CPU time and memory stay bounded, and nothing is a traceback."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.contracts.lint import lint, message
from retailctl.contracts.references import Library
from retailctl.errors import InputError
from retailctl.workspace.reader import parse_bytes
from tests.support.asyncapi import VERSIONS, full
from tests.support.mutations import mutations

HEAD = {"asyncapi": "3.0.0", "info": {"title": "a", "version": "1"}, "defaultContentType": "application/json"}


def ref(number: int) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/S{number}"}


def schemas(**named: Any) -> dict[str, Any]:
    return {**HEAD, "components": {"schemas": named, "messages": {"M": {"payload": ref(0), "examples": [
        {"payload": {"a": 1}}]}}}}  # fmt: skip


def chain(size: int, link: Any, end: Any) -> dict[str, Any]:
    return {**{f"S{number}": link(number + 1) for number in range(size)}, f"S{size}": end}


def messages_in_a_ring(size: int) -> dict[str, Any]:
    ring = {f"M{n}": {"$ref": f"#/components/messages/M{(n + 1) % size}"} for n in range(size)}
    return {**HEAD, "components": {"messages": ring}}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (schemas(**chain(999, ref, ref(0))), {"reference-cycle"}),
        (schemas(**chain(300, lambda n: {"allOf": [ref(n), ref(n)]}, {})), {"value-not-checked"}),
        (schemas(**chain(1_000, lambda n: {"properties": {"a": ref(n)}}, {})), set()),
        (messages_in_a_ring(1), {"reference-cycle"}),
        (messages_in_a_ring(1_000), {"reference-cycle"}),
        (
            {
                **HEAD,
                "components": {"messages": {"M": {"payload": {}, "traits": [{"$ref": "#/components/messages/M"}]}}},
            },
            {"reference-kind"},
        ),
        ({**HEAD, "channels": {"c": {"$ref": "#/channels/c"}}}, {"reference-cycle"}),
        ({**HEAD, "channels": {"c": {"$ref": "#"}}}, {"reference-kind"}),
        ({**HEAD, "channels": {"c": {"address": "{" * 10_000}}}, {"channel-address-malformed"}),
        ({**HEAD, "channels": {f"c{n}": {"address": "a"} for n in range(3_000)}}, {"channel-address-duplicate"}),
        (
            schemas(S0={"properties": {"a": {"pattern": "(a+)+$", "default": "a" * 50_000 + "b"}}}),
            {"default-invalid"},
        ),
    ],
)
def test_references_and_repetition(lint_document: Any, document: Any, expected: set[str]) -> None:
    began = time.process_time()
    found = {one.id for one in lint_document(document)}
    assert time.process_time() - began < 5
    assert found == expected


def many(count: int, make: Any) -> dict[str, Any]:
    return {f"n{number}": make(number) for number in range(count)}


CROWDS = {
    "traits with examples": {
        "components": {
            "messages": {"M": {"payload": {}, "traits": [
                {"headers": {"type": "object", "required": ["a"]}, "examples": [{"headers": {"a": 1}}]}] * 1_500}},
        }
    },
    "servers of one address": {
        "servers": many(1_500, lambda _: {"host": "a", "protocol": "kafka"}),
        "channels": many(1_500, lambda n: {"address": "a", "servers": [{"$ref": f"#/servers/n{n}"}]}),
    },
    "locations in many messages": {
        "channels": {"c": {
            "address": "".join(f"{{n{n}}}" for n in range(400)),
            "parameters": many(400, lambda n: {"location": f"$message.payload#/a{n}"}),
            "messages": many(400, lambda _: {"payload": {"properties": {"b": {}}}}),
        }}
    },
    "envelopes of many parts": {
        "components": {
            "schemas": {"Parts": {"allOf": [{"properties": {f"a{n}": {}}} for n in range(500)]}},
            "messages": many(500, lambda _: {
                "contentType": "application/cloudevents+json", "payload": {"$ref": "#/components/schemas/Parts"}}),
        }
    },
}  # fmt: skip


@pytest.mark.parametrize("name", CROWDS)
def test_crowds(lint_document: Any, name: str) -> None:
    began = time.process_time()
    lint_document({**HEAD, **CROWDS[name]})
    assert time.process_time() - began < 5


def test_a_ring_of_locations(lint_document: Any) -> None:
    loop = {"allOf": [{"$ref": "#/components/schemas/Loop"}, {"$ref": "#/components/schemas/Loop"}]}
    made = {"payload": {"$ref": "#/components/schemas/Loop"}, "correlationId": {"location": "$message.payload#/a/b"}}
    document = {**HEAD, "components": {"schemas": {"Loop": loop}, "messages": {"M": made}}}
    assert [one.id for one in lint_document(document)] == ["correlation-location"]


def test_five_megabytes() -> None:
    one = {"payload": {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(20)}}, "wrong": 1}
    text = json.dumps({**HEAD, "components": {"messages": {f"M{n}": one for n in range(8_500)}}}).encode()
    assert len(text) > 5_000_000
    began = time.process_time()
    library = Library(lambda path: parse_bytes(path, text, owned=False, require_mapping=False), "a.json")
    found = lint(library)
    assert time.process_time() - began < 5
    assert {fact.id for fact in found} == {"structure-unknown-key", "structure-more"}


@pytest.mark.parametrize(
    "text",
    [
        b"asyncapi: 3.0.0\na: " + b"[" * 50_000,
        b"asyncapi: 3.0.0\na: &a [1,1,1,1,1,1,1,1,1]\n"
        + b"".join(b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 9)) for n in range(9)),
        b"asyncapi: 3.0.0\na: &a {b: *a}",
        b"asyncapi: '3.0.0",
        b'asyncapi: "3.0.0"\nasyncapi: "3.0.0"',
    ],
)
def test_what_the_reader_refuses_is_a_located_error(text: bytes) -> None:
    with pytest.raises(InputError) as caught:
        lint(Library(lambda path: parse_bytes(path, text, owned=False, require_mapping=False), "a.yaml"))
    assert str(caught.value.at)


def test_a_deep_schema(lint_document: Any) -> None:
    schema: Any = {"type": "string", "default": 1}
    for _ in range(40):
        schema = {"properties": {"a": schema}}
    assert [one.id for one in lint_document(schemas(S0=schema))] == ["default-invalid"]


def test_values_are_not_shown(lint_document: Any) -> None:
    secret = "hunter2"
    schema = {"type": "integer", "default": secret, "examples": [secret], "enum": [secret]}
    made = {"payload": schema, "examples": [{"payload": secret}], "contentType": secret, "name": 1}
    document = {**HEAD, "defaultContentType": secret, "components": {"messages": {"M": made}}}
    found = lint_document(document)
    assert len(found) > 5
    assert not [message(one) for one in found if secret in message(one) + one.pointer]


@pytest.mark.parametrize("version", VERSIONS)
def test_damaged_documents_give_located_facts(lint_document: Any, version: str) -> None:
    for mutation in mutations(full(version), 7, 25):
        for found in lint_document(mutation.document):
            assert found.path == "api.json"
            assert message(found)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.just("#/components"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["$ref", "oneOf", "message", "messages", "channel", "payload", "traits", "schema", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from(VERSIONS), st.sampled_from(["channels", "operations", "servers", "components"]), JSON)
def test_anything_is_answered(version: str, key: str, value: Any) -> None:
    text = json.dumps({"asyncapi": version, "info": {}, key: {"a": value, "schemas": value}}).encode()
    found = lint(Library(lambda path: parse_bytes(path, text, owned=False, require_mapping=False), "a.json"))
    assert [message(one) for one in found]
