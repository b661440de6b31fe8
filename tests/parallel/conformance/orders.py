"""A week of order lines as two flows wrote them, with planted differences and their exact number."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from retailctl.parallel.columns import Column, Shape, Type
from retailctl.parallel.fields import Field
from tests.parallel.conformance.places import Table

SHAPE = Shape(
    (Column("order", Type()), Column("line", Type("int"))),
    (
        Column("store", Type("int")),
        Column("sku", Type()),
        Column("qty", Type("int")),
        Column("price", Type("decimal", 2)),
        Column("status", Type()),
        Column("ts", Type("timestamp")),
    ),
)
FIELDS = tuple(map(Field, SHAPE.values))
_STATUS = ("new", "picked", "shipped", "returned")
_START = datetime(2024, 9, 1)  # noqa: DTZ001 - UTC
# Per thousand lines, what befalls them.
_PLANTED = {"missing": 5, "qty": 5, "status": 5, "sku": 3, "rounding": 10, "twice": 5, "conflict": 3, "legacy twice": 3}
_ZONE_STORE = 17


class Orders(NamedTuple):
    """Both sides, and how many lines met which fate."""

    legacy: Table
    new: Table
    fates: Counter[str]


def orders(seed: int = 7, count: int = 2_000) -> Orders:
    """Some 5,000 lines. The new side is in another order, as flows never write in the same one."""
    random = Random(seed)
    legacy: list[tuple[Any, ...]] = []
    new: list[tuple[Any, ...]] = []
    fates: Counter[str] = Counter()
    for number in range(count):
        store, at = random.randint(1, 40), _START + timedelta(seconds=random.randrange(7 * 86_400))
        for line in range(1, random.randint(1, 4) + 1):
            row = (f"SO{number:06d}", line, store, f"SKU{random.randrange(900):04d}", random.randint(1, 12),
                   Decimal(random.randint(50, 30_000)) / 100, random.choice(_STATUS), at)  # fmt: skip
            fate = _fate(random, store)
            fates[fate] += 1
            legacy += [row, row] if fate == "legacy twice" else [row]
            new += _arrived(row, fate)
    for number in range(9):
        fates["extra"] += 1
        new.append((f"SX{number:06d}", 1, *legacy[number][2:]))
    random.shuffle(new)
    types = {name: column.type for name, column in zip(SHAPE.names, SHAPE.columns, strict=True)}
    return Orders(Table(types, legacy), Table(types, new), fates)


def _fate(random: Random, store: int) -> str:
    drawn = random.randrange(1000)
    for fate, share in _PLANTED.items():
        if drawn < share:
            return fate
        drawn -= share
    return "zone" if store == _ZONE_STORE else "equal"


def _arrived(row: tuple[Any, ...], fate: str) -> list[tuple[Any, ...]]:
    order, line, store, sku, qty, price, status, at = row
    other = _STATUS[_STATUS.index(status) - 1]
    match fate:
        case "missing":
            return []
        case "twice":
            return [row, row]
        case "conflict":
            return [row, (order, line, store, sku, qty, price, other, at)]
        case "qty":
            return [(order, line, store, sku, qty + 12, price, status, at)]
        case "status":
            return [(order, line, store, sku, qty, price, other, at)]
        case "sku":
            return [(order, line, store, f"{sku}-B", qty, price, status, at)]
        case "rounding":
            return [(order, line, store, sku, qty, price + Decimal("0.01"), status, at)]
        case "zone":
            return [(order, line, store, sku, qty, price, status, at + timedelta(hours=2))]
    return [row]
