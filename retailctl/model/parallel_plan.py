"""``migrations/<wave>/parallel/<plan>.yaml``: what is compared with what, how, and when it counts as equal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from retailctl.model.fields import STRICT, Id, Text, Texts, as_text, doc
from retailctl.model.normaliser import Fold, Normalisers, Number
from retailctl.model.parallel_source import Sources

FieldType = Literal["text", "int", "decimal", "float", "bool", "date", "timestamp"]
CompareMode = Literal["exact", "abs", "rel", "minor_units", "set", "ignore"]
FieldSeverity = Literal["money", "stock", "customer", "info"]
Pii = Literal["none", "pseudonym", "drop"]
Metric = Literal[
    "missing", "extra", "duplicate", "key_invalid", "bridge_remainder", "totals_tied", "unexplained", "rejected",
    "coverage", "matched_ratio", "late_p99", "field",
]  # fmt: skip
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
MOST_PLACES = 12
Scalar = Annotated[Text, doc("As the field says it.", "17", "EUR")]


def _column(value: Any) -> Any:
    """``legacy: ORDNO`` for ``legacy: {col: ORDNO}``."""
    return {"col": as_text(value)} if isinstance(as_text(value), str) else value


def short_window(value: Any) -> Any:
    """``window: 1d`` for ``window: {last: 1d}``."""
    return {"last": as_text(value)} if isinstance(as_text(value), str) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class SideColumn:
    """The column of one side, and the steps that make it canonical."""

    __pydantic_config__: ClassVar = STRICT

    col: Annotated[Id | None, doc("Name in the source; default: that of the field.", "ORDNO")] = None
    normalisers: Normalisers = ()


_Side = Annotated[SideColumn, BeforeValidator(_column)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanField:
    """One canonical field. What is not marked as free of personal data is shown as a pseudonym."""

    __pydantic_config__: ClassVar = STRICT

    name: Annotated[Id, Field(max_length=128)]
    type: FieldType = "text"
    scale: Annotated[int | None, Field(ge=0, le=MOST_PLACES, description="Decimal places; decimal only.")] = None
    unit: Annotated[Text | None, doc("Unit of the value.", "piece", "EUR")] = None
    legacy: _Side = SideColumn()
    new: _Side = SideColumn()
    compare: Annotated[CompareMode, doc("How two values are compared; default exact.")] = "exact"
    tolerance: Annotated[
        Text | None,
        doc("Largest difference that counts as equal: in the unit (abs), a share (rel), a count of minor units, "
            "or a duration (abs, of a timestamp).", "0.01", "2s"),
    ] = None  # fmt: skip
    packs: Annotated[
        tuple[int, ...], Field(description="Pack sizes: factors that class SCALE knows beside 100 and 1000.")
    ] = ()
    severity: FieldSeverity = "info"
    pii: Annotated[Pii, doc("Default pseudonym; none shows the value, drop keeps nothing.")] = "pseudonym"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTime:
    """The field that says when a row happened, and the zone of the business day."""

    __pydantic_config__: ClassVar = STRICT

    field: Id
    zone: Annotated[Text, doc("Zone of the business day.", "Europe/Berlin")] = "UTC"
    fold: Fold = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Business days: where they begin, and which of them a streak must hold."""

    __pydantic_config__: ClassVar = STRICT

    zone: Text | None = None
    day_starts: Annotated[Text, doc("Local time at which a business day begins.", "04:00")] = "00:00"
    closed: Annotated[tuple[date, ...], Field(description="Days without a run: holidays, stocktaking.")] = ()
    closed_weekdays: Annotated[tuple[Weekday, ...], Field(description="Days of the week without a run.")] = ()
    month_end: Literal["last_business_day", "last_day"] = "last_business_day"
    promotions: Annotated[tuple[date, ...], Field(description="Days of promotions or price changes.")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The event times that are compared: the last so much, or from a moment (inclusive) to another (exclusive)."""

    __pydantic_config__: ClassVar = STRICT

    last: Annotated[Text | None, doc("A duration, or all.", "1d", "all")] = None
    start: Annotated[date | datetime | None, Field(alias="from")] = None
    end: Annotated[date | datetime | None, Field(alias="to")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """The money of one row, for the bridge and as measure ``net``: a field, times another, in the currency of a field
    or in one currency for all rows."""

    __pydantic_config__: ClassVar = STRICT

    field: Id
    times: Id | None = None
    currency: Annotated[Id, doc("A field, or a code such as EUR.", "currency", "EUR")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Control totals: sums per group that both sides must have alike."""

    __pydantic_config__: ClassVar = STRICT

    group_by: Annotated[Texts, doc("Fields, business_day or hour.", ["store", "business_day"])] = ()
    measures: Annotated[Texts, Field(min_length=1, description="rows, net (the amount), or numeric fields.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """Rows by their class and the values of fields."""

    __pydantic_config__: ClassVar = STRICT

    row_class: Annotated[Text | None, doc("Row or field class.", "ROUNDING", "MISSING_IN_NEW")] = None
    field: Annotated[Id | None, doc("Field that differs.")] = None
    where: Annotated[dict[Text, Scalar] | None, doc("Values of fields.", {"store": "17"})] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A difference that is known and agreed, within a budget and until a day. Over budget or expired it counts."""

    __pydantic_config__: ClassVar = STRICT

    cluster: Annotated[Id | None, doc("Id of a cluster, as a report shows it.")] = None
    predicate: Predicate | None = None
    reason: Id
    owner: Id
    expires: Annotated[date, doc("Last day on which it holds.")]
    max_rows: Annotated[int | None, Field(ge=0)] = None
    max_amount: Annotated[Number | None, Field(ge=0, description="Gross amount per run.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanGate:
    """A limit on one figure of a run; ``streak`` is how many business days in a row it must hold."""

    __pydantic_config__: ClassVar = STRICT

    metric: Metric
    scope: Annotated[dict[Text, Scalar] | None, doc("severity, field, class, or a field and its value.")] = None
    limit: Annotated[Text, doc("Most (for ratios: least): a count, a share, or a duration.", "0", "0.01%", "15m")]
    streak: Annotated[int, Field(ge=1, le=366)] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlan:
    """The plan of a parallel run over tables: both sides, brought to the same fields, row by row."""

    __pydantic_config__: ClassVar = STRICT

    version: Literal[1] = 1
    kind: Literal["table"] = "table"
    entity: Annotated[Id, doc("What a row is.", "order_line")]
    note: Text | None = None
    covers: Annotated[Texts, doc("Interfaces, or flows as interface:in|out:domain, that its runs prove.")] = ()
    key: Annotated[tuple[Id, ...], Field(min_length=1, description="Fields that identify a row.")]
    sources: Sources
    fields: Annotated[tuple[PlanField, ...], Field(min_length=1, max_length=1000)]
    event_time: EventTime | None = None
    calendar: Calendar | None = None
    window: Annotated[Window, BeforeValidator(short_window)] = Window(last="all")
    lag: Annotated[Text | None, doc("How late a row may come.", "15m")] = None
    amount: Amount | None = None
    totals: tuple[Totals, ...] = ()
    dimensions: Annotated[Texts, doc("Where causes are looked for: fields, business_day, hour.", ["store"])] = ()
    partition_by: Annotated[Texts, doc("How the work is cut: fields, <field>_group, business_day.")] = ()
    accepted: tuple[Accepted, ...] = ()
    gates: tuple[PlanGate, ...] = ()
