"""Drift: what two scans see differently, and whether the later one looked where the earlier one did.

What is not seen any more is gone only where every source that saw it looked again: the same source, the same scope,
with a window. Otherwise nobody looked, and nothing is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from retailctl.graph.estate_graph import EstateGraph
from retailctl.graph.queries import direct_pairs
from retailctl.inventory.assemble import assemble
from retailctl.inventory.attributes import comparable, leaves
from retailctl.inventory.merge import Declared
from retailctl.model.estate import Covered, Entry, Estate

Status = Literal["new", "gone", "changed", "not looked"]
_KINDS: Final = ("interface", "event", "system", "credential")
_EVERYWHERE: Final = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One difference. ``looked`` tells whether the other scan looked there; ``declared`` whether a hand-kept file has
    it (None: there is none to ask). ``sources`` are those that saw it."""

    status: Status
    kind: str
    id: str
    what: str = ""
    before: str = ""
    after: str = ""
    sources: tuple[str, ...] = ()
    looked: bool = True
    declared: bool | None = None


@dataclass(slots=True)
class Scan:
    """One side: what was observed, what is declared beside it, and where each source looked."""

    observed: Estate
    declared: Estate
    whole: Estate
    looked: set[tuple[str, str]] = field(default_factory=set)
    seen_by: Mapping[tuple[str, str], Mapping[str, set[str]]] = field(default_factory=dict)
    used: Mapping[tuple[str, str], Mapping[str, set[str]]] = field(default_factory=dict)


def scan_of(observed: Iterable[Declared | Covered], declared: Iterable[Declared | Covered]) -> Scan:
    """A side from the entries of its files."""
    seen, hand = list(observed), list(declared)
    scopes: dict[tuple[str, str], set[str]] = defaultdict(set)  # (file, source) -> scopes
    looked: set[tuple[str, str]] = set()
    for one in seen:
        if isinstance(one, Covered):
            scope = one.coverage.scope or ""
            scopes[one.location.path, one.coverage.source].add(scope)
            if one.coverage.window is not None and scope:
                looked.add((one.coverage.source, scope))
    seen_by: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    used: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in seen:
        if isinstance(one, Declared):
            sources = sorted({sighting.source for sighting in getattr(one.noun, "sightings", None) or ()})
            for source in sources or [f"({one.location.path})"]:
                seen_by[one.kind, one.noun.id][source] |= scopes.get((one.location.path, source), set())
                for consumption in getattr(one.noun, "consumers", None) or ():
                    used[one.noun.id, consumption.system][source] |= scopes.get((one.location.path, source), set())
    return Scan(assemble(seen)[0], assemble(hand)[0], assemble([*hand, *seen])[0], looked, seen_by, used)


def drift(before: Scan, after: Scan) -> list[Drift]:
    """Everything that differs, in order of kind, id and what."""
    found = [*_entries(before, after), *_edges(before, after)]
    return sorted(found, key=lambda one: (one.kind, one.id, one.what, one.status))


def _entries(before: Scan, after: Scan) -> Iterator[Drift]:
    for kind in _KINDS:
        old, new = before.observed.of(kind), after.observed.of(kind)
        for id_ in sorted({*old, *new}):
            if id_ not in new:
                yield _gone(kind, id_, "", before.seen_by[kind, id_], before, after)
            elif id_ not in old:
                yield _new(kind, id_, "", after.seen_by[kind, id_], before, after)
            else:
                yield from _changed(old[id_], new[id_])
                if kind in ("interface", "event"):
                    yield from _consumers(old[id_], new[id_], before, after)


def _consumers(old: Entry, new: Entry, before: Scan, after: Scan) -> Iterator[Drift]:
    was = {consumption.system for consumption in old.noun.consumers or ()}
    is_ = {consumption.system for consumption in new.noun.consumers or ()}
    for system in sorted(was - is_):
        yield _gone("consumer", old.id, system, before.used[old.id, system], before, after)
    for system in sorted(is_ - was):
        yield _new("consumer", new.id, system, after.used[new.id, system], before, after)


