"""Maps and schemas that are made to hurt: each gives a located result, soon."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.unit.api.contracts.mapped import API, AVRO, EVENT, MAP, THE_MAP, Json, edited, openapi, rows, told, world

_SECONDS = 8.0  # of CPU: about three alone on a desk, more where the cores are shared


def many(count: int) -> dict[str, Any]:
    return {f"field_{number}": {"type": "string"} for number in range(count)}


def many_fields(made: Json) -> None:
    made["fields"] = many(10_000)
    made["members"] = [{"contract": "order-events"}, {"contract": "order-log"}]


def timed(root: Path) -> tuple[Json, list[tuple[str, str, str, str]]]:
    start = time.process_time()
    page, report = told(root)
    assert time.process_time() - start < _SECONDS
    return page, rows(report)


def test_ten_thousand_fields_are_mapped_in_linear_time(tmp_path: Path) -> None:
    properties = many(10_000)
    record = {"type": "record", "name": "Order", "fields": [{"name": name, "type": "string"} for name in properties]}
    root = world(tmp_path, mapped=many_fields, more={
        EVENT: {"type": "object", "properties": {name.title(): one for name, one in properties.items()}},
        AVRO: record,
    })  # fmt: skip
    page, found = timed(root)
    assert len(page["maps"][0]["fields"]) == 10_000
    assert found == [("canonical-member-unlisted", "fail", "warn", "order: orders-api")]


def test_ten_thousand_fields_that_are_not_there_are_ten_thousand_findings(tmp_path: Path) -> None:
    _, found = timed(world(tmp_path, mapped=many_fields))
    assert len(found) == 10_001


RECURSIVE = {
    "a reference to itself": {"$ref": "#/components/schemas/Order"},
    "a ring": {"allOf": [{"$ref": "#/components/schemas/Order"}, {"$ref": "#/components/schemas/Other"}]},
    "a tree": {
        "type": "object",
        "properties": {"order_ref": {"type": "string"}, "parts": {"items": {"$ref": "#/components/schemas/Order"}}},
    },
    "nowhere": {"$ref": "#/components/schemas/Nobody"},
    "two of itself": {"anyOf": [{"$ref": "#/components/schemas/Order"}] * 200},
}


@pytest.mark.parametrize("schema", RECURSIVE.values(), ids=RECURSIVE)
def test_a_schema_inside_itself_ends(tmp_path: Path, schema: Json) -> None:
    document = openapi(schema)
    document["components"]["schemas"]["Other"] = {"oneOf": [{"$ref": "#/components/schemas/Order"}]}
    way = ".".join(["parts[]"] * 30)

    def mapped(made: Json) -> None:
        made["fields"] = {"order_ref": {"type": "string"}, f"{way}.order_ref": {"type": "string"}}
        made["members"] = [{"contract": "orders-api"}]

    page, found = timed(world(tmp_path, mapped=mapped, more={API: document}))
    carried = {row["status"] for field in page["maps"][0]["fields"] for row in field["members"]}
    assert carried == ({"carried"} if schema.get("type") == "object" else {"unmapped"})
    assert all(row[0].startswith("canonical") for row in found)


def test_a_recursive_record_ends(tmp_path: Path) -> None:
    node = {"type": "record", "name": "Order", "fields": [
        {"name": "order_ref", "type": "string"}, {"name": "parts", "type": {"type": "array", "items": "Order"}},
        {"name": "next", "type": ["null", "Order"]},
    ]}  # fmt: skip
    way = ".".join(["parts[].next"] * 20)

    def mapped(made: Json) -> None:
        made["fields"] = {f"{way}.order_ref": {"type": "string"}}
        made["members"] = [{"contract": "order-log"}]

    page, _ = timed(world(tmp_path, mapped=mapped, more={AVRO: node}))
    assert page["maps"][0]["fields"][0]["members"][0]["status"] == "carried"


@pytest.mark.parametrize(
    "record",
    [
        [],
        "string",
        {"type": "record"},
        {"type": {"type": {"type": {"type": "record", "fields": 7}}}},
        {"type": "record", "name": "Order", "fields": [None, 3, {"name": 4}, {"name": "order_ref", "type": "Nobody"}]},
        {"type": "record", "name": 5, "fields": [{"name": "order_ref", "type": {"type": ["null", {}]}}]},
    ],
)
def test_an_avro_file_that_is_none_is_a_result(tmp_path: Path, record: Any) -> None:
    _, found = timed(world(tmp_path, more={AVRO: json.dumps(record)}))
    assert found
    assert all(row[0].startswith("canonical") and "order-log" in row[3] for row in found)


@pytest.mark.parametrize("depth", [20, 3000])
def test_a_deep_schema_is_read_or_refused_at_its_place(tmp_path: Path, depth: int) -> None:
    text = "{" + '"type":"object","properties":{"a":{' * depth + "}" * (2 * depth) + "}"

    def mapped(made: Json) -> None:
        made["members"] = [{"contract": "order-events"}, {"contract": "order-log"}]
        made["fields"] = {"a.a.a": {"type": "object"}}

    _, found = timed(world(tmp_path, mapped=mapped, more={EVENT: text, AVRO: text}))
    refused = [row for row in found if row[0].startswith("INP")]
    assert len(refused) == (2 if depth > 200 else 0)
    assert any(row[0] == "canonical-member-unread" for row in found) == (depth > 200)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "entity: 3\n",
        "entity: &a [*a]\n",
        "entity: Order\nfields: {a: {}}\nmembers: [{contract: orders-api, fields: {a: {path: 7}}}]\n",
        "entity: Order\nfields: {a: [1]}\nmembers: 7\n",
        "entity: Order\nfields: &f {a: {type: string}, b: *f}\nmembers: [{contract: x}]\n",
        "entity: Order\nfields: {a: {}}\nmembers: [{contract: x, fields: {'\x07': x}}]\n",
        "entity: Order\nfields: {? [a] : {}}\nmembers: [{contract: x}]\n",
        "fields: " + "{a: " * 3000 + "}" * 3000,
    ],
)
def test_a_map_that_is_none_is_a_located_result(tmp_path: Path, text: str) -> None:
    root = world(tmp_path)
    (root / MAP).write_text(text)
    _, found = timed(root)
    assert found
    assert all(row[0].startswith(("INP", "canonical")) for row in found)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("message Order { repeated Order parts = 1; string order_ref = 2; }", "carried"),
        ("message Order { map<string, Order> parts = 1; string order_ref = 2; }", "unmapped"),
        ('import "order.proto"; message Order { repeated Order parts = 1; string order_ref = 2; }', "carried"),
        ("message Order { repeated Nobody parts = 1; }", "unmapped"),
        ("message Order { " + "message A { " * 3000, ""),
        ("message", ""),
        ("\0", ""),
    ],
)
def test_a_proto_file_that_hurts_is_a_result(tmp_path: Path, text: str, status: str) -> None:
    def mapped(made: Json) -> None:
        made["fields"] = {".".join(["parts[]"] * 30) + ".order_ref": {"type": "string"}}
        made["members"] = [{"contract": "order-pb"}]

    root = world(tmp_path, mapped=mapped, more={"contracts/order/order-pb/v1/order.proto": text})
    page, found = timed(root)
    assert [row["status"] for field in page["maps"][0]["fields"] for row in field["members"]] == [status] * bool(status)
    assert any(row[0] in ("canonical-member-unread", "INP002") for row in found) == (not status)


def test_names_that_would_escape_stay_text(tmp_path: Path) -> None:
    nasty = "x\x1b]0;owned\x07 | `[a]` <b>"
    root = world(tmp_path, mapped=lambda made: made.update(entity=nasty))
    page, report = told(root)
    assert page["maps"][0]["entity"] == nasty  # what renders it makes it harmless
    assert report.summary.exit_code == 1  # no component of that name, and no guess


def test_a_map_edited_to_the_bone_is_a_result(tmp_path: Path) -> None:
    for key in THE_MAP:
        root = world(tmp_path / key, mapped=lambda made, key=key: made.pop(key))  # type: ignore[misc]
        assert timed(root)[1][0][0] == "INP020"
    assert edited(THE_MAP, None) == THE_MAP
