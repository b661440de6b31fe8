from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from retailctl.model.parallel_plan import TablePlan
from retailctl.parallel.canonical import column_names, compared_fields, shape
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.plans.checking import plan_problems
from retailctl.parallel.plans.explaining import explained
from retailctl.parallel.plans.sketches import Sketch, likeness
from retailctl.workspace.boundary import validate
from tests.parallel.orders import document
from tests.parallel.vectors.cases import TABLES, run

DATA = document().data
ODD: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([None, True, 0, -1, 10**30, 1.5, "", "x", "\0", "price", "a" * 600, "1e9", "NaN", "[", "2024-01-01", [], {}, [[]], {"x": {}}]),
    st.text(max_size=6),
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*path, step))


PLACES = [path for path in places(DATA) if path]


@given(st.lists(st.tuples(st.sampled_from(PLACES), ODD), min_size=1, max_size=3))
def test_whatever_stands_in_a_plan_is_a_problem_or_a_plan(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    data = copy.deepcopy(DATA)
    for path, value in changes:
        parent = data
        try:
            for step in path[:-1]:
                parent = parent[step]
            parent[path[-1]] = value
        except (LookupError, TypeError):
            continue  # an earlier change took the place away
    checked = validate(data, TablePlan)
    if checked.value is None:
        assert checked.problems
        return
    problems = list(plan_problems(checked.value))
    assert all(problem.message.isprintable() and problem.hint for problem in problems)
    if not problems:
        assert explained(checked.value)["fields"]
        assert len(column_names(checked.value)) == len(checked.value.fields)
        assert len(compared_fields(checked.value)) == len(shape(checked.value).values)


@settings(max_examples=15)
@given(st.randoms(use_true_random=False))
def test_a_row_comes_out_alike_whatever_stands_beside_it(random: Any) -> None:
    table = random.choice(TABLES)
    rows = list(table.rows)
    random.shuffle(rows)
    rows = rows[: random.randint(1, len(rows))]
    with DuckEngine(Path(), threads=1) as engine:
        mixed = type(table)(table.name, table.steps, rows, table.target, table.source)
        assert run(mixed, engine.dialect, engine.rows) == [out for _, out in rows]


SKETCHES = st.builds(
    lambda shares, whole: Sketch({h: share / 10 for h, share in shares.items()}, whole=whole, rejected=0.0),
    st.dictionaries(st.integers(0, 20), st.integers(1, 10), min_size=1, max_size=8),
    st.booleans(),
)


@given(SKETCHES, SKETCHES)
def test_likeness_is_a_share_and_the_same_both_ways(one: Sketch, other: Sketch) -> None:
    assert likeness(one, one) == 1
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1
    if not set(one.shares) & set(other.shares):
        assert likeness(one, other) == 0
