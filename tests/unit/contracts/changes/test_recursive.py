"""A body that leads back to itself is compared like every other one."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from retailctl.contracts.api.model import ApiDocument
from retailctl.contracts.api.reading import read_api
from retailctl.contracts.changes.change import CompareOptions
from retailctl.contracts.changes.compare import compare
from retailctl.contracts.references import Library
from retailctl.workspace.reader import parse_bytes


def tree(**name: Any) -> ApiDocument:
    schema = {
        "type": "object",
        "properties": {"name": name, "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}},
    }
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Tree"}}}
    answer = {"200": {"description": "The tree.", "content": content}}
    raw = {
        "openapi": "3.0.3",
        "info": {"title": "Trees", "version": "1.0.0"},
        "paths": {"/tree": {"get": {"responses": answer}}},
        "components": {"schemas": {"Tree": schema}},
    }
    found = read_api(Library(lambda path: parse_bytes(path, json.dumps(raw).encode()), "api.json"))
    assert found is not None
    return found


@pytest.mark.parametrize("naming", ["retailctl", "oasdiff"])
def test_a_change_inside_is_told_once(naming: Any) -> None:
    options = CompareOptions(naming=naming, as_of=date(2026, 11, 20))
    found = compare(tree(type="string"), tree(type="integer"), options)
    assert [change.id for change in found] == ["response-property-type-changed"]
