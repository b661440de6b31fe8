"""Rules for objects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from retailctl.contracts.schemas.inclusion import build
from retailctl.contracts.schemas.inclusion.automata import shortest
from retailctl.contracts.schemas.inclusion.engine import INCLUDED, Engine, Gap, Pair, Sub
from retailctl.contracts.schemas.inclusion.examples import example
from retailctl.contracts.schemas.inclusion.graph import Places, Where
from retailctl.contracts.schemas.inclusion.regex import matches
from retailctl.contracts.schemas.inclusion.scope import scope
from retailctl.contracts.schemas.inclusion.values import count, names, table
from retailctl.contracts.schemas.inclusion.view import View

_MAX_NAMES: Final = 40


def may_have(pair: Pair, name: str) -> bool:
    """Tell if an object of `a` may have a property, under the content model of the question."""
    view = pair.view
    if build.engine_never(view, name) or name in view.cuts:
        return False
    if name in view.declared or view.rest_counts(declared=pair.key.declared):
        return True
    return any(matches(each, name) is not False for each in view.patterns)


def _nested(pair: Pair, keyword: str, name: str, sub: Sub, text: str, steps: tuple[str, ...]) -> Iterator[Gap]:
    if sub.status != INCLUDED:
        built = (_holding(pair, name, value) for value in sub.witnesses[:4])
        yield pair.gap(keyword, text, built, links=sub.links, steps=steps)


def _holding(pair: Pair, name: str, value: object) -> object:
    return build.an_object(pair.engine, pair.view, {name: value})


def required(pair: Pair) -> Iterator[Gap]:
    """``required``: `a` asks for it too."""
    for name in names(pair.schema.get("required")):
        if name not in pair.view.required and name not in pair.cuts:
            built = _lacking(pair, name)
            by = next(pair.view.having("required"), None)
            yield pair.gap("required", f"property {name} may be missing", built, by=by)


def _lacking(pair: Pair, name: str) -> Iterator[object]:
    yield build.an_object(pair.engine, pair.view, {}, without=name)


def properties(pair: Pair) -> Iterator[Gap]:
    """``properties``: what `a` accepts for each."""
    for name, schema in table(pair.schema.get("properties")).items():
        pair.engine.spend()
        if name in pair.cuts or not may_have(pair, str(name)):
            continue
        node = pair.engine.graph.child(pair.atom.node, schema)
        sub = pair.nested(pair.view.property(str(name)), {node: pair.atom.where.step("properties", str(name))})
        text = f"property {name} does not fit"
        yield from _nested(pair, "properties", str(name), sub, text, ("properties", str(name)))


def pattern_properties(pair: Pair) -> Iterator[Gap]:
    """``patternProperties``: for names `a` declares, names of its own patterns, and names nobody knows."""
    view, graph = pair.view, pair.engine.graph
    for pattern, schema in table(pair.schema.get("patternProperties")).items():
        where = pair.atom.where.step("patternProperties", str(pattern))
        place: Places = {graph.child(pair.atom.node, schema): where}
        for name in view.declared:
            hit = matches(str(pattern), name)
            if hit is not False and name not in pair.cuts and may_have(pair, name):
                sub = pair.nested(view.property(name), place)
                text = f"property {name} does not fit the pattern's schema"
                yield from _nested(pair, "patternProperties", name, sub, text, ())
        for own, schemas in view.patterns.items():
            if (met := _named(pair, (own, str(pattern)))) is not None:
                sub = pair.nested(schemas, place)
                text = "properties of a pattern do not fit"
                yield from _nested(pair, "patternProperties", met, sub, text, ())
        if view.rest_counts(declared=pair.key.declared) and pattern not in view.patterns:
            met = _named(pair, (str(pattern),), tuple(view.patterns))
            if met is not None:
                sub = pair.nested(view.rest, place)
                text = "other properties do not fit the pattern's schema"
                yield from _nested(pair, "patternProperties", met, sub, text, ())


def _named(pair: Pair, must: tuple[str, ...], must_not: tuple[str, ...] = ()) -> str | None:
    """Return a name that matches all of some patterns and none of others; None if there is no such name."""
    found = shortest(tuple(sorted(set(must))), tuple(sorted(set(must_not))))
    pair.engine.spend(found.cost // 8)
    if found.text is not None or found.sure:
        return found.text
    guess = example(must[0]) if must else None
    return guess if guess is not None else "extra0"


def additional(pair: Pair) -> Iterator[Gap]:
    """``additionalProperties``, and ``unevaluatedProperties`` where what is evaluated is sure."""
    for keyword in ("additionalProperties", "unevaluatedProperties"):
        if keyword not in pair.schema:
            continue
        if keyword == "additionalProperties":
            covered = set(map(str, table(pair.schema.get("properties"))))
            patterns = set(map(str, table(pair.schema.get("patternProperties"))))
        else:
            found = scope(pair.engine.graph, pair.atom.node)
            if found.sure_open:
                continue
            covered, patterns = found.sure_names, found.sure_patterns
        yield from _uncovered(pair, keyword, covered, patterns)


def _uncovered(pair: Pair, keyword: str, covered: set[str], patterns: set[str]) -> Iterator[Gap]:
    view = pair.view
    node = pair.engine.graph.child(pair.atom.node, pair.schema[keyword])
    place: Places = {node: pair.atom.where.step(keyword)}
    for name in view.declared:
        if name in covered or name in pair.cuts or any(matches(each, name) for each in patterns):
            continue
        if may_have(pair, name):
            sub = pair.nested(view.property(name), place)
            yield from _nested(pair, keyword, name, sub, f"property {name} is not known there", (keyword,))
    for own, schemas in view.patterns.items():
        if own not in patterns and (met := _named(pair, (own,), tuple(patterns))) is not None:
            sub = pair.nested(schemas, place)
            text = "properties of a pattern are not known there"
            yield from _nested(pair, keyword, met, sub, text, (keyword,))
    if view.rest_counts(declared=pair.key.declared):
        sub = pair.nested(view.rest, place)
        name = next(name for index in range(len(covered) + 1) if (name := f"extra{index}") not in covered)
        if any(matches(each, name) is not False for each in (*patterns, *view.patterns)):
            free = _named(pair, (), (*patterns, *view.patterns, *_exactly({*covered, *view.declared})))
            if free is None:
                return
            name = free
        yield from _nested(pair, keyword, name, sub, "further properties are possible", (keyword,))


def _exactly(names: set[str]) -> tuple[str, ...]:
    """Return a pattern of these names and no others, where they are not too many."""
    return (f"^(?:{'|'.join(map(re.escape, sorted(names)))})$",) if 0 < len(names) <= _MAX_NAMES else ()


def property_names(pair: Pair) -> Iterator[Gap]:
    """``propertyNames``: each declared name, and what `a` says of all others."""
    if "propertyNames" not in pair.schema:
        return
    view, engine = pair.view, pair.engine
    node = engine.graph.child(pair.atom.node, pair.schema["propertyNames"])
    mine: Places = {
        engine.graph.child(atom.node, atom.schema["propertyNames"]): atom.where.step("propertyNames")
        for atom in view.having("propertyNames")
    }
    for name in view.declared:
        if not may_have(pair, name) or engine.judge.all(tuple(sorted(mine)), name) is False:
            continue
        if engine.judge.one(node, name) is not True:
            yield pair.gap("propertyNames", f"the name {name} is not accepted", _named_so(pair, [name]))
    if view.patterns or view.rest_counts(declared=pair.key.declared):
        place = {node: pair.atom.where.step("propertyNames")}
        sub = engine.within(mine, place, declared=False, kind="string")
        if sub.status != INCLUDED:
            built = _named_so(pair, sub.witnesses[:4])
            yield pair.gap("propertyNames", "other names are possible", built, links=sub.links)


def _named_so(pair: Pair, found: Iterable[object]) -> Iterator[object]:
    """Yield objects with a property of each name."""
    for name in found:
        if isinstance(name, str):
            for value in pair.engine.example(pair.view.property(name)):
                yield build.an_object(pair.engine, pair.view, {str(name): value})


def sizes(pair: Pair) -> Iterator[Gap]:
    """``minProperties`` and ``maxProperties``, counting what is required and what can be there."""
    view, own = pair.view, pair.view.properties
    if "minProperties" in pair.schema:
        low = count(pair.schema["minProperties"])
        if low is None or own.low < low:
            built = (build.an_object(pair.engine, view, {}) for _ in (0,))
            yield pair.gap("minProperties", f"fewer than {low} properties are possible", built, by=own.low_atom)
    if "maxProperties" in pair.schema:
        high = count(pair.schema["maxProperties"])
        most = own.high
        if not view.patterns and not view.rest_counts(declared=pair.key.declared):
            able = sum(1 for name in view.declared if may_have(pair, name))
            most = able if most is None else min(most, able)
        if high is None or most is None or most > high:
            built = (build.an_object(pair.engine, view, {}, size=high + 1 if high is not None else 1) for _ in (0,))
            yield pair.gap("maxProperties", f"more than {high} properties are possible", built, by=own.high_atom)


def dependent_required(pair: Pair) -> Iterator[Gap]:
    """``dependentRequired``: `a` asks for it as well, always or in the same case."""
    engine = pair.engine
    for key, needed in table(pair.schema.get("dependentRequired")).items():
        name = str(key)
        if not may_have(pair, name):
            continue
        holding = engine.view(tuple(sorted({*pair.key.a, engine.graph.holder(_a_node(pair), name)})))
        for other in names(needed):
            if other in holding.required or other in pair.cuts:
                continue
            built = _alone(engine, holding, name, other)
            yield pair.gap("dependentRequired", f"{other} may be missing beside {name}", built)


def _alone(engine: Engine, holding: View, name: str, other: str) -> Iterator[object]:
    for value in engine.example(holding.property(name)):
        yield build.an_object(engine, holding, {name: value}, without=other)


def _a_node(pair: Pair) -> int:
    return pair.key.a[0] if pair.key.a else pair.atom.node


def dependent_schemas(pair: Pair) -> Iterator[Gap]:
    """``dependentSchemas``: objects of `a` that have the property."""
    graph = pair.engine.graph
    for key, schema in table(pair.schema.get("dependentSchemas")).items():
        name = str(key)
        if not may_have(pair, name):
            continue
        where: Where = pair.atom.where.step("dependentSchemas", name)
        holding = pair.here(graph.holder(_a_node(pair), name), where=where)
        sub = pair.inplace(holding, {graph.child(pair.atom.node, schema): where})
        if sub.status != INCLUDED:
            text = f"objects with {name} do not fit"
            yield pair.gap("dependentSchemas", text, sub.witnesses, links=sub.links, steps=("dependentSchemas", name))
