"""Laws of ``parallel compare``, whatever is in the tables."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from retailctl import api
from retailctl.model.parallel_run import ParallelSummary

Row = tuple[int, str, int]
row = st.tuples(st.integers(0, 6), st.sampled_from(["a", "A", "ä", "00", "", "x,y", 'q"q']), st.integers(-2, 2))
table = st.lists(row, max_size=12)


def told(legacy: Sequence[Row], new: Sequence[Row], bits: int = 0, threads: int = 1) -> ParallelSummary:
    """Compare two lists of rows as CSV files."""
    with tempfile.TemporaryDirectory() as name:
        for side, rows in (("legacy", legacy), ("new", new)):
            lines = [f'{id_},"{text.replace(chr(34), chr(34) * 2)}",{number}\n' for id_, text, number in rows]
            (Path(name) / f"{side}.csv").write_text("id,text,number\n" + "".join(lines), encoding="utf-8")
        options = api.CompareOptions(
            key=("id",), text=("text",), types={"id": "int", "number": "int"}, bits=bits, threads=threads,
            memory="200MB", root=Path(name), samples=0,
        )  # fmt: skip
        report = api.parallel_compare(f"{name}/legacy.csv", f"{name}/new.csv", options)
    assert report.summary.parallel is not None
    return report.summary.parallel


@settings(max_examples=6)
@given(table)
def test_a_table_equals_itself_in_any_order(rows: list[Row]) -> None:
    found = told(rows, sorted(rows, key=repr, reverse=True))
    assert {name for name, count in found.classes.items() if count} <= {"EQUAL"}
    assert found.classes["EQUAL"] == len(rows)
    assert found.fields == {}


@settings(max_examples=6)
@given(table, table, st.integers(4, 20), st.integers(1, 3))
def test_sides_mirror_and_neither_bits_nor_threads_nor_order_matter(
    legacy: list[Row], new: list[Row], bits: int, threads: int
) -> None:
    one, back = told(legacy, new), told(new[::-1], legacy[::-1], bits, threads)
    assert (one.classes["MISSING_IN_NEW"], one.classes["EXTRA_IN_NEW"]) == (
        back.classes["EXTRA_IN_NEW"],
        back.classes["MISSING_IN_NEW"],
    )
    for name in ("EQUAL", "FIELD"):
        assert one.classes[name] == back.classes[name]
    assert one.duplicates["legacy"] == back.duplicates["new"]
    assert one.duplicates["new"] == back.duplicates["legacy"]


@settings(max_examples=6)
@given(st.lists(row, max_size=12, unique_by=lambda one: one[0]), st.sets(st.integers(0, 6)))
def test_a_column_that_alone_differs_is_found_in_exactly_its_rows(rows: list[Row], changed: set[int]) -> None:
    new = [(id_, text, number + 3 if id_ in changed else number) for id_, text, number in rows]
    touched = sum(id_ in changed for id_, *_ in rows)
    found = told(rows, new)
    assert (found.classes["FIELD"], found.classes["EQUAL"]) == (touched, len(rows) - touched)
    assert sum(sum(classes.values()) for classes in found.fields.values()) == touched
    assert set(found.fields) <= {"number"}
