"""Rules for arrays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from retailctl.contracts.schemas.inclusion import build
from retailctl.contracts.schemas.inclusion.engine import INCLUDED, Gap, Pair
from retailctl.contracts.schemas.inclusion.graph import Places
from retailctl.contracts.schemas.inclusion.scope import scope
from retailctl.contracts.schemas.inclusion.values import count, listed

_MAX_PREFIX: Final = 200


def items(pair: Pair) -> Iterator[Gap]:
    """``prefixItems``, ``items``, and ``unevaluatedItems`` where what is evaluated is sure; position by position."""
    own = listed(pair.schema.get("prefixItems"))
    for index, schema in enumerate(own):
        yield from _position(pair, "prefixItems", ("prefixItems", index), schema, index)
    for keyword in ("items", "unevaluatedItems"):
        if keyword not in pair.schema:
            continue
        first = len(own)
        if keyword == "unevaluatedItems":
            found = scope(pair.engine.graph, pair.atom.node)
            if found.sure_open_items or "items" in pair.schema:
                continue
            first = found.sure_items
        for index in range(first, max(first, pair.view.prefix) + 1):
            yield from _position(pair, keyword, (keyword,), pair.schema[keyword], index)


def _position(pair: Pair, keyword: str, steps: tuple[str | int, ...], schema: object, index: int) -> Iterator[Gap]:
    view = pair.view
    high = view.lengths_of_arrays.high
    if high is not None and high <= index:
        return
    place: Places = {pair.engine.graph.child(pair.atom.node, schema): pair.atom.where.step(*steps)}
    sub = pair.nested(view.item(index), place)
    if sub.status != INCLUDED:
        yield pair.gap(
            keyword, "items do not fit", _with_items(pair, index, sub.witnesses[:4]), links=sub.links, steps=steps
        )


def _with_items(pair: Pair, index: int, values: list[object]) -> Iterator[object]:
    size = max(index + 1, pair.view.lengths_of_arrays.low)
    for value in values:
        yield build.an_array(pair.engine, pair.view, size, {index: value})
        yield build.distinct(pair.engine, pair.view, size, {index: value})


def _of_size(pair: Pair, size: int) -> Iterator[object]:
    size = max(size, pair.view.lengths_of_arrays.low)
    yield build.an_array(pair.engine, pair.view, size)
    yield build.distinct(pair.engine, pair.view, size)


def lengths(pair: Pair) -> Iterator[Gap]:
    """``minItems`` and ``maxItems``."""
    own = pair.view.lengths_of_arrays
    if "minItems" in pair.schema:
        low = count(pair.schema["minItems"])
        if low is None or own.low < low:
            yield pair.gap("minItems", f"fewer than {low} items are possible", _of_size(pair, 0), by=own.low_atom)
    if "maxItems" in pair.schema:
        high = count(pair.schema["maxItems"])
        if high is None or own.high is None or own.high > high:
            built = _of_size(pair, 0 if high is None else high + 1)
            yield pair.gap("maxItems", f"more than {high} items are possible", built, by=own.high_atom)


def unique(pair: Pair) -> Iterator[Gap]:
    """``uniqueItems``: `a` asks for it too, or has one item at most."""
    high = pair.view.lengths_of_arrays.high
    if pair.schema.get("uniqueItems") is not True or (high is not None and high <= 1):
        return
    if not any(atom.schema["uniqueItems"] is True for atom in pair.view.having("uniqueItems")):
        yield pair.gap("uniqueItems", "the same item twice is possible", _repeated(pair))


def _repeated(pair: Pair) -> Iterator[object]:
    view, engine = pair.view, pair.engine
    size = max(2, view.lengths_of_arrays.low)
    yield build.an_array(engine, view, size)
    last = min(view.prefix, size - 1)
    value = engine.example(view.item(last)) or (0,)
    yield build.an_array(engine, view, max(size, last + 2), {last: value[0], last + 1: value[0]})
    both = engine.example({**view.item(0), **view.item(1)})
    if both:
        yield build.an_array(engine, view, size, {0: both[0], 1: both[0]})


def contains(pair: Pair) -> Iterator[Gap]:
    """``contains``, ``minContains``, ``maxContains``: the same demand in `a`, or items and sizes imply it."""
    if "contains" not in pair.schema:
        return
    low, high = count(pair.schema.get("minContains", 1)), pair.schema.get("maxContains")
    node = pair.engine.graph.child(pair.atom.node, pair.schema["contains"])
    if low is None or (low > 0 and not _enough(pair, node, low)):
        candidates = (*_of_size(pair, 0), *_of_size(pair, 1), *pair.examples(), *_contained(pair, node))
        yield pair.gap("contains", "no fitting item may be there", candidates)
    most = count(high) if high is not None else None
    if high is not None and (most is None or not _few(pair, node, most)):
        yield pair.gap(
            "maxContains", "too many fitting items may be there", _fitting(pair, node, most), node=pair.atom.node
        )


def _contained(pair: Pair, node: int) -> Iterator[object]:
    """Yield arrays of what `a` must contain, as far as `b` does not count it."""
    view, graph = pair.view, pair.engine.graph
    for atom in view.having("contains"):
        own = graph.child(atom.node, atom.schema["contains"])
        size = max(view.lengths_of_arrays.low, count(atom.schema.get("minContains", 1)) or 0)
        if size > _MAX_PREFIX:
            continue
        values = {
            index: found[0]
            for index in range(size)
            if (found := pair.engine.example({*view.item(index), own, graph.negation(node)}))
        }
        yield build.an_array(pair.engine, view, size, values)


def _fitting(pair: Pair, node: int, most: int | None) -> Iterator[object]:
    if most is None or most > _MAX_PREFIX:
        return
    values = {
        index: found[0]
        for index in range(most + 1)
        if (found := pair.engine.example({**dict.fromkeys(pair.view.item(index)), node: None}))
    }
    yield build.an_array(pair.engine, pair.view, max(most + 1, pair.view.lengths_of_arrays.low), values)


def _enough(pair: Pair, node: int, low: int) -> bool:
    view, graph = pair.view, pair.engine.graph
    place: Places = {node: pair.atom.where.step("contains")}
    for atom in view.having("contains"):
        own = graph.child(atom.node, atom.schema["contains"])
        least = count(atom.schema.get("minContains", 1))
        mine: Places = {own: atom.where.step("contains")}
        if least is not None and least >= low and pair.engine.within(mine, place, declared=False).status == INCLUDED:
            return True
    if view.lengths_of_arrays.low < low:
        return False
    return all(pair.nested(view.item(index), place).status == INCLUDED for index in range(min(low, view.prefix + 1)))


def _few(pair: Pair, node: int, most: int) -> bool:
    view, graph, engine = pair.view, pair.engine.graph, pair.engine
    high = view.lengths_of_arrays.high
    if high is not None and high <= most:
        return True
    for atom in view.having("contains"):
        theirs = count(atom.schema.get("maxContains")) if "maxContains" in atom.schema else None
        if theirs is not None and theirs <= most:
            own = graph.child(atom.node, atom.schema["contains"])
            mine = {node: pair.atom.where.step("contains")}
            if engine.within(mine, {own: atom.where}, declared=False).status == INCLUDED:
                return True
    if view.prefix > _MAX_PREFIX:
        return False
    possible = sum(1 for index in range(view.prefix + 1) if not engine.empty({*view.item(index), node}))
    rest = not engine.empty({*view.item(view.prefix), node})
    return possible <= most and not rest
