"""Operations: responses, bodies where HTTP gives them no meaning, and documents that describe nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from retailctl.contracts.lint.context import Context
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.outline import Operation, mapping
from retailctl.contracts.references.pointers import escape

_STATUS: Final = re.compile(r"[1-5][0-9]{2}")
_RANGE: Final = re.compile(r"[1-5]XX")
_NO_BODY: Final = ("get", "head", "delete", "trace")


def check(context: Context) -> Iterator[LintFact]:
    """Source: Operation Object and Responses Object; RFC 9110 9.3 for bodies without meaning."""
    for operation in context.outline.operations:
        yield from _responses(context, operation)
        if operation.method in _NO_BODY and _has_body(context, operation):
            yield fact("body-not-expected", (operation.path, operation.pointer), method=operation.method.upper())
    root = context.outline.root
    described = any(mapping(root.get(key)) for key in ("paths", "webhooks", "components", "definitions"))
    if not described:
        yield fact("nothing-described", (context.library.root_path, ""))


def _responses(context: Context, operation: Operation) -> Iterator[LintFact]:
    place = (operation.path, f"{operation.pointer}/responses")
    responses = mapping(operation.value.get("responses"))
    codes = [code for code in responses if not code.startswith("x-")]
    if not codes:
        if "responses" in operation.value:
            yield fact("responses-empty", place)
        elif context.version.uses_json_schema:  # required before 3.1, which the structure pass tells
            yield fact("responses-missing", (operation.path, operation.pointer))
        return
    for code in codes:
        known = code == "default" or _STATUS.fullmatch(code)
        if not known and not (context.version.family == "openapi" and _RANGE.fullmatch(code)):
            yield fact("response-code-invalid", (place[0], f"{place[1]}/{escape(code)}"), code=code)


def _has_body(context: Context, operation: Operation) -> bool:
    """An optional body whose objects have no properties does not count: generators write it for every operation."""
    written = operation.value.get("requestBody")
    if written is not None:
        body = mapping(context.outline.resolve(written, operation.path, f"{operation.pointer}/requestBody")[2])
        schemas = [mapping(mapping(media).get("schema")) for media in mapping(body.get("content")).values()]
        empty = all(schema.get("type") == "object" and not schema.get("properties") for schema in schemas)
        return body.get("required") is True or not empty
    every = (*operation.item.parameters, *operation.parameters)
    return any(parameter.location in ("body", "formData") for parameter in every)
