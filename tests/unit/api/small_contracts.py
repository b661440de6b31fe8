"""A workspace of one contract in two versions, small enough to read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = "contracts/order/orders-api"
V1, V2 = f"{FOLDER}/v1/openapi.json", f"{FOLDER}/v1.1/openapi.json"  # no major version announces a break

Document = dict[str, Any]


def document(schema: object, version: str = "1.0.0", path: str = "/orders") -> Document:
    """An API of one operation whose body is the schema."""
    content = {"application/json": {"schema": schema}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Orders", "version": version},
        "servers": [{"url": "https://api.shop.example"}],
        "security": [],
        "paths": {
            path: {
                "post": {
                    "operationId": "addOrder",
                    "requestBody": {"required": True, "content": content},
                    "responses": {"201": {"description": "Done."}},
                }
            }
        },
    }


def order(*required: str) -> Document:
    """A closed object with two properties."""
    properties = {"id": {"type": "string"}, "note": {"type": "string"}}
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def write(root: Path, files: Mapping[str, object]) -> Path:
    """Files below a folder: text as it is, anything else as JSON."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return root


def workspace(root: Path, old: Document, new: Document, **more: str) -> Path:
    """A workspace with both versions. ``contract`` is added to ``contract.yaml``, ``settings`` to the settings."""
    promise = "id: orders-api\nkind: openapi\nowner: team-orders\n" + more.pop("contract", "")
    settings = "name: small\n" + more.pop("settings", "")
    files = {"retailctl.yaml": settings, f"{FOLDER}/contract.yaml": promise, V1: old, V2: new}
    return write(root, files)
