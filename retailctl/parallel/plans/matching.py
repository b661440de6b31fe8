"""Which column of one side is which of the other, and by which steps: tried out on a sample of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Final

from retailctl.parallel.canonical import SourceColumn
from retailctl.parallel.columns import LETTER, SIDES, Side, Type, unified
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.layers import Value, layered
from retailctl.parallel.normalisers.index import chain
from retailctl.parallel.plans.candidates import ZONES, Form, Steps, candidates, form_of
from retailctl.parallel.plans.opening import columns_of
from retailctl.parallel.plans.sketches import Sketch, likeness, parsed, sketch
from retailctl.parallel.sources import RawColumn, Relation
from retailctl.parallel.sql.bucket import Step

SAMPLED: Final = 100_000
_SEEN, _MOST_CODES, _LEAST_PAIRS = 300, 50, 20
_UNIQUE, _CONSISTENT, _ALIKE, _SOME, _BROKEN, _ABOUT = 0.99, 0.98, 0.3, 0.002, 0.2, 0.8
_SAME_NAME: Final = 0.3
_KEY_KINDS: Final = frozenset({"text", "int", "date"})
_MOST_COLUMNS: Final = 120


@dataclass(frozen=True, slots=True)
class Match:
    """Two columns that are one field: its type, the steps of each side, how alike the values are on the sample, and in
    how many of the rows with equal keys they are equal (None: not known)."""

    legacy: str
    new: str
    type: Type
    legacy_steps: Steps = ()
    new_steps: Steps = ()
    likeness: float = 0.0
    equal: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at both sides gave. ``paired`` is how many rows had equal keys."""

    matches: tuple[Match, ...]
    key: tuple[str, ...]
    alone: Mapping[Side, tuple[str, ...]]
    paired: int = 0


@dataclass(slots=True)
class _Sides:
    """The samples: a table for each side, its columns, and some texts of each."""

    engine: Engine
    raw: dict[Side, dict[str, RawColumn]]
    columns: dict[Side, dict[str, SourceColumn]]
    texts: dict[tuple[Side, str], list[str]] = field(default_factory=dict)
    sketches: dict[tuple[Side, str, Type, str], Sketch | None] = field(default_factory=dict)

    def sketch(self, side: Side, name: str, target: Type, steps: Steps) -> Sketch | None:
        """Made once."""
        key = (side, name, target, repr(steps))
        if key not in self.sketches:
            column = self.columns[side][name]
            self.sketches[key] = sketch(self.engine, f"s{LETTER[side]}", column, steps, target)
        return self.sketches[key]


def found(engine: Engine, legacy: Relation, new: Relation, zones: Sequence[str] = ()) -> Found:
    """Match the columns of two sources by name and by content, and find the key."""
    sides = _sampled(engine, {"legacy": legacy, "new": new})
    matches = _assigned(_options(sides, zones or ZONES), sides)
    key = _key(sides, matches)
    paired = _join(sides, matches, key) if key else 0
    if paired >= _LEAST_PAIRS:
        matches = [*_equal(sides, matches), *_coded(sides, matches)]
    order = list(sides.raw["new"])
    matches.sort(key=lambda match: order.index(match.new))
    alone = {side: tuple(name for name in sides.raw[side] if name not in {getattr(m, side) for m in matches})
             for side in SIDES}  # fmt: skip
    return Found(tuple(matches), tuple(match.new for match in matches if match.new in key), alone, paired)


def _sampled(engine: Engine, relations: Mapping[Side, Relation]) -> _Sides:
    sides = _Sides(engine, {}, {})
    for side, relation in relations.items():
        table, columns = f"s{LETTER[side]}", columns_of(relation)
        engine.make(Step(table, f"select * from {relation.query} limit {SAMPLED}"))
        usable = [name for name, column in columns.items() if column.type is not None][:_MOST_COLUMNS]
        sides.columns[side] = {name: columns[name] for name in usable}
        sides.raw[side] = {column.name: column for column in relation.columns if column.name in usable}
        for name in usable:
            quoted = engine.dialect.identifier(name)
            text = f"select distinct cast({quoted} as varchar) as v from {table} where {quoted} is not null"
            sides.texts[side, name] = [
                row[0] for row in engine.rows(f"select v from ({text}) order by hash(v) limit {_SEEN}")
            ]
    return sides


