"""What both sides of the three plans export on one day, with the faults that the runs are to find.

Orders: from 28 October the new side writes local time as UTC for depot 4, and nobody has repaired it; from 3 to 9
November it rounds discounted prices half to even. Stock: from 11 to 13 November a retry reserves twice, sometimes with
another quantity. Payments: on 27 October the webhooks of two hours are lost.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

FIRST, LAST = date(2026, 10, 21), date(2026, 11, 19)
DAYS: Final = tuple(FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))
WRONG_ZONE: Final = (date(2026, 10, 28), LAST)
HALF_EVEN: Final = (date(2026, 11, 3), date(2026, 11, 9))
TWICE: Final = (date(2026, 11, 11), date(2026, 11, 13))
OUTAGE: Final = (datetime(2026, 10, 27, 12, 10, tzinfo=UTC), datetime(2026, 10, 27, 14, 5, tzinfo=UTC))
_ZONE: Final = ZoneInfo("Europe/Amsterdam")
_DEPOTS: Final = 6
_WRONG_DEPOT: Final = 4
_LATE_ORDER: Final = 3  # of that depot: with the wrong zone it counts as one of the next day
_CODES: Final = {"10": "confirmed", "20": "picking", "90": "cancelled"}

Row = dict[str, str | int]


class Exports(NamedTuple):
    """The rows of one plan and day, by side."""

    legacy: list[Row]
    new: list[Row]


class _Draw:
    """Numbers that are the same on every machine and in every version: only ``random()`` itself is promised to be."""

    def __init__(self, seed: str) -> None:
        self._next = random.Random(seed).random

    def below(self, limit: int) -> int:
        return int(self._next() * limit)

    def chance(self, share: float) -> bool:
        return self._next() < share


def _within(day: date, span: tuple[date, date]) -> bool:
    return span[0] <= day <= span[1]


def _moment(day: date, draw: _Draw, last_hour: int) -> datetime:
    """A local time between seven in the morning and the end of the last hour."""
    seconds = draw.below((last_hour - 7) * 3600)
    return datetime.combine(day, time(7), _ZONE) + timedelta(seconds=seconds)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def orders(day: date) -> Exports:
    """Order lines of the trade shop; one order a day is placed shortly before midnight."""
    draw = _Draw(f"orders {day}")
    made = Exports([], [])
    for number in range(48):
        depot = number % _DEPOTS + 1
        moment = _moment(day, draw, 23) if number != _LATE_ORDER else datetime.combine(day, time(23, 20), _ZONE)
        code = ("10", "10", "10", "20", "90")[draw.below(5)]
        wrong_zone = depot == _WRONG_DEPOT and _within(day, WRONG_ZONE)
        created = moment.strftime("%Y-%m-%dT%H:%M:%SZ") if wrong_zone else _utc(moment)
        customer = f"buyer{draw.below(400):03}@landscapers.example"
        for line in range(1, 2 + draw.below(3)):
            listed, qty = Decimal(draw.below(40_000) + 95) / 100, draw.below(12) + 1
            exact = listed * (Decimal("0.75") if draw.chance(0.3) else 1)
            price = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
            rounded = ROUND_HALF_EVEN if _within(day, HALF_EVEN) else ROUND_HALF_UP
            sku, order = f"FG-{draw.below(38_000):05}", f"WOO-{day:%y%m%d}-{number:03}"
            made.legacy.append({
                "ORDNO": f"{order} ", "LINE": line, "DEPOT": f"{depot:04}", "ARTICLE": sku, "QTY": qty,
                "PRICE": f"{price}".replace(".", ","), "CUR": "EUR", "STATUS": code,
                "ORDERED": moment.strftime("%d-%m-%Y %H:%M:%S"), "CUSTOMER": customer,
            })  # fmt: skip
            made.new.append({
                "source_order_id": order, "line": line, "location": str(depot), "sku": sku, "quantity": qty,
                "unit_price": str(exact.quantize(Decimal("0.01"), rounded)), "currency": "EUR",
                "state": _CODES[code], "created_at": created, "customer_ref": customer,
            })  # fmt: skip
    return made


def stock(day: date) -> Exports:
    """Reservations of the marketplace."""
    draw = _Draw(f"stock {day}")
    made = Exports([], [])
    for number in range(60):
        key, store, sku = f"R-{day:%y%m%d}-{number:03}", f"S{number % _DEPOTS + 1:02}", f"FG-{draw.below(38_000):05}"
        at, qty = _utc(_moment(day, draw, 21)), draw.below(4) + 1
        row: Row = {"reservation": key, "location_code": store, "sku": sku, "quantity": qty, "reserved_at": at}
        made.legacy.append({"reservation": key, "store": store, "sku": sku, "qty": qty, "reserved_at": at})
        made.new.append(row)
        if draw.chance(0.06) and _within(day, TWICE):
            made.new.append({**row, "quantity": qty + draw.below(2)})
    return made


def payments(day: date) -> Exports:
    """Payments of orders, by the reference of the payment provider."""
    draw = _Draw(f"payments {day}")
    made = Exports([], [])
    for number in range(70):
        moment, key = _moment(day, draw, 23), f"pi_{day:%y%m%d}{draw.below(10**8):08}{number:03}"
        shop, minor = ("trade", "web", "hub")[number % 3], draw.below(90_000) + 400
        state, payer = ("captured", "captured", "refunded")[draw.below(3)], f"payer{draw.below(900):03}@mail.example"
        at = _utc(moment)
        made.legacy.append({
            "psp_reference": key, "shop": shop, "amount_minor": minor, "currency": "EUR", "state": state.upper(),
            "paid_at": at, "payer": payer,
        })  # fmt: skip
        if not OUTAGE[0] <= moment < OUTAGE[1]:
            made.new.append({
                "psp_reference": key, "sales_channel": shop, "amount": str(Decimal(minor) / 100), "currency": "EUR",
                "state": state, "paid_at": at, "payer": payer,
            })  # fmt: skip
    return made


PLANS: Final = {"orders": orders, "stock": stock, "payments": payments}


def exports(day: date) -> Iterator[tuple[str, str, list[Row]]]:
    """Plan, side and rows of all exports of a day."""
    for name, make in PLANS.items():
        made = make(day)
        yield name, "legacy", made.legacy
        yield name, "new", made.new
