"""Answers one question about a pair of conjunctions, by rules first and by counterexamples second.

*Included* is what the rules prove. *Excluded* is said only with a value in hand that `a` was seen to accept and `b` to
reject. Everything between is *undecided*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from retailctl.contracts.schemas.inclusion import combinators, rules_arrays, rules_objects, rules_values
from retailctl.contracts.schemas.inclusion.engine import (
    EXCLUDED,
    INCLUDED,
    UNDECIDED,
    Engine,
    Gap,
    Link,
    Outcome,
    Pair,
    Within,
)
from retailctl.contracts.schemas.inclusion.graph import CONSTRAINTS, Atom, Where
from retailctl.contracts.schemas.inclusion.judge import Cuts
from retailctl.contracts.schemas.inclusion.values import Domain, domain, table
from retailctl.contracts.schemas.inclusion.view import Finite, View

Rule = Callable[[Pair], Iterator[Gap]]

_ANY: Final[tuple[tuple[Rule, frozenset[str]], ...]] = (
    (rules_values.types, frozenset({"type"})),
    (rules_values.listed_values, frozenset({"enum", "const"})),
    (combinators.alternatives, frozenset({"anyOf", "oneOf"})),
    (combinators.negation, frozenset({"not"})),
    (combinators.conditional, frozenset({"if"})),
    (combinators.discriminator, frozenset({"discriminator"})),
)
_FORMAT: Final = (rules_values.format_, frozenset({"format", "contentEncoding", "contentMediaType"}))
_NUMBERS: Final[tuple[tuple[Rule, frozenset[str]], ...]] = (
    (rules_values.bounds, frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})),
    (rules_values.multiples, frozenset({"multipleOf"})),
    _FORMAT,
)
_OWN: Final[Mapping[Domain, tuple[tuple[Rule, frozenset[str]], ...]]] = {
    "null": (),
    "boolean": (),
    "integer": _NUMBERS,
    "fraction": _NUMBERS,
    "string": (
        (rules_values.lengths, frozenset({"minLength", "maxLength"})),
        (rules_values.pattern, frozenset({"pattern"})),
        _FORMAT,
    ),
    "array": (
        (rules_arrays.items, frozenset({"prefixItems", "items", "unevaluatedItems"})),
        (rules_arrays.lengths, frozenset({"minItems", "maxItems"})),
        (rules_arrays.unique, frozenset({"uniqueItems"})),
        (rules_arrays.contains, frozenset({"contains"})),
    ),
    "object": (
        (rules_objects.required, frozenset({"required"})),
        (rules_objects.properties, frozenset({"properties"})),
        (rules_objects.pattern_properties, frozenset({"patternProperties"})),
        (rules_objects.additional, frozenset({"additionalProperties", "unevaluatedProperties"})),
        (rules_objects.property_names, frozenset({"propertyNames"})),
        (rules_objects.sizes, frozenset({"minProperties", "maxProperties"})),
        (rules_objects.dependent_required, frozenset({"dependentRequired"})),
        (rules_objects.dependent_schemas, frozenset({"dependentSchemas"})),
    ),
}
_MAX_TRIES: Final = 200
_EVERYWHERE: Final = frozenset({"nullable", "$dynamicRef"}).union(*(keywords for _, keywords in _ANY))
_ASKED: Final[Mapping[Domain, frozenset[str]]] = {
    kind: _EVERYWHERE.union(*(keywords for _, keywords in rules)) for kind, rules in _OWN.items()
}


def asked_of(kind: Domain) -> frozenset[str]:
    """Return the keywords that say something of a kind of value."""
    return _ASKED[kind]


def within(engine: Engine, key: Within, old: Outcome) -> Outcome:
    """Answer a Within as far as the answers it needs are known. An answer only ever gets worse."""
    if old.status == EXCLUDED:
        return old
    new = _answer(engine, key)
    if new.status > old.status:
        return new
    if new.status == old.status:
        old.gaps = new.gaps
    return old


def _answer(engine: Engine, key: Within) -> Outcome:
    view = engine.view(key.a)
    if key.kind not in view.types:
        return Outcome()
    if more := activated(engine, view, key.kind):
        sub = engine.within(
            {**{node: Where(node) for node in key.a}, **more},
            {node: Where(node) for node in key.b},
            declared=key.declared,
            fuel=key.fuel,
            cuts=key.cuts,
            kind=key.kind,
        )
        gap = Gap("if", Where(key.b[0]), None, "under a condition that always holds", links=tuple(sub.links))
        return Outcome(sub.status, (gap,), tuple(sub.witnesses)) if sub.status else Outcome()
    cuts = engine.judge.cuts(key.b, key.cuts)
    finite = view.finite(key.kind)
    if finite is not None:
        return _by_value(engine, key, view, cuts, finite)
    early = _branches(engine, key)
    if early and (answer := _split(engine, key, view, cuts)) is not None:
        return answer
    gaps = list(_gaps(engine, key, view, cuts))
    if not gaps or engine.empty(key.a, key.kind):
        return Outcome()
    if not early and (answer := _split(engine, key, view, cuts)) is not None:
        return answer
    return _confirmed(engine, key, view, cuts, gaps)


def _branches(engine: Engine, key: Within) -> bool:
    """Tell if `b` has branches: then branches of `a` are best looked at one by one, for they mostly come in pairs."""
    atoms = engine.graph.flat(key.b).atoms
    return any(combinators.branches(engine.graph, atom, keyword) for atom in atoms for keyword in ("anyOf", "oneOf"))


def activated(engine: Engine, view: View, kind: Domain) -> Mapping[int, Where]:
    """Return what applies beyond the conjuncts because its condition is one of them, or its property is required."""
    found: dict[int, Where] = {}
    nodes = view.flat.nodes
    if kind == "object":
        for atom in view.having("dependentSchemas"):
            for name, own in table(atom.schema["dependentSchemas"]).items():
                if name in view.required:
                    found[engine.graph.child(atom.node, own)] = atom.where.step("dependentSchemas", str(name))
    for atom in view.having("if"):
        condition = engine.graph.child(atom.node, atom.schema["if"])
        for keyword, wanted in (("then", condition), ("else", engine.graph.negation(condition))):
            if keyword in atom.schema and engine.found(wanted, nodes):
                found[engine.graph.child(atom.node, atom.schema[keyword])] = atom.where.step(keyword)
    return {node: where for node, where in found.items() if node not in nodes and not engine.graph.trivial((node,))}


def _gaps(engine: Engine, key: Within, view: View, cuts: Cuts) -> Iterator[Gap]:
    flat = engine.graph.flat(key.b)
    if flat.never is not None:
        node = next((n for n, where in flat.nodes.items() if where is flat.never), -1)
        candidates = engine.examples(key.a, key.kind)
        yield Gap("false", flat.never, False, "nothing is accepted", node=node, candidates=candidates)
    if flat.dangling is not None:
        yield Gap("$ref", flat.dangling, None, "the reference leads nowhere")
    for atom in flat.atoms:
        if view.cuts <= cuts and _said(engine, atom, view):
            continue
        pair = Pair(engine, key, view, atom, cuts)
        if "$dynamicRef" in atom.schema:
            yield pair.gap("$dynamicRef", "a dynamic reference is not followed")
        for rule, keywords in (*_ANY, *_OWN[key.kind]):
            if not keywords.isdisjoint(atom.schema):
                yield from rule(pair)


def _said(engine: Engine, atom: Atom, view: View) -> bool:
    return engine.found(atom.node, [other.node for other in view.atoms[:64]])


def _by_value(engine: Engine, key: Within, view: View, cuts: Cuts, finite: Finite) -> Outcome:
    """Try every value there is."""
    values, keyword, by = finite
    status = INCLUDED
    gaps: list[Gap] = []
    witness: list[object] = []
    for value in values:
        answer = engine.judge.all(key.b, value, cuts)
        mine = True if answer is True else engine.judge.all(key.a, value, view.cuts)
        if answer is True or mine is False:
            continue
        excluded = answer is False and mine is True
        status = max(status, EXCLUDED if excluded else UNDECIDED)
        if excluded:
            witness.append(value)
        if len(gaps) < _MAX_TRIES:
            gaps.append(_blame(engine, key, cuts, value, keyword, by, excluded=excluded))
    return Outcome(status, gaps, tuple(witness[:4]))


def _blame(
    engine: Engine, key: Within, cuts: Cuts, value: object, keyword: str, by: Atom | None, *, excluded: bool
) -> Gap:
    flat = engine.graph.flat(key.b)
    a_where, a_value = (by.where, by.schema.get(keyword)) if by is not None else (None, None)
    for atom in flat.atoms:
        for own in sorted(CONSTRAINTS.intersection(atom.schema)):
            if engine.judge.keyword(atom.node, own, value, cuts) is (False if excluded else None):
                text = "a value is not accepted" if excluded else "a value may not be accepted"
                return Gap(own, atom.where, atom.schema[own], text, a_where, a_value, excluded=excluded)
    where = flat.never or flat.dangling or Where(key.b[0])
    own = "false" if flat.never else "$ref"
    return Gap(own, where, None, "nothing is accepted", a_where, a_value, excluded=excluded)


def _split(engine: Engine, key: Within, view: View, cuts: Cuts) -> Outcome | None:
    """Look at each way of one open choice in `a` by itself."""
    if key.fuel <= 0:
        return None
    here = {node: Where(node) for node in key.a}
    target = {node: Where(node) for node in key.b}
    for atom, ways in combinators.splits(engine.graph, view, key.fuel):
        links: list[Link] = []
        witnesses: list[object] = []
        status = INCLUDED
        for way in ways:
            added = {node: atom.where.step(*steps) for node, steps in way.items()}
            sub = engine.within(
                {**added, **here},
                target,
                declared=key.declared,
                fuel=key.fuel - 1,
                cuts=key.cuts,
                kind=key.kind,
            )
            status = max(status, sub.status)
            links += sub.links
            witnesses += sub.witnesses[:4]
        if status == INCLUDED:
            return Outcome()
        if any(_shows(engine, key, view, cuts, value) for value in witnesses):
            gap = Gap("anyOf", Where(key.b[0]), None, "a branch does not fit", links=tuple(links), excluded=True)
            shown = [value for value in witnesses if _shows(engine, key, view, cuts, value)]
            return Outcome(EXCLUDED, (gap,), tuple(shown[:4]))
    return None


def _shows(engine: Engine, key: Within, view: View, cuts: Cuts, value: object) -> bool:
    """Tell if a value surely is a counterexample."""
    if domain(value) != key.kind or engine.judge.all(key.b, value, cuts) is not False:
        return False
    return engine.judge.all(key.a, value, view.cuts) is True and _conforms(key, view, value)


def _conforms(key: Within, view: View, value: object) -> bool:
    if not key.declared or not isinstance(value, dict):
        return True
    others = [name for name in value if name not in view.declared]
    return not others or bool(view.patterns) or view.rest_counts(declared=True)


def _confirmed(engine: Engine, key: Within, view: View, cuts: Cuts, gaps: list[Gap]) -> Outcome:
    judged: list[Gap] = []
    witness: list[object] = []
    for gap in gaps:
        tried = 0
        for value in (engine.formed(view, each) for each in gap.candidates):
            tried += 1
            if tried > _MAX_TRIES:
                break
            if _shows(engine, key, view, cuts, value) and _breaks(engine, gap, cuts, value):
                witness.append(value)
                judged.append(replace(gap, excluded=True, candidates=()))
                break
        else:
            judged.append(replace(gap, candidates=()))
            continue
        if tried > _MAX_TRIES:
            judged.append(replace(gap, candidates=()))
    return Outcome(EXCLUDED if witness else UNDECIDED, judged, tuple(witness[:4]))


def _breaks(engine: Engine, gap: Gap, cuts: Cuts, value: object) -> bool:
    keyword = "contains" if gap.keyword == "maxContains" else gap.keyword
    return gap.node < 0 or engine.judge.keyword(gap.node, keyword, value, cuts) is False
