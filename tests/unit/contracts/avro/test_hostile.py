"""Schemas that were made to hurt: each is judged within 5 seconds, and none with a traceback."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from retailctl.api.memory import without_collection
from retailctl.contracts.avro.compare import compare_avro
from retailctl.contracts.avro.json_schema import as_json_schema
from retailctl.contracts.avro.model import AvroSchema
from retailctl.contracts.avro.reading import read_avro
from retailctl.contracts.avro.resolution import resolve
from retailctl.contracts.avro.views import avro_fields
from retailctl.contracts.compatibility.change import ReadingChange, ReadingWitness
from tests.unit.contracts.avro.shorthand import Raw, array, enum, field, record


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """CPU time of this process, without collection, as the commands run."""
    started = time.process_time()
    with without_collection():
        yield
    assert time.process_time() - started < seconds


def nested(depth: int, inner: Raw, around: Callable[[Raw], Raw] = array) -> Raw:
    for _ in range(depth):
        inner = around(inner)
    return inner


def judged(old: Raw, new: Raw) -> tuple[AvroSchema, AvroSchema, list[ReadingChange]]:
    one, other = read_avro(old, "old.avsc"), read_avro(new, "new.avsc")
    return one, other, compare_avro(one, other)


@pytest.mark.parametrize(
    "around",
    [
        array,
        lambda inner: {"type": "map", "values": inner},
        lambda inner: ["null", array(inner)],
        lambda inner: {"type": inner},
        lambda inner: [inner],
    ],
)
def test_depth_is_no_problem(around: Callable[[Raw], Raw]) -> None:
    with at_most(5):
        one, other, changes = judged(nested(5_000, "int", around), nested(5_000, "string", around))
        assert {reading for change in changes for reading in change.broken} == {"backward", "forward"}
        assert all(change.witness("backward") for change in changes if change.witness)
        assert len(list(avro_fields(one))) == 0
        assert as_json_schema(other).schema


def test_deep_records_and_defaults() -> None:
    raw: Raw = "int"
    default: Raw = 1
    for number in range(2_000):
        raw = record(f"R{number}", field("a", raw, default=default))
        default = {"a": default} if number < 500 else {}
    with at_most(5):
        one, _, changes = judged(raw, json_copy_of_flat(raw))
    assert one.root.name == "R1999"
    assert changes


def test_attributes_and_defaults_of_any_depth() -> None:
    def raw(end: int) -> Raw:
        return record(
            "R", field("a", "int", default=nested(20_000, end, lambda inner: [inner])), own=nested(20_000, end)
        )

    with at_most(5):
        old, _, changes = judged(raw(1), raw(2))
    assert [problem.code for problem in old.problems] == ["bad-default"]
    assert [change.id for change in changes] == ["avro-attribute-changed", "avro-default-changed"]
    assert judged(raw(1), raw(1))[2] == []


def json_copy_of_flat(raw: Raw) -> Raw:
    """The outermost record with another field."""
    return {**raw, "fields": [*raw["fields"], {"name": "b", "type": "int"}]}


def test_too_deep_is_a_located_problem() -> None:
    schema = read_avro(nested(25_000, "int"))
    assert [problem.code for problem in schema.problems] == ["too-deep"]
    assert not schema.is_valid


def test_two_unions_of_500_branches() -> None:
    old = [record(f"a.R{n}", ("id", "int")) for n in range(500)]
    new = [record(f"a.R{n}", ("id", "int"), ("x", "int")) for n in reversed(range(500))]
    with at_most(1):
        _, _, changes = judged(old, new)
    assert sum("backward" in change.broken for change in changes) == 500
    assert {change.id for change in changes} == {"avro-field-added-without-default", "avro-union-reordered"}


def test_two_unions_of_500_branches_of_one_name() -> None:
    """Every branch can mean every other one: what is not looked at is undecided, not readable."""
    old = [record(f"a{n}.R", ("id", "int")) for n in range(500)]
    new = [record(f"b{n}.R", ("id", "int")) for n in range(500)]
    with at_most(5):
        resolution = resolve(read_avro(new), read_avro(old))
    assert resolution.readable
    assert resolution.undecided


def test_records_that_meet_in_every_combination() -> None:
    """Two rings of coprime length whose records are each other's aliases: every pair of records meets."""

    def ring(size: int, prefix: str, other: str, others: int) -> Raw:
        raw: Raw = f"{prefix}0"
        aliases = [f"{other}{n}" for n in range(others)]
        for number in reversed(range(size)):
            raw = record(f"{prefix}{number}", ("next", ["null", raw]), aliases=aliases)
        return raw

    with at_most(5):
        assert resolve(read_avro(ring(101, "A", "B", 100)), read_avro(ring(100, "B", "A", 101))).readable


def test_five_megabytes() -> None:
    lines = [field(f"x{n}", "string", doc="what somebody once wrote about it") for n in range(10)]
    old = record("Big", *(field(f"f{n}", ["null", record(f"N{n}", *lines)], default=None) for n in range(5_800)))
    new = record("Big", *(one if n % 7 else field(one["name"], "int") for n, one in enumerate(old["fields"])))
    assert len(json.dumps(old)) > 5_000_000
    with at_most(5):
        _, _, changes = judged(old, new)
        found = [change.witness("backward") for change in changes if "backward" in change.broken and change.witness]
    assert len(found) > 700
    assert any(isinstance(witness, ReadingWitness) for witness in found)


def test_a_schema_that_is_wrong_everywhere_is_told_its_first_problems() -> None:
    with at_most(5):
        schema = read_avro(record("R", *(field(f"f{n}", "string", default=n) for n in range(20_000))))
    assert len(schema.problems) == 200


def test_a_default_for_many_unions_in_unions_is_checked_in_bounds() -> None:
    raw: Raw = record("R", field("a", ["null", "R"]), field("b", ["R", "null"], default={"a": None, "b": None}))
    deep: Raw = None
    for _ in range(90):
        deep = {"a": deep, "b": deep}
    with at_most(5):
        schema = read_avro(record("Top", ("r", raw), field("d", "R", default=deep)))
    assert schema.root.name == "Top"


def test_an_enum_of_many_symbols() -> None:
    symbols = [f"S{n}" for n in range(20_000)]
    with at_most(5):
        _, _, changes = judged(enum(*symbols), enum(*symbols[:-1], "T"))
    assert [(change.id, change.what) for change in changes] == [
        ("avro-enum-symbol-added", "T"),
        ("avro-enum-symbol-removed", f"S{len(symbols) - 1}"),
    ]


@pytest.mark.parametrize(
    "raw",
    [
        {"type": "record", "name": "\0", "fields": {"a": 1}},
        {"type": "enum", "name": "", "symbols": [None, [], {}, "é"]},
        {"type": "fixed", "name": "F", "size": 10**30},
        {"type": "record", "name": "R", "fields": [{"name": "a", "type": {"type": "array", "items": None}}]},
        {"type": "array", "items": [[[["int"]]]]},
        {"type": "record", "name": "R", "namespace": [], "aliases": {}, "fields": [{"name": [], "type": 1}]},
        {1: 2, None: 3},
        {"type": "bytes", "logicalType": "decimal", "precision": [], "scale": {}},
        [None, True, 1.5, float("nan")],
    ],
)
def test_nonsense_is_problems(raw: Raw) -> None:
    one, other, changes = judged(raw, record("R", ("id", "int")))
    assert one.problems
    assert not one.is_valid or one.root.kind == "bytes"
    assert all(isinstance(change.witness("backward"), (str, tuple)) for change in changes if change.witness)
    assert compare_avro(other, one) is not None
