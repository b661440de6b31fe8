"""The comparison from two canonical views to classes of rows and fields: facts, on whatever engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from retailctl.parallel.columns import Shape, Side
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.fields import Field
from retailctl.parallel.sql import bucket, classes

LEAST_BITS, MOST_BITS = 14, 20
RELABELLED: Final = ("KEY_REMAP", "SPLIT_MERGE")
"""Classes of rows that only rows of the other side explain; judgement tells them, a comparison alone never does."""
_CODED = frozenset({"text", "int", "bool"})


@dataclass(frozen=True, slots=True)
class RowClasses:
    """How many rows of each class: of pairs once, of one-sided rows by the side that has them.

    ``relabelled`` are one-sided rows of either side, by the class that explains them together.
    """

    missing: int = 0
    extra: int = 0
    changed: int = 0
    tolerated: int = 0
    duplicates: dict[tuple[Side, str], int] = field(default_factory=dict)
    invalid: dict[Side, int] = field(default_factory=dict)
    relabelled: dict[str, int] = field(default_factory=dict)

    @property
    def differing(self) -> int:
        """Rows that did not cancel: what the next run chooses its buckets by."""
        return (self.missing + self.extra + self.changed + self.tolerated + sum(self.duplicates.values())
                + sum(self.invalid.values()) + sum(self.relabelled.values()))  # fmt: skip


def bits_for(rows: int, differing: int | None = None) -> int:
    """Bits of a bucket number: ten buckets for each row that differed in the last run.

    Where there was no run before, one row in a hundred is taken to differ. Too few buckets cost a second look at rows
    that are alike, and the memory for them; too many cost time for buckets that hold one row.
    """
    expected = rows // 100 if differing is None else differing
    return min(max((10 * expected).bit_length(), LEAST_BITS), MOST_BITS)


def compare(engine: Engine, shape: Shape, fields: Sequence[Field], *, bits: int) -> str:
    """Fill the tables of the comparison from the views ``l`` and ``n``; the name of the one with all classes.

    Its rows are what did not cancel: ``class``, ``side``, ``variety``, both sides' columns, ``f0, f1, ...``. Rows with
    an invalid key are in ``invalid_l`` and ``invalid_n``.
    """
    dialect = engine.dialect
    engine.make(bucket.pass_one(shape, dialect, bits))
    for step in bucket.narrowing(shape, dialect, bits):
        engine.make(step)
        engine.drop(*_DONE_AFTER.get(step.table, ()))
    engine.drop("dk")
    classify(engine, shape, fields, bucket.FAMILIES)
    return _explained(engine, shape)


_DONE_AFTER = {"dk": ("bk",), "n2": ("l1", "n1"), "pairs": ("only_l", "only_n")}


def classify(engine: Engine, shape: Shape, fields: Sequence[Field], families: bucket.Families) -> None:
    """From every row of some keys, which go, to the table ``classed`` of those that did not cancel."""
    for step in bucket.pairing(shape, families):
        engine.make(step)
        engine.drop(*_DONE_AFTER.get(step.table, ()))
    engine.make(bucket.copies(shape, families))
    engine.drop(*families)
    engine.make(classes.classed(shape, fields, engine.dialect))
    engine.drop("pairs", "copies")


def _explained(engine: Engine, shape: Shape) -> str:
    """``classed``, or the same with the classes that only all rows together show."""
    kept = tuple(_code_maps(engine, shape))
    if not kept:
        return "classed"
    engine.make(classes.mapped(shape, kept))
    engine.drop("classed", *(f"map{number}" for number in kept))
    return "explained"


def _code_maps(engine: Engine, shape: Shape) -> Iterator[int]:
    for number, (name, column) in enumerate(zip(shape.value_names, shape.values, strict=True)):
        if column.type.kind not in _CODED:
            continue
        engine.make(classes.code_map(name, number, column.type.kind))
        if engine.rows(f"select 1 from cm{number} limit 1"):
            engine.make(classes.consistent(name, number))
            if engine.rows(f"select 1 from map{number} limit 1"):
                yield number
        engine.drop(f"cm{number}")


def row_classes(engine: Engine, table: str, sides: Engine | None = None) -> RowClasses:
    """Counts of the table that ``compare`` named; ``sides`` has the rows without a key, if they are elsewhere."""
    counts: dict[str, int] = {}
    duplicates: dict[tuple[Side, str], int] = {}
    for name, side, variety, count in engine.rows(
        f"select class, side, variety, count(*) from {table} group by class, side, variety"
    ):
        if name == "DUPLICATE":
            duplicates[side, variety] = count
        else:
            counts[name] = counts.get(name, 0) + count
    invalid: dict[Side, int] = {
        "legacy": (sides or engine).rows("select count(*) from invalid_l")[0][0],
        "new": (sides or engine).rows("select count(*) from invalid_n")[0][0],
    }
    return RowClasses(
        missing=counts.get("MISSING_IN_NEW", 0),
        extra=counts.get("EXTRA_IN_NEW", 0),
        changed=counts.get("FIELD", 0),
        tolerated=counts.get("EQUAL", 0),
        duplicates=dict(sorted(duplicates.items())),
        invalid=invalid,
        relabelled={name: counts[name] for name in RELABELLED if name in counts},
    )


def field_classes(engine: Engine, table: str, shape: Shape) -> dict[str, dict[str, int]]:
    """How often each class occurred in each field, of rows of class FIELD; fields that never differ are left out."""
    found: dict[str, dict[str, int]] = {}
    for number, column in enumerate(shape.values):
        counts = engine.rows(
            f"select f{number}, count(*) from {table} where class = 'FIELD' and f{number} is not null "
            f"group by f{number}"
        )
        if counts:
            found[column.name] = dict(sorted(counts))
    return found
