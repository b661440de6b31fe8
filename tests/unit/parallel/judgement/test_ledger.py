"""The ledger of pending rows: what a run says of each, what a line of history holds, and how late rows came."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retailctl.parallel.columns import SIDES, Side
from retailctl.parallel.judgement.late_figures import LateFigures, duration
from retailctl.parallel.judgement.lateness import Horizon
from retailctl.parallel.judgement.ledger import (
    OTHER,
    Entry,
    Followed,
    Latency,
    Ledger,
    More,
    Resolved,
    Sightings,
    followed,
    gathered,
    left,
    percentile,
    resolve,
)
from retailctl.parallel.judgement.ledger_lines import plain, read
from retailctl.parallel.judgement.lookups import key_of_kept, key_of_side, pending_rows, sightings
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.samples import Masking
from tests.unit.parallel.judgement.tables import PLAN, engine_of, fill, row

MIDNIGHT = datetime.fromisoformat("2026-11-18")


def at(hours: float) -> datetime:
    return MIDNIGHT + timedelta(hours=hours)


def entry(side: Side = "legacy", key: str = "k", hours: float = 10, seen: float | None = 10) -> Entry:
    return Entry(side, f"{ord(key[0]):016x}", at(hours), None if seen is None else at(seen))


def horizon(legacy: float | None, new: float | None, pending: float | None) -> Horizon:
    marks = {"legacy": legacy, "new": new}
    return Horizon(
        {side: None if marks[side] is None else at(cast(float, marks[side])) for side in SIDES},
        None if pending is None else at(pending),
    )


HOUR = 3600
# Whether the other side has the row, whether it is in the window itself, the first event time of the other side, and
# the horizon; the class of the row, and the least and most seconds that it was late.
RESOLVED: list[tuple[bool, bool, float | None, Horizon, str, int | None, int | None]] = [
    (True, True, 0, horizon(20, 20, 19), "arrived", 0, 10 * HOUR),
    (True, False, 0, horizon(10, 10, 9), "arrived", 0, 0),
    (False, True, 0, horizon(10, 10.5, 9.5), "pending", None, None),
    (False, True, 0, horizon(10, 10.5, 10), "pending", None, None),
    (False, True, 0, horizon(20, 20, 10.1), "expired", 10 * HOUR, None),
    (False, False, 0, horizon(20, 20, 10.1), "expired outside", 10 * HOUR, None),
    (False, False, 10, horizon(20, 20, 19), "expired outside", 10 * HOUR, None),
    (False, False, 10.1, horizon(20, 20, 19), "unknown", None, None),
    (False, False, None, horizon(20, None, 19), "unknown", None, None),
    (False, False, None, horizon(None, None, None), "pending", None, None),
    (False, False, 0, horizon(20, 20, None), "expired outside", 10 * HOUR, None),
]


@pytest.mark.parametrize(("there", "inside", "first", "late", "name", "least", "most"), RESOLVED)
def test_a_pending_row_has_one_end(
    there: bool, inside: bool, first: float | None, late: Horizon, name: str, least: int | None, most: int | None
) -> None:
    one = entry()
    place = frozenset({(one.side, one.key)})
    none = frozenset[tuple[Side, str]]()
    seen = Sightings(place if there else none, place if inside else none, {"new": None if first is None else at(first)})
    found = resolve(Followed((one,)), seen, late)
    ends = {"arrived": len(found.arrived), "expired": len(found.expired), "unknown": len(found.unknown),
            "pending": len(found.pending)}  # fmt: skip
    assert ends == {**dict.fromkeys(ends, 0), name.split(maxsplit=1)[0]: 1}
    assert dict(found.outside) == ({"legacy": 1} if "outside" in name else {})
    for _, latency in (*found.arrived, *found.expired):
        assert (latency.least, latency.most) == (least, most)


def test_how_late_a_row_came_is_at_least_the_time_that_the_other_side_was_ahead() -> None:
    one = entry(hours=10, seen=10.25)
    seen = Sightings(frozenset({(one.side, one.key)}))
    ((_, latency),) = resolve(Followed((one,)), seen, horizon(12, 11, 10)).arrived
    assert latency == Latency(900, 3600)
    ((_, behind),) = resolve(Followed((entry(hours=10, seen=9),)), seen, horizon(12, 10, 9)).arrived
    assert behind == Latency(0, 0), "the other side had not got so far: the row was in time"


def test_what_a_run_looks_up() -> None:
    a, b, c, d = (entry(key=key) for key in "abcd")
    before = Ledger("f", pending=(a, b), more={"new": More(5, at(3))})
    same = Ledger("f", pending=(c,), expired=(b,), unknown=(d,), lost={"new": 2})
    assert followed(None, None, "f", None) == Followed()
    assert followed(before, None, "f", None) == Followed((a, b))
    assert followed(before, None, "f", at(3)) == Followed((a, b)), "the window holds the ones that no line carries"
    assert followed(before, None, "f", at(4)) == Followed((a, b), {"new": 5})
    assert followed(before, same, "f", at(4)) == Followed((a, b, d), {"new": 7})
    assert followed(before, same, "other", None) == Followed((), {"legacy": 4, "new": 2})


def test_a_line_carries_so_many_and_says_how_many_it_does_not() -> None:
    many = [Entry(side, f"{number:016x}", at(number)) for number in range(10) for side in SIDES]
    kept = left("f", Resolved(pending=tuple(many[:6])), many[6:], {"new": More(3, at(1))}, most=7)
    assert len(kept.pending) == 7 and max(one.key for one in kept.pending) == f"{3:016x}"
    assert kept.more == {"legacy": More(6, at(4)), "new": More(3 + 7, at(1))}


def test_equal_latencies_are_told_together_and_never_better_than_they_were() -> None:
    told = gathered([Latency(0, 9), Latency(0, 9), Latency(1234, 5678, 3), Latency(1299, 5601), Latency(99, None)])
    assert told == (Latency(0, 9, 2), Latency(99, None), Latency(1200, 5700, 4))


@pytest.mark.parametrize(
    ("latencies", "expected"),
    [
        ([], None),
        ([Latency(5, 9)], Latency(5, 9)),
        ([Latency(0, 9, 99), Latency(100, 200)], Latency(0, 9, 100)),
        ([Latency(0, 9, 98), Latency(100, 200, 2)], Latency(100, 200, 100)),
        ([Latency(0, 9, 98), Latency(100, None, 2)], Latency(100, None, 100)),
        ([Latency(0, 9, 99), Latency(100, None)], Latency(0, 9, 100)),
    ],
)
def test_the_percentile_is_between_those_of_both_ends(latencies: list[Latency], expected: Latency | None) -> None:
    assert percentile(latencies) == expected


P99: list[tuple[Latency | None, dict[Side, int], int, tuple[str, str]]] = [
    (None, {}, 900, ("pass", "none late")),
    (None, {"new": 1}, 900, ("unknown", "not known")),
    (Latency(0, 900), {"new": 1}, 900, ("pass", "0s to 15m")),
    (Latency(0, 901), {}, 900, ("unknown", "0s to 15m 1s")),
    (Latency(900, 90_061), {}, 900, ("unknown", "15m to 1d 1h")),
    (Latency(901, 1000), {}, 900, ("fail", "15m 1s to 16m 40s")),
    (Latency(901, None), {}, 900, ("fail", "15m 1s or more")),
    (Latency(0, None), {}, 900, ("unknown", "0s or more")),
]


@pytest.mark.parametrize(("p99", "pending", "limit", "expected"), P99)
def test_the_gate_on_late_rows_says_no_more_than_is_known(
    p99: Latency | None, pending: dict[Side, int], limit: int, expected: tuple[str, str]
) -> None:
    assert LateFigures(p99=p99, pending=pending, lag=True).late_gate(limit)[:2] == expected  # type: ignore[arg-type]


def test_durations_are_told_in_their_two_largest_units() -> None:
    assert [duration(seconds) for seconds in (0, 59, 3600, 90_061)] == ["0s", "59s", "1h", "1d 1h"]


_ENTRIES = st.builds(
    Entry, st.sampled_from(SIDES), st.from_regex(r"[0-9a-f]{16}", fullmatch=True),
    st.datetimes(),
)  # fmt: skip
_COUNTS = st.integers(0, 10**6)


@given(
    lists=st.lists(st.lists(_ENTRIES, max_size=4, unique_by=lambda one: (one.side, one.key)), min_size=3, max_size=3),
    more=st.dictionaries(st.sampled_from(SIDES), st.builds(More, _COUNTS, st.datetimes())),
    lost=st.dictionaries(st.sampled_from(SIDES), _COUNTS),
    arrived=st.lists(st.builds(Latency, _COUNTS, st.none() | _COUNTS, _COUNTS)),
)
@settings(max_examples=40)
def test_a_line_holds_the_whole_ledger(
    lists: list[list[Entry]], more: Mapping[Side, More], lost: Mapping[Side, int], arrived: list[Latency]
) -> None:
    pending, expired, unknown = (
        tuple(sorted(one, key=lambda entry: (entry.side, entry.at, entry.key))) for one in lists
    )
    ledger = Ledger("f", pending, expired, unknown, more, lost, tuple(arrived))
    line = json.loads(json.dumps(plain(ledger, horizon(3, 4, None))))
    again = read(line)
    assert again is not None
    assert again == ledger
    assert {one.seen for one in again.pending} <= {at(3), at(4)}


@pytest.mark.parametrize(
    "given",
    [[], "x", 3, {}, {"form": "f", "pending": {"north": {}}}, {"form": "f", "lost": {"new": -1}},
     {"form": "f", "lost": {"new": True}}, {"form": "f", "pending": {"new": {"2026-11-18T23:50:00": ["~<script>"]}}},
     {"form": "f", "pending": {"new": {"2026-11-18T23:50:00+01:00": []}}}, {"form": "f", "arrived": [[1]]},
     {"form": "f", "pending": {"new": {"yesterday": []}}}, {"form": "f", "more": {"new": 3}},
     {"form": "f", "marks": {"new": 5}}, {"form": "f", "pending": {"new": {"2026-11-18": 4}}}],
)  # fmt: skip
def test_what_is_no_ledger_is_refused(given: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(given)


MASKING = Masking(frozenset(), b"key")


@pytest.mark.parametrize("windowed", [False, True])
def test_sightings_are_what_both_sources_say(windowed: bool, tmp_path: Path) -> None:
    """o1 is on both sides; o2 on its own; o3 only on the other, a day off; o4 nowhere; o5 on the other, years off."""
    legacy = [row("o1", hour=9), row("o2", hour=9)]
    new = [row("o1", hour=9), row("o3", hour=20), (*row("o5")[:6], "2020-01-01 00:00:00")]
    hidden = frozenset({"order_id"})
    with engine_of(tmp_path, [] if windowed else legacy, [] if windowed else new) as engine:
        names = Names(PLAN, engine.dialect)
        for view, rows in (("l_out", legacy), ("n_out", new)):
            fill(engine, view, names, rows if windowed else [])
        fill(engine, "keys", names, [row(f"o{number}", hour=9) for number in range(1, 6)])
        key = key_of_side(names, MASKING, hidden)
        keys = dict(engine.rows(f"select k0, {key} from keys"))
        waiting = [Entry("legacy", shown, at(9)) for _, shown in sorted(keys.items())]
        found = sightings(engine, names, MASKING, hidden, waiting, windowed=windowed)
        assert found.there == {("legacy", keys["o1"]), ("legacy", keys["o3"])}
        assert found.inside == (set() if windowed else {("legacy", keys["o1"]), ("legacy", keys["o2"])})
        assert found.first == {"legacy": at(9), "new": datetime.fromisoformat("2020-01-01")}
        assert sightings(engine, names, MASKING, hidden, [], windowed=windowed) == Sightings()


def test_pending_rows_have_the_pseudonyms_that_the_sources_give_them(tmp_path: Path) -> None:
    hidden = frozenset({"order_id"})
    plan = PLAN
    with engine_of(tmp_path, [row("o1", 2), row("o1", 3)], [row("o2", 2)]) as engine:
        sides, kept = Names(plan, engine.dialect), Names(plan, engine.dialect, hidden, b"key")
        order = MASKING.stands_for(engine.dialect, sides.shape.keys[0], "k0")
        legacy = f"'legacy' as side, {order} as l_k0, k1 as l_k1, v4 as l_v4, null as n_k0, null as n_k1, null as n_v4"
        engine.view("found", f"select 'PENDING' as class, {legacy} from l union all "
                    f"select 'PENDING', 'new', null, null, null, {order}, k1, v4 from n")  # fmt: skip
        clear = Masking(frozenset({"ts", "line_no"}), b"key")
        entries, more = pending_rows(engine, kept, "found", clear)
        shown = key_of_side(sides, MASKING, hidden)
        expected = engine.rows(f"select 'legacy', {shown} from l union all select 'new', {shown} from n")
        assert sorted((one.side, one.key) for one in entries) == sorted(expected)
        assert {one.at for one in entries} == {at(10)} and more == {}
        assert key_of_kept(kept, MASKING, "l_") != key_of_kept(kept, MASKING, "n_")
        nothing, every = pending_rows(engine, kept, "found", MASKING)
        assert nothing == () and every == {"legacy": More(2, at(10)), "new": More(1, at(10))}


_STEPS = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from(SIDES), st.integers(0, 7), st.booleans()), max_size=4),
        st.integers(1, 4),
    ),
    min_size=1, max_size=7,
)  # fmt: skip


@given(steps=_STEPS, lag=st.integers(1, 4), most=st.sampled_from([2, 100]))
@settings(max_examples=150)
def test_a_sequence_of_runs_says_what_a_naive_model_says(
    steps: list[tuple[list[tuple[Side, int, bool]], int]], lag: int, most: int
) -> None:
    """Days on which rows happen, on one side at once and on the other later or never; runs that see all of both.

    The model keeps no ledger: it asks of each row when both sides had it, over the runs as they were.
    """
    sides: dict[Side, dict[str, int]] = {"legacy": {}, "new": {}}
    ledger: Ledger | None = None
    clock = 0
    was_pending: set[tuple[Side, str]] = set()
    for happened, passed in steps:
        for side, number, both in happened:
            key = f"{number:016x}"
            when = sides[OTHER[side]].get(key, clock)
            sides[side].setdefault(key, when)
            if both:
                sides[OTHER[side]].setdefault(key, sides[side][key])
        clock += passed
        marks = {side: max(rows.values(), default=None) for side, rows in sides.items()}
        known = [mark for mark in marks.values() if mark is not None]
        since = min(known) - lag if known else None
        late = horizon(marks["legacy"], marks["new"], since)
        first = {side: at(min(rows.values())) if rows else None for side, rows in sides.items()}
        there = frozenset((side, key) for side in SIDES for key in sides[OTHER[side]])
        inside = frozenset((side, key) for side in SIDES for key in sides[side])
        waiting = followed(ledger, None, "f", None)
        found = resolve(waiting, Sightings(there, inside, first), late)
        pending = {
            (side, key): when
            for side in SIDES
            for key, when in sides[side].items()
            if key not in sides[OTHER[side]] and since is not None and when >= since
        }
        ledger = read(json.loads(json.dumps(plain(
            left("f", found, [Entry(*one, at(when)) for one, when in pending.items()], {}, most=most), late
        ))))  # fmt: skip
        assert ledger is not None
        assert not found.outside, "all rows are among those of the run"
        for name, ended in (("arrived", [one for one, _ in found.arrived]), ("expired", [one for one, _ in found.expired]),
                            ("unknown", found.unknown)):  # fmt: skip
            for one in ended:
                assert (one.side, one.key) in was_pending, "only what was pending can end"
                assert (name == "arrived") == (one.key in sides[OTHER[one.side]])
                assert name != "expired" or (one.side, one.key) not in pending
                was_pending.discard((one.side, one.key))
        carried = {(one.side, one.key) for one in ledger.pending}
        beyond = sum(one.count for one in ledger.more.values())
        assert carried <= set(pending)
        assert len(carried) + beyond == len(pending)
        was_pending = carried
        if most == 100:
            assert carried == set(pending), "nothing that may still come is forgotten"
