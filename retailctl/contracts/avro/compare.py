"""Every difference between two versions of a schema, one per cause, with the readings that it breaks."""

from __future__ import annotations

from typing import NamedTuple

from retailctl.contracts.avro.attributes import compare_attributes, compare_names
from retailctl.contracts.avro.compare_fields import field_pairs
from retailctl.contracts.avro.matching import match_branches
from retailctl.contracts.avro.model import NAMED, PROMOTIONS, AvroSchema, Field, Node, branches
from retailctl.contracts.avro.recording import Found, Recorder, Where
from retailctl.contracts.compatibility.change import ReadingChange


class _Step(NamedTuple):
    """Two types to compare; ``readers`` are those that read them: the unions around them, or they themselves."""

    old: Node
    new: Node
    where: Where
    readers: tuple[Node, Node]


def compare_avro(old: AvroSchema, new: AvroSchema, *, grown: frozenset[str] | None = None) -> list[ReadingChange]:
    """The changes from one schema to the next, in the order of the new one.

    A reading is broken exactly if some change says so: "backward" if the new schema cannot read data of the old one,
    "forward" if the old schema cannot read data of the new one. Named types that only moved are no change.
    ``grown`` are the named types in which the new schema says more, where it is known that nothing else differs and no
    reading is broken (:mod:`retailctl.contracts.avro.outline`).
    """
    recorder = Recorder(old, new, readable=grown is not None)
    if grown is not None:
        for name in (name for name in new.types if name in grown and name in old.types):
            _itself(old.types[name], new.types[name], Where(name, "", name), recorder)
        return recorder.changes
    name = new.root.name or new.path
    todo = [_Step(old.root, new.root, Where(name, "", name or "the schema"), (old.root, new.root))]
    seen: set[tuple[Node, Node]] = set()
    while todo:
        step = todo.pop()
        if step.old is step.new:  # versions share what is written alike
            continue
        if step.old.kind in NAMED and step.new.kind in NAMED:
            if (step.old, step.new) in seen:
                continue
            seen.add((step.old, step.new))
        todo += reversed(_compare(step, recorder))
    return recorder.finish()


def _compare(step: _Step, recorder: Recorder) -> list[_Step]:
    """Compare two types themselves, and return the parts that are left to compare."""
    old, new, where, _ = step
    if old.kind == new.kind and (old.is_bare and new.is_bare if not old.plain else old.plain == new.plain):
        return []
    if "union" in (old.kind, new.kind):
        return _unions(step, recorder)
    if "unknown" in (old.kind, new.kind):
        return []
    if old.kind != new.kind:
        _kinds(step, recorder)
        return []
    if old.kind in NAMED:
        where = Where(new.name, "", new.name)
        compare_names(old, new, where, recorder, _between(step, recorder))
    pairs = _itself(old, new, where, recorder)
    if old.kind == "record":
        return [_Step(one.type, other.type, there, (one.type, other.type)) for one, other, there in pairs]
    if old.kind in ("array", "map"):
        inside = where.at("/items", "[]") if old.kind == "array" else where.at("/values", "{}")
        one, other = old.children[0], new.children[0]
        return [_Step(one, other, inside, (one, other))]
    return []


def _itself(old: Node, new: Node, where: Where, recorder: Recorder) -> list[tuple[Field, Field, Where]]:
    """Compare two types but for their names and for the types of their parts; return the fields on both sides."""
    compare_attributes(old, new, where, recorder)
    return field_pairs(old, new, where, recorder) if old.kind == "record" else []


def _between(step: _Step, recorder: Recorder) -> Found:
    """The causes between the two types as wholes: of those who read them, when that is a union."""
    old, new, _, (old_reader, new_reader) = step
    backward = recorder.between("backward", new, old, "type_mismatch")
    forward = recorder.between("forward", old, new, "type_mismatch")
    backward += recorder.between("backward", new, old, "name_mismatch")
    forward += recorder.between("forward", old, new, "name_mismatch")
    if new_reader is not new:
        backward += recorder.between("backward", new_reader, old)
    if old_reader is not old:
        forward += recorder.between("forward", old_reader, new)
    return Found(backward, forward)


def _kinds(step: _Step, recorder: Recorder) -> None:
    old, new, where, _ = step
    wider, narrower = new.kind in PROMOTIONS.get(old.kind, ()), old.kind in PROMOTIONS.get(new.kind, ())
    if wider and narrower:
        id_ = "avro-type-exchanged"
    else:
        id_ = "avro-type-promoted" if wider else "avro-type-narrowed" if narrower else "avro-type-changed"
    at = (old.spot, new.spot)
    recorder.add(id_, where, old=old.label, new=new.label, found=_between(step, recorder), at=at)


def _unions(step: _Step, recorder: Recorder) -> list[_Step]:
    """Compare branch with branch; a type that is no union is one branch."""
    old, new, where, _ = step
    matched = match_branches(branches(old), branches(new))
    for branch in matched.removed:
        found = Found(backward=recorder.between("backward", new, branch))
        inside, at = where.at(f"/{branch.name or branch.kind}"), (branch.spot, new.spot)
        recorder.add("avro-union-branch-removed", inside, what=branch.label, location=where.text, found=found, at=at)
    for branch in matched.added:
        found = Found(forward=recorder.between("forward", old, branch))
        inside, at = where.at(f"/{branch.name or branch.kind}"), (old.spot, branch.spot)
        recorder.add("avro-union-branch-added", inside, what=branch.label, location=where.text, found=found, at=at)
    if not matched.removed and not matched.added:
        id_ = "avro-union-wrapped" if old.kind != new.kind else "avro-union-reordered" if matched.moved else ""
        if id_:
            recorder.add(id_, where, old=old.label, new=new.label, at=(old.spot, new.spot))
    return [_Step(one, other, where.at(_branch(one, other)), (old, new)) for one, other in matched.pairs]


def _branch(old: Node, new: Node) -> str:
    """The pointer of a branch; the only one there is has none, because wrapping a type moves nothing."""
    return "" if new.kind in NAMED and old.kind in NAMED else f"/{new.kind}"
