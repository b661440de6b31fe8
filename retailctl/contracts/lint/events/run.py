"""Run all passes over one event contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from retailctl.contracts.lint import constraints, patterns, references_pass
from retailctl.contracts.lint.causes import without_repetition
from retailctl.contracts.lint.context import Context, Pass
from retailctl.contracts.lint.events import (
    addresses,
    cloudevents,
    kinds,
    locations,
    messages,
    operations,
    security,
    servers,
    structure,
    values,
)
from retailctl.contracts.lint.events.context import EventContext, SchemaContext
from retailctl.contracts.lint.events.languages import check_foreign
from retailctl.contracts.lint.events.version import detect_event_version
from retailctl.contracts.lint.facts import LintFact
from retailctl.contracts.lint.outline import mapping
from retailctl.contracts.lint.values import check_values, values_in_schemas
from retailctl.contracts.references import Library

EventPass = Callable[[EventContext], Iterator[LintFact]]


def _foreign(context: EventContext) -> Iterator[LintFact]:
    from retailctl.contracts.events.reading import texts_of

    for schema in context.foreign:
        path, pointer, value = context.resolve(schema.path, schema.pointer, schema.value)
        if value is not None:  # a reference that leads nowhere is told by its pass
            found = replace(schema, path=path, pointer=pointer, value=value, read=texts_of(context.library))
            yield from check_foreign(found)


def _schema_values(context: Context) -> Iterator[LintFact]:
    yield from check_values(context, values_in_schemas(context))


PASSES: Final[Mapping[str, EventPass]] = {
    "structure": structure.check,
    "references": references_pass.check,
    "kinds": kinds.check,
    "addresses": addresses.check,
    "operations": operations.check,
    "messages": messages.check,
    "locations": locations.check,
    "cloudevents": cloudevents.check,
    "servers": servers.check,
    "security": security.check,
    "constraints": constraints.check,
    "patterns": patterns.check,
    "values": values.check,
    "languages": _foreign,
}
"""Name -> pass over an AsyncAPI document. A new pass is a file with a ``check`` and a row here."""

SCHEMA_PASSES: Final[Mapping[str, Pass]] = {
    "structure": structure.check_schema,
    "references": references_pass.check,
    "constraints": constraints.check,
    "patterns": patterns.check,
    "values": _schema_values,
}
"""The passes over a JSON Schema that stands alone."""


def lint_events(library: Library) -> tuple[LintFact, ...]:
    """Everything that is wrong or worth knowing about one event contract, sorted by place."""
    root = mapping(library.data(library.root_path))
    version = detect_event_version(root, library.root_path)
    if isinstance(version, LintFact):
        return (version,)
    if version.family == "asyncapi":
        context = EventContext(library, version)
        found = without_repetition(fact for check in PASSES.values() for fact in check(context))
    else:
        alone = SchemaContext(library, version)
        found = without_repetition(fact for check in SCHEMA_PASSES.values() for fact in check(alone))
    return tuple(sorted(found))
