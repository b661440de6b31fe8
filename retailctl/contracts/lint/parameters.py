"""Parameters: twice the same, optional in a path, and the rules of ``in: querystring`` (OpenAPI 3.2)."""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.contracts.lint.context import Context
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.outline import Operation, Parameter


def check(context: Context) -> Iterator[LintFact]:
    """Facts about the parameters of path items and operations, each list on its own and both together."""
    for item in context.outline.items:
        yield from _list(item.parameters)
    for operation in context.outline.operations:
        yield from _list(operation.parameters)
        yield from _querystring(operation)
        if context.version.family == "swagger":
            yield from _bodies(operation)


def _list(parameters: tuple[Parameter, ...]) -> Iterator[LintFact]:
    first: dict[tuple[str, str], str] = {}
    for parameter in parameters:
        place = (parameter.path, parameter.pointer)
        key = (parameter.location, parameter.name.lower() if parameter.location == "header" else parameter.name)
        if all(key) and first.setdefault(key, parameter.pointer) != parameter.pointer:
            yield fact("parameter-duplicate", place, name=parameter.name, location=key[0], first=first[key])
        if parameter.location == "path" and parameter.value.get("required") is not True:
            yield fact("path-parameter-optional", place, name=parameter.name)


def _querystring(operation: Operation) -> Iterator[LintFact]:
    every = (*operation.item.parameters, *operation.parameters)
    whole = [parameter for parameter in every if parameter.location == "querystring"]
    place = (operation.path, operation.pointer)
    if len({parameter.name for parameter in whole}) > 1:
        yield fact("querystring-twice", place)
    if whole and any(parameter.location == "query" for parameter in every):
        yield fact("querystring-and-query", place)


def _bodies(operation: Operation) -> Iterator[LintFact]:
    own = {parameter.name for parameter in operation.parameters if parameter.location == "body"}
    shared = {parameter.name for parameter in operation.item.parameters if parameter.location == "body"}
    places = {parameter.location for parameter in (*operation.item.parameters, *operation.parameters)}
    place = (operation.path, operation.pointer)
    if len(own | shared) > 1:
        yield fact("body-twice", place)
    if {"body", "formData"} <= places:
        yield fact("body-and-form", place)
