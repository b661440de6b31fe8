"""Small valid documents, one for each specification, and a way to change one place of them."""

from __future__ import annotations

import copy
from typing import Any

OK = {"200": {"description": "fine"}}
INFO = {"title": "Orders", "version": "1.0.0"}


def openapi(minor: int = 0, **more: Any) -> dict[str, Any]:
    """OpenAPI 3 with one operation that uses its one schema."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}
    return {
        "openapi": f"3.{minor}.0",
        "info": INFO,
        "paths": {
            "/orders/{id}": {
                "get": {
                    "operationId": "order",
                    "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                    "responses": {"200": {"description": "fine", "content": content}},
                }
            }
        },
        "components": {"schemas": {"Order": {"type": "object", "properties": {"id": {"type": "string"}}}}},
        **more,
    }


def swagger(**more: Any) -> dict[str, Any]:
    """Swagger 2.0 with one operation that uses its one schema."""
    return {
        "swagger": "2.0",
        "info": INFO,
        "paths": {
            "/orders/{id}": {
                "get": {
                    "operationId": "order",
                    "parameters": [{"name": "id", "in": "path", "required": True, "type": "string"}],
                    "responses": {"200": {"description": "fine", "schema": {"$ref": "#/definitions/Order"}}},
                }
            }
        },
        "definitions": {"Order": {"type": "object", "properties": {"id": {"type": "string"}}}},
        **more,
    }


def with_schema(schema: Any, minor: int = 0) -> dict[str, Any]:
    """OpenAPI 3 whose schema Order is this one."""
    return openapi(minor, components={"schemas": {"Order": schema}})


def change(document: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """A copy of the document with another value at one place; None removes it."""
    made = copy.deepcopy(document)
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    holder: Any = made
    for step in steps[:-1]:
        holder = holder[int(step)] if isinstance(holder, list) else holder.setdefault(step, {})
    if value is None:
        del holder[int(steps[-1]) if isinstance(holder, list) else steps[-1]]
    elif isinstance(holder, list):
        holder.insert(int(steps[-1]), value)
    else:
        holder[steps[-1]] = value
    return made
