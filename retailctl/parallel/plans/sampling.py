"""Two samples to be held against each other, and what is found of their columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from retailctl.parallel.canonical import SourceColumn
from retailctl.parallel.columns import LETTER, Side, Type
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.plans.candidates import Steps
from retailctl.parallel.plans.opening import columns_of
from retailctl.parallel.plans.sketches import Sketch, sketch
from retailctl.parallel.sources import RawColumn, Relation
from retailctl.parallel.sql.bucket import Step

_MOST_ROWS, _MOST_CELLS, _MOST_COLUMNS = 100_000, 2_000_000, 500
_SEEN: Final = 300


@dataclass(frozen=True, slots=True)
class Match:
    """Two columns that are one field: its type, the steps of each side, how alike the values are on the sample, and in
    how many of the rows with equal keys they are equal (None: not known)."""

    legacy: str
    new: str
    type: Type
    legacy_steps: Steps = ()
    new_steps: Steps = ()
    likeness: float = 0.0
    equal: float | None = None


@dataclass(slots=True)
class Sides:
    """The samples: a table for each side, its columns, and some texts of each."""

    engine: Engine
    rows: int
    raw: dict[Side, dict[str, RawColumn]]
    columns: dict[Side, dict[str, SourceColumn]]
    texts: dict[tuple[Side, str], list[str]] = field(default_factory=dict)
    sketches: dict[tuple[Side, str, Type, str], Sketch | None] = field(default_factory=dict)

    def sketch(self, side: Side, name: str, target: Type, steps: Steps) -> Sketch | None:
        """Made once."""
        key = (side, name, target, repr(steps))
        if key not in self.sketches:
            column = self.columns[side][name]
            self.sketches[key] = sketch(self.engine, f"s{LETTER[side]}", column, steps, target)
        return self.sketches[key]


def sampled(engine: Engine, relations: Mapping[Side, Relation]) -> Sides:
    """The first rows of both sides, fewer of wide ones, as the tables ``sl`` and ``sn``."""
    wide = max(1, *(len(relation.columns) for relation in relations.values()))
    sides = Sides(engine, min(_MOST_ROWS, _MOST_CELLS // wide), {}, {})
    for side, relation in relations.items():
        table, columns = f"s{LETTER[side]}", columns_of(relation)
        engine.make(Step(table, f"select * from {relation.query} limit {sides.rows}"))
        usable = [name for name, column in columns.items() if column.type is not None][:_MOST_COLUMNS]
        sides.columns[side] = {name: columns[name] for name in usable}
        sides.raw[side] = {column.name: column for column in relation.columns if column.name in usable}
        for name in usable:
            quoted = engine.dialect.identifier(name)
            text = f"select distinct cast({quoted} as varchar) as v from {table} where {quoted} is not null"
            sides.texts[side, name] = [
                row[0] for row in engine.rows(f"select v from ({text}) order by hash(v) limit {_SEEN}")
            ]
    return sides
