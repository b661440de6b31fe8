"""One example per kind of file, shown by editors. They are valid: a test reads them."""

from __future__ import annotations

from typing import Any, Final

EXAMPLES: Final[dict[str, Any]] = {
    "settings": {
        "name": "Nordlicht Retail",
        "fail-on": "error",
        "packs": ["retailctl:standard", "policies/estate.yaml"],
    },
    "inventory": {
        "systems": [{"id": "erp", "kind": "erp", "owner": "team-erp"}],
        "interfaces": [
            {
                "id": "order-api",
                "provider": "erp",
                "consumers": ["storefront"],
                "domain": "order",
                "mode": "sync",
                "pattern": "rest",
                "owner": "team-erp",
                "contract": "contracts/order/order-api/v1/openapi.yaml",
            }
        ],
    },
    "contract": {
        "id": "order-api",
        "kind": "openapi",
        "domain": "order",
        "owner": "team-erp",
        "compatibility": "BACKWARD",
        "versions": [{"version": "1.0.0", "lifecycle": "active"}],
    },
    "map": {
        "entity": "Order",
        "set": "order",
        "fields": {
            "order_ref": {"type": "string", "required": True, "key": True},
            "lines[].quantity": {"type": "integer", "unit": "piece"},
        },
        "members": [
            {"contract": "order-api", "version": "v1", "at": "Order", "fields": {"lines[].quantity": "lines[].qty"}},
            {
                "kind": "odoo",
                "model": "sale.order",
                "fields": {
                    "order_ref": {"path": "client_order_ref", "type": "char"},
                    "lines[].quantity": {"dropped": "Read from the delivery."},
                },
            },
        ],
    },
    "policy": {
        "schema": "retailctl/policy/v1",
        "extends": "retailctl:standard",
        "severity": {"OWN-01": "error"},
    },
    "waivers": {
        "waivers": [
            {
                "rule": "SEC-01",
                "subject": "svc-pos",
                "reason": "The till vendor changes its sign-in in spring.",
                "owner": "team-stores",
                "approved-by": "ciso",
                "expires": "2026-12-31",
            }
        ]
    },
    "baseline": {
        "schema": "retailctl.baseline/v1",
        "as_of": "2026-01-31",
        "findings": {"0f1e2d3c4b5a6978": "OWN-01 order-api"},
    },
    "wave": {
        "wave": {"id": "w1-stock", "units": ["stock-api"], "strategy": "canary"},
        "gates": [{"id": "ready", "signoffs": [{"role": "migration-lead"}]}],
    },
    "evidence": {
        "id": "ev-duplicates-orders",
        "kind": "drill",
        "at": "2026-11-12",
        "by": "team-platform",
        "covers": ["order-api"],
        "values": {"duplicates_injected": 40, "duplicates_found": 0},
    },
    "parallel": {
        "entity": "order_line",
        "key": ["order_id", "line_no"],
        "sources": {
            "legacy": {"csv": "exports/orders-*.csv", "delimiter": ";"},
            "new": {"parquet": "lake/orders/*.parquet"},
        },
        "fields": [
            {"name": "order_id", "legacy": {"col": "ORDNO", "normalisers": ["trim", {"prefix": "SO"}]}, "pii": "none"},
            {"name": "line_no", "type": "int", "legacy": "LINENR", "pii": "none"},
            {
                "name": "price",
                "type": "decimal",
                "scale": 2,
                "legacy": {"col": "PREIS", "normalisers": [{"decimal": "de"}]},
                "severity": "money",
            },
        ],
        "amount": {"field": "price", "currency": "EUR"},
        "gates": [{"metric": "missing", "limit": "0", "streak": 10}],
    },
    "events": {
        "kind": "events",
        "entity": "order",
        "legacy": {"jsonl": "captures/legacy/*.jsonl", "envelope": {"id": "msg.id", "time": "msg.sent"}},
        "new": {"kafka": "SHOP_KAFKA", "topic": "orders", "from": "2026-11-20T00:00:00Z", "until": "end"},
        "envelope": "cloudevents",
        "key": ["order_id"],
        "order_by": ["seq"],
        "lag": "15m",
        "fields": [
            {"name": "order_id", "legacy": "order.no", "new": "order.id", "pii": "none"},
            {"name": "seq", "type": "int", "pii": "none"},
            {"name": "total", "type": "decimal", "scale": 2},
        ],
        "gates": [{"metric": "order", "limit": "0"}, {"metric": "late_p99", "limit": "15m"}],
    },
    "freezes": {"freezes": [{"id": "christmas", "from": "2026-11-20", "to": "2027-01-06"}]},
    "replay": {
        "kind": "http",
        "requests": {"ndjson": "captures/orders.ndjson"},
        "legacy": {"base_url": "https://legacy.shop.example"},
        "new": {"base_url": "https://orders.shop.example"},
        "allow_hosts": ["legacy.shop.example", "orders.shop.example"],
        "lists": {"lines": "keyed(line_no)"},
    },
}
