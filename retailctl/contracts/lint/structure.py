"""The structure of the document against the JSON Schema of its specification, in our own words.

Values of the document are never shown: a path, the keyword and what was expected.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from retailctl.contracts.lint.context import Context
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.known_keys import known_keys
from retailctl.contracts.lint.metaschema_files import metaschema_validator, read_metaschema
from retailctl.contracts.lint.pieces import is_small, pieces
from retailctl.contracts.lint.relevant import Problem, relevant
from retailctl.contracts.references.pointers import join_pointer

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError, Validator

MOST: Final = 100
"""Facts of this pass; that there are more is one fact."""


def check(context: Context) -> Iterator[LintFact]:
    """What the JSON Schema of the specification does not accept: at most :data:`MOST` facts, and if there are more."""
    root = context.outline.root
    number = f"{3 if context.version.family == 'openapi' else 2}.{context.version.minor}"
    skip = partial(_other_dialect, root) if context.version.uses_json_schema else None
    metaschema = Metaschema(metaschema_validator(number), read_metaschema(number))
    yield from deviations(metaschema, root, context.library.root_path, skip=skip)


class Metaschema(NamedTuple):
    """The JSON Schema of a specification: compiled, and as it was written."""

    validator: Validator
    schema: Mapping[str, object]


def deviations(
    metaschema: Metaschema, root: object, path: str, *, skip: Callable[[list[str | int]], bool] | None = None
) -> Iterator[LintFact]:
    """What a schema does not accept of a document, in our words; errors at places that ``skip`` names are left out."""
    found: dict[LintFact, None] = {}
    for error in _errors(metaschema.validator, root):
        if skip is not None and skip(error.instance_path):
            continue
        for inner in relevant(error, partial(_has_ref, root)):
            found.update(dict.fromkeys(_describe(inner, root, path, metaschema.schema)))
        if len(found) > MOST:
            break
    yield from islice(found, MOST)
    if len(found) > MOST:
        yield fact("structure-more", (path, ""), count=MOST)


def _errors(validator: Validator, root: object) -> Iterator[ValidationError]:
    from jsonschema_rs import ValidationError

    if validator.is_valid(root):
        return
    for piece in [root] if is_small(root) or not isinstance(root, Mapping) else pieces(root):
        if is_small(piece):
            yield from validator.iter_errors(piece)
            continue
        try:
            validator.validate(piece)
        except ValidationError as error:
            yield error


def _describe(problem: Problem, root: object, path: str, schema: Mapping[str, object]) -> Iterator[LintFact]:
    error = problem.error
    steps, value = _walk(root, error.instance_path)
    place = (path, join_pointer(steps))
    kind, name = error.kind, error.kind.name
    unexpected = getattr(kind, "unexpected", None)
    if name == "required":
        yield fact("structure-missing-key", place, key=getattr(kind, "property", ""))
    elif name in ("additionalProperties", "unevaluatedProperties") and unexpected is not None:
        known = known_keys(schema, error)
        for key in unexpected:
            if str(key) in known:  # its value failed, which is a fact of its own
                continue
            yield fact(
                "structure-unknown-key",
                (path, join_pointer((*steps, str(key)))),
                key=key,
                hint=_did_you_mean(str(key), known),
            )
    elif name == "type":
        yield fact("structure-type", place, expected=getattr(kind, "types", ""), found=type_name(value))
    elif name in ("enum", "const"):
        options = problem.allowed or getattr(kind, "options", None) or [getattr(kind, "expected_value", "")]
        yield fact("structure-value", place, allowed=sorted(map(str, options)))
    elif name == "propertyNames":
        key = str(getattr(getattr(kind, "error", None), "instance", ""))
        yield fact("structure-name", (path, join_pointer((*steps, key))), key=key)
    elif name in ("anyOf", "oneOf"):
        yield fact("structure-alternatives", place, found=type_name(value))
    else:
        yield fact("structure-keyword", place, keyword=name, expected=_limit(kind))


def _limit(kind: object) -> str:
    for attribute in ("limit", "pattern", "multiple_of", "format"):
        value = getattr(kind, attribute, None)
        if value is not None:
            return f" ({value})"
    return ""


def _did_you_mean(key: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.7) if len(key) <= 64 else []
    return f"; did you mean {close[0]}?" if close else ""


def _walk(root: object, path: list[str | int]) -> tuple[tuple[str, ...], object]:
    """The steps as text and the value: a key of digits comes back from the validator as a number."""
    value, steps = root, []
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            value = None
        steps.append(str(step))
    return tuple(steps), value


def _has_ref(root: object, path: list[str | int]) -> bool:
    value = _walk(root, path)[1]
    return isinstance(value, Mapping) and "$ref" in value


def _other_dialect(root: Mapping[str, object], path: list[str | int]) -> bool:
    """True when the error is inside a schema that says it follows another dialect than the one checked here."""
    value: object = root
    said = root.get("jsonSchemaDialect")
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(str(step))
            if isinstance(value, Mapping) and isinstance(value.get("$schema"), str):
                said = value["$schema"]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            break
    known = ("json-schema.org/draft/2020-12/schema", "spec.openapis.org/oas/3.")
    return isinstance(said, str) and not any(part in said for part in known) and _in_schema(path)


def _in_schema(path: list[str | int]) -> bool:
    return "schema" in path or path[:2] == ["components", "schemas"]


def type_name(value: object) -> str:
    """The JSON type of a value."""
    if isinstance(value, bool):
        return "boolean"
    names = {dict: "object", list: "array", str: "string", int: "integer", float: "number", type(None): "null"}
    return next((name for kind, name in names.items() if isinstance(value, kind)), "value")
