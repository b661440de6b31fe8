"""The facts of object and array keywords, and the nested schemas that must be compared in their turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from retailctl.contracts.changes.schemas.fact import EMPTY, Child, SchemaFact, Spot
from retailctl.contracts.schemas.store import Schema, Step

Found = SchemaFact | Child
# keyword to family: a schema that stands alone; present on one side only is a fact of its own
_SINGLE: Final = {
    "contains": "contains", "propertyNames": "property-names", "unevaluatedItems": "unevaluated-items",
    "unevaluatedProperties": "unevaluated-properties", "if": "if", "then": "then", "else": "else",
    "contentSchema": "content-schema", "not": "not", "items": "items",
}  # fmt: skip


def properties(spot: Spot) -> Iterator[Found]:
    """Properties added, removed, required or no longer; those on both sides are compared."""
    old, new = _named(spot.old, "properties"), _named(spot.new, "properties")
    old_required, new_required = names(spot.old, "required"), names(spot.new, "required")
    for name, schema in old.items():
        if name not in new:
            yield spot.fact(
                "property-removed", "properties", name=name, value=name, flags=flags(schema, name in old_required)
            )
    for name, schema in new.items():
        required = name in new_required
        if name not in old:
            yield spot.fact("property-added", "properties", name=name, value=name, flags=flags(schema, required))
            continue
        if required != (name in old_required):
            family = "property-became-required" if required else "property-became-optional"
            yield spot.fact(family, "required", name=name, value=name, flags=flags(schema, required))
        before, after = (*spot.old_steps, "properties", name), (*spot.new_steps, "properties", name)
        both = frozenset({"required"} if required else ()) | frozenset({"was-required"} if name in old_required else ())
        yield Child(old[name], schema, before, after, both)
    for name in sorted(new_required ^ old_required):
        if name not in old and name not in new:  # required without a schema of its own
            family = "property-became-required" if name in new_required else "property-became-optional"
            yield spot.fact(family, "required", name=name, value=name, flags=frozenset({"undeclared"}))


def additional_properties(spot: Spot) -> Iterator[Found]:
    """An object closed, opened, or with another schema for the properties it does not name."""
    keyword = "additionalProperties"
    old, new = spot.old.get(keyword, True), spot.new.get(keyword, True)
    if old == new and not isinstance(old, dict):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield Child(old, new, (*spot.old_steps, keyword), (*spot.new_steps, keyword))
    elif new is False:
        yield spot.fact("additional-properties-closed", keyword, old=old, new=False)
    elif old is False:
        yield spot.fact("additional-properties-opened", keyword, old=False, new=new)
    elif isinstance(new, dict):
        yield spot.fact("additional-properties-schema-narrowed", keyword)
    else:
        yield spot.fact("additional-properties-schema-widened", keyword)


def pattern_properties(spot: Spot) -> Iterator[Found]:
    """Schemas for properties by pattern of their name."""
    yield from _keyed(spot, "patternProperties", "pattern-property")


def dependent_schemas(spot: Spot) -> Iterator[Found]:
    """Schemas that hold when a property is there."""
    yield from _keyed(spot, "dependentSchemas", "dependent-schema")


def dependent_required(spot: Spot) -> Iterator[Found]:
    """Properties that must be there when another one is."""
    old, new = _named(spot.old, "dependentRequired"), _named(spot.new, "dependentRequired")
    for name in sorted(old.keys() | new.keys()):
        before: object = old.get(name)
        after: object = new.get(name)
        if before == after or (isinstance(before, list) and isinstance(after, list) and set(before) == set(after)):
            continue
        action = "added" if before is None else "removed" if after is None else "changed"
        yield spot.fact(
            f"dependent-required-{action}", "dependentRequired", name=name, old=before, new=after, value=name
        )


def single(spot: Spot) -> Iterator[Found]:
    """Keywords that hold one schema."""
    for keyword, family in _SINGLE.items():
        old, new = spot.old.get(keyword), spot.new.get(keyword)
        if old is None and new is None:
            continue
        if old is None:
            yield spot.fact(f"{family}-added", keyword, new=new)
        elif new is None:
            yield spot.fact(f"{family}-removed", keyword, old=old)
        else:
            yield Child(_schema(old), _schema(new), (*spot.old_steps, keyword), (*spot.new_steps, keyword))


def prefix_items(spot: Spot) -> Iterator[Found]:
    """Items by position."""
    old, new = listed(spot.old, "prefixItems"), listed(spot.new, "prefixItems")
    for index, (before, after) in enumerate(zip(old, new, strict=False)):
        yield Child(
            before, after, (*spot.old_steps, "prefixItems", index), (*spot.new_steps, "prefixItems", index)
        )  # fmt: skip
    if len(new) > len(old):
        yield spot.fact("prefix-items-added", "prefixItems", old=len(old), new=len(new), value=len(old))
    elif len(new) < len(old):
        yield spot.fact("prefix-items-removed", "prefixItems", old=len(old), new=len(new), value=len(new))


def _keyed(spot: Spot, keyword: str, family: str) -> Iterator[Found]:
    old, new = _named(spot.old, keyword), _named(spot.new, keyword)
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield spot.fact(f"{family}-removed", keyword, name=name, value=name)
        elif name not in old:
            yield spot.fact(f"{family}-added", keyword, name=name, value=name)
        else:
            steps: tuple[Step, Step] = (keyword, name)
            yield Child(old[name], new[name], (*spot.old_steps, *steps), (*spot.new_steps, *steps))


def flags(schema: object, required: bool) -> frozenset[str]:
    """What naming must know of a property."""
    found = {"required"} if required else set()
    if isinstance(schema, dict):
        found |= {"read-only"} if schema.get("readOnly") is True else set()
        found |= {"write-only"} if schema.get("writeOnly") is True else set()
        found |= {"default"} if schema.get("default") is not None else set()
    return frozenset(found)


def names(schema: Mapping[str, object], keyword: str) -> set[str]:
    """The members of a list of names."""
    value = schema.get(keyword)
    return {item for item in value if isinstance(item, str)} if isinstance(value, list | tuple) else set()


def listed(schema: Mapping[str, object], keyword: str) -> list[Schema]:
    """The schemas of a list."""
    value = schema.get(keyword)
    return value if isinstance(value, list) else []


def _named(schema: Mapping[str, object], keyword: str) -> Mapping[str, Schema]:
    value = schema.get(keyword)
    return value if isinstance(value, dict) else EMPTY  # type: ignore[return-value]


def _schema(value: object) -> Schema:
    return value if isinstance(value, bool | dict) else {}


FAMILIES: Final[tuple[tuple[frozenset[str], Callable[[Spot], Iterator[Found]]], ...]] = (
    (frozenset({"properties", "required"}), properties),
    (frozenset({"additionalProperties"}), additional_properties),
    (frozenset({"patternProperties"}), pattern_properties),
    (frozenset({"dependentSchemas"}), dependent_schemas),
    (frozenset({"dependentRequired"}), dependent_required),
    (frozenset(_SINGLE), single),
    (frozenset({"prefixItems"}), prefix_items),
)
"""Each family with the keywords that it reads."""
