"""The API gateway: its configuration (decK) and an hour of its log."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from retailctl.inventory.urls import url_of
from retailctl.model.estate import Estate
from retailctl.model.interface import Interface
from retailctl.model.interface_key import HttpKey
from tests.reference_estate.artefacts.made import UNDECLARED, Made, calls, concrete, interfaces

_START: Final = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
_FRONT: Final = "api.fernhill.example"


def behind_gateway(estate: Estate) -> list[Interface]:
    """Interfaces that the gateway routes: those with a sighting of it."""
    return [
        one for one in interfaces(estate, "http") if any(sighting.source == "kong" for sighting in one.sightings or ())
    ]


def configuration(estate: Estate) -> Made:
    """``kong.yaml``: a service per provider, a route per interface, the plug-ins of each."""
    made = Made("exports/kong/kong.yaml")
    made.add(None, '_format_version: "3.0"', "services:")
    routed = behind_gateway(estate)
    for provider in sorted({one.provider or "" for one in routed}):
        mine = [one for one in routed if one.provider == provider]
        url = next(u for u in (url_of(e.url) for one in mine for e in one.endpoints or ()) if u is not None)
        made.add(None, f"  - name: {provider}", f"    url: https://{url.host}", "    routes:")
        for number, same in enumerate(_routes(mine)):
            one = same[0]
            assert isinstance(one.key, HttpKey)
            path = re.sub(r"\{(\w+)\}", r"(?<\1>[^/]+)", one.key.address or "/")
            plugins = next((s.fields["plugins"] for s in one.sightings or () if s.fields and "plugins" in s.fields), ())
            made.add(" ".join(each.id for each in same), f"      - name: {provider}-{number + 1}")
            made.add(None, f"        methods: [{one.key.method}]", "        paths: [" + json.dumps(f"~{path}$") + "]")
            if plugins:
                made.add(None, "        plugins:", *(f"          - name: {plugin}" for plugin in plugins))
    made.add(
        None,
        "  - name: reporting",
        "    url: http://reports.fernhill.example:8080",
        "    routes:",
    )
    made.add(
        UNDECLARED, "      - name: reporting-1", "        methods: [GET]", "        paths: [/reports/daily-margin]"
    )
    return made


def _routes(interfaces: list[Interface]) -> list[list[Interface]]:
    """Interfaces by method and path: versions that a header tells apart are one route."""
    routes: dict[tuple[str | None, str | None], list[Interface]] = {}
    for one in interfaces:
        assert isinstance(one.key, HttpKey)
        routes.setdefault((one.key.method, one.key.address), []).append(one)
    return list(routes.values())


def log(estate: Estate) -> Made:
    """``kong-access.ndjson``: an hour of what the gateway writes per request."""
    made = Made("exports/logs/kong-access.ndjson")
    rows: list[tuple[datetime, str, dict[str, object]]] = []
    for one in behind_gateway(estate):
        if not any(sighting.source == "gateway-log" for sighting in one.sightings or ()):
            continue
        assert isinstance(one.key, HttpKey)
        host = next(u.host for u in (url_of(e.url) for e in one.endpoints or ()) if u is not None)
        for consumption in one.consumers or ():
            number = calls(one)
            for step in range(number):
                at = _START + timedelta(seconds=3600 * (step + 0.5) / number)
                rows.append((at, one.id, _row(at, one.key, host, consumption.identity or "", step)))
    rows.sort(key=lambda row: (row[0], row[1], json.dumps(row[2])))
    for _, id_, row in rows:
        made.add(id_, json.dumps(row))
    return made


def _row(at: datetime, key: HttpKey, host: str, identity: str, step: int) -> dict[str, object]:
    path = concrete(key.address or "/", step)
    return {
        "started_at": int(at.timestamp() * 1000),
        "client_ip": "10.20.0.14",
        "consumer": {"username": identity},
        "request": {
            "method": key.method,
            "uri": f"{path}?trace={step:08x}",
            "url": f"https://{host}{path}",
            "headers": {"host": host},
        },
        "response": {"status": 502 if step % 97 == 96 else 200},
        "latencies": {"request": 40 + step % 60},
    }
