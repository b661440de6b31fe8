"""What a change of a CloudEvents envelope is called, and how serious it is (contracts.md section 5.6)."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.events.cloudevents import Envelope, compare_envelopes, read_envelope
from retailctl.contracts.rules.rules import all_rules
from tests.unit.contracts.events.support import document, told, v3

TEXT = {"type": "string"}
ATTRIBUTES: dict[str, Any] = {
    "id": TEXT,
    "source": {"const": "/orders"},
    "specversion": {"const": "1.0"},
    "type": {"const": "order.paid"},
    "dataschema": {"const": "https://example.com/order/1"},
    "datacontenttype": {"const": "application/json"},
    "tenant": TEXT,
}
REQUIRED = ["id", "source", "specversion", "type"]


def contract(message: dict[str, Any], name: str = "OrderPaid") -> dict[str, Any]:
    raw = v3()
    raw["components"]["messages"][name] = {"name": name, **message}
    return raw


def structured(**changes: Any) -> dict[str, Any]:
    properties = {key: one for key, one in {**ATTRIBUTES, "data": {}, **changes}.items() if one is not None}
    payload = {"type": "object", "properties": properties, "required": REQUIRED}
    return {"contentType": "application/cloudevents+json", "payload": payload}


def binary(**changes: Any) -> dict[str, Any]:
    kept = {key: one for key, one in {**ATTRIBUTES, **changes}.items() if one is not None and key != "datacontenttype"}
    headers = {"type": "object", "properties": {f"ce_{key}": one for key, one in kept.items()}}
    return {"contentType": "application/json", "headers": headers, "payload": {"type": "object"}}


def envelope(message: dict[str, Any]) -> Envelope | None:
    found = document(contract(message))
    [sent] = [channel.exchanges["send"] for channel in found.channels.values() if "send" in channel.exchanges]
    return read_envelope(sent.messages["OrderPaid"], found.schemas)


def of_envelopes(old: Any, new: Any) -> dict[str, str]:
    return {id: level for id, level in told(old, new).items() if id.startswith("cloudevents-")}


@pytest.mark.parametrize("mode", [structured, binary])
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"type": {"const": "order.settled"}}, {"cloudevents-type-changed": "ERR"}),
        ({"type": {"enum": ["order.paid"]}}, {}),
        ({"type": TEXT}, {}),
        ({"source": {"const": "/shop"}}, {"cloudevents-source-changed": "ERR"}),
        ({"dataschema": {"const": "https://example.com/order/2"}}, {"cloudevents-dataschema-changed": "INFO"}),
        ({"specversion": {"const": "2.0"}}, {"cloudevents-specversion-changed": "ERR"}),
        ({"tenant": None}, {"cloudevents-extension-removed": "ERR"}),
        ({"region": TEXT}, {"cloudevents-extension-added": "INFO"}),
        ({"subject": TEXT}, {}),
    ],
)
def test_changes(mode: Any, changes: dict[str, Any], expected: dict[str, str]) -> None:
    assert of_envelopes(contract(mode()), contract(mode(**changes))) == expected


def test_the_content_type_of_the_data() -> None:
    after = structured(datacontenttype={"const": "application/xml"})
    assert of_envelopes(contract(structured()), contract(after)) == {"cloudevents-datacontenttype-changed": "ERR"}


def test_modes() -> None:
    assert of_envelopes(contract(structured()), contract(binary())) == {"cloudevents-mode-changed": "WARN"}
    plain = {"contentType": "application/json", "payload": {"type": "object"}}
    assert of_envelopes(contract(structured()), contract(plain)) == {"cloudevents-envelope-removed": "ERR"}
    assert of_envelopes(contract(plain), contract(binary())) == {"cloudevents-envelope-added": "WARN"}


def test_an_extension_that_a_receiver_no_longer_reads_breaks_nobody() -> None:
    old, new = contract(structured(), "CancelOrder"), contract(structured(tenant=None), "CancelOrder")
    assert of_envelopes(old, new) == {}


@pytest.mark.parametrize(("mode", "made"), [("structured", structured()), ("binary", binary())])
def test_what_is_read(mode: str, made: dict[str, Any]) -> None:
    found = envelope(made)
    assert found is not None
    assert (found.mode, found.content_type, found.extensions) == (mode, "application/json", ("tenant",))
    assert found.fixed("type") == ("order.paid",)
    assert found.fixed("id") is None
    assert found.complete


def test_what_is_no_cloudevent() -> None:
    assert envelope({"contentType": "application/json", "payload": {"properties": {"id": TEXT, "type": TEXT}}}) is None
    assert envelope({"contentType": "application/cloudevents-batch+json", "payload": {"type": "array"}}) is None
    avro = {"schemaFormat": "application/vnd.apache.avro;version=1.9.0", "schema": {"type": "string"}}
    assert envelope({"contentType": "application/cloudevents+avro", "payload": avro}) is None
    assert list(compare_envelopes(None, None)) == []


def test_alternatives_may_declare_more() -> None:
    made = structured()
    made["payload"]["oneOf"] = [{"properties": {"region": TEXT}}]
    found = envelope(made)
    assert found is not None
    assert not found.complete
    del made["payload"]["properties"]["tenant"]
    assert of_envelopes(contract(structured()), contract(made)) == {}


def test_a_schema_that_refers_to_itself() -> None:
    made = {"contentType": "application/cloudevents+json", "payload": {"$ref": "#/components/schemas/Loop"}}
    raw = contract(made)
    raw["components"]["schemas"]["Loop"] = {"allOf": [{"$ref": "#/components/schemas/Loop"}], "properties": ATTRIBUTES}
    assert of_envelopes(raw, raw) == {}


def test_every_row_can_occur() -> None:
    named = {"datacontenttype", "dataschema", "source", "specversion", "type", "mode"}
    ids = {f"cloudevents-{name}-changed" for name in named}
    ids |= {f"cloudevents-{what}-{how}" for what in ("envelope", "extension") for how in ("added", "removed")}
    assert {id for id in all_rules() if id.startswith("cloudevents-")} == ids
