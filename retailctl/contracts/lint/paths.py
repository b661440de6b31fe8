"""Path templates: their form, their parameters, and two templates that match the same addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from retailctl.contracts.lint.context import Context
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.outline import Operation, Parameter, PathItem
from retailctl.contracts.references.pointers import escape

_PARAMETER: Final = re.compile(r"\{([^{}]*)\}")


def check(context: Context) -> Iterator[LintFact]:
    """Source: OpenAPI, "Path Templating" and Paths Object."""
    operations: dict[str, list[Operation]] = {}
    for operation in context.outline.operations:
        if operation.item.template:
            operations.setdefault(operation.item.template, []).append(operation)
    erased: dict[str, str] = {}
    for item in context.outline.items:
        if item.template:
            place = (context.library.root_path, f"/paths/{escape(item.template)}")
            yield from _template(item.template, place)
            same = erased.setdefault(_PARAMETER.sub("{}", item.template), item.template)
            if same != item.template:
                yield fact("path-template-duplicate", place, path=item.template, other=same)
            yield from _unused(item, operations.get(item.template, []), place)
            for operation in operations.get(item.template, []):
                yield from _undefined(item, operation)


def _template(template: str, place: tuple[str, str]) -> Iterator[LintFact]:
    if not template.startswith("/"):
        yield fact("path-no-slash", place, path=template)
    names = _PARAMETER.findall(template)
    rest = _PARAMETER.sub("", template)
    if "{" in rest or "}" in rest or "" in names:
        yield fact("path-template-malformed", place, path=template)
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield fact("path-parameter-repeated", place, name=name)
    if "?" in rest or "#" in rest:
        yield fact("path-with-query", place, path=template)


def _undefined(item: PathItem, operation: Operation) -> Iterator[LintFact]:
    if _unread(item.value, item.parameters) or _unread(operation.value, operation.parameters):
        return  # a reference among them leads nowhere: that is the finding
    defined = {p.name for p in (*item.parameters, *operation.parameters) if p.location == "path"}
    for name in dict.fromkeys(_PARAMETER.findall(item.template)):
        if name and name not in defined:
            yield fact("path-parameter-undefined", (operation.path, operation.pointer), name=name)


def _unused(item: PathItem, operations: list[Operation], place: tuple[str, str]) -> Iterator[LintFact]:
    names = set(_PARAMETER.findall(item.template))
    holders: list[Parameter] = [*item.parameters, *(p for operation in operations for p in operation.parameters)]
    for parameter in holders:
        if parameter.location == "path" and parameter.name not in names:
            at = (parameter.path, parameter.pointer)
            yield fact("path-parameter-unused", at, name=parameter.name, path=item.template)


def _unread(holder: Mapping[str, object], parameters: tuple[Parameter, ...]) -> bool:
    written = holder.get("parameters")
    return isinstance(written, list) and len(written) != len(parameters)
