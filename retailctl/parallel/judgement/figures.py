"""The figures that gates measure, from the tables of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from retailctl.model.parallel_plan import Metric, PlanGate
from retailctl.model.parallel_run import Bridge
from retailctl.parallel.columns import LETTER, SIDES, Side
from retailctl.parallel.comparison import RELABELLED
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.fields import UNEXPLAINED, WITHIN
from retailctl.parallel.judgement.late_figures import LateFigures
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.judgement.totals import Tied

_ROW_CLASS: Final[dict[Metric, str]] = {"missing": "MISSING_IN_NEW", "extra": "EXTRA_IN_NEW", "duplicate": "DUPLICATE"}
_ALONE: Final = ("MISSING_IN_NEW", "EXTRA_IN_NEW", "BOUNDARY", *RELABELLED)
"""Rows of one side that count against the ratio of those that match."""
_UNEXPLAINED: Final = ("DUPLICATE", "MISSING_IN_NEW", "EXTRA_IN_NEW")
_STORE: Final = "store"


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything a gate may ask for. ``rows`` are those read, ``invalid`` those without a key, of each side."""

    engine: Engine
    names: Names
    table: str
    rows: Mapping[Side, int]
    rejected: Mapping[Side, int]
    invalid: Mapping[Side, int]
    classes: Mapping[str, int]
    bridges: Mapping[str, Bridge]
    totals: tuple[Tied, ...]
    coverage: Decimal | None
    late: LateFigures = field(default_factory=LateFigures)

    @property
    def compared(self) -> int:
        """Rows on either side that can be judged: matched ones once, and those of one side."""
        return sum(count for name, count in self.classes.items() if name in ("EQUAL", "FIELD")) + sum(
            self.classes.get(name, 0) for name in _ALONE
        )

    def matched_ratio(self) -> Decimal | None:
        """EQUAL and accepted / (keys on either side - PENDING - REJECTED); None where there are none."""
        whole = self.compared
        return Decimal(self.classes.get("EQUAL", 0) + self.accepted()) / whole if whole else None

    def accepted(self) -> int:
        """Rows that would count, were they not accepted."""
        named = ", ".join(f"'{name}'" for name in (*_ALONE, "FIELD"))
        counted = f"class in ({named}) and accepted is not null"
        return int(self.engine.rows(f"select count(*) from {self.table} where {counted}")[0][0])

    def unexplained(self) -> int:
        """Rows that no known cause explains (formats: KEY_INVALID, DUPLICATE, MISSING, EXTRA, VALUE)."""
        values = (
            " or ".join(f"f{number} = '{UNEXPLAINED}'" for number in range(len(self.names.shape.values))) or "false"
        )
        named = ", ".join(f"'{name}'" for name in _UNEXPLAINED)
        where = f"class in ({named}) or (class = 'FIELD' and ({values}))"
        return self._count(where) + sum(self.invalid.values()) + sum(self.late.outside.values())

    def figure(self, gate: PlanGate) -> Decimal | None:
        """What a gate measures: a count, a share of 1, an amount, or seconds. None where it cannot be told."""
        metric = gate.metric
        if metric in _ROW_CLASS:
            return Decimal(self._count(f"{_of_class(gate)}{self._scope(gate)}") + self.late.counted(gate))
        if metric == "field":
            return Decimal(self._count(f"class = 'FIELD' and ({self._fields(gate)}){self._scope(gate)}"))
        plain: dict[str, Decimal | None] = {
            "key_invalid": Decimal(sum(self.invalid.values())),
            "coverage": self.coverage,
            "matched_ratio": self.matched_ratio(),
        }
        if metric in plain:
            return plain[metric]
        if metric == "bridge_remainder":
            return max((abs(Decimal(one.remainder)) for one in self.bridges.values()), default=None)
        if metric == "totals_tied":
            groups = sum(one.groups for one in self.totals)
            return Decimal(sum(one.tied for one in self.totals)) / groups if groups else None
        if metric == "rejected":
            return Decimal(sum(self.rejected.values()))
        return Decimal(self.unexplained())

    def whole(self, gate: PlanGate) -> int:
        """The rows that a share of a count is a share of."""
        return max(sum(self.rows.values()) if gate.metric == "rejected" else self.compared, 1)

    def _count(self, where: str) -> int:
        """Rows that meet a condition and are not accepted."""
        query = f"select count(*) from {self.table} where ({where}) and accepted is null"
        return int(self.engine.rows(query)[0][0])

    def _fields(self, gate: PlanGate) -> str:
        scope = gate.scope or {}
        fields = {field.name: field for field in self.names.plan.fields}
        chosen = [
            number
            for number, column in enumerate(self.names.shape.values)
            if scope.get("field", column.name) == column.name
            and scope.get("severity", fields[column.name].severity) == fields[column.name].severity
        ]
        name = scope.get("class")
        tests = [f"f{n} = {self.names.dialect.literal(name)}" if name else f"(f{n} is not null and f{n} <> '{WITHIN}')"
                 for n in chosen]  # fmt: skip
        return " or ".join(tests) or "false"

    def _scope(self, gate: PlanGate) -> str:
        """Further conditions: fields that have a value, on either side."""
        columns = {column.name for column in self.names.shape.columns}
        told = [self.names.is_value(name, value) for name, value in (gate.scope or {}).items() if name in columns]
        return "".join(f" and {condition}" for condition in told)


def _of_class(gate: PlanGate) -> str:
    """Rows of the class of a metric; or of another class of one-sided rows, on the side that the metric is about."""
    name = (gate.scope or {}).get("class", "")
    if name in (*RELABELLED, "BOUNDARY") and gate.metric != "duplicate":
        return f"class = '{name}' and side = '{'legacy' if gate.metric == 'missing' else 'new'}'"
    return f"class = '{_ROW_CLASS[gate.metric]}'"


def coverage(engine: Engine, names: Names) -> Decimal | None:
    """Active stores with data on both sides / active stores; None where there is no such field or no row.

    A store is active when either side has a row of it. Without a field ``store`` the first dimension stands for it.
    """
    fields = {column.name for column in names.shape.columns}
    chosen = next((name for name in (_STORE, *names.plan.dimensions) if name in fields), None)
    if chosen is None:
        return None
    column = names.column(chosen)
    sides = [
        f"select {column} as store, {number} as side from {LETTER[side]} group by 1"
        for number, side in enumerate(SIDES)
    ]
    query = (
        f"select count(*) as sides from ({' union all '.join(sides)}) as seen where store is not null group by store"
    )
    whole, both = engine.rows(
        f"select count(*), coalesce(sum(case when sides = 2 then 1 else 0 end), 0) from ({query}) as s"
    )[0]
    return Decimal(int(both)) / whole if whole else None
