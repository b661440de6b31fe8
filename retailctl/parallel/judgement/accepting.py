"""Accepted differences: known, agreed, within a budget and until a day. Over budget or expired, they count again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from retailctl.model.parallel_plan import Accepted, Predicate
from retailctl.model.parallel_run import Cluster
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.judgement.clusters import delta_of, signature_of, slice_of
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.plans.names import FIELD_CLASSES
from retailctl.parallel.samples import Masking

JUDGED = "judged"
"""The view of classed rows with ``accepted``: the number of the entry that covers a row, NULL for none."""


@dataclass(frozen=True, slots=True)
class Use:
    """What one entry of the plan covers in a run. ``reason`` says why it does not hold, "" where it does."""

    entry: Accepted
    rows: int
    amount: Decimal
    reason: str = ""


def accept(
    engine: Engine, names: Names, table: str, causes: Sequence[Cluster], masking: Masking, today: date
) -> tuple[Use, ...]:
    """Make the view ``judged`` of ``table``; what each accepted difference of the plan covers, in its order.

    A row that several entries cover belongs to the first that holds.
    """
    by_id = {cluster.id: cluster for cluster in causes}
    held: dict[int, str] = {}
    uses = []
    for number, entry in enumerate(names.plan.accepted):
        where = _condition(names, entry, by_id, masking)
        free = "".join(f" and not ({condition})" for condition in held.values())
        rows, amount = engine.rows(
            f"select count(*), coalesce(sum(abs({delta_of(names)})), 0) from {table} "
            f"where class <> 'EQUAL' and ({where}){free}"
        )[0]
        use = Use(entry, int(rows), Decimal(amount), _void(entry, int(rows), Decimal(amount), today))
        if not use.reason:
            held[number] = f"class <> 'EQUAL' and coalesce({where}, false)"
        uses.append(use)
    whens = " ".join(f"when {where} then {number}" for number, where in held.items())
    engine.view(JUDGED, f"select *, {f'case {whens} end' if whens else 'cast(null as int)'} as accepted from {table}")
    return tuple(uses)


def _void(entry: Accepted, rows: int, amount: Decimal, today: date) -> str:
    if today > entry.expires:
        return f"it expired on {entry.expires.isoformat()}"
    if entry.max_rows is not None and rows > entry.max_rows:
        return f"{rows:,} rows are more than its {entry.max_rows:,}"
    if entry.max_amount is not None and amount > entry.max_amount:
        return f"{amount:,} is more than its {entry.max_amount:,}"
    return ""


def _condition(names: Names, entry: Accepted, causes: Mapping[str, Cluster], masking: Masking) -> str:
    if entry.predicate is not None:
        return _predicate(names, entry.predicate)
    cluster = causes.get(entry.cluster or "")
    if cluster is None:
        return "false"  # it did not occur in this run
    literal = names.dialect.literal
    same = f"{signature_of(names)} = {literal(cluster.signature)}"
    if not cluster.where:
        return same
    name, _, value = cluster.where.partition("=")
    return f"{same} and {slice_of(names, masking, name)} = {literal(value)}"


def _predicate(names: Names, given: Predicate) -> str:
    """Rows of a class, where a field differs (so), and where fields have values on either side."""
    literal = names.dialect.literal
    told = []
    of_field = given.row_class in FIELD_CLASSES
    numbers = [
        number for number, column in enumerate(names.shape.values) if given.field is None or column.name == given.field
    ]
    if given.row_class is not None and not of_field:
        told.append(f"class = {literal(given.row_class)}")
    if of_field or given.field is not None:
        tests = [f"f{n} = {literal(given.row_class or '')}" if of_field else f"f{n} is not null" for n in numbers]
        told.append(f"class = 'FIELD' and ({' or '.join(tests) or 'false'})")
    if of_field:
        # A row whose other fields differ too is more than what was agreed.
        others = [f"(f{n} is null or f{n} in ({literal(given.row_class or '')}, 'WITHIN'))" for n in numbers]
        others += [f"(f{n} is null or f{n} = 'WITHIN')" for n in range(len(names.shape.values)) if n not in numbers]
        told += others
    told += [names.is_value(name, value) for name, value in (given.where or {}).items()]
    return " and ".join(told) or "false"
