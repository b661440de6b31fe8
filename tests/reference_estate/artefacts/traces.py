"""Traces: what the systems of the house call outside, as their client spans say (OTLP JSON)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import Any, Final

from retailctl.inventory.urls import url_of
from retailctl.model.estate import Estate
from retailctl.model.interface_key import HttpKey
from tests.reference_estate.artefacts.gateway import behind_gateway
from tests.reference_estate.artefacts.made import Made, concrete, interfaces, json_part

_START: Final = 1_795_082_400_000_000_000  # 2026-11-19T10:00:00Z


def spans(estate: Estate) -> Made:
    """``traces.json``: two client spans per consumer and interface that neither gateway nor ERP log show."""
    made = Made("exports/otlp/traces.json")
    routed = {one.id for one in behind_gateway(estate)}
    by_service: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for one in interfaces(estate, "http"):
        if one.id in routed or one.provider == "odoo":
            continue
        assert isinstance(one.key, HttpKey)
        urls = [url for url in (url_of(e.url) for e in one.endpoints or () if e.environment in (None, "prod")) if url]
        for consumption in one.consumers or ():
            for step in range(2 if urls else 0):
                path = concrete(one.key.address or "/", step)
                by_service[consumption.system].append(
                    (one.id, _span(one.id, one.key.method or "GET", urls[0].clean.split("/")[2], path, step))
                )
    made.add(None, "{", '  "resourceSpans": [')
    services = sorted(by_service)
    for number, service in enumerate(services):
        name = [{"key": "service.name", "value": {"stringValue": service}}]
        made.add(None, "    {", '      "resource": {"attributes": [')
        made.add(None, *json_part(name[0], 8, last=True), "      ]},", '      "scopeSpans": [{"spans": [')
        items = by_service[service]
        for place, (id_, span) in enumerate(items):
            made.add(id_, *json_part(span, 8, last=place == len(items) - 1))
        made.add(None, "      ]}]", "    }" + ("" if number == len(services) - 1 else ","))
    made.add(None, "  ]", "}")
    return made


def _span(id_: str, method: str, host: str, path: str, step: int) -> dict[str, Any]:
    seed = hashlib.sha256(f"{id_}/{step}".encode()).hexdigest()
    start = _START + step * 1_000_000_000
    return {
        "traceId": seed[:32],
        "spanId": seed[32:48],
        "name": method,
        "kind": 3,
        "startTimeUnixNano": str(start),
        "endTimeUnixNano": str(start + 80_000_000),
        "attributes": [
            {"key": "http.request.method", "value": {"stringValue": method}},
            {"key": "url.full", "value": {"stringValue": f"https://{host}{path}"}},
            {"key": "http.response.status_code", "value": {"intValue": "200"}},
        ],
    }
