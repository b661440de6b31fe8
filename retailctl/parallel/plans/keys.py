"""What rows with equal keys say: which columns are the key, how often fields are equal, which codes belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from retailctl.parallel.columns import LETTER, SIDES, Side, Type
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.layers import Value, layered
from retailctl.parallel.normalisers.index import chain
from retailctl.parallel.plans.sampling import Match, Sides
from retailctl.parallel.plans.sketches import parsed
from retailctl.parallel.sql.bucket import Step

LEAST_PAIRS: Final = 20
_MOST_CODES, _UNIQUE, _CONSISTENT = 50, 0.99, 0.98
_KEY_KINDS: Final = frozenset({"text", "int", "date"})


def key(sides: Sides, matches: Sequence[Match]) -> tuple[str, ...]:
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


def _unique(sides: Sides, side: Side, names: Sequence[str]) -> float:
    quoted = ", ".join(map(sides.engine.dialect.identifier, names))
    apart = f"(select count(*) from (select distinct {quoted} from s{LETTER[side]}))"
    ((share,),) = sides.engine.rows(f"select {apart} / greatest(count(*), 1) from s{LETTER[side]}")
    return float(share)


def join(sides: Sides, matches: Sequence[Match], key: Sequence[str]) -> int:
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


def equal(sides: Sides, matches: Sequence[Match]) -> Iterator[Match]:
    """The matches, with the share of the rows of ``paired`` in which both values are equal."""
    told = ", ".join(f"count(*) filter (l{n} is not distinct from n{n}) / count(*)" for n in range(len(matches)))
    for match, share in zip(matches, sides.engine.rows(f"select {told} from paired")[0], strict=True):
        yield replace(match, equal=float(share))


def coded(sides: Sides, matches: Sequence[Match]) -> Iterator[Match]:
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
    if not few or total < LEAST_PAIRS * len(best) or right < _CONSISTENT * total:
        return None
    return dict(sorted(best.items())), right / total
