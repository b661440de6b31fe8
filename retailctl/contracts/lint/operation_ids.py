"""``operationId`` names one operation of the whole document, webhooks and callbacks included (OpenAPI, Operation)."""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.contracts.lint.context import Context
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.outline import text


def check(context: Context) -> Iterator[LintFact]:
    """Each operation whose id was used before, with the place of the first."""
    first: dict[str, tuple[str, str]] = {}
    for operation in context.outline.operations:
        name = text(operation.value.get("operationId"))
        place = (operation.path, f"{operation.pointer}/operationId")
        if name and first.setdefault(name, place) != place:
            yield fact("operation-id-duplicate", place, name=name, first=first[name][1])
