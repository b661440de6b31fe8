"""What all conjuncts together say of numbers and of sizes: the tightest bounds, and where each of them stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm

from retailctl.contracts.schemas.inclusion.graph import Atom
from retailctl.contracts.schemas.inclusion.values import count, number


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound with the keyword and conjunct that sets it; `strict` leaves the bound itself out."""

    value: Fraction
    strict: bool
    keyword: str
    atom: Atom | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers between two limits that are multiples of `step` (0: any)."""

    low: Limit | None
    high: Limit | None
    step: Fraction
    whole: bool  # integers, else the numbers in between

    def empty(self) -> bool:
        """Tell if no number is left."""
        if self.low is None or self.high is None:
            return not self.whole and self.step.denominator == 1 and self.step != 0
        if self.step:
            first = multiple_from(self.low.value, self.step)
            return first > self.high.value or (not self.whole and self.step.denominator == 1)
        low, high = self.low, self.high
        return low.value > high.value or (low.value == high.value and (low.strict or high.strict))

    def some(self, near: Iterable[Fraction], most: int = 40) -> list[Fraction]:
        """Return numbers around the given points and the limits, to be checked by the caller."""
        points = [*near, Fraction(0)]
        points += [limit.value for limit in (self.low, self.high) if limit is not None]
        if self.low is not None and self.high is not None:
            points.append((self.low.value + self.high.value) / 2)
        if not self.step:
            return [point + shift for point in points for shift in _SHIFTS][:most]
        found: list[Fraction] = []
        for point in points:
            base = floor(point / self.step)
            found += [(base + shift) * self.step for shift in (0, 1, -1, 2, -2, 3, -3)]
        return list(dict.fromkeys(found))[:most]

    def listing(self, most: int) -> list[Fraction] | None:
        """Return every number if they are few; None otherwise."""
        if not self.whole or self.low is None or self.high is None:
            return None
        first = multiple_from(self.low.value, self.step)
        amount = floor((self.high.value - first) / self.step)
        return None if amount >= most else [first + index * self.step for index in range(amount + 1)]


def multiple_from(value: Fraction, step: Fraction) -> Fraction:
    """Return the smallest multiple of the step that is not below the value."""
    return Fraction(ceil(value / step)) * step


_SHIFTS = tuple(Fraction(numerator, 16) for numerator in (0, 1, -1, 8, -8, 24, -24))


def numbers(atoms: Iterable[Atom], *, whole: bool) -> Numbers:
    """Return what the conjuncts leave of the integers, or of the numbers in between."""
    low: Limit | None = None
    high: Limit | None = None
    step = Fraction(1 if whole else 0)
    for atom in atoms:
        for keyword in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"):
            if (value := number(atom.schema.get(keyword))) is None:
                continue
            limit = tightened(keyword, value, whole=whole, atom=atom)
            if keyword.lower().endswith("minimum"):
                if low is None or (limit.value, limit.strict) > (low.value, low.strict):
                    low = limit
            elif high is None or (limit.value, not limit.strict) < (high.value, not high.strict):
                high = limit
        multiple = number(atom.schema.get("multipleOf"))
        if multiple is not None and multiple > 0:
            step = common(step, multiple)
    return Numbers(low, high, step, whole)


def common(a: Fraction, b: Fraction) -> Fraction:
    """Return the least common multiple of two positive fractions; 0 stands for no step."""
    if not a or not b:
        return a or b
    below = lcm(a.denominator, b.denominator)
    return Fraction(lcm(int(a * below), int(b * below)), below)


def tightened(keyword: str, value: Fraction, *, whole: bool, atom: Atom | None = None) -> Limit:
    """Return a bound as it works among integers (next integer inside), or among the numbers in between."""
    strict = keyword.startswith("exclusive")
    if whole:
        if keyword.lower().endswith("minimum"):
            value = Fraction(floor(value) + 1 if strict else ceil(value))
        else:
            value = Fraction(ceil(value) - 1 if strict else floor(value))
        strict = False
    elif value.denominator == 1:
        strict = True  # an integer is not in between
    return Limit(value, strict, keyword, atom)


@dataclass(frozen=True, slots=True)
class Sizes:
    """From `low` to `high` (None: no end), with the conjuncts that say so."""

    low: int
    high: int | None
    low_atom: Atom | None = None
    high_atom: Atom | None = None

    def empty(self) -> bool:
        """Tell if no size is left."""
        return self.high is not None and self.low > self.high


def sizes(atoms: Iterable[Atom], what: str) -> Sizes:
    """Return the sizes that ``min{what}`` and ``max{what}`` of all conjuncts leave."""
    found = Sizes(0, None)
    for atom in atoms:
        low, high = count(atom.schema.get(f"min{what}")), count(atom.schema.get(f"max{what}"))
        if low is not None and low > found.low:
            found = Sizes(low, found.high, atom, found.high_atom)
        if high is not None and (found.high is None or high < found.high):
            found = Sizes(found.low, high, found.low_atom, atom)
    return found
