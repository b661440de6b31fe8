"""Chains of stages as one query: each stage is a layer, so that its input has a name and is computed once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from retailctl.parallel.normalisers.stage import Stage
from retailctl.parallel.sql.dialect import Dialect


@dataclass(frozen=True, slots=True)
class Value:
    """A value on its way: its name for people, the expression in the source, and what becomes of it."""

    label: str
    expression: str
    stages: tuple[Stage, ...]


class Layered(NamedTuple):
    """The query, the name of each value in it, and a condition for each stage that may reject."""

    query: str
    names: tuple[str, ...]
    rejections: tuple[str, ...]

    def rejected(self, text_type: str) -> str:
        """``field:REASON`` of the first value that is rejected, NULL where all are fine."""
        if not self.rejections:
            return f"cast(null as {text_type})"
        return f"case {' '.join(self.rejections)} end"


def layered(values: Sequence[Value], relation: str, dialect: Dialect) -> Layered:
    """Bring the values of a relation through their stages.

    A stage may use its input several times, and chains of such stages written into each other would grow as powers.
    """
    first = ", ".join(f"{value.expression} as x{n}_0" for n, value in enumerate(values))
    query = f"select {first} from {relation} as source"
    depth = max((len(value.stages) for value in values), default=0)
    for level in range(1, depth + 1):
        columns = [text for n, value in enumerate(values) for text in _columns(n, value, level)]
        query = f"select {', '.join(columns)} from ({query}) as layer{level}"
    names = tuple(f"x{n}_{len(value.stages)}" for n, value in enumerate(values))
    rejections = tuple(text for n, value in enumerate(values) for text in _rejections(n, value, dialect))
    return Layered(query, names, rejections)


def _columns(number: int, value: Value, level: int) -> Iterator[str]:
    """What a layer passes on: what tells of rejections below it, the value so far, and its next stage."""
    made = len(value.stages)
    kept = {min(level - 1, made)} if level > made else set()
    for index, stage in enumerate(value.stages[: level - 1]):
        if stage.reason is not None:
            kept |= {index, index + 1}
    if level <= made and value.stages[level - 1].reason is not None:
        kept.add(level - 1)
    yield from (f"x{number}_{index}" for index in sorted(kept))
    if level <= made:
        yield f"{value.stages[level - 1].make(f'x{number}_{level - 1}')} as x{number}_{level}"


def _rejections(number: int, value: Value, dialect: Dialect) -> Iterator[str]:
    label = dialect.literal(f"{value.label}:")
    for index, stage in enumerate(value.stages):
        if stage.reason is not None:
            before, after = f"x{number}_{index}", f"x{number}_{index + 1}"
            yield f"when {before} is not null and {after} is null then {label} || {stage.reason(before)}"