def _options(sides: _Sides, zones: Sequence[str]) -> Iterator[Match]:
    """The best way of each pair of columns. Of ways that are about as good, the shortest: the rest is chance."""
    for one in sides.raw["legacy"].values():
        for other in sides.raw["new"].values():
            ways = [way for target in _targets(one, other) for way in _ways(sides, one, other, target, zones)]
            best = max((way.likeness for way in ways), default=0.0)
            good = [way for way in ways if way.likeness >= _ABOUT * best]
            if good:
                yield min(good, key=_length)


def _length(match: Match) -> int:
    """The new side stays as it is where it can: its form is the one that will be kept."""
    return len(match.legacy_steps) + 3 * len(match.new_steps)


def _targets(one: RawColumn, other: RawColumn) -> Iterator[Type]:
    """Types that both might have: of a number and a text, either."""
    kinds = {one.type.kind, other.type.kind}
    if "text" in kinds:
        yield from dict.fromkeys((other.type, one.type, Type()))
    else:
        joint = unified(one.type, other.type)
        if joint.kind != "text":
            yield joint


def _ways(sides: _Sides, one: RawColumn, other: RawColumn, target: Type, zones: Sequence[str]) -> Iterator[Match]:
    steps = {
        "legacy": _steps(sides, "legacy", one, target, form_of(sides.texts["new", other.name]), zones),
        "new": _steps(sides, "new", other, target, form_of(sides.texts["legacy", one.name]), zones),
    }
    for n, left in enumerate(steps["legacy"]):
        for m, right in enumerate(steps["new"]):
            if n and m:
                continue  # one side is brought to the other: both ways at once say nothing
            a, b = sides.sketch("legacy", one.name, target, left), sides.sketch("new", other.name, target, right)
            if a is None or b is None or max(a.rejected, b.rejected) > _BROKEN:
                continue
            yield Match(one.name, other.name, target, left, right, likeness(a, b))


def _steps(sides: _Sides, side: Side, raw: RawColumn, target: Type, other: Form, zones: Sequence[str]) -> list[Steps]:
    if not raw.text and raw.type.kind != "text":
        minor = raw.type.kind == "int" and target.kind == "decimal"
        return [(), ({"minor_units": "EUR"},)] if minor else [()]
    return list(candidates(sides.texts[side, raw.name], target, other, zones))


def _assigned(options: Iterator[Match], sides: _Sides) -> list[Match]:
    """Each column once, the likeliest pair first. A pair of one name needs no likeness."""
    scored = []
    for match in options:
        same = _plain(match.legacy) == _plain(match.new)
        whole = [
            sides.sketch(side, getattr(match, side), match.type, getattr(match, f"{side}_steps")) for side in SIDES
        ]
        least = _ALIKE if all(each is not None and each.whole for each in whole) else _SOME
        if same or match.likeness >= least:
            scored.append((match.likeness + (_SAME_NAME if same else 0.0), match))
    scored.sort(key=lambda row: (-row[0], row[1].legacy, row[1].new))
    taken: set[tuple[Side, str]] = set()
    made: list[Match] = []
    for _, match in scored:
        ends: set[tuple[Side, str]] = {("legacy", match.legacy), ("new", match.new)}
        if not ends & taken:
            taken |= ends
            made.append(match)
    return made


