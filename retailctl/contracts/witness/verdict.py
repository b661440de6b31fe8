"""Ask the validator, and put its refusal into words of our own: its texts print whole instances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retailctl.contracts.schemas.store import Schema
from retailctl.contracts.witness import patterns
from retailctl.contracts.witness.sides import Side, Unusable
from retailctl.contracts.witness.slices import slice_of

if TYPE_CHECKING:
    import jsonschema_rs

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Where in the instance a schema says no, and why."""

    place: Place
    clause: str
    keyword: str


def accepts(side: Side, schema: Schema, instance: object) -> bool:
    """Tell whether *schema* accepts *instance*. Raises Unusable when the validator cannot say."""
    try:
        return _validator(side, schema, instance).is_valid(instance)
    except ValueError:
        raise Unusable("the validator cannot read the instance") from None


def refusals(side: Side, schema: Schema, instance: object) -> list[Refusal]:
    """Return why *schema* refuses *instance*, none where it accepts. Raises Unusable as ``accepts`` does."""
    try:
        errors = list(_validator(side, schema, instance).iter_errors(instance))
    except ValueError:
        raise Unusable("the validator cannot read the instance") from None
    return [Refusal(tuple(error.instance_path), _clause(error), str(error.kind.name)) for error in errors]


def _validator(side: Side, schema: Schema, instance: object) -> jsonschema_rs.Draft202012Validator:
    import jsonschema_rs

    document = slice_of(side, schema, instance)
    try:
        return jsonschema_rs.Draft202012Validator(
            document if isinstance(document, bool) else dict(document),
            validate_formats=True,
            pattern_options=patterns.options(),
            offline=True,
        )
    except (ValueError, TypeError):
        raise Unusable("the validator cannot read the schema") from None


_CLAUSES: Mapping[str, str] = {
    "additionalProperties": "a property is not allowed here",
    "anyOf": "no branch of anyOf fits",
    "const": "the value is not the constant",
    "contains": "no item, or too few or too many, fit contains",
    "enum": "the value is not in the enum",
    "falseSchema": "no value is allowed here",
    "format": "the text does not have the format",
    "not": "the value fits what not excludes",
    "pattern": "the text does not match the pattern",
    "propertyNames": "the name of a property is not allowed",
    "type": "the type is not allowed",
    "unevaluatedItems": "an item is not allowed here",
    "unevaluatedProperties": "a property is not allowed here",
    "uniqueItems": "two items are equal",
}
_LIMITS: Mapping[str, str] = {
    "exclusiveMaximum": "the number must be below {}",
    "exclusiveMinimum": "the number must be above {}",
    "maximum": "the number is above the maximum {}",
    "maxItems": "there are more than {} items",
    "maxLength": "the text is longer than {} characters",
    "maxProperties": "there are more than {} properties",
    "minimum": "the number is below the minimum {}",
    "minItems": "there are fewer than {} items",
    "minLength": "the text is shorter than {} characters",
    "minProperties": "there are fewer than {} properties",
    "multipleOf": "the number is not a multiple of {}",
}
_LONGEST_NAME = 60


def _clause(error: jsonschema_rs.ValidationError) -> str:
    kind = error.kind
    name = str(kind.name)
    if name in _LIMITS:
        return _LIMITS[name].format(_brief(kind.value))
    if name == "required":
        return f"the property {_brief(kind.value)} is missing"
    if name == "oneOf":
        several = type(kind).__name__ == "OneOfMultipleValid" or not all(kind.value)
        return "more than one branch of oneOf fits" if several else "no branch of oneOf fits"
    if name == "format":
        return f"the text does not have the format {_brief(kind.value)}"
    return _CLAUSES.get(name, f"{_brief(name)} is not met")


def _brief(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 3] + "..."
