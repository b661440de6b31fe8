"""Which column of one side is which of the other, and by which steps: tried out on a sample of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from retailctl.parallel.columns import SIDES, Side, Type, unified
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.plans import keys
from retailctl.parallel.plans.candidates import ZONES, Form, Steps, candidates, form_of
from retailctl.parallel.plans.sampling import Match, Sides, sampled
from retailctl.parallel.plans.sketches import likeness
from retailctl.parallel.sources import RawColumn, Relation

_ALIKE, _SOME, _BROKEN, _ABOUT = 0.3, 0.002, 0.2, 0.8
_SAME_NAME: Final = 0.3
_MOST_TRIED: Final = 600


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at the first ``sampled`` rows of both sides gave. ``paired`` is how many rows had equal keys;
    ``untried``: columns of different names were so many that their values were not held against each other."""

    matches: tuple[Match, ...]
    key: tuple[str, ...]
    alone: Mapping[Side, tuple[str, ...]]
    sampled: int
    paired: int = 0
    untried: bool = False


def found(engine: Engine, legacy: Relation, new: Relation, zones: Sequence[str] = ()) -> Found:
    """Match the columns of two sources by name and by content, and find the key."""
    sides = sampled(engine, {"legacy": legacy, "new": new})
    matches, many = _matched(sides, zones or ZONES)
    key = keys.key(sides, matches)
    paired = keys.join(sides, matches, key) if key else 0
    if paired >= keys.LEAST_PAIRS:
        matches = [*keys.equal(sides, matches), *keys.coded(sides, matches)]
    order = list(sides.raw["new"])
    matches.sort(key=lambda match: order.index(match.new))
    alone = {side: tuple(name for name in sides.raw[side] if name not in {getattr(m, side) for m in matches})
             for side in SIDES}  # fmt: skip
    return Found(
        tuple(matches), tuple(match.new for match in matches if match.new in key), alone, sides.rows, paired, many
    )


def _matched(sides: Sides, zones: Sequence[str]) -> tuple[list[Match], bool]:
    """Columns of one name first; then each of the others with each, where that is no endless work."""

    def options(legacy: Sequence[str], new: Sequence[str], *, named: bool) -> Iterator[Match]:
        for one in legacy:
            for other in new:
                if not named or _plain(one) == _plain(other):
                    yield from _option(sides, one, other, zones)

    legacy, new = (list(sides.raw[side]) for side in SIDES)
    matches = _assigned(options(legacy, new, named=True), sides, named=False)
    legacy = [name for name in legacy if name not in {match.legacy for match in matches}]
    new = [name for name in new if name not in {match.new for match in matches}]
    many = len(legacy) * len(new) > _MOST_TRIED
    matches += _assigned(options(legacy, new, named=many), sides, named=True)
    return matches, many


def _option(sides: Sides, one: str, other: str, zones: Sequence[str]) -> Iterator[Match]:
    """The best way of a pair of columns. Of ways that are about as good, the shortest: the rest is chance."""
    left, right = sides.raw["legacy"][one], sides.raw["new"][other]
    ways = [way for target in _targets(left, right) for way in _ways(sides, left, right, target, zones)]
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


def _ways(sides: Sides, one: RawColumn, other: RawColumn, target: Type, zones: Sequence[str]) -> Iterator[Match]:
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


def _steps(sides: Sides, side: Side, raw: RawColumn, target: Type, other: Form, zones: Sequence[str]) -> list[Steps]:
    if not raw.text and raw.type.kind != "text":
        minor = raw.type.kind == "int" and target.kind == "decimal"
        return [(), ({"minor_units": "EUR"},)] if minor else [()]
    return list(candidates(sides.texts[side, raw.name], target, other, zones))


def _assigned(options: Iterator[Match], sides: Sides, *, named: bool) -> list[Match]:
    """Each column once, the likeliest pair first. With ``named`` a pair of one name needs no likeness."""
    scored = []
    for match in options:
        same = _plain(match.legacy) == _plain(match.new)
        whole = [
            sides.sketch(side, getattr(match, side), match.type, getattr(match, f"{side}_steps")) for side in SIDES
        ]
        least = _ALIKE if all(each is not None and each.whole for each in whole) else _SOME
        if (same and named) or match.likeness >= least:
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