def _plain(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _key(sides: _Sides, matches: Sequence[Match]) -> tuple[str, ...]:
    """The fewest columns, the first in the file, that are unique on both samples; empty where there are none."""
    order = list(sides.raw["new"])
    usable = sorted(
        (match for match in matches if match.type.kind in _KEY_KINDS), key=lambda match: order.index(match.new)
    )[:10]
    for size in (1, 2, 3):
        for chosen in combinations(usable, size):
            if all(_unique(sides, side, [getattr(match, side) for match in chosen]) >= _UNIQUE for side in SIDES):
                return tuple(match.new for match in chosen)
    return ()


def _unique(sides: _Sides, side: Side, names: Sequence[str]) -> float:
    quoted = ", ".join(map(sides.engine.dialect.identifier, names))
    apart = f"(select count(*) from (select distinct {quoted} from s{LETTER[side]}))"
    ((share,),) = sides.engine.rows(f"select {apart} / greatest(count(*), 1) from s{LETTER[side]}")
    return float(share)


def _join(sides: _Sides, matches: Sequence[Match], key: Sequence[str]) -> int:
    """Fill ``paired``: rows with equal keys, each field as ``l0, n0, ...``, all columns as ``rl0, rn0, ...``."""
    engine = sides.engine
    tables = []
    for side in SIDES:
        values = []
        for match in matches:
            column = sides.columns[side][getattr(match, side)]
            stages = chain(column.type or Type(), parsed(getattr(match, f"{side}_steps")), match.type, engine.dialect)
            values.append(Value("", column.expression(engine.dialect), stages))
        others = [Value("", f"cast({engine.dialect.identifier(name)} as varchar)", ()) for name in sides.columns[side]]
        made = layered([*values, *others], f"s{LETTER[side]}", engine.dialect)
        names = [f"{LETTER[side]}{n}" for n in range(len(values))] + [f"r{LETTER[side]}{n}" for n in range(len(others))]
        told = ", ".join(f"{inner} as {name}" for inner, name in zip(made.names, names, strict=True))
        tables.append(f"(select {told} from ({made.query}) as made)")
    on = " and ".join(f"l{n} = n{n}" for n, match in enumerate(matches) if match.new in key)
    engine.make(Step("paired", f"select * from {tables[0]} as a join {tables[1]} as b on {on}"))
    return int(engine.rows("select count(*) from paired")[0][0])


def _equal(sides: _Sides, matches: Sequence[Match]) -> Iterator[Match]:
    told = ", ".join(f"count(*) filter (l{n} is not distinct from n{n}) / count(*)" for n in range(len(matches)))
    for match, share in zip(matches, sides.engine.rows(f"select {told} from paired")[0], strict=True):
        yield replace(match, equal=float(share))


def _coded(sides: _Sides, matches: Sequence[Match]) -> Iterator[Match]:
    """Columns of codes that are left: a table, where each old code nearly always meets the same new one."""
    taken = {side: {getattr(match, side) for match in matches} for side in SIDES}
    for left, one in enumerate(sides.raw["legacy"]):
        if one in taken["legacy"]:
            continue
        for right, other in enumerate(sides.raw["new"]):
            if other in taken["new"]:
                continue
            table = _table(sides.engine, f"rl{left}", f"rn{right}")
            if table is not None:
                taken["new"].add(other)
                yield Match(one, other, Type(), ({"map": table[0]},), (), equal=table[1])
                break


def _table(engine: Engine, old: str, new: str) -> tuple[dict[str, str], float] | None:
    known = f"{old} is not null and {new} is not null"
    some = f"select {old} as o, {new} as n, count(*) as c from paired where {known} group by 1, 2"
    rows = engine.rows(f"select o, n, c from ({some}) order by c desc, o, n limit {_MOST_CODES**2 + 1}")
    best: dict[str, str] = {}
    for code, meant, _ in rows:
        best.setdefault(code, meant)
    total = sum(count for *_, count in rows)
    right = sum(count for code, meant, count in rows if best[code] == meant)
    few = 2 <= len(best) <= _MOST_CODES and len(set(best.values())) >= 2
    # A value of few rows may be a person's: codes come often.
    if not few or total < _LEAST_PAIRS * len(best) or right < _CONSISTENT * total:
        return None
    return dict(sorted(best.items())), right / total
