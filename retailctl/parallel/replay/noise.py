"""Which differences are noise: what legacy answers differently when it is asked the same thing twice.

A path that never differs between two legacy answers is not noisy, and any difference there counts. One that does is
judged by McNemar's paired test: of the requests in which only one of the two comparisons differs, chance puts as many
on either side. Where both always differ the test says nothing, and what the values look like is compared instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import sqrt
from statistics import NormalDist
from typing import Final, Literal, NamedTuple

from retailctl.parallel.replay.codec import Opaque
from retailctl.parallel.replay.difference import ABSENT, Difference
from retailctl.parallel.replay.learned import Learned
from retailctl.parallel.replay.shapes import ShapeBook

Spot = tuple[str, str]
"""Generic path and kind of a difference: what noise is learned for."""
Outcome = Literal["differs", "unsure", "noise"]
MOST_SPOTS: Final = 2_000
_OTHERS: Final = ("(further paths)", "VALUE")
_ALWAYS: Final = 0.02
_PER_REQUEST: Final = 20


@dataclass(frozen=True, slots=True)
class NoiseRules:
    """``least`` pairs of legacy answers make a path known; ``z`` is what the paired test must exceed.

    ``measured`` is False where noise is not looked for: then every difference counts.
    """

    least: int = 50
    z: float = 3.0
    measured: bool = True


class Judged(NamedTuple):
    """What a spot is, and the sentence that says why."""

    outcome: Outcome
    why: str
    is_shape: bool = False


@dataclass(slots=True)
class SpotCount:
    """How often the two comparisons differed at one spot; of requests that have both, which of them did.

    ``raw`` is legacy against new, ``places`` how many values that were, ``opaque`` how many of them were bodies
    that are not taken apart.
    """

    raw: int = 0
    only_raw: int = 0
    only_noise: int = 0
    both: int = 0
    places: int = 0
    opaque: int = 0
    book: ShapeBook = field(default_factory=ShapeBook)

    @property
    def noise(self) -> int:
        """Pairs of legacy answers that differ."""
        return self.only_noise + self.both

    @property
    def z(self) -> float:
        """McNemar's statistic: how far the new side differs more often than legacy does from itself."""
        odd = self.only_raw + self.only_noise
        return (self.only_raw - self.only_noise) / sqrt(odd) if odd else 0.0

    @property
    def is_always(self) -> bool:
        """Whether legacy differs from itself nearly wherever the new side differs from it."""
        apart = self.only_raw + self.only_noise
        return self.both > 0 and apart <= _ALWAYS * (apart + self.both)


@dataclass(slots=True)
class NoiseLedger:
    """Everything seen on one route; ``is_measured`` is False where legacy must not be asked twice.

    ``learned`` is what an earlier run knows of its noise: then legacy is asked once.
    """

    is_measured: bool = True
    learned: Learned | None = None
    requests: int = 0
    pairs: int = 0
    spots: dict[Spot, SpotCount] = field(default_factory=dict)

    @property
    def noisy(self) -> tuple[str, ...]:
        """The paths at which legacy differs from itself."""
        spots = (
            (spot for spot, count in self.spots.items() if count.noise) if self.learned is None else self.learned.spots
        )
        return tuple(sorted({path or "(body)" for path, _ in spots}))

    def add(self, raw: Iterable[Difference], noise: Iterable[Difference] | None) -> tuple[Spot, ...]:
        """Count one request: legacy against new, and legacy against legacy where it was asked twice.

        Gives the spots at which the new side differs.
        """
        self.requests += 1
        mine = self._gather(raw, is_raw=True)
        if noise is None:
            for spot in mine:
                self.spots[spot].raw += 1
            return tuple(mine)
        self.pairs += 1
        theirs = self._gather(noise, is_raw=False)
        for spot in mine:
            count = self.spots[spot]
            count.raw += 1
            if spot in theirs:
                count.both += 1
            else:
                count.only_raw += 1
        for spot in theirs:
            if spot not in mine:
                self.spots[spot].only_noise += 1
        return tuple(mine)

    def _gather(self, differences: Iterable[Difference], *, is_raw: bool) -> dict[Spot, int]:
        found: dict[Spot, int] = {}
        for one in differences:
            spot = self._spot(one)
            count = self.spots[spot]
            seen = found[spot] = found.get(spot, 0) + 1
            count.places += is_raw
            if isinstance(one.new, Opaque):
                count.opaque += is_raw
            elif seen <= _PER_REQUEST and one.kind == "VALUE":
                if is_raw and one.new is not ABSENT:
                    count.book.new.add(one.new)
                    if self.learned is not None:  # what legacy looks like is seen here alone
                        count.book.legacy.add(one.legacy)
                elif not is_raw:
                    count.book.legacy.add(one.legacy)
                    count.book.legacy.add(one.new)
        return found

    def _spot(self, one: Difference) -> Spot:
        spot: Spot = one.path, one.kind
        if spot not in self.spots:
            if len(self.spots) >= MOST_SPOTS:  # a service may invent names without end
                spot = _OTHERS
            self.spots.setdefault(spot, SpotCount())
        return spot


