"""The money bridge: legacy total + what each class of differences is worth = new total, to the cent.

It is computed over legs and not over pairs: each row adds minus its legacy amount under the legacy currency and plus
its new amount under the new one, so that a changed currency falls into both bridges. A remainder is a fault of
retailctl, never of the flow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from retailctl.model.parallel_run import Bridge, BridgeLine
from retailctl.parallel.columns import LETTER, SIDES
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.plans.names import CODE, CURRENCY
from retailctl.workspace.pseudonyms import Pseudonyms

_ORDER = (
    "MISSING_IN_NEW",
    "PENDING",
    "EXTRA_IN_NEW",
    "KEY_REMAP",
    "SPLIT_MERGE",
    "DUPLICATE",
    "BOUNDARY",
    "KEY_INVALID",
    "EQUAL",
)


def bridges(sides: Engine, side_names: Names, engine: Engine, names: Names, table: str) -> dict[str, Bridge]:
    """By currency; empty where the plan names no amount. What is no code of a currency is shown as a pseudonym.

    ``sides`` has all rows, ``engine`` the ``table`` of those that differ.
    """
    amount = side_names.amount()
    if amount is None:
        return {}
    totals: dict[str, dict[str, Decimal]] = {}
    for side in SIDES:
        summed = f"select {side_names.currency()} as cur, sum({amount}) as total from {LETTER[side]} group by 1"
        for currency, total in sides.rows(
            f"select {_masked(side_names, names.key)} as shown, total from ({summed}) as c order by 1, 2"
        ):
            of_currency = totals.setdefault(currency, {})
            of_currency[side] = of_currency.get(side, Decimal(0)) + Decimal(total)
    lines: dict[str, list[BridgeLine]] = {}
    exact: dict[str, Decimal] = {}
    hidden = names.currency_field in names.hidden  # then the rows that differ have what may be shown
    told = [(line, currency if hidden else _shown(currency, names.key), rows, delta)
            for line, currency, rows, delta in engine.rows(_legs(names, table))]  # fmt: skip
    told += sides.rows(f"select line, {_masked(side_names, names.key)} as shown, n, total from "
                       f"({_invalid(side_names)}) as c order by 1, 2, 3, 4")  # fmt: skip
    for line, currency, rows, delta in sorted(told, key=_place):
        lines.setdefault(currency, []).append(BridgeLine(name=line, rows=rows, amount=_text(Decimal(delta))))
        exact[currency] = exact.get(currency, Decimal(0)) + Decimal(delta)
    return {
        currency: _bridge(amounts, tuple(lines.get(currency, ())), exact.get(currency, Decimal(0)))
        for currency, amounts in sorted(totals.items())
    }


def _shown(currency: str, key: bytes) -> str:
    return currency if not currency or CURRENCY.match(currency) else f"~{Pseudonyms(key).of(currency)}"


def _masked(names: Names, key: bytes) -> str:
    """The same as SQL over ``cur``: what is asked of the sides is kept in the journal of the run."""
    stands_for = f"'~' || {names.dialect.pseudonym('cur', key)}"
    return f"case when cur = '' or {names.dialect.matches('cur', CODE)} then cur else {stands_for} end"


def _bridge(sides: dict[str, Decimal], lines: tuple[BridgeLine, ...], explained: Decimal) -> Bridge:
    legacy, new = sides.get("legacy", Decimal(0)), sides.get("new", Decimal(0))
    return Bridge(legacy=_text(legacy), new=_text(new), lines=lines, remainder=_text(new - legacy - explained))


def _text(amount: Decimal) -> str:
    return f"{amount:f}"


def _place(row: tuple[str, str, int, Decimal]) -> tuple[int, str, str]:
    name = row[0].partition(" ")[0]
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER), row[0], row[1])


def line_name(names: Names) -> str:
    """The line that a classed row belongs to: its class, or the fields that differ and how."""
    parts = [
        f"case when f{number} is not null then {names.dialect.literal(column.name + ' ')} || f{number} end"
        for number, column in enumerate(names.shape.values)
    ]
    told = f"concat_ws(', ', {', '.join(parts)})" if parts else "''"
    return (f"case when class = 'FIELD' then {told} when class = 'DUPLICATE' then 'DUPLICATE in ' || side || ', ' || "
            f"variety when class = 'EQUAL' then 'EQUAL within tolerance' else class end")  # fmt: skip


def _legs(names: Names, table: str) -> str:
    return _summed(_sides(names, table))


def _invalid(names: Names) -> str:
    """Rows without a key, of all rows."""
    return _summed(
        f"select 'KEY_INVALID' as line, {names.currency()} as cur, {sign}{names.amount()} as delta, "
        f"1 as rows_of from invalid_{LETTER[side]}"
        for side, sign in zip(SIDES, "-+", strict=True)
    )


def _summed(legs: Iterable[str]) -> str:
    return (f"select line, cur, sum(rows_of) as n, sum(delta) as total from ({' union all '.join(legs)}) as legs "
            f"group by line, cur")  # fmt: skip


def _sides(names: Names, table: str) -> Iterator[str]:
    line = f"case when accepted is not null then 'accepted: ' else '' end || ({line_name(names)})"
    for side, sign in zip(SIDES, "-+", strict=True):
        prefix = f"{LETTER[side]}_"
        # A matched row counts once, with its legacy leg.
        rows = "1" if side == "legacy" else "case when side is null then 0 else 1 end"
        yield (f"select {line} as line, {names.currency(prefix)} as cur, {sign}{names.amount(prefix)} as delta, "
               f"{rows} as rows_of from {table} where side is null or side = '{side}'")  # fmt: skip
