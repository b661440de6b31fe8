"""Small documents and what the engine says of two of them, for the tests of reading, comparing and judging."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from retailctl.contracts.api.model import ApiDocument
from retailctl.contracts.api.reading import read_api
from retailctl.contracts.changes.change import Change, CompareOptions
from retailctl.contracts.changes.compare import Comparison, compare
from retailctl.contracts.judging import Judgement, JudgeOptions, judge
from retailctl.contracts.references import Library
from retailctl.contracts.rules.levels import Levels
from retailctl.errors import IncompleteError, Location
from retailctl.workspace.document import Document
from retailctl.workspace.reader import parse_bytes

AS_OF = date(2026, 11, 20)
JSON = "application/json"
Raw = dict[str, Any]


def read(document: object, root: str = "openapi.json", /, **files: object) -> ApiDocument:
    """A document in normal form; ``files`` are further ones, the name with two underscores for the dot."""
    texts = {root: document, **{name.replace("__", "."): value for name, value in files.items()}}

    def from_memory(path: str) -> Document:
        if path not in texts:
            raise IncompleteError("cannot be read: No such file or directory", at=Location(path))
        content = texts[path]
        return parse_bytes(path, content if isinstance(content, bytes) else json.dumps(content).encode(), owned=False)

    found = read_api(Library(from_memory, root))
    assert found is not None
    return found


def openapi(paths: object = None, version: str = "3.1.0", /, **rest: Any) -> Raw:
    """An OpenAPI document of these paths."""
    return {"openapi": version, "info": {"title": "Orders", "version": "1.0.0"}, "paths": paths or {}, **rest}


def operation(method: str = "get", path: str = "/orders", *, version: str = "3.1.0", top: Raw | None = None,
              **parts: Any) -> Raw:  # fmt: skip
    """A document with one operation; ``top`` are parts of the document."""
    return openapi({path: {method: {"responses": {"200": {"description": "ok"}}, **parts}}}, version, **(top or {}))


def body(schema: object, required: bool = True, kind: str = JSON) -> Raw:
    """A request body."""
    return {"requestBody": {"required": required, "content": {kind: {"schema": schema}}}}


def answer(schema: object, status: str = "200", kind: str = JSON) -> Raw:
    """A response with content."""
    return {"responses": {status: {"description": "ok", "content": {kind: {"schema": schema}}}}}


def request(schema: object, version: str = "3.1.0", **top: Any) -> Raw:
    """A document whose one operation takes this JSON."""
    return operation("post", version=version, top=top, **body(schema))


def response(schema: object, version: str = "3.1.0", **top: Any) -> Raw:
    """A document whose one operation answers this JSON."""
    return operation("get", version=version, top=top, **answer(schema))


def parameter(schema: object, version: str = "3.1.0", /, *, location: str = "query", **more: Any) -> Raw:
    """A document whose one operation has the parameter ``filter``."""
    one = {"name": "filter", "in": location, "schema": schema, **more}
    return operation("get", version=version, parameters=[one])


def header(schema: object, version: str = "3.1.0", **more: Any) -> Raw:
    """A document whose one operation answers the header ``X-Page``."""
    answered = {"200": {"description": "ok", "headers": {"X-Page": {"schema": schema, **more}}}}
    return operation("get", version=version, responses=answered)


def schemas(**named: object) -> Raw:
    """Components: the part ``components`` of a document."""
    return {"components": {"schemas": named}}


def thing(**properties: object) -> Raw:
    """An object schema with these properties."""
    return {"type": "object", "properties": properties}


def options(**more: Any) -> CompareOptions:
    """How to compare, on a fixed day."""
    return CompareOptions(as_of=AS_OF, **more)


def changes(old: object, new: object, **more: Any) -> tuple[Change, ...]:
    """The changes between two documents."""
    return compare(read(old), read(new), options(**more))


def ids(old: object, new: object, **more: Any) -> list[str]:
    """The ids of the changes, sorted, each as often as it was reported."""
    return sorted(change.id for change in changes(old, new, **more))


def judged(
    old: object,
    new: object,
    *,
    levels: Levels | None = None,
    content: str = "declared",
    witnesses: bool = True,
    **more: Any,
) -> Judgement:
    """The judgement of two documents."""
    chosen = JudgeOptions(levels or Levels(), content, witnesses)  # type: ignore[arg-type]
    return judge(Comparison(read(old), read(new), options(**more)), chosen)


def verdicts(old: object, new: object, **more: Any) -> dict[str, str]:
    """The level of each change by its id, the version policy left out; "unknown" for what was not decided."""
    return {
        one.change.id: "unknown" if one.verdict == "unknown" else one.level
        for one in judged(old, new, **more).changes
        if not one.change.id.startswith(("api-version", "api-major"))
    }


def only(found: Mapping[str, str], level: str) -> set[str]:
    """The ids with a level."""
    return {id_ for id_, is_level in found.items() if is_level == level}
