"""The fields of two records: matched by name, then by alias."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from retailctl.contracts.avro.attributes import compare_extras
from retailctl.contracts.avro.model import Field, Node
from retailctl.contracts.avro.recording import Found, Recorder, Where
from retailctl.contracts.avro.values import same

_MISSING: Final = "reader_field_missing_default_value"


def field_pairs(old: Node, new: Node, where: Where, recorder: Recorder) -> list[tuple[Field, Field, Where]]:
    """Compare the fields of a record themselves; return those on both sides, whose types are left to compare."""
    before = {field.name: field for field in old.fields}
    after = {field.name: field for field in new.fields}
    pairs = {name: (before[name], field) for name, field in after.items() if name in before}
    for one, other in list(_renamed(before, after)):
        pairs[other.name] = (one, other)
        _rename(old, new, one, other, where, recorder)
    gone = before.keys() - {one.name for one, _ in pairs.values()}
    for field in new.fields:
        if field.name not in pairs:
            _added(old, new, field, where, recorder)
    for field in old.fields:
        if field.name in gone:
            _removed(old, new, field, where, recorder)
    common = [name for name in before if name in pairs and before[name] is pairs[name][0]]
    kept = set(common)
    if common != (list(after) if len(after) == len(kept) else [name for name in after if name in kept]):
        recorder.add("avro-fields-reordered", where, at=(old.spot.at("fields"), new.spot.at("fields")))
    found = []
    for field in new.fields:
        if field.name in pairs:
            one, other = pairs[field.name]
            if one is other:  # versions share what is written alike
                continue
            inside = where.at(f"/fields/{field.name}", f".{field.name}")
            _attributes(one, other, inside, recorder)
            found.append((one, other, inside))
    return found


def _renamed(before: dict[str, Field], after: dict[str, Field]) -> Iterator[tuple[Field, Field]]:
    """Fields that one side knows under the name of the other."""
    if not any(field.aliases for field in (*before.values(), *after.values())):
        return
    taken: set[str] = set()
    for field in after.values():
        if field.name in before:
            continue
        old_names = [name for name in field.aliases if name in before and name not in after and name not in taken]
        if old_names:
            taken.add(old_names[0])
            yield before[old_names[0]], field
    known_as = {alias: field for field in before.values() if field.name not in after for alias in field.aliases}
    for field in after.values():
        there = known_as.get(field.name)
        if field.name in before or there is None or there.name in taken:
            continue
        if not any(alias in before and alias not in after for alias in field.aliases):
            taken.add(there.name)
            yield there, field


def _rename(old: Node, new: Node, one: Field, other: Field, where: Where, recorder: Recorder) -> None:
    found = Found(
        recorder.between("backward", new, old, _MISSING, other.name),
        recorder.between("forward", old, new, _MISSING, one.name),
    )
    inside, at = where.at(f"/fields/{other.name}", f".{other.name}"), (one.spot, other.spot)
    recorder.add("avro-field-renamed", inside, old=one.name, new=other.name, found=found, at=at)


def _added(old: Node, new: Node, field: Field, where: Where, recorder: Recorder) -> None:
    found = Found(backward=recorder.between("backward", new, old, _MISSING, field.name))
    inside, at = where.at(f"/fields/{field.name}", f".{field.name}"), (old.spot, field.spot)
    if field.has_default:
        recorder.add("avro-field-added", inside, new=_told(field.default), at=at)
    else:
        recorder.add("avro-field-added-without-default", inside, new=field.type.label, found=found, at=at)


def _removed(old: Node, new: Node, field: Field, where: Where, recorder: Recorder) -> None:
    found = Found(forward=recorder.between("forward", old, new, _MISSING, field.name))
    inside, at = where.at(f"/fields/{field.name}", f".{field.name}"), (field.spot, new.spot)
    if field.has_default:
        recorder.add("avro-field-removed", inside, old=_told(field.default), at=at)
    else:
        recorder.add("avro-field-removed-without-default", inside, old=field.type.label, found=found, at=at)


def _attributes(old: Field, new: Field, where: Where, recorder: Recorder) -> None:
    at = (old.spot, new.spot)
    if old.has_default != new.has_default:
        if new.has_default:
            recorder.add("avro-default-added", where, new=_told(new.default), at=at)
        else:
            recorder.add("avro-default-removed", where, old=_told(old.default), at=at)
    elif old.has_default and not same(old.default, new.default):
        recorder.add("avro-default-changed", where, old=_told(old.default), new=_told(new.default), at=at)
    _aliases(old, new, where, recorder)
    if old.order != new.order:
        recorder.add("avro-order-changed", where, old=old.order, new=new.order, at=at)
    if old.doc != new.doc:
        recorder.add("avro-doc-changed", where, old=old.doc, new=new.doc, at=at)
    compare_extras(old.extras, new.extras, where, recorder, at)


def _aliases(old: Field, new: Field, where: Where, recorder: Recorder) -> None:
    """An alias that carries a rename is part of the rename."""
    at = (old.spot, new.spot)
    for alias in new.aliases:
        if alias not in old.aliases and alias != old.name:
            recorder.add("avro-alias-added", where.at(f"/aliases/{alias}"), new=alias, at=at)
    for alias in old.aliases:
        if alias not in new.aliases and alias != new.name:
            recorder.add("avro-alias-removed", where.at(f"/aliases/{alias}"), old=alias, at=at)


def _told(default: object) -> object:
    """A default for a sentence: null and the empty text are named, or nothing would stand there."""
    if default is None:
        return "null"
    return '""' if default == "" else default
