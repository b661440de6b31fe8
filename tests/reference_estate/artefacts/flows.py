"""n8n: one workflow per interface that it serves or calls, and one that nobody remembers."""

from __future__ import annotations

import json
from typing import Any

from retailctl.inventory.urls import url_of
from retailctl.model.estate import Estate
from retailctl.model.interface import Interface
from retailctl.model.interface_key import HttpKey
from tests.reference_estate.artefacts.made import UNDECLARED, Made, concrete, interfaces


def workflows(estate: Estate) -> list[Made]:
    """Files of ``n8n export:workflow --separate``."""
    found = []
    number = 0
    for one in interfaces(estate, "http"):
        if one.provider != "n8n" and not any(c.system == "n8n" for c in one.consumers or ()):
            continue
        number += 1
        made = Made(f"exports/n8n/workflow-{number:02d}.json")
        made.add(one.id, *json.dumps(_workflow(one, number), indent=2).split("\n"))
        found.append(made)
    made = Made("exports/n8n/workflow-99.json")
    made.add(UNDECLARED, *json.dumps(_forgotten(), indent=2).split("\n"))
    return [*found, made]


def _workflow(one: Interface, number: int) -> dict[str, Any]:
    assert isinstance(one.key, HttpKey)
    if one.provider == "n8n":
        path = (one.key.address or "").removeprefix("/webhook/")
        node = _node("Webhook", "webhook", {"path": path, "httpMethod": one.key.method})
    else:
        url = next(url for url in (url_of(e.url) for e in one.endpoints or ()) if url is not None)
        address = f"https://{url.host}{concrete(one.key.address or '/', number)}"
        node = _node("Call", "httpRequest", {"url": address, "method": one.key.method})
        retry = one.resilience.retry if one.resilience else None
        if retry is not None and retry.max and retry.max > 0:  # n8n counts the first attempt, and stops at five
            node |= {"retryOnFail": True, "maxTries": min(retry.max + 1, 5), "waitBetweenTries": 1000}
    return {
        "name": f"Automation {number}",
        "active": True,
        "nodes": [node],
        "connections": {},
        "settings": {"executionOrder": "v1"},
    }


def _forgotten() -> dict[str, Any]:
    tick = _node(
        "Every morning",
        "scheduleTrigger",
        {"rule": {"interval": [{"field": "cronExpression", "expression": "0 7 * * *"}]}},
    )
    header = {"parameters": [{"name": "X-Api-Key", "value": "fh-7781-not-a-real-key"}]}
    call = _node(
        "Rates",
        "httpRequest",
        {"url": "https://rates.bank.example/daily", "sendHeaders": True, "headerParameters": header},
    )
    links = {"Every morning": {"main": [[{"node": "Rates", "type": "main", "index": 0}]]}}
    return {
        "name": "Exchange rates (temporary)",
        "active": True,
        "nodes": [tick, call],
        "connections": links,
        "settings": {},
    }


def _node(name: str, kind: str, parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": name.lower().replace(" ", "-"),
        "name": name,
        "type": f"n8n-nodes-base.{kind}",
        "typeVersion": 1,
        "position": [0, 0],
        "parameters": parameters,
    }
