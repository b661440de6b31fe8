"""From a plan and the columns of a source to the canonical view of a side: same names and types on both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from retailctl.errors import UsageError
from retailctl.model.durations import seconds
from retailctl.model.parallel_plan import PlanField, SideColumn, TablePlan
from retailctl.parallel.columns import Column, Shape, Side, Type
from retailctl.parallel.fields import Field
from retailctl.parallel.layers import Value, layered
from retailctl.parallel.normalisers.index import chain
from retailctl.parallel.normalisers.stage import TEXT, NoWay
from retailctl.parallel.sql.dialect import Dialect
from retailctl.workspace.problems import SCHEMA, Problem, suggestion

Form = Literal["", "zoned", "nanoseconds", "alike"]


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column as a source has it. No type: its values cannot be compared (lists, structures, bytes).

    ``form`` tells timestamps apart: with their zone, or finer than microseconds. ``alike`` is what the source of the
    other side has in the same type, so that its values have the same hashes as they are.
    """

    name: str
    type: Type | None
    form: Form = ""

    def expression(self, dialect: Dialect) -> str:
        """The column in a query of its source, as a value of its canonical type: a narrower one has other hashes."""
        name = dialect.identifier(self.name)
        if self.form == "zoned":
            return dialect.unzoned(name)
        if self.form == "nanoseconds":
            return dialect.truncated(name)
        if self.form == "alike":
            return name
        return f"cast({name} as {dialect.type_name(self.type)})" if self.type else name


SourceColumns = Mapping[str, SourceColumn]


def type_of(field: PlanField) -> Type:
    """The canonical type of a field."""
    return Type(field.type, field.scale or 0) if field.type == "decimal" else Type(field.type)


def shape(plan: TablePlan) -> Shape:
    """The key, then every field that is compared, in the order of the plan."""
    fields = {field.name: Column(field.name, type_of(field)) for field in plan.fields}
    values = (field.name for field in plan.fields if field.name not in plan.key and field.compare != "ignore")
    return Shape(tuple(fields[name] for name in plan.key), tuple(fields[name] for name in values))


def column_names(plan: TablePlan) -> dict[str, str]:
    """Field -> its column in the canonical views: ``k0``, ``v0``, and ``e0`` for what is there but not compared."""
    made = shape(plan)
    names = {column.name: name for column, name in zip(made.columns, made.names, strict=True)}
    others = (field.name for field in plan.fields if field.name not in names)
    return names | {name: f"e{number}" for number, name in enumerate(others)}


def compared_fields(plan: TablePlan) -> tuple[Field, ...]:
    """How each value of the shape is compared, in its order."""
    by_name = {field.name: field for field in plan.fields}
    return tuple(_compared(by_name[column.name], column) for column in shape(plan).values)


def _compared(field: PlanField, column: Column) -> Field:
    mode = field.compare if field.compare != "ignore" else "exact"
    return Field(column, mode, tolerance(field), packs=tuple(field.packs))


def tolerance(field: PlanField) -> Decimal:
    """The tolerance as a number: seconds for a timestamp."""
    if field.tolerance is None:
        return Decimal(0)
    if field.type == "timestamp":
        return seconds(field.tolerance) or Decimal(0)
    return Decimal(field.tolerance)


def side_of(field: PlanField, side: Side) -> SideColumn:
    """What the plan says of a field on one side."""
    return field.legacy if side == "legacy" else field.new


def source_name(field: PlanField, side: Side) -> str:
    """The column of the source that a field is read from."""
    return side_of(field, side).col or field.name


def source_names(plan: TablePlan, side: Side) -> tuple[str, ...]:
    """The columns of a side that the plan reads, each once."""
    return tuple(dict.fromkeys(source_name(field, side) for field in plan.fields))


def column_problems(plan: TablePlan, side: Side, columns: SourceColumns, dialect: Dialect) -> Iterator[Problem]:
    """Why the plan does not fit a source: columns that are not there, or do not become what the plan says."""
    for index, field in enumerate(plan.fields):
        said = side_of(field, side)
        place = ("fields", index, side)
        column = columns.get(source_name(field, side))
        if column is None:
            message = f"{field.name}: the {side} source has no column {_shown(source_name(field, side))}"
            yield Problem(SCHEMA, message, (*place, "col"), suggestion(source_name(field, side), columns))
        elif column.type is None:
            message = f"{field.name}: the column of the {side} source has no plain values"
            yield Problem(SCHEMA, message, (*place, "col"), "Name a column of text, numbers or times, or a query.")
        else:
            try:
                chain(column.type, said.normalisers, type_of(field), dialect)
            except NoWay as no_way:
                at = no_way.index
                where = ("normalisers", at) if at < len(said.normalisers) else ()
                hint = "Give the field another type, or add a normaliser that makes it one."
                yield Problem(SCHEMA, f"{field.name}: {no_way} ({side})", (*place, *where), hint)


def canonical_view(plan: TablePlan, side: Side, columns: SourceColumns, relation: str, dialect: Dialect) -> str:
    """The query of a side: ``k0, k1, ..., v0, v1, ..., e0, ..., rejected``.

    ``relation`` is what stands behind ``from``: a name or a call. ``rejected`` is ``field:REASON`` of the first field
    whose value could not be made canonical, NULL where the row is fine; the reasons are in ``stage.REASONS``.
    Raises UsageError where the plan does not fit the columns: `column_problems` says it with places.
    """
    for problem in column_problems(plan, side, columns, dialect):
        raise UsageError(problem.message, hint=problem.hint)
    values = [value_of(field, side, columns, dialect) for field in plan.fields]
    made = layered(values, relation, dialect)
    found = dict(zip((field.name for field in plan.fields), made.names, strict=True))
    told = [f"{found[field]} as {name}" for field, name in column_names(plan).items()]
    rejected = made.rejected(dialect.type_name(TEXT))
    return f"select {', '.join(told)}, {rejected} as rejected from ({made.query}) as made"


def value_of(field: PlanField, side: Side, columns: SourceColumns, dialect: Dialect) -> Value:
    """The way of one field from its column to the canonical value. Raises NoWay where there is none."""
    column = columns[source_name(field, side)]
    target = type_of(field)
    source = column.type or target
    stages = chain(source, side_of(field, side).normalisers, target, dialect)
    return Value(field.name, column.expression(dialect), stages)


def _shown(name: str) -> str:
    return name if name.isprintable() and len(name) <= 60 else "with a long or odd name"
