"""Names that a plan may use beside those of its fields, and figures that its gates may ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal, get_args

from retailctl.model.durations import seconds
from retailctl.model.parallel_plan import Metric, TablePlan
from retailctl.parallel.fields import FieldClass
from retailctl.workspace.problems import SCHEMA, Path, Problem, suggestion

DERIVED: Final = ("business_day", "hour")
"""Dimensions that follow from the event time."""
GROUP: Final = "_group"
"""``store_group``: the values of ``store`` in a fixed number of groups; for ``partition_by`` only."""
ROWS: Final = "rows"
NET: Final = "net"
"""The measures that are no fields: how many rows, and the sum of the amount."""
ROW_CLASSES: Final = ("REJECTED", "KEY_INVALID", "PENDING", "LATE_ARRIVED", "LATE_EXPIRED", "DUPLICATE", "BOUNDARY",
                      "MISSING_IN_NEW", "EXTRA_IN_NEW", "KEY_REMAP", "SPLIT_MERGE", "FIELD")  # fmt: skip
FIELD_CLASSES: Final = get_args(FieldClass)
CODE: Final = "[A-Z]{3}"
CURRENCY: Final = re.compile(rf"{CODE}\Z")

Figure = Literal["count", "share", "duration"]
FIGURES: Final[Mapping[Metric, Figure]] = {
    "missing": "count",
    "extra": "count",
    "duplicate": "count",
    "key_invalid": "count",
    "bridge_remainder": "count",
    "field": "count",
    "unexplained": "share",
    "rejected": "share",
    "totals_tied": "share",
    "coverage": "share",
    "matched_ratio": "share",
    "late_p99": "duration",
}
"""What kind of figure each metric is. A count may have a share as its limit too: of the rows."""
AT_LEAST: Final = frozenset({"totals_tied", "coverage", "matched_ratio"})
"""Metrics of which more is better: their limit is the least."""
_LIMIT: Final = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)(%|ppm)?\Z")
_SHARES: Final = {"%": Decimal("0.01"), "ppm": Decimal("0.000001")}


def unknown(plan: TablePlan, name: str, place: Path, *others: str) -> Problem:
    """The problem of a name that is neither a field nor one of the others."""
    shown = name if name.isprintable() and len(name) <= 60 else "with a long or odd name"
    known = [*(field.name for field in plan.fields), *others]
    return Problem(SCHEMA, f"there is no field {shown}", place, suggestion(name, known))


def limit(metric: Metric, text: str) -> tuple[Decimal, Figure] | None:
    """The limit of a gate and what it counts: a number of rows or an amount, a share, or seconds; None where it is no
    limit for this metric."""
    if FIGURES[metric] == "duration":
        found = seconds(text)
        return None if found is None else (found, "duration")
    match = _LIMIT.match(text.strip())
    if match is None:
        return None
    number, unit = Decimal(match.group(1)), match.group(2)
    if unit:
        return None if metric == "bridge_remainder" else (number * _SHARES[unit], "share")
    if FIGURES[metric] == "share" and metric in AT_LEAST:
        return (number, "share") if number <= 1 else None
    return number, "count"


def count_or_share(text: str) -> tuple[Decimal, bool] | None:
    """A number, or a share (``0.01%``, ``50ppm``) with True; None where the text is neither."""
    match = _LIMIT.match(text.strip())
    if match is None:
        return None
    number, unit = Decimal(match.group(1)), match.group(2)
    return (number * _SHARES[unit], True) if unit else (number, False)


def currency_of(plan: TablePlan) -> tuple[str | None, str | None]:
    """The field with the currency of the amount, or the one code that holds for all rows; (None, None) without."""
    if plan.amount is None:
        return None, None
    name = plan.amount.currency
    if name in {field.name for field in plan.fields}:
        return name, None
    return None, name if CURRENCY.match(name) else None
