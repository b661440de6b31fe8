"""Defaults and examples that their own schema does not accept. The values themselves are never shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from retailctl.contracts.lint.bundle import Bundler, TooLarge
from retailctl.contracts.lint.context import Context
from retailctl.contracts.lint.expansion import TooMuch, count_applications
from retailctl.contracts.lint.facts import LintFact, fact, short
from retailctl.contracts.lint.outline import mapping
from retailctl.contracts.lint.relevant import relevant
from retailctl.contracts.lint.structure import type_name
from retailctl.contracts.references.pointers import escape
from retailctl.contracts.references.walk import walk_objects

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError, Validator


BUDGET: Final = 50_000
"""Schemas compiled in one run, counted each time: where all refer to all, n schemas would be compiled n times."""


MOST_SKIPPED: Final = 20
"""Facts about values that were not checked; the others are one number."""


@dataclass(frozen=True, slots=True)
class Value:
    """A default or an example, where it stands, and the schema it has to fit, with its place."""

    id: str
    path: str
    pointer: str
    value: object
    schema_path: str
    schema_pointer: str
    schema: object


def check(context: Context) -> Iterator[LintFact]:
    """One fact for each default and each example that is not accepted, and for each that could not be checked."""
    yield from check_values(context, _values(context))


def check_values(context: Context, values: Iterable[Value]) -> Iterator[LintFact]:
    """The same for values that somebody else found."""
    checker = _Checker(context)
    skipped = 0
    for value in values:
        for found in checker.check(value):
            skipped += found.id == "value-not-checked"
            if found.id != "value-not-checked" or skipped <= MOST_SKIPPED:
                yield found
    if skipped > MOST_SKIPPED:
        yield fact("values-not-checked", (context.library.root_path, ""), count=skipped - MOST_SKIPPED)


class _Checker:
    def __init__(self, context: Context) -> None:
        self._bundler = Bundler(context)
        self._left = BUDGET
        self._compiled: dict[tuple[str, str], tuple[dict[str, object], Validator] | None] = {}

    def check(self, value: Value) -> Iterator[LintFact]:
        place = (value.path, value.pointer)
        try:
            compiled = self._compile(value)
            if compiled is None:
                return  # the schema itself is wrong, which other passes tell
            count_applications(compiled[0], value.value)
            if compiled[1].is_valid(value.value):
                return
            error = next(iter(compiled[1].iter_errors(value.value)))
        except (TooLarge, TooMuch):
            yield fact("value-not-checked", place)
            return
        for inner in relevant(error, lambda _: False):
            yield _fact(value, inner.error)
            return

    def _compile(self, value: Value) -> tuple[dict[str, object], Validator] | None:
        from jsonschema_rs import Draft202012Validator, RegexOptions

        key = (value.schema_path, value.schema_pointer)
        if key not in self._compiled:
            bundle = self._bundler.bundle(*key, value.schema, self._left)
            self._left -= len(mapping(bundle["$defs"]))
            try:
                validator = Draft202012Validator(
                    bundle, pattern_options=RegexOptions(), validate_formats=False, offline=True
                )
            except ValueError:
                self._compiled[key] = None
            else:
                self._compiled[key] = (bundle, validator)
        return self._compiled[key]


def _fact(value: Value, error: ValidationError) -> LintFact:
    pointer = value.pointer + "".join("/" + escape(str(step)) for step in error.instance_path)
    kind, name = error.kind, error.kind.name
    if name == "required":
        problem = f"it lacks {getattr(kind, 'property', '')!r}"
    elif name == "type":
        found = type_name(_at(value.value, error.instance_path))
        problem = f"{found} instead of {' or '.join(getattr(kind, 'types', []))}"
    elif name in ("additionalProperties", "unevaluatedProperties"):
        problem = f"nothing but the declared keys is allowed, found {short(getattr(kind, 'unexpected', []))}"
    elif name in ("enum", "const"):
        problem = "it is none of the values listed"
    else:
        limit = getattr(kind, "limit", None)
        problem = f"{name} is not met" if limit is None else f"{name} {limit} is not met"
    return fact(value.id, (value.path, pointer), problem=problem)


def _at(value: object, path: list[str | int]) -> object:
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(str(step), value.get(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
    return value


def values_in_schemas(context: Context) -> Iterator[Value]:
    """The defaults and examples that schemas hold."""
    old = not context.version.uses_json_schema
    for place in context.schemas:
        schema = place.schema
        if old and "$ref" in schema:
            continue
        found = [("default-invalid", "/default", schema["default"])] if "default" in schema else []
        if "example" in schema:
            found.append(("example-invalid", "/example", schema["example"]))
        examples = schema.get("examples")
        if isinstance(examples, list) and not place.parameter:
            found += [("example-invalid", f"/examples/{index}", value) for index, value in enumerate(examples)]
        for id, suffix, value in found:
            yield Value(id, place.path, place.pointer + suffix, value, place.path, place.pointer, schema)


def _values(context: Context) -> Iterator[Value]:
    yield from values_in_schemas(context)
    for section in context.sections:
        for pointer, current in walk_objects(section.value, context.version.family, section.pointer):
            if isinstance(current.get("schema"), Mapping):
                yield from _beside(context, section.path, pointer, current)


def _beside(context: Context, path: str, pointer: str, holder: Mapping[str, object]) -> Iterator[Value]:
    """Examples that stand beside a ``schema``: in media types, parameters, headers and Swagger 2.0 responses."""
    at, schema = f"{pointer}/schema", holder["schema"]
    media_type = pointer.rpartition("/")[2].replace("~1", "/") if "/content/" in pointer else "application/json"
    if context.version.family == "swagger":
        for media, value in mapping(holder.get("examples")).items():
            if is_json(media) and not _is_text_of_json(value):
                yield Value("example-invalid", path, f"{pointer}/examples/{escape(media)}", value, path, at, schema)
        return
    if not is_json(media_type):
        return
    if "example" in holder and not _is_text_of_json(holder["example"]):
        yield Value("example-invalid", path, f"{pointer}/example", holder["example"], path, at, schema)
    for name, example in mapping(holder.get("examples")).items():
        found_path, where, found = context.outline.resolve(example, path, f"{pointer}/examples/{escape(name)}")
        for key in ("value", "dataValue"):
            if isinstance(found, Mapping) and key in found and not _is_text_of_json(found[key]):
                yield Value("example-invalid", found_path, f"{where}/{key}", found[key], path, at, schema)


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON, or a notation on top of it."""
    name = media_type.partition(";")[0].strip().lower()
    return name == "application/json" or name.endswith("+json")


def _is_text_of_json(value: object) -> bool:
    """True for JSON that is written as text, which OpenAPI 3.0 allows where a value cannot be written otherwise."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return True
