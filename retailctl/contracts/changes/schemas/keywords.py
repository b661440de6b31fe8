"""The facts of single keywords: bounds, values, types, text, content, mutability, lifecycle marks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from retailctl.contracts.changes.schemas.fact import SchemaFact, Spot, same
from retailctl.contracts.schemas.normalise import NULL_BRANCH, is_number

# keyword to its name in rule ids
BOUNDS: Final = {
    "maximum": "max", "minimum": "min", "exclusiveMaximum": "exclusive-max", "exclusiveMinimum": "exclusive-min",
    "maxLength": "max-length", "minLength": "min-length", "maxItems": "max-items", "minItems": "min-items",
    "maxProperties": "max-properties", "minProperties": "min-properties",
    "maxContains": "max-contains", "minContains": "min-contains",
}  # fmt: skip


def bounds(spot: Spot) -> Iterator[SchemaFact]:
    """A bound set, unset, increased or decreased."""
    for keyword, name in BOUNDS.items():
        old, new = spot.old.get(keyword), spot.new.get(keyword)
        if old is None and new is None:
            continue
        if not (old is None or is_number(old)) or not (new is None or is_number(new)) or old == new:
            continue
        if old is None:
            action = "set"
        elif new is None:
            action = "unset"
        else:
            action = "increased" if new > old else "decreased"  # type: ignore[operator]
        yield spot.fact(f"{name}-{action}", keyword, old=old, new=new)


def multiple_of(spot: Spot) -> Iterator[SchemaFact]:
    """``multipleOf`` set, unset or changed."""
    old, new = spot.old.get("multipleOf"), spot.new.get("multipleOf")
    if old == new:
        return
    action = "set" if old is None else "unset" if new is None else "changed"
    yield spot.fact(f"multiple-of-{action}", "multipleOf", old=old, new=new)


def unique_items(spot: Spot) -> Iterator[SchemaFact]:
    """``uniqueItems`` set or unset."""
    old, new = spot.old.get("uniqueItems") is True, spot.new.get("uniqueItems") is True
    if old != new:
        yield spot.fact("unique-items-set" if new else "unique-items-unset", "uniqueItems", old=old, new=new)


def types(spot: Spot) -> Iterator[SchemaFact]:
    """Null that comes or goes, then any other difference of type or format (named by position, later)."""
    old_types, new_types = _types(spot.old), _types(spot.new)
    old_null, new_null = _nullable(spot.old), _nullable(spot.new)
    rest = (old_types - {"null"}, new_types - {"null"})
    if old_null != new_null and ((_says(spot.old) and _says(spot.new)) or not (old_types or new_types)):
        family = "became-nullable" if new_null else "became-not-nullable"
        wrapped = NULL_BRANCH in (spot.new if new_null else spot.old)
        yield spot.fact(family, "nullable", old=old_null, new=new_null, data={"wrapped": wrapped})
    old_format, new_format = spot.old.get("format"), spot.new.get("format")
    if rest[0] == rest[1] and old_format == new_format:
        return
    data = {
        "old_types": tuple(sorted(rest[0])), "new_types": tuple(sorted(rest[1])),
        "old_format": old_format, "new_format": new_format,
        "new_items": spot.new.get("items"), "rest": {**spot.old, "type": (), "format": None},
    }  # fmt: skip
    keyword = "type" if rest[0] != rest[1] else "format"
    yield spot.fact(
        "type", keyword, old=_shown(rest[0], old_format), new=_shown(rest[1], new_format), data=data
    )  # fmt: skip


def enum(spot: Spot) -> Iterator[SchemaFact]:
    """Values of an enumeration that came or went; an enumeration where there was none."""
    old, new = spot.old.get("enum"), spot.new.get("enum")
    if isinstance(new, list) and not isinstance(old, list):
        yield spot.fact("became-enum", "enum", new=new)
    elif isinstance(old, list) and not isinstance(new, list):
        yield spot.fact("became-not-enum", "enum", old=old)
    elif isinstance(old, list) and isinstance(new, list):
        before, after = _members(old), _members(new)
        for key, value in before.items():
            if key not in after:
                yield spot.fact("enum-value-removed", "enum", name=_text(value), old=value, value=value)
        for key, value in after.items():
            if key not in before:
                yield spot.fact("enum-value-added", "enum", name=_text(value), new=value, value=value)


def extensible_enum(spot: Spot) -> Iterator[SchemaFact]:
    """Values of ``x-extensible-enum`` that went: the list is open, what is on it was promised."""
    old, new = spot.old.get("x-extensible-enum"), spot.new.get("x-extensible-enum")
    if isinstance(old, list) and isinstance(new, list):
        after = _members(new)
        for key, value in _members(old).items():
            if key not in after:
                yield spot.fact("x-extensible-enum-value-removed", "x-extensible-enum", name=_text(value), old=value)


def const(spot: Spot) -> Iterator[SchemaFact]:
    """``const`` added, changed or removed."""
    yield from _value(spot, "const", "const")


def default(spot: Spot) -> Iterator[SchemaFact]:
    """``default`` added, changed or removed."""
    yield from _value(spot, "default", "default-value")


def pattern(spot: Spot) -> Iterator[SchemaFact]:
    """``pattern`` added, changed, made to match everything, or removed."""
    old, new = spot.old.get("pattern"), spot.new.get("pattern")
    if old == new:
        return
    family = "pattern-removed" if not new else "pattern-added" if not old else "pattern-changed"
    if family == "pattern-changed" and new in (".*", "^.*$"):
        family = "pattern-generalized"
    yield spot.fact(family, "pattern", old=old, new=new)


def content(spot: Spot) -> Iterator[SchemaFact]:
    """Encoding and media type of text that holds something else."""
    for keyword, family in (
        ("contentMediaType", "content-media-type-changed"),
        ("contentEncoding", "content-encoding-changed"),
    ):
        old, new = spot.old.get(keyword), spot.new.get(keyword)
        if old != new:
            yield spot.fact(family, keyword, old=old, new=new)


def marks(spot: Spot) -> Iterator[SchemaFact]:
    """``readOnly``, ``writeOnly``, ``deprecated`` and the stability level; naming needs both sides."""
    for keyword, family in (("readOnly", "read-only"), ("writeOnly", "write-only")):
        old, new = spot.old.get(keyword) is True, spot.new.get(keyword) is True
        if old != new:
            yield spot.fact(f"became-{family}" if new else f"became-not-{family}", keyword, old=old, new=new)
    if (spot.old.get("deprecated") is True) != (spot.new.get("deprecated") is True):
        yield spot.fact("deprecation", "deprecated", data={"schema": spot.new})
    old_level, new_level = spot.old.get("x-stability-level"), spot.new.get("x-stability-level")
    if old_level != new_level:
        yield spot.fact("stability", "x-stability-level", old=old_level, new=new_level)


def discriminator(spot: Spot) -> Iterator[SchemaFact]:
    """The discriminator itself, its property, and its mapping."""
    old, new = spot.old.get("discriminator"), spot.new.get("discriminator")
    if not isinstance(old, dict) or not isinstance(new, dict):
        if isinstance(new, dict):
            yield spot.fact("discriminator-added", "discriminator", new=new.get("propertyName"))
        elif isinstance(old, dict):
            yield spot.fact("discriminator-removed", "discriminator", old=old.get("propertyName"))
        return
    if old["propertyName"] != new["propertyName"]:
        yield spot.fact(
            "discriminator-property-name-changed", "discriminator", old=old["propertyName"], new=new["propertyName"]
        )
    before, after = old.get("mapping") or {}, new.get("mapping") or {}
    added, deleted = sorted(after.keys() - before.keys()), sorted(before.keys() - after.keys())
    if added:
        yield spot.fact("discriminator-mapping-added", "discriminator", name=", ".join(added), value=added[0])
    if deleted:
        yield spot.fact("discriminator-mapping-deleted", "discriminator", name=", ".join(deleted), value=deleted[0])
    for name in sorted(before.keys() & after.keys()):
        if _pointer(before[name]) != _pointer(after[name]):
            yield spot.fact(
                "discriminator-mapping-changed", "discriminator",
                name=name, old=_pointer(before[name]), new=_pointer(after[name]), value=name,
            )  # fmt: skip


def _value(spot: Spot, keyword: str, family: str) -> Iterator[SchemaFact]:
    has_old, has_new = keyword in spot.old, keyword in spot.new
    old, new = spot.old.get(keyword), spot.new.get(keyword)
    if has_old and has_new:
        if not same(old, new):
            yield spot.fact(f"{family}-changed", keyword, old=old, new=new)
    elif has_new:
        yield spot.fact(f"{family}-added", keyword, new=new)
    elif has_old:
        yield spot.fact(f"{family}-removed", keyword, old=old)


def _types(schema: object) -> set[str]:
    kinds = schema.get("type") if isinstance(schema, dict) else None
    return set(kinds) if isinstance(kinds, tuple | list) else set()


def _nullable(schema: object) -> bool:
    return isinstance(schema, dict) and (schema.get("nullable") is True or "null" in (schema.get("type") or ()))


def _says(schema: Mapping[str, object]) -> bool:
    """True if the schema says whether null is accepted: without a type everything is."""
    return bool(schema.get("type")) or schema.get("nullable") is True


def _shown(kinds: set[str], form: object) -> str:
    name = " or ".join(sorted(kinds)) or "any type"
    return f"{name} ({form})" if form else name


def _members(values: list[object]) -> dict[str, object]:
    """The values by what tells them apart in JSON: ``true`` is not 1, and 1.0 is."""
    return {_identity(value): value for value in values}


def _identity(value: object) -> str:
    if isinstance(value, bool):
        return f"boolean {bool(value)}"
    if isinstance(value, float) and value.is_integer():
        return repr(int(value))
    return repr(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else "null" if value is None else str(value)


def _pointer(key: object) -> str:
    return str(key).partition("#")[2]


FAMILIES: Final[tuple[tuple[frozenset[str], Callable[[Spot], Iterator[SchemaFact]]], ...]] = (
    (frozenset({"type", "format", "nullable", NULL_BRANCH}), types),
    (frozenset({"enum"}), enum),
    (frozenset({"x-extensible-enum"}), extensible_enum),
    (frozenset({"const"}), const),
    (frozenset({"default"}), default),
    (frozenset(BOUNDS), bounds),
    (frozenset({"multipleOf"}), multiple_of),
    (frozenset({"uniqueItems"}), unique_items),
    (frozenset({"pattern"}), pattern),
    (frozenset({"contentMediaType", "contentEncoding"}), content),
    (frozenset({"readOnly", "writeOnly", "deprecated", "x-stability-level"}), marks),
    (frozenset({"discriminator"}), discriminator),
)
"""Each family with the keywords that it reads: where neither side has one of them it has nothing to say."""
