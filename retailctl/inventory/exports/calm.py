"""The estate as an architecture of FINOS CALM 1.0: nodes, relationships, interfaces, flows and metadata."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, Final

from retailctl.inventory.urls import url_of
from retailctl.model.estate import Estate
from retailctl.model.interface import Interface

SCHEMA: Final = "https://calm.finos.org/release/1.0/meta/calm.json"
_NODES: Final = {"database": "database", "data_lake": "data-asset", "psp": "ecosystem", "marketplace": "ecosystem"}
_PROTOCOLS: Final = {"http": "HTTPS", "soap": "HTTPS", "ws": "WebSocket", "sftp": "SFTP", "ftp": "FTP", "sql": "JDBC", "amqp": "AMQP", "kafka": "TCP", "smtp": "TCP"}  # fmt: skip # noqa: E501


def as_calm(estate: Estate, name: str) -> bytes:
    """One architecture document. Ids of interfaces are ids of relationships, so that two exports can be compared."""
    systems = _systems(estate)
    offered: dict[str, list[dict[str, Any]]] = {}
    relationships: list[dict[str, Any]] = []
    for entry in estate.of("interface").values():
        one: Interface = entry.noun
        if one.provider:
            offered.setdefault(one.provider, []).append(_interface(one))
            consumers = dict.fromkeys(consumer.system for consumer in one.consumers or ())
            relationships.extend(_connects(one, one.provider, consumer) for consumer in consumers)
    nodes = [_node(estate, id_, offered.get(id_, [])) for id_ in systems]
    document: dict[str, Any] = {
        "$schema": SCHEMA,
        "nodes": nodes,
        "relationships": relationships,
    }
    flows = _flows(estate, {one["unique-id"] for one in relationships})
    document |= {"flows": flows} if flows else {}
    without = sum(not entry.noun.provider for entry in estate.of("interface").values())
    told = {"name": name, "written-by": "retailctl inventory export", "interfaces": len(estate.of("interface"))}
    document["metadata"] = [{**told, **({"interfaces-without-provider": without} if without else {})}]
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")


def _systems(estate: Estate) -> list[str]:
    found = set(estate.of("system"))
    for entry in estate.of("interface").values():
        found |= {entry.noun.provider} if entry.noun.provider else set()
        found |= {consumer.system for consumer in entry.noun.consumers or ()}
    return sorted(found)


def _node(estate: Estate, id_: str, interfaces: list[dict[str, Any]]) -> dict[str, Any]:
    entry = estate.of("system").get(id_)
    noun = entry.noun if entry is not None else None
    kind = noun.kind if noun is not None else None
    node: dict[str, Any] = {
        "unique-id": id_,
        "node-type": _NODES.get(kind or "", "system"),
        "name": (noun.name if noun is not None else None) or id_,
        "description": (noun.note if noun is not None else None) or f"{kind or 'System'} {id_}",
    }
    node |= {"interfaces": interfaces} if interfaces else {}
    told = {
        name: getattr(noun, name, None) for name in ("kind", "owner", "environment", "lifecycle", "layer", "region")
    }
    metadata = {name: value for name, value in told.items() if value}
    return node | ({"metadata": [metadata]} if metadata else {})


def _interface(one: Interface) -> dict[str, Any]:
    """What a node offers: its key, and the address of each deployment."""
    told: dict[str, Any] = {"unique-id": one.id}
    if one.key is not None:
        key = {f.name: getattr(one.key, f.name) for f in fields(one.key)}
        told |= {name.replace("_", "-"): value for name, value in sorted(key.items()) if value is not None}
    urls = [url.clean for endpoint in one.endpoints or () if (url := url_of(endpoint.url)) is not None]
    return told | ({"url": urls[0]} if urls else {}) | ({"other-urls": urls[1:]} if len(urls) > 1 else {})


def _connects(one: Interface, provider: str, consumer: str) -> dict[str, Any]:
    ends = {"source": {"node": consumer}, "destination": {"node": provider, "interfaces": [one.id]}}
    relationship: dict[str, Any] = {
        "unique-id": f"{one.id}--{consumer}",
        "description": one.name or f"{consumer} uses {one.id}",
        "relationship-type": {"connects": ends},
    }
    protocol = _PROTOCOLS.get(one.key.protocol) if one.key is not None else None
    relationship |= {"protocol": protocol} if protocol else {}
    told = {name: getattr(one, name) for name in ("owner", "domain", "lifecycle", "mode", "disposition")}
    told["criticality"] = one.classification.criticality if one.classification is not None else None
    metadata = {name: value for name, value in told.items() if value}
    return relationship | ({"metadata": [metadata]} if metadata else {})


def _flows(estate: Estate, known: set[str]) -> list[dict[str, Any]]:
    """Business processes whose steps are connections of this document; a step of a person has none."""
    flows = []
    for entry in estate.of("process").values():
        steps = [step for step in entry.noun.steps or () if step.interface]
        reached = [(step, sorted(id_ for id_ in known if id_.startswith(f"{step.interface}--"))) for step in steps]
        transitions = [
            {
                "relationship-unique-id": ids[0],
                "sequence-number": number,
                "description": step.id,
                "direction": "source-to-destination",
            }
            for number, (step, ids) in enumerate(((step, ids) for step, ids in reached if ids), 1)
        ]
        if transitions:
            title = entry.noun.name or entry.id
            flows.append({"unique-id": entry.id, "name": title, "description": title, "transitions": transitions})
    return flows
