"""What must hold of every verdict on a pair of JSON Schemas, with jsonschema-rs as the judge of single values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from retailctl.contracts.compatibility.json_schema import read_verdicts
from retailctl.contracts.compatibility.modes import Reading
from retailctl.contracts.schemas.inclusion import Inclusion
from retailctl.contracts.schemas.store import ContentModel
from tests.support.json_schemas import DRAFTS, Draft, Maker, validator
from tests.support.schema_documents import document

CONTENTS: Final[tuple[ContentModel, ...]] = ("all", "declared")
_TRIES: Final = 25


@dataclass(frozen=True, slots=True)
class SchemaPair:
    """Two documents of one draft."""

    draft: Draft
    old: Any
    new: Any
    formats: bool


def pair(draw: Random) -> SchemaPair:
    """A pair by chance; mostly one is an edit of the other, as unrelated schemas are nearly always apart."""
    draft, formats = draw.choice(DRAFTS), draw.random() < 0.3
    maker = Maker(draw, draft, formats=formats)
    old = maker.document()
    kind = draw.random()
    if kind < 0.6:
        new = maker.edited(old)
    elif kind < 0.8 and isinstance(old, dict):
        keyword = draw.choice(["allOf", "anyOf", "oneOf"])
        new = {**old, keyword: [maker.schema(1) for _ in range(2)]}
        new = new if "definitions" in new or "$defs" in new else maker.edited({"$schema": old["$schema"], **new})
    else:
        new = maker.document()
    return SchemaPair(draft, old, new, formats)


def contradiction(one: SchemaPair, draw: Random) -> tuple[list[str], str]:
    """The verdicts on a pair, by content model, and what contradicts one of them; "" for nothing."""
    old, new = document(one.old), document(one.new)
    values = list(_values(one, draw))
    told: list[str] = []
    for content in CONTENTS:
        verdicts = read_verdicts(old, new, content)
        told += [f"{content} {found.verdict}" for found in verdicts.values()]
        for reading, found in verdicts.items():
            if wrong := _wrong(one, reading, found, content, values):
                return told, f"{content} {reading} {found.verdict}: {wrong}"
    return told, ""


def _values(one: SchemaPair, draw: Random) -> Iterator[Any]:
    maker = Maker(draw, one.draft)
    for _ in range(_TRIES):
        yield maker.value()


def _wrong(one: SchemaPair, reading: Reading, found: Inclusion, content: ContentModel, values: list[Any]) -> str:
    """Why a verdict cannot stand. Under *declared* data is what a schema names, so that extras prove nothing."""
    a, b = (one.old, one.new) if reading == "backward" else (one.new, one.old)
    strict = content == "all"
    mine, other = (validator(each, one.draft, formats=strict) for each in (a, b))
    if found.verdict == "excluded":
        for witness in found.witness:
            if not mine.is_valid(witness):
                return f"the writer does not accept the witness {witness!r}"
            if other.is_valid(witness):
                return f"the reader accepts the witness {witness!r}"
        return "" if found.witness or strict else "there is no witness"
    if found.verdict == "included":
        tried = values if strict else [value for value in values if is_declared(a, value)]
        against = [value for value in tried if mine.is_valid(value) and not other.is_valid(value)]
        return f"the reader does not accept {against[0]!r}" if against else ""
    return ""


_SEEN_THROUGH: Final = frozenset({"$schema", "type", "properties", "items", "required", "enum", "const"})


def is_declared(schema: Any, value: Any) -> bool:
    """True if every object in the value has only properties that the schema plainly names at its place."""
    if not isinstance(value, (dict, list)):
        return True
    if not isinstance(schema, dict) or (set(schema) - _SEEN_THROUGH):
        return False
    if isinstance(value, list):
        return all(is_declared(schema.get("items"), item) for item in value)
    own = schema.get("properties", {})
    return all(name in own and is_declared(own[name], item) for name, item in value.items())
