"""The id of a schema fact at a position: ``<position>-<family>``, with the exceptions that teams know from oasdiff."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from retailctl.contracts.changes.change import CompareOptions
from retailctl.contracts.changes.lifecycle import is_included, notice_days, rank, stability_of, sunset_of
from retailctl.contracts.changes.schemas.fact import SchemaFact
from retailctl.contracts.changes.slots import SlotClass
from retailctl.contracts.changes.type_names import type_change

# position: what its root is called, and what is inside it
_PREFIXES: Final = {
    "request-body": ("request-body", "request-property"),
    "request-parameter": ("request-parameter", "request-parameter-property"),
    "response-body": ("response-body", "response-property"),
    "response-header": ("response-header", "response-header-property"),
}
_READ_ONLY: Final = frozenset({
    "enum-value-removed", "max-decreased", "max-length-decreased", "min-increased", "exclusive-max-decreased",
    "exclusive-min-increased",
})  # fmt: skip


class At(NamedTuple):
    """A fact at a position. ``nested`` is True below the root of the position."""

    fact: SchemaFact
    group: SlotClass
    nested: bool
    options: CompareOptions

    @property
    def is_request(self) -> bool:
        """True for what is called a request."""
        return self.group.kind.startswith("request")

    @property
    def is_body(self) -> bool:
        """True for bodies and what is inside them."""
        return self.group.kind.endswith("body")

    @property
    def prefix(self) -> str:
        """The position as rule ids begin."""
        return _PREFIXES[self.group.kind][self.nested]

    @property
    def theirs(self) -> bool:
        """True where changes are named exactly as oasdiff names them."""
        return self.options.naming == "oasdiff"

    def has(self, flag: str) -> bool:
        """True if the fact carries a flag."""
        return flag in self.fact.flags


def names(fact: SchemaFact, group: SlotClass, nested: bool, options: CompareOptions) -> Iterator[str]:
    """The rule ids of a fact at a position; none where the fact means nothing there."""
    at = At(fact, group, nested, options)
    if at.has("undeclared") and at.theirs:
        return
    yield from _SPECIAL.get(fact.family, _plain)(at)


def _plain(at: At) -> Iterator[str]:
    family = at.fact.family
    if at.is_request and at.nested and family in _READ_ONLY and at.has("read-only"):
        yield f"request-read-only-property-{family}"
    else:
        yield f"{at.prefix}-{family}"


def _mark(at: At) -> Iterator[str]:
    if at.nested and at.is_body:
        required = at.has("was-required") and (at.has("required") or not at.is_request)
        kind = "required" if required else "optional"
        yield f"{'request' if at.is_request else 'response'}-{kind}-property-{at.fact.family}"


def _type(at: At) -> Iterator[str]:
    yield f"{at.prefix}-{type_change(at.fact, at.group, at.nested)}"


def _type_list(at: At) -> Iterator[str]:
    narrowed = at.fact.data["deleted"] if at.is_request else not at.fact.data["added"]
    yield f"{at.prefix}-list-of-types-{'narrowed' if narrowed else 'widened'}"


def _wrapped(at: At) -> Iterator[str]:
    yield f"{at.prefix}-one-of-added" if at.nested else f"{at.prefix}-wrapped-in-one-of"


def _default(at: At) -> Iterator[str]:
    if at.group.kind != "request-parameter" or at.group.optional:
        yield f"{at.prefix}-{at.fact.family}"


def _became_enum(at: At) -> Iterator[str]:
    if at.group.location == "header":
        yield "request-header-property-became-enum"
        if at.nested:
            return
    yield f"{at.prefix}-became-enum"
    if at.theirs and isinstance(at.fact.new, list):
        yield from (f"{at.prefix}-enum-value-added" for _ in at.fact.new)


def _became_not_enum(at: At) -> Iterator[str]:
    if at.theirs and isinstance(at.fact.old, list):
        prefix = "response-mediatype" if at.prefix == "response-body" else at.prefix
        yield from (f"{prefix}-enum-value-removed" for _ in at.fact.old)
    else:
        yield from _plain(at)


def _enum_value(at: At) -> Iterator[str]:
    family = at.fact.family
    if at.group.kind == "response-body" and not at.nested:
        yield f"response-mediatype-{family}"
    elif at.group.kind == "response-body" and family == "enum-value-added" and at.has("write-only"):
        yield "response-write-only-property-enum-value-added"
    else:
        yield from _plain(at)


def _max_items(at: At) -> Iterator[str]:
    if at.theirs and at.group.kind == "request-parameter" and at.fact.new_steps == ("items",):
        yield f"request-parameter-{at.fact.family}"  # the bound of the items is taken for that of the list
    else:
        yield from _plain(at)


def _generalized(at: At) -> Iterator[str]:
    yield f"{at.prefix}-pattern-changed" if at.theirs and not at.is_request else f"{at.prefix}-pattern-generalized"


def _property(at: At) -> Iterator[str]:
    yield from _PROPERTIES[at.group.kind](at)


def _request_property(at: At) -> Iterator[str]:
    if at.has("read-only"):
        return
    default = "-with-default" if at.has("default") else ""
    family = at.fact.family
    if family == "property-added":
        yield f"new-required-request-property{default}" if at.has("required") else "new-optional-request-property"
    elif family == "property-became-required":
        yield f"request-property-became-required{default}"
    else:
        yield f"request-{family}"


def _response_property(at: At) -> Iterator[str]:
    hidden = "write-only-" if at.has("write-only") else ""
    family = at.fact.family
    if family in ("property-became-required", "property-became-optional"):
        yield f"response-{hidden}{family}"
    else:
        yield f"response-{'required' if at.has('required') else 'optional'}-{hidden}{family}"


def _parameter_property(at: At) -> Iterator[str]:
    family, required = at.fact.family, at.has("required")
    if at.group.location == "header" and required and family in ("property-became-required", "property-added"):
        if not at.has("read-only"):
            added = family == "property-added"
            yield "new-required-request-header-property" if added else "request-header-property-became-required"
    elif family == "property-added":
        yield f"request-parameter-{'required' if required else 'optional'}-property-added"
    else:
        yield f"request-parameter-{family}"


def _header_property(at: At) -> Iterator[str]:
    yield f"response-header-{at.fact.family}"


def _deprecation(at: At) -> Iterator[str]:
    schema = at.fact.data["schema"]
    if not at.nested or not isinstance(schema, Mapping) or not at.is_body:
        return
    prefix = at.prefix
    if schema.get("deprecated") is not True:
        yield f"{prefix}-reactivated"
        return
    days = notice_days(at.options, at.group.stability)
    declared, sunset = sunset_of(schema)
    if not declared:
        yield f"{prefix}-deprecated-sunset-missing" if days > 0 else f"{prefix}-deprecated"
    elif sunset is None:
        yield f"{prefix}-deprecated-sunset-invalid"
    elif (sunset - at.options.as_of).days < days:
        yield f"{prefix}-sunset-date-too-small"
    else:
        yield f"{prefix}-deprecated-with-sunset"


def _stability(at: At) -> Iterator[str]:
    old, new = (stability_of({"x-stability-level": value}) for value in (at.fact.old, at.fact.new))
    if not at.nested or old is None or new is None or rank(old) == rank(new) or not is_included(at.options, old):
        return
    yield f"{at.prefix}-stability-{'decreased' if rank(new) < rank(old) else 'increased'}"


_PROPERTIES: Final[Mapping[str, Callable[[At], Iterator[str]]]] = {
    "request-body": _request_property,
    "response-body": _response_property,
    "request-parameter": _parameter_property,
    "response-header": _header_property,
}
_SPECIAL: Final[Mapping[str, Callable[[At], Iterator[str]]]] = {
    "property-added": _property,
    "property-removed": _property,
    "property-became-required": _property,
    "property-became-optional": _property,
    "became-read-only": _mark,
    "became-not-read-only": _mark,
    "became-write-only": _mark,
    "became-not-write-only": _mark,
    "deprecation": _deprecation,
    "stability": _stability,
    "type": _type,
    "list-of-types": _type_list,
    "wrapped-in-one-of": _wrapped,
    "default-value-added": _default,
    "default-value-changed": _default,
    "default-value-removed": _default,
    "became-enum": _became_enum,
    "became-not-enum": _became_not_enum,
    "enum-value-added": _enum_value,
    "enum-value-removed": _enum_value,
    "pattern-generalized": _generalized,
    "max-items-decreased": _max_items,
    "max-items-increased": _max_items,
}
