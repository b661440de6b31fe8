"""CloudEvents envelopes in AsyncAPI messages."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.lint import rows

TEXT = {"type": "string"}
ATTRIBUTES = {"id": TEXT, "source": TEXT, "type": {"const": "order.paid"}, "specversion": {"const": "1.0"}}
NAMES = ["id", "source", "specversion", "type"]
AT = "/channels/orders/messages/Paid"


def document(**fields: Any) -> dict[str, Any]:
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Orders", "version": "1.0.0"},
        "defaultContentType": "application/json",
        "channels": {"orders": {"address": "orders", "messages": {"Paid": {"payload": {}, **fields}}}},
    }


def structured(properties: Any, required: Any = NAMES, kind: str = "application/cloudevents+json") -> Any:
    payload = {"type": "object", "properties": properties, "required": required}
    return document(contentType=kind, payload=payload)


def binary(prefix: str, properties: Any, required: Any = NAMES) -> Any:
    named = {prefix + name: schema for name, schema in properties.items()}
    headers = {"type": "object", "properties": named, "required": [prefix + name for name in required]}
    return document(headers=headers, payload=TEXT)


@pytest.mark.parametrize(
    "made",
    [
        structured({**ATTRIBUTES, "data": {}, "tenant": TEXT}),
        structured({**ATTRIBUTES, "specversion": {"enum": ["1.0"]}}),
        *(binary(prefix, ATTRIBUTES) for prefix in ("ce-", "ce_", "cloudEvents:", "cloudEvents_")),
        document(contentType="application/cloudevents-batch+json", payload={"type": "array"}),
        document(payload={"type": "object", "properties": {"id": TEXT, "type": TEXT}}),
        document(contentType="application/cloudevents+json", payload={"allOf": [
            {"type": "object", "properties": ATTRIBUTES, "required": NAMES}, {"properties": {"data": {}}},
        ]}),
        document(contentType="application/cloudevents+json", payload={"oneOf": [{"type": "object"}]}),
    ],
)  # fmt: skip
def test_valid(lint_document: Any, made: Any) -> None:
    assert lint_document(made) == ()


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in ATTRIBUTES.items() if key != name}


@pytest.mark.parametrize(
    ("made", "id", "at"),
    [
        *((structured(without(name), [one for one in NAMES if one != name]), "cloudevents-attribute-missing",
           f"{AT}/payload") for name in NAMES),
        *((structured(ATTRIBUTES, [one for one in NAMES if one != name]), "cloudevents-attribute-optional",
           f"{AT}/payload/properties/{name}") for name in NAMES),
        (structured(without("id"), NAMES[1:], "application/json"), "cloudevents-attribute-missing", f"{AT}/payload"),
        (binary("ce_", without("id"), NAMES[1:]), "cloudevents-attribute-missing", f"{AT}/headers"),
        (binary("ce-", ATTRIBUTES, NAMES[1:]), "cloudevents-attribute-optional", f"{AT}/headers/properties/ce-id"),
        *((structured({**ATTRIBUTES, "specversion": schema}), "cloudevents-specversion",
           f"{AT}/payload/properties/specversion")
          for schema in ({"const": "0.3"}, {"const": 1.0}, {"enum": ["1.0", "0.3"]})),
        (structured({**ATTRIBUTES, "specversion": TEXT}), "cloudevents-specversion-open",
         f"{AT}/payload/properties/specversion"),
        *((structured({**ATTRIBUTES, name: TEXT}), "cloudevents-attribute-name", f"{AT}/payload/properties/{name}")
          for name in ("tenantId", "tenant_id", "data-x")),
    ],
)  # fmt: skip
def test_one_problem(lint_document: Any, made: Any, id: str, at: str) -> None:
    found = [one for one in lint_document(made) if rows()[one.id].area == "cloudevents"]
    assert [(one.id, one.pointer) for one in found] == [(id, at)]


def test_an_envelope_from_a_trait(lint_document: Any) -> None:
    headers = {"type": "object", "properties": {f"ce_{name}": one for name, one in ATTRIBUTES.items()}}
    trait = {"headers": {**headers, "required": [f"ce_{name}" for name in NAMES]}}
    own = {"type": "object", "properties": {"trace": TEXT}}
    assert lint_document(document(headers=own, traits=[trait])) == ()
