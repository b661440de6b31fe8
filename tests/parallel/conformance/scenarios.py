"""Rows of one order each, and what every engine has to say of them: the row classes and field classes as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from retailctl.parallel.columns import Column, Shape, Type
from retailctl.parallel.fields import Field
from tests.parallel.conformance.places import Table

_COLUMNS = {
    "name": Type(), "pieces": Type("int"), "price": Type("decimal", 2), "weight": Type("float"), "gift": Type("bool"),
    "due": Type("date"), "sent": Type("timestamp"), "tags": Type(), "rate": Type("decimal", 4), "status": Type(),
}  # fmt: skip
VALUES = tuple(Column(name, type) for name, type in _COLUMNS.items())
SHAPE = Shape((Column("order", Type()), Column("line", Type("int"))), VALUES)
FIELDS = tuple(
    Field(column, "set")
    if column.name == "tags"
    else Field(column, "rel", Decimal("0.001"))
    if column.name == "rate"
    else Field(column)
    for column in VALUES
)
Row = dict[str, Any]
Told = tuple[str, str | None, str | None, Mapping[str, str]]
_USUAL: Row = {
    "name": "Ärmelweste", "pieces": 5, "price": Decimal("12.50"), "weight": 0.25, "gift": True,
    "due": date(2024, 2, 29), "sent": datetime(2024, 3, 31, 1, 30, 15, 250_001), "tags": "a,b",  # noqa: DTZ001 - UTC
    "rate": Decimal("1.0000"), "status": "shipped",
}  # fmt: skip


@dataclass(frozen=True)
class Scenario:
    """An order on both sides. ``expected``: class, side, variety, and the classes of fields that differ."""

    name: str
    legacy: Sequence[Row]
    new: Sequence[Row]
    expected: Sequence[Told] = ()


def _field(name: str, legacy: object, new: object, told: str) -> Scenario:
    """One field differs. WITHIN makes an equal row, and "" is no difference at all."""
    expected = [("EQUAL" if told == "WITHIN" else "FIELD", None, None, {name: told})] if told else []
    return Scenario(f"{name} {legacy!r} {new!r}", [{name: legacy}], [{name: new}], expected)


def _moment(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - UTC


_HUGE, _LONG, _WIDE = Decimal("9" * 36 + ".99"), Decimal("9" * 31 + ".99"), Decimal("9" * 34 + ".0001")
_AT = _moment(2024, 3, 31, 1, 30, 15)
FIELD_SCENARIOS = (
    _field("name", "Weste", "Hose", "VALUE"),
    _field("name", "Bahnhofstrasse 12", "Bahnhofst", "TRUNCATION"),
    _field("name", "日本語テキスト", "日本語", "TRUNCATION"),
    _field("name", "👕👖x", "👕", "TRUNCATION"),
    _field("name", "WESTE", "weste", "FORMAT"),
    _field("name", " Weste\t", "Weste", "FORMAT"),
    _field("name", "\u00a0Weste", "weste", "FORMAT"),
    _field("name", "caf\u00e9", "cafe\u0301", "FORMAT"),
    _field("name", "007", "7", "FORMAT"),
    _field("name", "Straße", "STRASSE", "VALUE"),
    _field("name", "Ärmel", "ärmel", "VALUE"),
    _field("name", "İstanbul", "istanbul", "VALUE"),
    _field("name", None, "", "NULL_DEFAULT"),
    _field("name", " N/A ", None, "NULL_DEFAULT"),
    _field("name", None, "Hose", "VALUE"),
    _field("name", "", "Hose", "VALUE"),
    _field("name", "a", "a ", "FORMAT"),
    _field("name", r"O'Neill \ $1", r"O'Neill \ $2", "VALUE"),
    _field("name", r"100% \x41 ${HOME}", r"100% \x41 ${HOME}", ""),
    _field("pieces", 5, 6, "VALUE"),
    _field("pieces", 5, 500, "SCALE"),
    _field("pieces", 7000, 7, "SCALE"),
    _field("pieces", 5, -5, "SIGN"),
    _field("pieces", 0, None, "NULL_DEFAULT"),
    _field("pieces", 2**63 - 1, -(2**63), "VALUE"),
    _field("pieces", 2**63 - 1, 1 - 2**63, "SIGN"),
    _field("pieces", 2**62, 3, "VALUE"),
    _field("price", Decimal("1.00"), Decimal("1.01"), "ROUNDING"),
    _field("price", Decimal("1.00"), Decimal("0.98"), "VALUE"),
    _field("price", Decimal("1.99"), Decimal("199.00"), "SCALE"),
    _field("price", Decimal("1.99"), Decimal("-1.99"), "SIGN"),
    _field("price", None, Decimal("0.00"), "NULL_DEFAULT"),
    _field("price", _LONG, _LONG.copy_negate(), "SIGN"),
    _field("price", _HUGE, _HUGE.copy_negate(), "VALUE"),
    _field("price", _HUGE, Decimal("0.01"), "VALUE"),
    _field("weight", 0.1 + 0.2, 0.3, "VALUE"),
    _field("weight", 0.0, -0.0, ""),
    _field("weight", float("nan"), float("nan"), ""),
    _field("weight", float("inf"), float("inf"), ""),
    _field("weight", float("inf"), float("-inf"), "VALUE"),
    _field("weight", float("nan"), 1.5, "VALUE"),
    _field("weight", 1.5, 150.0, "SCALE"),
    _field("weight", 1e280, -1e280, "SIGN"),
    _field("weight", 1e308, 1.5, "VALUE"),
    _field("gift", True, False, "VALUE"),
    _field("gift", None, False, "NULL_DEFAULT"),
    _field("gift", True, None, "VALUE"),
    _field("due", date(2024, 2, 29), date(2024, 3, 1), "VALUE"),
    _field("due", None, date(1970, 1, 1), "NULL_DEFAULT"),
    _field("due", date(1, 1, 1), None, "NULL_DEFAULT"),
    _field("sent", _AT, _moment(2024, 3, 31, 3, 30, 15), "TZ_SHIFT"),
    _field("sent", _AT, _moment(2024, 3, 30, 11, 30, 15), "TZ_SHIFT"),
    _field("sent", _AT, _moment(2024, 3, 30, 11, 15, 15), "VALUE"),
    _field("sent", _AT, _moment(2024, 3, 31, 1, 30, 15, 1), "TRUNCATION"),
    _field("sent", _AT, _moment(2024, 3, 31, 1, 30), "TRUNCATION"),
    _field("sent", _AT, _moment(2024, 3, 31), "TRUNCATION"),
    _field("sent", _AT, _moment(2024, 3, 31, 1, 37, 15), "VALUE"),
    _field("sent", _moment(1900, 1, 1), None, "NULL_DEFAULT"),
    _field("sent", _moment(1582, 10, 5, 0, 0, 1), _moment(1582, 10, 5, 0, 0, 2), "VALUE"),
    _field("sent", _moment(9999, 12, 31, 23, 59, 59, 999_999), _moment(1, 1, 1), "VALUE"),
    _field("tags", "a, b", "b,a,,a", "WITHIN"),
    _field("tags", "", " , ", "WITHIN"),
    _field("tags", "é,z,B", "B,é,z", "WITHIN"),
    _field("tags", "a,b", "a,c", "VALUE"),
    _field("tags", None, "a", "VALUE"),
    _field("rate", Decimal("100.0000"), Decimal("100.0900"), "WITHIN"),
    _field("rate", Decimal("100.0000"), Decimal("101.0000"), "VALUE"),
    _field("rate", Decimal("100.0000"), Decimal("-100.0001"), "VALUE"),
    _field("rate", _WIDE, Decimal("1.0000"), "VALUE"),
)
_ONE: Row = {"name": "one", "tags": "p"}
_TWO: Row = {"name": "two", "tags": "q"}
_MISSING: Told = ("MISSING_IN_NEW", "legacy", None, {})
_EXTRA: Told = ("EXTRA_IN_NEW", "new", None, {})
_VALUE = ("FIELD", None, None, {"pieces": "VALUE"})
ROW_SCENARIOS = (
    Scenario("equal", [{}], [{}]),
    Scenario("equal twice", [{}, {}], [{}, {}]),
    Scenario("nulls are equal", [dict.fromkeys(_COLUMNS)], [dict.fromkeys(_COLUMNS)]),
    Scenario("missing", [{}], [], [_MISSING]),
    Scenario("missing twice", [{}, {}], [], [_MISSING, _MISSING]),
    Scenario("extra", [], [{"name": None}], [_EXTRA]),
    Scenario("delivered twice", [{}], [{}, {}], [("DUPLICATE", "new", "identical", {})]),
    Scenario("delivered thrice", [{}], [{}, {}, {}], [("DUPLICATE", "new", "identical", {})] * 2),
    Scenario("delivered again, otherwise", [_ONE], [_ONE, _TWO], [("DUPLICATE", "new", "conflicting", {})]),
    Scenario("legacy had it twice", [{}, {}], [{}], [("DUPLICATE", "legacy", "identical", {})]),
    Scenario("legacy had another", [_ONE, _TWO], [_TWO], [("DUPLICATE", "legacy", "conflicting", {})]),
    Scenario("a a against b b", [{"pieces": 1}] * 2, [{"pieces": 4}] * 2, [_VALUE, _VALUE]),
    # What a hash that adds up its fields does not see.
    Scenario("two rows exchange a value", [_ONE, _TWO], [_ONE | {"tags": "q"}, _TWO | {"tags": "p"}],
             [("FIELD", None, None, {"tags": "VALUE"})] * 2),
    # What a hash that passes over NULL does not see.
    Scenario("a value moves over a field of nothing", [{"tags": "x", "rate": None, "status": None}],
             [{"tags": None, "rate": None, "status": "x"}],
             [("FIELD", None, None, {"tags": "VALUE", "status": "VALUE"})]),
    Scenario("two fields differ", [{}], [{"pieces": 7, "due": None}],
             [("FIELD", None, None, {"pieces": "VALUE", "due": "VALUE"})]),
    Scenario("one of two is within", [{}], [{"pieces": 7, "tags": "b,a"}],
             [("FIELD", None, None, {"pieces": "VALUE", "tags": "WITHIN"})]),
    *(Scenario(f"status {number}", [{"status": "40"}], [{"status": "paid"}],
               [("FIELD", None, None, {"status": "CODE_MAP"})]) for number in range(25)),
    *(Scenario(f"gift {number}", [{"gift": False}], [{"gift": True}],
               [("FIELD", None, None, {"gift": "CODE_MAP"})]) for number in range(25)),
)  # fmt: skip
SCENARIOS = (*FIELD_SCENARIOS, *ROW_SCENARIOS)
# Keys of no value on the legacy side; those of the new side are one fewer.
INVALID: tuple[tuple[str | None, int | None], ...] = (
    (None, 1), ("", 1), (" ", 2), ("\t", 3), ("\u00a0\u3000", 4), ("x", None), (None, None)
)  # fmt: skip
# Keys that are one only where somebody folds case, trims or composes.
APART = (("schlüssel", "schlu\u0308ssel"), ("K", "k"), ("end", "end "), ("\u2126", "\u03a9"), ("😀", "😁"))


def _key(number: int) -> str:
    return f"SO-ü{number:04d}"


def _rows(side: str) -> Iterator[tuple[Any, ...]]:
    for number, scenario in enumerate(SCENARIOS):
        for row in scenario.legacy if side == "legacy" else scenario.new:
            yield (_key(number), 1, *(_USUAL | row).values())
    for key in INVALID if side == "legacy" else INVALID[1:]:
        yield (*key, *_USUAL.values())
    for pair in APART:
        yield (pair[side == "new"], 7, *_USUAL.values())


_TYPES = {name: column.type for name, column in zip(SHAPE.names, SHAPE.columns, strict=True)}
LEGACY, NEW = (Table(_TYPES, list(_rows(side))) for side in ("legacy", "new"))


def expected() -> list[tuple[Any, ...]]:
    """Key, class, side, variety, and field classes of every row that did not cancel, sorted."""
    rows: list[tuple[Any, ...]] = [
        (_key(number), *told, tuple(sorted(fields.items())))
        for number, scenario in enumerate(SCENARIOS)
        for *told, fields in scenario.expected
    ]
    for legacy, new in APART:
        rows += [(legacy, *_MISSING[:3], ()), (new, *_EXTRA[:3], ())]
    return sorted(rows, key=repr)


def found(classed: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The same of what an engine says."""
    width = len(SHAPE.names)
    rows = []
    for told, side, variety, *values in classed:
        fields = zip(VALUES, values[2 * width :], strict=True)
        key = values[0] if values[0] is not None else values[width]
        rows.append((key, told, side, variety, tuple(sorted((column.name, name) for column, name in fields if name))))
    return sorted(rows, key=repr)
