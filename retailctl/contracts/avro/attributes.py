"""What two types of one kind say of themselves: names, symbols, sizes, meanings, documentation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from retailctl.contracts.avro.model import Node, Spot
from retailctl.contracts.avro.names import namespace_of
from retailctl.contracts.avro.recording import Found, Recorder, Where
from retailctl.contracts.avro.values import same

_Spots = tuple[Spot | None, Spot | None]


def compare_names(old: Node, new: Node, where: Where, recorder: Recorder, found: Found) -> None:
    """The name of a named type, and its aliases; ``found`` are the causes between the two as wholes."""
    at = (old.spot, new.spot)
    if old.short != new.short:
        recorder.add("avro-type-renamed", where, old=old.name, new=new.name, found=found, at=at)
    elif old.name != new.name:
        spaces = namespace_of(old.name), namespace_of(new.name)
        recorder.add("avro-namespace-changed", where, old=spaces[0], new=spaces[1], found=found, at=at)
    # An alias that carries a rename is part of it; one in another namespace moved with its type.
    before = {old.name, *(_moved(alias, old, new) for alias in old.aliases)}
    after = {new.name, *new.aliases, *(_moved(alias, new, old) for alias in new.aliases)}
    for alias in new.aliases:
        if alias not in before and alias not in old.aliases:
            recorder.add("avro-alias-added", where.at(f"/aliases/{alias}"), new=alias, at=at)
    for alias in old.aliases:
        if alias not in after and _moved(alias, old, new) not in after:
            recorder.add("avro-alias-removed", where.at(f"/aliases/{alias}"), old=alias, at=at)


def _moved(alias: str, here: Node, there: Node) -> str:
    """An alias without a namespace of its own, after its type moved to another namespace."""
    space, _, short = alias.rpartition(".")
    if space != namespace_of(here.name):
        return alias
    other = namespace_of(there.name)
    return f"{other}.{short}" if other else short


def compare_attributes(old: Node, new: Node, where: Where, recorder: Recorder) -> None:
    """All that is not the name and not a part with a type of its own."""
    at = (old.spot, new.spot)
    if old.kind == "enum":
        _symbols(old, new, where, recorder)
    elif old.size != new.size:
        found = recorder.both(old, new, "fixed_size_mismatch")
        spots = (old.spot.at("size"), new.spot.at("size"))
        recorder.add("avro-fixed-size-changed", where.at("/size"), old=old.size, new=new.size, found=found, at=spots)
    if old.logical != new.logical:
        decimal = old.logical and new.logical and old.logical.name == new.logical.name
        id_ = "avro-decimal-changed" if decimal else "avro-logical-type-changed"
        words = [str(node.logical) if node.logical else f"plain {node.kind}" for node in (old, new)]
        recorder.add(id_, where, old=words[0], new=words[1], at=at)
    if old.doc != new.doc:
        recorder.add("avro-doc-changed", where, old=old.doc, new=new.doc, at=at)
    compare_extras(old.extras, new.extras, where, recorder, at)


def compare_extras(
    old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, where: Where, recorder: Recorder, at: _Spots
) -> None:
    """Attributes that Avro does not know; they are for whoever put them there."""
    before, after = old or {}, new or {}
    for key in sorted(before.keys() | after.keys(), key=str):
        if not same(before.get(key), after.get(key)) or (key in before) != (key in after):
            inside = where.at(f"/{key}")
            recorder.add(
                "avro-attribute-changed", inside, what=str(key), location=where.text, old=before.get(key),
                new=after.get(key), at=at,
            )  # fmt: skip


def _symbols(old: Node, new: Node, where: Where, recorder: Recorder) -> None:
    before, after = set(old.symbols), set(new.symbols)
    spots = (old.spot.at("symbols"), new.spot.at("symbols"))
    kind: Final = "missing_enum_symbols"
    backward = recorder.between("backward", new, old, kind)
    forward = recorder.between("forward", old, new, kind)
    for symbol in new.symbols:
        if symbol not in before:
            found = Found(forward=tuple(cause.about(symbol) for cause in forward))
            inside = where.at(f"/symbols/{symbol}")
            recorder.add("avro-enum-symbol-added", inside, what=symbol, location=where.text, found=found, at=spots)
    for symbol in old.symbols:
        if symbol not in after:
            found = Found(backward=tuple(cause.about(symbol) for cause in backward))
            inside = where.at(f"/symbols/{symbol}")
            recorder.add("avro-enum-symbol-removed", inside, what=symbol, location=where.text, found=found, at=spots)
    recorder.explain(*backward, *forward)
    common = [symbol for symbol in old.symbols if symbol in after]
    if common != [symbol for symbol in new.symbols if symbol in before]:
        recorder.add("avro-enum-reordered", where, at=spots)
    if old.default != new.default:
        id_ = "added" if old.default is None else "removed" if new.default is None else "changed"
        recorder.add(f"avro-enum-default-{id_}", where, old=old.default, new=new.default, at=(old.spot, new.spot))
