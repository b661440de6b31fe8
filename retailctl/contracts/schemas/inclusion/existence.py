"""Whether a conjunction accepts anything, and a value that it accepts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from retailctl.contracts.schemas.inclusion import build, combinators, formats
from retailctl.contracts.schemas.inclusion.engine import Empty, Engine, Example, Same
from retailctl.contracts.schemas.inclusion.evaluate import activated, asked_of
from retailctl.contracts.schemas.inclusion.examples import example as matching
from retailctl.contracts.schemas.inclusion.graph import CONSTRAINTS, Atom
from retailctl.contracts.schemas.inclusion.regex import matches
from retailctl.contracts.schemas.inclusion.values import Domain, domain, domains_of, listed, plain, table
from retailctl.contracts.schemas.inclusion.view import View

_FEW: Final = 8


def same(engine: Engine, key: Same) -> bool:
    """Answer a Same: equal forms whose references lead to equal schemas."""
    (a_form, a_refs), (b_form, b_refs) = engine.shapes.of(key.a), engine.shapes.of(key.b)
    if a_form != b_form or len(a_refs) != len(b_refs):
        return False
    for a_ref, b_ref in zip(a_refs, b_refs, strict=True):
        a, b = engine.graph.target(key.a, a_ref), engine.graph.target(key.b, b_ref)
        if a is None or b is None:
            if a is not b or a_ref != b_ref:
                return False
        elif not engine.same(a, b):
            return False
    return True


def empty(engine: Engine, key: Empty) -> bool:
    """Answer an Empty: a plain contradiction, or a part that must be there and cannot."""
    view = engine.view(key.a)
    if key.kind not in view.types or _negated(engine, view, key.kind):
        return True
    if more := activated(engine, view, key.kind):
        return engine.empty({*key.a, *more}, key.kind, key.fuel)
    finite = view.finite(key.kind)
    if finite is not None:
        return all(engine.judge.all(key.a, value, view.cuts) is False for value in finite[0])
    if _contradicts(engine, view, key.kind):
        return True
    if key.fuel <= 0:
        return False
    return any(
        all(engine.empty({*key.a, *way}, key.kind, key.fuel - 1) for way in ways)
        for _, ways in combinators.splits(engine.graph, view, key.fuel)
    )


def _negated(engine: Engine, view: View, kind: Domain) -> bool:
    """Tell if something is negated that holds anyhow."""
    mine = [atom.node for atom in view.atoms]
    for atom in view.having("not"):
        flat = engine.graph.flat((engine.graph.child(atom.node, atom.schema["not"]),))
        sure = flat.never is None and flat.dangling is None
        if sure and all(_only_kind(inner, kind) or engine.found(inner.node, mine) for inner in flat.atoms):
            return True
    return False


def _only_kind(atom: Atom, kind: Domain) -> bool:
    """Tell if a conjunct asks for nothing but the kind of value at hand."""
    said = CONSTRAINTS.intersection(atom.schema) & asked_of(kind)
    return said <= {"type"} and ("type" not in said or kind in domains_of(atom.schema["type"]))


def _contradicts(engine: Engine, view: View, kind: Domain) -> bool:
    if kind in {"integer", "fraction"}:
        return view.numbers(kind).empty()
    if kind == "string":
        return view.lengths.empty() or _no_text(engine, view)
    if kind == "array":
        sizes = view.lengths_of_arrays
        fixed = range(min(sizes.low, view.prefix + 1))
        return sizes.empty() or any(view.item(index) and engine.empty(view.item(index)) for index in fixed)
    if kind == "object":
        if view.properties.empty():
            return True
        engine.spend(len(view.required))
        return any(engine.empty(places) for name in view.required if (places := view.property(name)))
    return False


def _no_text(engine: Engine, view: View) -> bool:
    if not (view.texts.must or view.texts.must_not):
        return False
    if len(view.texts.must) == 1 and not view.texts.must_not:
        pattern, high = view.texts.must[0], view.lengths.high
        text = matching(pattern, 0)
        fits = text is not None and view.lengths.low <= len(text) <= (len(text) if high is None else high)
        if fits and matches(pattern, text or ""):
            return False
    found = engine.text(view)
    return found.sure and found.text is None


def example(engine: Engine, key: Example, old: tuple[object, ...]) -> tuple[object, ...]:
    """Answer an Example: the first candidate that is accepted for sure."""
    if old:
        return old
    view = engine.view(key.a)
    if key.kind not in view.types:
        return old
    left = key.turn
    for value in (engine.formed(view, each) for each in _candidates(engine, view, key)):
        if domain(value) == key.kind and engine.judge.all(key.a, value, view.cuts) is True:
            if left == 0:
                return (value,)
            left -= 1
    return old


def _candidates(engine: Engine, view: View, key: Example) -> Iterator[object]:
    finite = view.finite(key.kind)
    if finite is not None:
        yield from finite[0]
        return
    if more := activated(engine, view, key.kind):
        yield from engine.example({*key.a, *more}, key.kind, fuel=key.fuel, turn=key.turn)
    if key.kind in {"integer", "fraction"}:
        numbers = (plain(number) for number in view.numbers(key.kind).some([]))
        yield from (number for number in numbers if number is not None)
    elif key.kind == "string":
        yield from _texts(engine, view)
    elif key.kind == "array":
        yield from _arrays(engine, view)
    elif key.kind == "object":
        yield build.an_object(engine, view, {})
        yield from _with_one_more(engine, view)
    if key.fuel > 0:
        for _, ways in combinators.splits(engine.graph, view, key.fuel):
            for way in ways:
                yield from engine.example({*key.a, *way}, key.kind, fuel=key.fuel - 1, turn=key.turn)


def _refusing(engine: Engine, view: View, kind: Domain) -> Iterator[object]:
    """Yield objects and arrays with a part that something negated does not take."""
    graph = engine.graph
    for atom in view.having("not"):
        negated = graph.flat((graph.child(atom.node, atom.schema["not"]),))
        for inner in negated.atoms[:_FEW]:
            if kind == "object":
                for name, own in list(table(inner.schema.get("properties")).items())[:_FEW]:
                    refused = graph.negation(graph.child(inner.node, own))
                    for value in engine.example({*view.property(str(name)), refused}):
                        yield build.an_object(engine, view, {str(name): value})
            elif "items" in inner.schema:
                refused = graph.negation(graph.child(inner.node, inner.schema["items"]))
                size = len(listed(inner.schema.get("prefixItems")))
                for value in engine.example({*view.item(size), refused}):
                    yield build.an_array(engine, view, max(size + 1, view.lengths_of_arrays.low), {size: value})
            elif inner.schema.get("uniqueItems") is True:
                for value in engine.example({*view.item(0), *view.item(1)}):
                    yield build.an_array(engine, view, max(2, view.lengths_of_arrays.low), {0: value, 1: value})


def _texts(engine: Engine, view: View) -> Iterator[object]:
    low = max(view.lengths.low, view.texts.low)
    for atom in view.having("format"):
        yield from formats.SAMPLES.get(str(atom.schema["format"]), ())
    for atom in view.having("pattern"):
        if isinstance(pattern := atom.schema["pattern"], str):
            for turn in range(4):
                shortest = matching(pattern, 0, turn)
                if shortest is not None:
                    yield shortest
                    yield matching(pattern, low - len(shortest), turn)
    if low <= 20_000:
        yield from ("a" * max(low, 1), "b" * max(low, 1), "", "0" * max(low, 1))
    if view.texts.must or view.texts.must_not:
        found = engine.text(view)
        if found.text is not None:
            yield found.text


def _arrays(engine: Engine, view: View) -> Iterator[object]:
    low = view.lengths_of_arrays.low
    yield build.an_array(engine, view, low)
    yield build.distinct(engine, view, low)
    yield build.an_array(engine, view, low + 1)
    for atom in view.having("contains"):
        node = engine.graph.child(atom.node, atom.schema["contains"])
        for index in (0, view.prefix):
            for value in engine.example({*view.item(index), node}):
                yield build.an_array(engine, view, max(low, index + 1), {index: value})
    yield from _refusing(engine, view, "array")


def _with_one_more(engine: Engine, view: View) -> Iterator[object]:
    for name in list(view.declared)[:8]:
        if name not in view.required:
            for value in engine.example(view.property(name)):
                yield build.an_object(engine, view, {name: value})
    yield from _refusing(engine, view, "object")