def _gone(kind: str, id_: str, what: str, seen: Mapping[str, set[str]], before: Scan, after: Scan) -> Drift:
    silent = [source for source in sorted(seen) if not _looked(after, source, seen[source], _provider(before, id_))]
    return Drift(
        status="not looked" if silent or not seen else "gone",
        kind=kind,
        id=id_,
        what=what,
        before="seen",
        after=f"{', '.join(silent)} did not look" if silent else "",
        sources=tuple(sorted(seen)),
        looked=not silent and bool(seen),
        declared=_declared(after, kind, id_, what),
    )


def _new(kind: str, id_: str, what: str, seen: Mapping[str, set[str]], before: Scan, after: Scan) -> Drift:
    looked = any(_looked(before, source, seen[source], _provider(after, id_)) for source in seen)
    return Drift(
        status="new",
        kind=kind,
        id=id_,
        what=what,
        before="" if looked else "not looked",
        after="seen",
        sources=tuple(sorted(seen)),
        looked=looked,
        declared=_declared(after, kind, id_, what),
    )


def _looked(side: Scan, source: str, scopes: set[str], provider: str) -> bool:
    """Did a source of this side look at all the places where the other side's did? Of several scopes those of the
    provider count, where one of them is his."""
    own = {scope for scope in scopes if scope in (provider, _EVERYWHERE)} or scopes
    return bool(own) and all((source, scope) in side.looked or (source, _EVERYWHERE) in side.looked for scope in own)


def _provider(side: Scan, id_: str) -> str:
    entry = side.whole.of("interface").get(id_)
    if entry is None:
        return ""
    return entry.noun.provider or (entry.noun.key.provider if entry.noun.key is not None else None) or ""


def _declared(side: Scan, kind: str, id_: str, what: str) -> bool | None:
    if not side.declared.entries:
        return None
    if kind != "consumer":
        return id_ in side.declared.of(kind)
    entries = (side.declared.of(of).get(id_) for of in ("interface", "event"))
    known = [consumption.system for entry in entries if entry is not None for consumption in entry.noun.consumers or ()]
    return what in known


def _changed(old: Entry, new: Entry) -> Iterator[Drift]:
    was, is_ = _attributes(old.noun), _attributes(new.noun)
    for name in sorted({*was, *is_}):
        a, b = was.get(name), is_.get(name)
        if a is not None and b is not None and comparable(a) != comparable(b):
            sources = tuple(sorted({sighting.source for sighting in new.noun.sightings or ()}))
            yield Drift(status="changed", kind=old.kind, id=old.id, what=name, before=a, after=b, sources=sources)


def _attributes(noun: Any) -> dict[str, str]:
    """Attributes as text; lists of texts too, since their order is that of the source."""
    found = {name: _text(value) for name, value in leaves(noun)}
    for name in ("scopes", "operations", "environments", "used_by", "aliases", "mediation"):
        value = getattr(noun, name, None)
        if isinstance(value, tuple):
            found[name] = ", ".join(sorted(map(str, value)))
    return found


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _edges(before: Scan, after: Scan) -> Iterator[Drift]:
    """Pairs of systems that talk directly now and did not before; whether they do is unknown without their layers."""
    old, new = direct_pairs(EstateGraph(before.whole)), direct_pairs(EstateGraph(after.whole))
    known = {(pair.a, pair.b) for pair in (*old.direct, *old.undecided)}
    for sure, pairs in ((True, new.direct), (False, new.undecided)):
        for pair in pairs:
            if (pair.a, pair.b) not in known:
                yield Drift(
                    status="new",
                    kind="direct edge" if sure else "edge",
                    id=f"{pair.a} - {pair.b}",
                    after=", ".join(pair.interfaces),
                )
