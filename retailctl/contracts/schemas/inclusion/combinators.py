"""Rules for combinators in `b`, and the splitting of those in `a`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from retailctl.contracts.schemas.inclusion.branches import MANY, index_of
from retailctl.contracts.schemas.inclusion.engine import EXCLUDED, FUEL, INCLUDED, Gap, Pair, Sub, Tried
from retailctl.contracts.schemas.inclusion.graph import Atom, Graph, Places, branches_of
from retailctl.contracts.schemas.inclusion.values import table
from retailctl.contracts.schemas.inclusion.view import View

_BRANCHES: Final = ("anyOf", "oneOf")
_MAX_EXAMPLES: Final = 40
_MAX_PARTNERS: Final = 8


def branches(graph: Graph, atom: Atom, keyword: str) -> tuple[int, ...]:
    """Return the branches of a combinator that has several; one alone is a conjunct like any other."""
    own = graph.branches(atom.node, keyword)
    return own if len(own) > 1 else ()


def alternatives(pair: Pair) -> Iterator[Gap]:
    """``anyOf`` and ``oneOf``: some branch takes all of `a` (which is split before if it has branches itself)."""
    for keyword in _BRANCHES:
        if keyword not in pair.schema or len(branches_of(pair.schema, keyword)) == 1:
            continue
        own = branches(pair.engine.graph, pair.atom, keyword)
        yield from _alternatives(pair, keyword, own)


def _alternatives(pair: Pair, keyword: str, own: tuple[int, ...]) -> Iterator[Gap]:
    engine = pair.engine
    tried = engine.tried.setdefault((pair.key, pair.atom.node, keyword), Tried())
    if tried.able is None:
        tried.able = _likely_first(pair, [node for node in _tagged(pair, own) if _possible(pair, node)])
    able = tried.able
    witnesses: list[object] = []
    only: Sub | None = None
    for node in able[tried.refused :]:
        place: Places = {node: pair.atom.where.step(keyword, own.index(node))}
        sub = pair.inplace(pair.here(), place)
        if sub.status == INCLUDED:
            if keyword == "anyOf" or "discriminator" in pair.schema:
                return
            clash = _overlapping(pair, node, [other for other in able if other != node] + _twice(own, node))
            if clash is None:
                return
            text = "more than one branch may accept"
            yield pair.gap(keyword, text, engine.examples(tuple(sorted({*pair.key.a, clash})), pair.kind))
            return
        only = sub
        if sub.status == EXCLUDED and able[tried.refused] == node and len(able) > 1:
            tried.refused += 1
            tried.witnesses += sub.witnesses[:2] if len(tried.witnesses) < _MAX_EXAMPLES else ()
        else:
            witnesses += sub.witnesses[:2]
    witnesses = [*tried.witnesses, *witnesses]
    text = "no branch accepts all of it"
    links = only.links if only is not None and len(able) == 1 else ()
    yield pair.gap(keyword, text, [*witnesses[:_MAX_EXAMPLES], *pair.examples()], links=links)


def _tagged(pair: Pair, own: tuple[int, ...]) -> Iterable[int]:
    """Return the branches that a value of a property may lead to, where `a` says which values it has."""
    if pair.kind != "object" or len(own) < MANY or not pair.view.tags:
        return own
    index = index_of(pair.engine.judge, own)
    values = pair.view.tags.get(index.name)
    return own if values is None else index.among(values)


def _possible(pair: Pair, node: int) -> bool:
    """Tell if a branch may accept some of `a`, as far as that shows at a glance."""
    view = pair.engine.view((node,))
    return pair.kind in view.types and not (pair.kind == "object" and pair.view.apart(view))


def _twice(own: tuple[int, ...], node: int) -> list[int]:
    return [node] if own.count(node) > 1 else []


def _likely_first(pair: Pair, able: list[int]) -> list[int]:
    """Branches that say the same as a conjunct of `a` come first, so that equal long lists cost no square."""
    shapes = pair.engine.shapes
    known = {shapes.of(node) for node in list(pair.view.flat.nodes)[:256]}
    return sorted(able, key=lambda node: shapes.of(node) not in known)


def _overlapping(pair: Pair, chosen: int, others: list[int]) -> int | None:
    """Return a branch that may accept a value of `a` beside the chosen one; None if none can."""
    for other in others:
        if not (_held_off(pair, other) or pair.engine.empty({*pair.key.a, chosen, other}, pair.kind)):
            return other
    return None


def _held_off(pair: Pair, other: int) -> bool:
    """Tell if a branch lies within a branch of a ``oneOf`` of `a` that the value at hand is known not to be in."""
    nodes = pair.view.flat.nodes
    for atom in pair.view.having("oneOf"):
        own = branches(pair.engine.graph, atom, "oneOf")
        if sum(1 for node in own if node in nodes) != 1 or "discriminator" in atom.schema:
            continue
        for node in _partners(pair, own, other):
            if node not in nodes:
                place: Places = {other: pair.atom.where}
                sub = pair.engine.within(place, {node: atom.where}, declared=False, fuel=FUEL - 1, kind=pair.kind)
                if sub.status == INCLUDED:
                    return True
    return False


def _partners(pair: Pair, own: tuple[int, ...], other: int) -> tuple[int, ...]:
    """Return the branches of `a` that a branch of `b` most likely comes from."""
    key = (own, other)
    found = pair.engine.partners.get(key)
    if found is None:
        shapes = pair.engine.shapes
        form = shapes.of(other)
        equal = tuple(node for node in own if shapes.of(node) == form)
        found = pair.engine.partners[key] = (equal or own)[:_MAX_PARTNERS]
    return found


def negation(pair: Pair) -> Iterator[Gap]:
    """``not``: what `b` negates lies within what `a` negates, or has nothing in common with `a`."""
    if "not" not in pair.schema:
        return
    engine = pair.engine
    node = engine.graph.child(pair.atom.node, pair.schema["not"])
    for atom in pair.view.having("not"):
        own = engine.graph.child(atom.node, atom.schema["not"])
        place: Places = {node: pair.atom.where.step("not")}
        sub = engine.within(place, {own: atom.where.step("not")}, declared=False, kind=pair.kind)
        if sub.status == INCLUDED:
            return
    if pair.kind not in engine.view((node,)).types or engine.empty({*pair.key.a, node}, pair.kind):
        return
    both = engine.examples(tuple(sorted({*pair.key.a, node})), pair.kind)
    by = next(pair.view.having("not"), None)
    yield pair.gap("not", "what is excluded there may occur", [*both, *pair.examples()], by=by)


def conditional(pair: Pair) -> Iterator[Gap]:
    """``if``: what meets the condition fits ``then``, what does not fits ``else``."""
    if "if" not in pair.schema:
        return
    graph = pair.engine.graph
    condition = graph.child(pair.atom.node, pair.schema["if"])
    for keyword, assumed in (("then", condition), ("else", graph.negation(condition))):
        if keyword not in pair.schema:
            continue
        where = pair.atom.where.step(keyword)
        place: Places = {graph.child(pair.atom.node, pair.schema[keyword]): where}
        sub = pair.inplace(pair.here(assumed, where=pair.atom.where.step("if")), place)
        if sub.status != INCLUDED:
            text = f"values under {keyword} may not fit"
            yield pair.gap("if", text, sub.witnesses, links=sub.links, steps=(keyword,))


def discriminator(pair: Pair) -> Iterator[Gap]:
    """``discriminator``: a value of the mapping that is gone or leads elsewhere cannot be judged as JSON Schema."""
    own = table(table(pair.schema.get("discriminator")).get("mapping"))
    for atom in pair.view.having("discriminator"):
        theirs = table(table(atom.schema["discriminator"]).get("mapping"))
        if "discriminator" not in pair.schema or not theirs:
            continue
        lost = [value for value, target in theirs.items() if not _leads_on(pair, atom, target, own.get(value))]
        if lost:
            text = f"the discriminator value {lost[0]} is gone or leads elsewhere"
            yield pair.gap("discriminator", text, by=atom)


def _leads_on(pair: Pair, by: Atom, theirs: object, own: object) -> bool:
    """Tell if two mapping entries name the same component, or one under another name that takes all that it took.

    What became of a component of the same name shows where it is a branch.
    """
    if not isinstance(theirs, str) or not isinstance(own, str):
        return False
    if own.rpartition("/")[2] == theirs.rpartition("/")[2]:
        return True
    graph = pair.engine.graph
    a, b = graph.target(by.node, theirs), graph.target(pair.atom.node, own)
    if a is None or b is None:
        return False
    sub = pair.engine.within({a: by.where}, {b: pair.atom.where}, declared=False, fuel=FUEL - 1, kind=pair.kind)
    return sub.status == INCLUDED


Way = Mapping[int, tuple[str | int, ...]]
"""Conjuncts that one way of a choice adds, with the steps to each."""


def splits(graph: Graph, view: View, fuel: int) -> Iterator[tuple[Atom, list[Way]]]:
    """Return the open choices in `a`, fewer inside other choices: independent ones must not multiply."""
    yield from islice(_choices(graph, view), 2**fuel)


def _choices(graph: Graph, view: View) -> Iterator[tuple[Atom, list[Way]]]:
    nodes = view.flat.nodes
    for atom in view.atoms:
        for keyword in _BRANCHES:
            own = branches(graph, atom, keyword)
            nothing = atom.schema.get(keyword) in ([], ())
            if nothing or (own and not any(node in nodes for node in own)):
                yield atom, [{node: (keyword, index)} for index, node in enumerate(own)]
        if "if" in atom.schema:
            condition = graph.child(atom.node, atom.schema["if"])
            other = graph.negation(condition)
            if condition not in nodes and other not in nodes:
                then = graph.child(atom.node, atom.schema.get("then", True))
                otherwise = graph.child(atom.node, atom.schema.get("else", True))
                yield atom, [{condition: ("if",), then: ("then",)}, {other: ("if",), otherwise: ("else",)}]
