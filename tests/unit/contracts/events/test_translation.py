"""A payload that moves between JSON Schema and Avro is compared as JSON shows its data."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.changes.change import CompareOptions
from retailctl.contracts.events.compare import compare_events
from retailctl.contracts.events.judging import judge_events
from retailctl.contracts.judging import Judged, Judgement, JudgeOptions
from retailctl.contracts.rules.levels import Levels
from retailctl.model.compatibility import Compatibility
from tests.unit.contracts.events.support import DAY, document, edited, told, v3

INT = {"type": "integer", "minimum": -(1 << 31), "maximum": (1 << 31) - 1}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Order", "type": "object",
    "required": ["id", "status", "line"],
    "properties": {
        "id": {"type": "string"}, "status": {"enum": ["NEW", "PAID"], "type": "string"},
        "line": {"type": "object", "required": ["pieces"], "properties": {"pieces": INT}},
        "note": {"type": ["string", "null"]},
    },
}  # fmt: skip
AVRO: dict[str, Any] = {
    "type": "record", "name": "Order", "namespace": "shop", "fields": [
        {"name": "id", "type": "string"},
        {"name": "status", "type": {"type": "enum", "name": "Status", "symbols": ["NEW", "PAID"]}},
        {"name": "line", "type": {"type": "record", "name": "Line", "fields": [{"name": "pieces", "type": "int"}]}},
        {"name": "note", "type": ["null", "string"], "default": None},
    ],
}  # fmt: skip


def migrated(avro: Any, mode: Compatibility, *, back: bool = False) -> Judgement:
    sides = [document(SCHEMA, "order.schema.json"), document(avro, "order.avsc")]
    old, new = reversed(sides) if back else sides
    return judge_events(compare_events(old, new, CompareOptions(as_of=DAY), mode), JudgeOptions(Levels()))


def errors(found: Judgement) -> list[Judged]:
    return [one for one in found.changes if one.level == "ERR"]


def symbols(*names: str) -> dict[str, Any]:
    return _with(1, {**AVRO["fields"][1]["type"], "symbols": list(names)})


def pieces(kind: str, **more: Any) -> dict[str, Any]:
    return _with(2, {**AVRO["fields"][2]["type"], "fields": [{"name": "pieces", "type": kind, **more}]})


def _with(index: int, kind: Any) -> dict[str, Any]:
    fields = list(AVRO["fields"])
    fields[index] = {**fields[index], "type": kind}
    return {**AVRO, "fields": fields}


def renamed(name: str) -> dict[str, Any]:
    return {**AVRO, "fields": [{**AVRO["fields"][0], "name": name}, *AVRO["fields"][1:]]}


@pytest.mark.parametrize("back", [False, True], ids=["to Avro", "to JSON Schema"])
def test_a_migration_that_loses_nothing_is_no_break(*, back: bool) -> None:
    found = migrated(AVRO, "FULL", back=back)
    assert not [one for one in found.changes if one.level != "INFO"]
    assert "message-schema-translated" in {one.change.id for one in found.changes}
    assert found.compatible is True
    assert {row.compatible for row in found.readings} == {True}


def test_what_only_avro_says_is_named_once_with_its_place() -> None:
    found = migrated(pieces("int", aliases=["quantity"]), "FULL")
    (one,) = [row for row in found.changes if row.level == "WARN"]
    assert (one.change.id, one.change.new) == ("message-schema-unsaid", "aliases")
    assert one.change.new_place is not None
    assert one.change.new_place.pointer == "/fields/2/type"


@pytest.mark.parametrize(
    ("avro", "mode", "back", "id", "what"),
    [
        (symbols("NEW"), "BACKWARD", False, "request-property-enum-value-removed", "status"),
        (symbols("NEW", "PAID", "LOST"), "FORWARD", False, "response-property-enum-value-added",
         "status"),
        (symbols("NEW", "PAID", "LOST"), "BACKWARD", True, "request-property-enum-value-removed",
         "status"),
        (renamed("number"), "BACKWARD", False, "new-required-request-property", "number"),
        (pieces("string"), "BACKWARD", True,
         "request-property-type-changed", "line/pieces"),
    ],
)  # fmt: skip
def test_a_migration_that_breaks_a_reader_is_a_break_with_a_witness(
    avro: Any, mode: Compatibility, back: bool, id: str, what: str
) -> None:
    found = migrated(avro, mode, back=back)
    assert found.compatible is False
    assert [(one.change.id, one.change.what) for one in errors(found)] == [(id, what)]
    assert all(one.witness is not None for one in errors(found))


def test_a_place_in_a_translated_schema_is_at_its_type() -> None:
    (one,) = errors(migrated(symbols("NEW", "PAID", "LOST"), "FORWARD"))
    assert one.change.new_place is not None
    assert one.change.new_place.pointer.startswith("/fields/1/type/")


def test_an_avro_schema_that_is_not_valid_is_not_decided() -> None:
    found = migrated(pieces("Nothing"), "FULL")
    assert [(one.change.id, one.verdict) for one in found.changes if one.level != "INFO"] == [
        ("message-schema-undecided", "unknown")
    ]
    assert found.compatible is None


def test_a_record_that_contains_itself_moves() -> None:
    tree = {"type": "record", "name": "Tree", "fields": [{"name": "below", "type": {"type": "array", "items": "Tree"}}]}
    same = {
        "$schema": SCHEMA["$schema"], "title": "Tree", "type": "object", "required": ["below"],
        "properties": {"below": {"type": "array", "items": {"$ref": "#"}}},
    }  # fmt: skip
    old, new = document(same, "tree.schema.json"), document(tree, "tree.avsc")
    found = judge_events(compare_events(old, new, CompareOptions(as_of=DAY), "FULL"), JudgeOptions(Levels()))
    assert found.compatible is True


def test_a_payload_of_a_channel_moves() -> None:
    def carrying(schema: Any) -> dict[str, Any]:
        form = "application/vnd.apache.avro;version=1.9.0" if "fields" in schema else "application/schema+json"
        return edited(v3(), "/components/messages/OrderPaid/payload", {"schemaFormat": form, "schema": schema})

    assert set(told(carrying(SCHEMA), carrying(AVRO)).values()) == {"INFO"}
    assert told(carrying(SCHEMA), carrying(renamed("number")))["response-required-property-removed"] == "ERR"


@pytest.mark.parametrize(("mode", "compatible"), [("BACKWARD", False), ("FORWARD", False), ("NONE", True)])
def test_other_languages_cannot_be_read_and_the_readings_say_so(mode: Compatibility, *, compatible: bool) -> None:
    old = document(SCHEMA, "order.schema.json")
    new = document('syntax = "proto3"; message Order { string id = 1; }', "order.proto")
    found = judge_events(compare_events(old, new, CompareOptions(as_of=DAY), mode), JudgeOptions(Levels()))
    assert found.compatible is compatible
    assert {row.compatible for row in found.readings} == {False}
    assert all(one.no_witness for one in errors(found))
