"""The id of a schema fact at a position: ``<position>-<family>``, with the exceptions that teams know from oasdiff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from retailctl.contracts.changes.change import CompareOptions
from retailctl.contracts.changes.lifecycle import is_included, notice_days, rank, stability_of, sunset_of
from retailctl.contracts.changes.schemas.fact import SchemaFact
from retailctl.contracts.changes.slots import SlotClass
from retailctl.contracts.schemas.normalise import ANNOTATIONS

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
_MAX_ITEMS: Final = frozenset({"max-items-decreased", "max-items-increased"})
_SUBTYPES: Final = {("integer", "number")}
_WIDER_FORMATS: Final = {
    "number": {("float", "double")},
    "integer": {("int32", "int64"), ("int32", "bigint"), ("int64", "bigint")},
}


def names(fact: SchemaFact, group: SlotClass, nested: bool, options: CompareOptions) -> Iterator[str]:
    """The rule ids of a fact at a position; none where the fact means nothing there."""
    request = group.kind.startswith("request")
    not_ours = options.naming == "oasdiff"
    root, inner = _PREFIXES[group.kind]
    prefix = inner if nested else root
    family = fact.family
    if "undeclared" in fact.flags and not_ours:
        return
    if family.startswith("property-") and family != "property-names-added" and family != "property-names-removed":
        yield from _property(fact, group)
    elif family in ("became-read-only", "became-not-read-only", "became-write-only", "became-not-write-only"):
        if nested and group.kind in ("request-body", "response-body"):
            required = "was-required" in fact.flags and ("required" in fact.flags or not request)
            kind = "required" if required else "optional"
            yield f"{'request' if request else 'response'}-{kind}-property-{family}"
    elif family == "deprecation":
        yield from _deprecation(fact, group, prefix, nested, options)
    elif family == "stability":
        yield from _stability(fact, prefix, nested, options)
    elif family == "type":
        yield f"{prefix}-{_type(fact, group, nested)}"
    elif family == "list-of-types":
        worse = bool(fact.data["deleted"]) if request else not fact.data["added"]
        yield f"{prefix}-list-of-types-{'narrowed' if worse else 'widened'}"
    elif family == "wrapped-in-one-of":
        yield f"{prefix}-wrapped-in-one-of" if not nested else f"{prefix}-one-of-added"
    elif family.startswith("default-value") and group.kind == "request-parameter":
        if group.optional:
            yield f"{prefix}-{family}"
    elif family == "became-not-enum" and not_ours and isinstance(fact.old, list):
        one = "response-mediatype" if prefix == "response-body" else prefix
        yield from (f"{one}-enum-value-removed" for _ in fact.old)
    elif fact.new_steps == ("items",) and family in _MAX_ITEMS and group.kind == "request-parameter" and not_ours:
        yield f"{root}-{family}"  # oasdiff takes the bound of the items for the bound of the list
    elif group.location == "header" and family == "became-enum":
        yield "request-header-property-became-enum"
        if not nested:
            yield "request-parameter-became-enum"
    elif request and nested and family in _READ_ONLY and "read-only" in fact.flags:
        yield f"request-read-only-property-{family}"
    elif group.kind == "response-body" and nested and family == "enum-value-added" and "write-only" in fact.flags:
        yield "response-write-only-property-enum-value-added"
    elif group.kind == "response-body" and not nested and family in ("enum-value-removed", "enum-value-added"):
        yield f"response-mediatype-{family}"
    else:
        yield f"{prefix}-{family}"


def _property(fact: SchemaFact, group: SlotClass) -> Iterator[str]:
    flags, family = fact.flags, fact.family
    required = "required" in flags
    if group.kind == "request-parameter":
        if family in ("property-became-required", "property-added") and group.location == "header" and required:
            if "read-only" not in flags:
                header = "new-required-request-header-property"
                yield header if family == "property-added" else "request-header-property-became-required"
        else:
            kind = f"{'required' if required else 'optional'}-" if family == "property-added" else ""
            yield f"request-parameter-{kind}{family}"
        return
    if group.kind == "response-header":
        yield f"response-header-{family}"
        return
    if group.kind == "request-body":
        if "read-only" in flags:
            return
        default = "-with-default" if "default" in flags else ""
        if family == "property-removed":
            yield "request-property-removed"
        elif family == "property-added":
            yield f"new-required-request-property{default}" if required else "new-optional-request-property"
        elif family == "property-became-required":
            yield f"request-property-became-required{default}"
        else:
            yield "request-property-became-optional"
        return
    hidden = "write-only-" if "write-only" in flags else ""
    if family in ("property-became-required", "property-became-optional"):
        yield f"response-{hidden}{family}"
    else:
        yield f"response-{'required' if required else 'optional'}-{hidden}{family}"


def _type(fact: SchemaFact, group: SlotClass, nested: bool) -> str:
    old, new = _words(fact, "old_types"), _words(fact, "new_types")
    formats = (fact.data["old_format"], fact.data["new_format"])
    if group.kind == "request-parameter" and nested:
        strong = _breaks(old, new, formats, strong=True)
        if strong != _breaks(old, new, formats, strong=False):
            return "type-changed"
        return "type-specialized" if strong else "type-generalized"
    if group.kind == "request-parameter":
        breaks = _breaks(old, new, formats, strong=False) and not _array_of_the_same(fact, group, old, new)
        return "type-changed" if breaks else "type-generalized"
    if group.kind == "request-body":
        covered = _covered(old, new)
        if _breaks(() if covered else old, () if covered else new, formats, strong=group.strong, to=new):
            return "type-changed"
        loose = old != new and old and new and not covered
        return "type-compatible" if loose else "type-generalized"
    covered = _covered(new, old)
    back = (formats[1], formats[0])
    if _breaks(() if covered else new, () if covered else old, back, strong=group.strong, to=old):
        return "type-generalized" if _covered(old, new) else "type-changed"
    loose = old != new and old and new and not covered
    return "type-compatible" if loose else "type-specialized"


def _breaks(
    old: tuple[str, ...],
    new: tuple[str, ...],
    formats: tuple[object, object],
    *,
    strong: bool,
    to: tuple[str, ...] | None = None,
) -> bool:
    """True if a value written for the old types is refused by the new ones."""
    added, deleted = set(new) - set(old), set(old) - set(new)
    if added or deleted:
        one = len(added) == len(deleted) == 1 and (next(iter(deleted)), next(iter(added))) in _SUBTYPES
        text = not strong and (not added or added == {"string"})
        if new and not one and not text:
            return True
    return formats[0] != formats[1] and not _format_contained(to if to is not None else new, formats)


def _format_contained(types: tuple[str, ...], formats: tuple[object, object]) -> bool:
    if not formats[1]:
        return True
    return len(types) == 1 and formats in _WIDER_FORMATS.get(types[0], set())


def _covered(some: tuple[str, ...], all_of: tuple[str, ...]) -> bool:
    return bool(some) and some != all_of and all(
        kind in all_of or any((kind, other) in _SUBTYPES for other in all_of) for kind in some
    )  # fmt: skip


def _array_of_the_same(fact: SchemaFact, group: SlotClass, old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    """A single value in a query is written like a list of one, where lists are written as repeated names."""
    item = fact.data.get("new_items")
    if not group.explode or set(new) - set(old) != {"array"} or not old or not isinstance(item, dict):
        return False
    kinds = tuple(kind for kind in item.get("type") or () if kind != "null")
    before, after = fact.data["rest"], {**item, "type": (), "format": None}
    same = not kinds or kinds == ("string",) or len(kinds) == len(old) == 1 and (kinds == old or (old[0], kinds[0]) in _SUBTYPES)
    return same and _constraints(before) == _constraints(after)


def _constraints(schema: object) -> Mapping[str, object]:
    if not isinstance(schema, Mapping):
        return {}
    return {name: value for name, value in schema.items() if name not in ANNOTATIONS and not name.startswith("x-")}


def _words(fact: SchemaFact, name: str) -> tuple[str, ...]:
    value = fact.data[name]
    return value if isinstance(value, tuple) else ()


def _deprecation(
    fact: SchemaFact, group: SlotClass, prefix: str, nested: bool, options: CompareOptions
) -> Iterator[str]:
    schema = fact.data["schema"]
    if not nested or not isinstance(schema, Mapping) or group.kind not in ("request-body", "response-body"):
        return
    if schema.get("deprecated") is not True:
        yield f"{prefix}-reactivated"
        return
    days = notice_days(options, group.stability)
    declared, sunset = sunset_of(schema)
    if not declared:
        yield f"{prefix}-deprecated-sunset-missing" if days > 0 else f"{prefix}-deprecated"
    elif sunset is None:
        yield f"{prefix}-deprecated-sunset-invalid"
    elif _days(sunset, options.as_of) < days:
        yield f"{prefix}-sunset-date-too-small"
    else:
        yield f"{prefix}-deprecated-with-sunset"


def _stability(fact: SchemaFact, prefix: str, nested: bool, options: CompareOptions) -> Iterator[str]:
    old, new = (stability_of({"x-stability-level": value}) for value in (fact.old, fact.new))
    if not nested or old is None or new is None or rank(old) == rank(new) or not is_included(options, old):
        return
    yield f"{prefix}-stability-{'decreased' if rank(new) < rank(old) else 'increased'}"


def _days(one: date, other: date) -> int:
    return (one - other).days
