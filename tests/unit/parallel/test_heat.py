"""The heat map of a run: which rows count, where and when, and how much of it is shown."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from retailctl.model.parallel_pictures import Heat, HeatRow
from retailctl.parallel.judgement.heat import MOST_DAYS, MOST_PLACES
from retailctl.report.html.parallel_days import level
from tests.unit.parallel.comparing import told
from tests.unit.parallel.running import PLAN, line, run, workspace


def heat_of(root: Path) -> Heat | None:
    return told(run(root, record=False)).heat


def test_rows_count_where_and_when_they_differ(tmp_path: Path) -> None:
    legacy = [
        line("same", store=1),
        line("qty", store=1, ts="2026-11-18 10:00:00"),
        line("gone", store=2, ts="2026-11-19 10:00:00"),
        line("gone2", store=2, ts="2026-11-19 11:00:00", price="5.00"),
        line("last", store=1, ts="2026-11-20 10:00:00"),
    ]
    new = [line("same", store=1), line("qty", store=1, qty=3), line("last", store=1, ts="2026-11-20 10:00:00")]
    assert heat_of(workspace(tmp_path, legacy, new)) == Heat(
        down="store",
        columns=("2026-11-18", "2026-11-19"),
        rows=(
            HeatRow(name="2", cells=(0, 2), rows=2, gross="30.00"),
            HeatRow(name="1", cells=(1, 0), rows=1, gross="10.00"),
        ),
        total=3,
    )


def test_what_is_pending_or_accepted_is_not_hot(tmp_path: Path) -> None:
    accepted = "lag: 1h\naccepted:\n  - {predicate: {row_class: ROUNDING, field: price}, reason: r, owner: o, expires: 2026-11-30, max_rows: 9}\n"
    legacy = [line("o1"), line("o2"), line("late", ts="2026-11-18 10:00:00")]
    new = [line("o1", price="10.01"), line("o2", qty=1)]
    found = heat_of(workspace(tmp_path, legacy, new, PLAN + accepted))
    assert found is not None
    assert [(row.name, row.cells) for row in found.rows] == [("1", (1,))]


def test_no_more_than_so_many_places_and_the_newest_days(tmp_path: Path) -> None:
    first = date(2026, 10, 1)
    days = [first + timedelta(days=n) for n in range(MOST_DAYS + 4)]
    rows = [line(f"d{n}", store=1, ts=f"{day} 10:00:00") for n, day in enumerate(days)]
    rows += [line(f"s{n}", store=n + 2, ts=f"{days[-1]} 10:00:00") for n in range(MOST_PLACES + 2)]
    found = heat_of(workspace(tmp_path, rows, [line("x", ts=f"{days[-1]} 10:00:00")]))
    assert found is not None
    assert found.columns == tuple(day.isoformat() for day in days[4:])
    assert (found.more_rows, found.more_columns, len(found.rows)) == (3, 4, MOST_PLACES)
    assert found.total == len(rows) + 1
    assert (found.rows[0].name, sum(found.rows[0].cells), found.rows[0].rows) == ("1", MOST_DAYS + 1, len(days) + 1)


@pytest.mark.parametrize(
    "plan",
    [PLAN.replace("event_time: {field: ts, zone: UTC}\n", "").replace(", business_day", ""),
     PLAN.replace("dimensions: [store]\n", "").replace("name: store,", "name: shop, legacy: {col: store}, new: {col: store},")
     .replace("group_by: [store", "group_by: [shop")],
    ids=["no time", "no place"],
)  # fmt: skip
def test_without_time_or_place_there_is_no_map(plan: str, tmp_path: Path) -> None:
    assert heat_of(workspace(tmp_path, [line("o1")], [line("o2")], plan)) is None


def test_a_place_that_is_not_marked_is_a_pseudonym_and_one_that_is_dropped_is_none(tmp_path: Path) -> None:
    unmarked = PLAN.replace("{name: store, type: int, pii: none}", "{name: store, type: int}")
    found = heat_of(workspace(tmp_path / "a", [line("o1", store=17)], [], unmarked))
    assert found is not None
    assert found.rows[0].name.startswith("~") and len(found.rows[0].name) == 17
    dropped = PLAN.replace("{name: store, type: int, pii: none}", "{name: store, type: int, pii: drop}")
    dropped = dropped.replace("dimensions: [store]\n", "").replace("group_by: [store, ", "group_by: [")
    assert heat_of(workspace(tmp_path / "b", [line("o1", store=17)], [], dropped)) is None


@pytest.mark.parametrize(
    ("number", "most", "shade"), [(1, 1, 6), (1, 1000, 1), (1000, 1000, 6), (3, 1000, 1), (10, 1000, 3), (999, 1000, 6)]
)
def test_shades_follow_the_ratio_to_the_largest(number: int, most: int, shade: int) -> None:
    assert level(number, most) == shade
