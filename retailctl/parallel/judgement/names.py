"""What the parts of a plan are called in the tables of a comparison, on either side."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from retailctl.errors import UsageError
from retailctl.model.parallel_plan import TablePlan
from retailctl.parallel.canonical import column_names, shape
from retailctl.parallel.columns import LETTER, SIDES, Column, Shape, Type
from retailctl.parallel.plans.names import CURRENCY, DERIVED, currency_of
from retailctl.parallel.sql.dialect import Dialect
from retailctl.workspace.pseudonyms import Pseudonyms

_UTC = frozenset({"UTC", "Etc/UTC", "Z"})
_COMPARE = "compare it (leave `compare: ignore` out): what is not compared is not kept beside the rows that differ"


@dataclass(frozen=True, slots=True)
class Names:
    """Expressions over one side's columns; ``side`` is a prefix such as ``l_`` (of classed rows) or "" (of a view).

    ``hidden`` are fields whose columns hold a text that stands for the value: its pseudonym under ``key``.
    """

    plan: TablePlan
    dialect: Dialect
    hidden: frozenset[str] = frozenset()
    key: bytes = field(default=b"", repr=False)
    columns: dict[str, str] = field(init=False)
    shape: Shape = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", column_names(self.plan))
        made = shape(self.plan)
        object.__setattr__(self, "shape", Shape(self._seen(made.keys), self._seen(made.values)))

    def _seen(self, columns: tuple[Column, ...]) -> tuple[Column, ...]:
        return tuple(replace(one, type=Type()) if one.name in self.hidden else one for one in columns)

    def type_of(self, name: str) -> Type:
        """The type of the column of a field."""
        return next(column.type for column in self.shape.columns if column.name == name)

    def is_value(self, name: str, text: str) -> str:
        """Whether a field of a classed row, on either side, has a value that a person wrote."""
        both = f"coalesce({', '.join(self.column(name, f'{LETTER[side]}_') for side in SIDES)})"
        is_code = name == self.currency_field and CURRENCY.match(text)
        shown = f"~{Pseudonyms(self.key).of(text)}" if name in self.hidden and not is_code else text
        return f"{self.dialect.as_shown(both, self.type_of(name))} = {self.dialect.literal(shown)}"

    def column(self, name: str, side: str = "") -> str:
        """A field. Raises UsageError for one that is not compared."""
        column = self.columns[name]
        if column.startswith("e"):
            raise UsageError(f"{name} is used in the plan, and not compared", hint=_COMPARE)
        return side + column

    def time(self, side: str = "") -> str | None:
        """The event time as UTC; None where the plan names none."""
        given = self.plan.event_time
        return None if given is None else f"cast({self.column(given.field, side)} as {self._moment})"

    @property
    def _moment(self) -> str:
        """A time without a zone: what engines call ``timestamp`` may be shown in that of a process."""
        return self.dialect.type_name(Type("timestamp"))

    def dimension(self, name: str, side: str = "") -> str:
        """A field, the business day, or the hour of the event in the zone of the business day."""
        if name not in DERIVED:
            return self.column(name, side)
        time = self.time(side)
        if time is None:
            raise UsageError(f"{name} needs to know when a row happened", hint="add `event_time: {field: ...}`")
        local = time if self.zone in _UTC else self.dialect.to_local(time, self.zone)
        if name == "hour":
            return f"extract(hour from {local})"
        return f"cast({self.dialect.plus_seconds(local, -self.day_starts)} as date)"

    @property
    def zone(self) -> str:
        """The zone of the business day."""
        calendar, time = self.plan.calendar, self.plan.event_time
        return (calendar.zone if calendar else None) or (time.zone if time else "UTC")

    @property
    def day_starts(self) -> int:
        """Seconds after midnight at which a business day begins."""
        starts = self.plan.calendar.day_starts if self.plan.calendar else "00:00"
        hour, _, minute = starts.partition(":")
        return int(hour) * 3600 + int(minute) * 60

    def amount(self, side: str = "") -> str | None:
        """The money of a row; nothing counts as zero. None where the plan names no amount."""
        given = self.plan.amount
        if given is None:
            return None
        value = self.column(given.field, side)
        return f"coalesce({value} * {self.column(given.times, side)}, 0)" if given.times else f"coalesce({value}, 0)"

    @property
    def currency_field(self) -> str | None:
        """The field with the currency of the amount, if it is one."""
        return currency_of(self.plan)[0]

    def currency(self, side: str = "") -> str:
        """The currency of that money."""
        name, code = currency_of(self.plan)
        if name is not None:
            return f"coalesce({self.column(name, side)}, '')"
        return self.dialect.literal(code or "")
