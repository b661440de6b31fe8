"""A workspace with one business object in an API, an event, an Avro record and Odoo; and its map."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from retailctl import api
from retailctl.model.report import Report
from tests.unit.api.contracts.world import AS_OF

API, API_2 = "contracts/order/orders-api/v1/openapi.json", "contracts/order/orders-api/v2/openapi.json"
EVENT, EVENT_2 = (
    "contracts/order/order-events/v1/order.schema.json",
    "contracts/order/order-events/v2/order.schema.json",
)
AVRO = "contracts/order/order-log/v1/order.avsc"
MAP = "contracts/order/order.map.yaml"
Json = dict[str, Any]
Edit = Callable[[Json], object]

SCHEMA: Json = {
    "type": "object",
    "required": ["order_ref"],
    "properties": {
        "order_ref": {"type": "string"},
        "placed_at": {"type": "string", "format": "date-time"},
        "total": {"type": "number", "x-unit": "EUR"},
        "lines": {
            "type": "array",
            "items": {"type": "object", "properties": {"sku": {"type": "string"}, "quantity": {"type": "integer"}}},
        },
    },
}
RECORD: Json = {
    "type": "record",
    "name": "Order",
    "fields": [
        {"name": "orderRef", "type": "string"},
        {"name": "placedAt", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "total", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
        {
            "name": "lines",
            "type": {
                "type": "array",
                "items": {
                    "type": "record",
                    "name": "Line",
                    "fields": [{"name": "sku", "type": "string"}, {"name": "quantity", "type": "int"}],
                },
            },
        },
    ],
}
THE_MAP: Json = {
    "entity": "Order",
    "fields": {
        "order_ref": {"type": "string", "required": True, "key": True},
        "placed_at": {"type": "datetime"},
        "total": {"type": "decimal", "unit": "EUR"},
        "lines[].sku": {"type": "string"},
        "lines[].quantity": {"type": "integer"},
    },
    "members": [
        {"contract": "orders-api"},
        {"contract": "order-events"},
        {"contract": "order-log"},
        {
            "kind": "odoo",
            "model": "sale.order",
            "fields": {
                "order_ref": {"path": "name", "type": "char"},
                "placed_at": {"path": "date_order", "type": "datetime"},
                "total": {"path": "amount_total", "type": "monetary", "unit": "EUR"},
                "lines": "order_line",
                "lines[].sku": {"path": "order_line[].product_id.default_code", "type": "char"},
                "lines[].quantity": {"path": "order_line[].qty", "type": "integer"},
            },
        },
    ],
}


def openapi(schema: Json, version: str = "1.0.0") -> Json:
    """An API that answers with the object."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}
    answer = {"200": {"description": "Done.", "content": content}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Orders", "version": version},
        "servers": [{"url": "https://api.shop.example"}],
        "paths": {"/orders": {"get": {"operationId": "list", "responses": answer}}},
        "components": {"schemas": {"Order": schema}},
    }


def edited(value: Json, edit: Edit | None) -> Json:
    """A copy with an edit."""
    made = copy.deepcopy(value)
    if edit is not None:
        edit(made)
    return made


def world(
    root: Path,
    *,
    schema: Edit | None = None,
    event: Edit | None = None,
    record: Edit | None = None,
    mapped: Edit | None = None,
    more: dict[str, object] | None = None,
) -> Path:
    """Write the workspace; each part may be edited. ``more`` are further files."""
    promises = {
        f"contracts/order/{name}/contract.yaml": f"id: {name}\nkind: {kind}\nowner: team-{name}\nset: order\n"
        for name, kind in (("orders-api", "openapi"), ("order-events", "jsonschema"), ("order-log", "avro"))
    }
    files: dict[str, object] = {
        "retailctl.yaml": "name: shop\n",
        **promises,
        API: openapi(edited(SCHEMA, schema)),
        EVENT: edited(SCHEMA, event),
        AVRO: edited(RECORD, record),
        MAP: json.dumps(edited(THE_MAP, mapped), indent=1),
        **(more or {}),
    }
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return root


def options(**more: object) -> api.ContractOptions:
    """On the fixed day, without a cache."""
    run = api.AuditOptions(as_of=AS_OF, use_cache=False)
    return api.ContractOptions(run=run, **more)  # type: ignore[arg-type]


def told(root: Path, wanted: str | None = None, **more: object) -> tuple[Json, Report]:
    """``contract map``."""
    field = more.pop("field", None)
    assert field is None or isinstance(field, str)
    return api.contract_map(root, wanted, options(**more), field=field)


def rows(report: Report) -> list[tuple[str, str, str, str]]:
    """(rule, verdict, severity, subject) of what was found."""
    return [(one.rule, one.verdict, one.severity, one.subject) for one in report.findings]