def strict_z(z: float, tests: int) -> float:
    """The ``z`` that each of several tests must exceed, so that all of them together err no more often than one."""
    risk = 1 - NormalDist().cdf(z)
    return NormalDist().inv_cdf(1 - risk / tests) if tests > 1 and risk > 0 else z


def judge(ledgers: Iterable[NoiseLedger], rules: NoiseRules) -> Callable[[NoiseLedger, Spot], Judged]:
    """The judge of a whole run: the more noisy paths there are, the more each of them must show."""
    noisy = sum(
        1
        for ledger in ledgers
        for spot, count in ledger.spots.items()
        if count.raw and (count.noise or (ledger.learned is not None and spot in ledger.learned.spots))
    )
    limit = strict_z(rules.z, noisy)
    risk = (1 - NormalDist().cdf(rules.z)) / max(noisy, 1)

    def verdict(ledger: NoiseLedger, spot: Spot) -> Judged:
        count = ledger.spots[spot]
        if not rules.measured or not ledger.is_measured:
            return Judged("differs", "noise was not measured")
        learned = ledger.learned
        if learned is not None:
            was = learned.spots.get(spot, 0)
            if not was:
                return _quiet(count, learned.pairs, rules, f", as learned on {learned.at}")
            told = (
                f"{count.raw:,} of {ledger.requests:,} differ, and {was:,} of {learned.pairs:,} between two of legacy"
            )
            told, z = f"{told}, as learned on {learned.at}", learned.z(spot, count.raw, ledger.requests)
            always = min(count.raw / ledger.requests, was / learned.pairs) >= 1 - _ALWAYS
        elif not count.noise:
            return _quiet(count, ledger.pairs, rules)
        else:
            told = f"{count.only_raw:,} differ only in the new answer, {count.only_noise:,} only between two of legacy"
            z, always = count.z, count.is_always
        return _weighed(count, f"{told} (z {z:.1f}, limit {limit:.1f})", risk, more=z > limit, always=always)

    return verdict


def _weighed(count: SpotCount, told: str, risk: float, *, more: bool, always: bool) -> Judged:
    """A noisy spot: it differs where it does so more often than chance, or where values look odd that always differ."""
    if more:
        return Judged("differs", told)
    odd = count.book.oddity(risk) if always else None
    if odd is not None:
        return Judged("differs", f"{odd.what}, in {odd.seen:,} of {odd.values:,} values", is_shape=True)
    if count.opaque and always:  # there are no values whose looks could tell
        return Judged("unsure", f"the body as a whole, which always differs, says nothing of what is in it; {told}")
    return Judged("noise", told)


def _quiet(count: SpotCount, pairs: int, rules: NoiseRules, since: str = "") -> Judged:
    if pairs >= rules.least:
        return Judged("differs", f"legacy never differed from itself here in {pairs:,} pairs{since}")
    if count.z > rules.z:
        return Judged("differs", f"legacy never differed from itself here in {pairs:,} pairs (z {count.z:.1f})")
    return Judged(
        "unsure", f"only {pairs:,} pairs of legacy answers; {rules.least:,} are needed to know that it is no noise"
    )
