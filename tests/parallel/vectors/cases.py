"""Each normaliser and each conversion as rows: what comes in, what goes out. They hold on every engine.

A row that is rejected says why. ``run`` makes one query of each table, for the engine of whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from retailctl.model.parallel_plan import SideColumn
from retailctl.parallel.columns import Type
from retailctl.parallel.layers import Value, layered
from retailctl.parallel.normalisers import stage as s
from retailctl.parallel.normalisers.index import chain
from retailctl.parallel.sql.dialect import Dialect
from retailctl.workspace.boundary import validate

TEXT, INT, BOOL, DATE, TIME = Type("text"), Type("int"), Type("bool"), Type("date"), Type("timestamp")
CENT = Type("decimal", 2)
MILLI = Type("decimal", 3)
FLOAT = Type("float")
D = Decimal


@dataclass(frozen=True, slots=True)
class Rejected:
    """No value comes out, for this reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """A chain of steps as a plan writes it, the types at both ends, and its rows."""

    name: str
    steps: Sequence[Any]
    rows: Sequence[tuple[Any, Any]]
    target: Type = TEXT
    source: Type = TEXT


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


_BERLIN: Final = [{"date_format": "%d.%m.%Y %H:%M"}]
TABLES: Final[tuple[Table, ...]] = (
    Table("nothing is done where nothing is said", [],
          [(None, None), ("", ""), (" a ", " a "), ("0", "0"), ("Straße", "Straße"), ("'; drop", "'; drop")]),
    Table("trim", ["trim"],
          [(None, None), ("", ""), ("  ", ""), (" a b ", "a b"), ("\ta\r\n", "a"), ("\u00a0a\u00a0", "a"), ("é ", "é")]),
    Table("strip_zeros", ["strip_zeros"],
          [(None, None), ("", ""), ("007", "7"), ("000", "0"), ("0", "0"), ("70", "70"), ("0A0", "A0"), ("-07", "-07")]),
    Table("casefold_ascii", ["casefold_ascii"],
          [(None, None), ("AbZ", "abz"), ("STRASSE ÉÄß", "strasse ÉÄß"), ("İı", "İı")]),
    Table("casefold_ascii upper", [{"casefold_ascii": "upper"}], [("eur", "EUR"), ("éß", "éß"), (None, None)]),
    Table("nfc", ["nfc"], [("e\u0301", "é"), ("é", "é"), ("ﬁ", "ﬁ"), (None, None), ("", "")]),
    Table("prefix", [{"prefix": "SO"}], [("1", "SO1"), ("", "SO"), (None, None)]),
    Table("pad", [{"pad": {"width": 4}}],
          [("1", "0001"), ("12345", "12345"), ("", "0000"), (None, None), ("é", "000é")]),
    Table("pad with a letter", [{"pad": {"width": 3, "fill": "x"}}], [("1", "xx1"), ("123", "123")]),
    Table("map", [{"map": {"10": "new", "it's": "its", "": "none"}}],
          [("10", "new"), ("it's", "its"), ("", "none"), (None, None), ("11", Rejected(s.UNMAPPED_CODE)),
           ("10 ", Rejected(s.UNMAPPED_CODE))]),
    Table("null_if", [{"null_if": ["", "-"]}], [("", None), ("-", None), ("--", "--"), (None, None)]),
    Table("null_if of numbers", [{"null_if": ["0", "999"]}], [(0, None), (999, None), (5, 5), (None, None)], INT, INT),
    Table("null_if, then a number", [{"null_if": ""}],
          [("", None), ("5", 5), (" ", Rejected(s.NOT_A_NUMBER)), (None, None)], INT),
    Table("default", [{"default": "none"}], [(None, "none"), ("", ""), ("a", "a")]),
    Table("default of a number", [{"default": "0"}], [(None, D("0.00")), (D("1.50"), D("1.50"))], CENT, CENT),
    Table("a rejected value is not made good by a default", [{"decimal": "de"}, {"default": "0"}],
          [("x", Rejected(s.NOT_A_NUMBER)), (None, D("0.00")), ("1,5", D("1.50"))], CENT),
    Table("steps in order", ["trim", {"null_if": ""}, {"default": "0"}, "strip_zeros"],
          [(" 007 ", 7), ("  ", 0), (None, 0), ("x", Rejected(s.NOT_A_NUMBER))], INT),
    Table("decimal plain", [{"decimal": "plain"}],
          [("1234.5", D("1234.50")), ("-0.01", D("-0.01")), ("+3", D("3.00")), ("12.50-", D("-12.50")), (".5", D("0.50")),
           ("5.", D("5.00")), ("1,5", Rejected(s.NOT_A_NUMBER)), ("1e3", Rejected(s.NOT_A_NUMBER)),
           ("NaN", Rejected(s.NOT_A_NUMBER)), ("", Rejected(s.NOT_A_NUMBER)), ("1_000", Rejected(s.NOT_A_NUMBER)),
           ("--1", Rejected(s.NOT_A_NUMBER)), ("-1-", Rejected(s.NOT_A_NUMBER)), (None, None)], CENT),
    Table("decimal de", [{"decimal": "de"}],
          [("1.234,50", D("1234.50")), ("1234,5", D("1234.50")), ("1.234.567,89", D("1234567.89")), ("0,01-", D("-0.01")),
           ("1.23", Rejected(s.NOT_A_NUMBER)), ("1.2345", Rejected(s.NOT_A_NUMBER)), ("12.34,5", Rejected(s.NOT_A_NUMBER)),
           ("1,234.50", Rejected(s.NOT_A_NUMBER)), ("1.234", D("1234.00")), ("2,345", Rejected(s.TOO_PRECISE)),
           ("2,3400", D("2.34")), (" 1,00", Rejected(s.NOT_A_NUMBER))], CENT),
    Table("decimal en", [{"decimal": "en"}],
          [("1,234.50", D("1234.50")), ("12,34.5", Rejected(s.NOT_A_NUMBER)), ("1234.5", D("1234.50"))], CENT),
    Table("decimal in", [{"decimal": "in"}], [("12,34,567.50", D("1234567.50")), ("1,234.5", D("1234.50"))], CENT),
    Table("decimal fr", [{"decimal": "fr"}],
          [("1 234,50", D("1234.50")), ("1\u202f234,50", D("1234.50")), ("1\u00a0234", D("1234.00"))], CENT),
    Table("decimal ch", [{"decimal": "ch"}], [("1'234.50", D("1234.50")), ("1’234.50", D("1234.50"))], CENT),
    Table("a decimal text that is a whole number", [{"decimal": "de"}, {"round": {"scale": 0, "mode": "half_up"}}],
          [("5,000", 5), ("5,4", 5), ("-5,5", -6)], INT),
    Table("minor_units", [{"minor_units": "EUR"}],
          [("1250", D("12.50")), ("-5", D("-0.05")), ("12.5", Rejected(s.NOT_A_WHOLE_NUMBER)),
           ("x", Rejected(s.NOT_A_NUMBER)), (None, None)], CENT),
    Table("minor_units of a number", [{"minor_units": "EUR"}], [(1250, D("12.50")), (None, None)], CENT, INT),
    Table("minor_units without any", [{"minor_units": "JPY"}], [("1250", D("1250.00"))], CENT),
    Table("minor_units by thousand", [{"minor_units": "KWD"}], [("1250", D("1.250"))], MILLI),
    Table("unit", [{"unit": "0.001"}],
          [("1500", D("1.500")), ("1", D("0.001")), ("0.5", Rejected(s.TOO_PRECISE)), (None, None)], MILLI),
    Table("unit up", [{"unit": 12}], [(3, 36), (None, None), (-1, -12)], INT, INT),
    Table("unit too large", [{"unit": 1000000000}],
          [("99999999999999999999", Rejected(s.OUT_OF_RANGE)), ("2", D("2000000000.00"))], CENT),
    Table("round half_up", [{"round": {"scale": 2, "mode": "half_up"}}],
          [("2.345", D("2.35")), ("-2.345", D("-2.35")), ("2.344999", D("2.34")), ("1.005", D("1.01"))], CENT),
    Table("round half_even", [{"round": {"scale": 2, "mode": "half_even"}}],
          [("2.345", D("2.34")), ("2.355", D("2.36")), ("-2.345", D("-2.34")), ("2.3450001", D("2.35")), ("0.005", D("0.00")),
           ("0.015", D("0.02"))], CENT),
    Table("round half_even whole", [{"round": {"scale": 0, "mode": "half_even"}}], [("2.5", 2), ("3.5", 4), ("-2.5", -2)], INT),
    Table("round down", [{"round": {"scale": 2, "mode": "down"}}],
          [("2.349", D("2.34")), ("-2.349", D("-2.34")), ("2.34", D("2.34"))], CENT),
    Table("round up", [{"round": {"scale": 2, "mode": "up"}}],
          [("2.341", D("2.35")), ("-2.341", D("-2.35")), ("2.34", D("2.34"))], CENT),
    Table("regex", [{"regex": {"match": r"^SO0*(\d+)$", "replace": r"\1"}}],
          [("SO000123", "123"), ("SO0", "0"), ("XSO1", "XSO1"), ("", ""), (None, None), ("SO1\n", "SO1\n")]),
    Table("regex, first match only", [{"regex": {"match": r"[.\s]+", "replace": "-"}}], [("a. b. c", "a-b. c"), ("x", "x")]),
    Table("regex with a choice", [{"regex": {"match": r"^(?:EUR|€) ?(\d+)$", "replace": r"\1"}}],
          [("EUR 5", "5"), ("€5", "5"), ("USD 5", "USD 5")]),
    Table("date_format", [{"date_format": "%d.%m.%Y %H:%M:%S"}],
          [("01.09.2024 02:00:22", at("2024-09-01T02:00:22")), ("1.9.2024 02:00:22", Rejected(s.NOT_A_TIME)),
           ("31.02.2024 00:00:00", Rejected(s.NOT_A_TIME)), ("29.02.2024 23:59:59", at("2024-02-29T23:59:59")),
           ("01.09.2024", Rejected(s.NOT_A_TIME)), ("", Rejected(s.NOT_A_TIME)), (None, None),
           ("01.09.2024 25:00:00", Rejected(s.NOT_A_TIME))], TIME),
    Table("date_format of days", [{"date_format": "%Y%m%d"}],
          [("20240229", date(2024, 2, 29)), ("20230229", Rejected(s.NOT_A_TIME))], DATE),
    Table("date_format with a fraction", [{"date_format": "%Y-%m-%d %H:%M:%S.%f"}],
          [("2024-01-01 00:00:00.5", at("2024-01-01T00:00:00.5")), ("2024-01-01 00:00:00.123456", at("2024-01-01T00:00:00.123456")),
           ("2024-01-01 00:00:00.1234567", Rejected(s.NOT_A_TIME))], TIME),
    Table("date_format with two digits", [{"date_format": "%d/%m/%y"}],
          [("31/12/68", at("2068-12-31T00:00:00")), ("31/12/69", at("1969-12-31T00:00:00"))], TIME),
    Table("truncate_ts", [{"truncate_ts": "minute"}],
          [(at("2024-01-01T10:20:30.5"), at("2024-01-01T10:20:00")), (None, None)], TIME, TIME),
    Table("truncate_ts to milliseconds", [{"truncate_ts": "millisecond"}],
          [(at("2024-01-01T10:20:30.123999"), at("2024-01-01T10:20:30.123"))], TIME, TIME),
    Table("tz, what is ambiguous is rejected", [*_BERLIN, {"tz": "Europe/Berlin"}],
          [("01.07.2024 12:00", at("2024-07-01T10:00")), ("01.01.2024 12:00", at("2024-01-01T11:00")),
           ("27.10.2024 01:59", at("2024-10-26T23:59")), ("27.10.2024 02:00", Rejected(s.AMBIGUOUS_LOCAL_TIME)),
           ("27.10.2024 02:30", Rejected(s.AMBIGUOUS_LOCAL_TIME)), ("27.10.2024 02:59", Rejected(s.AMBIGUOUS_LOCAL_TIME)),
           ("27.10.2024 03:00", at("2024-10-27T02:00")), ("31.03.2024 01:59", at("2024-03-31T00:59")),
           ("31.03.2024 02:00", Rejected(s.NONEXISTENT_LOCAL_TIME)), ("31.03.2024 02:30", Rejected(s.NONEXISTENT_LOCAL_TIME)),
           ("31.03.2024 03:00", at("2024-03-31T01:00")), ("x", Rejected(s.NOT_A_TIME)), (None, None),
           ("01.07.1985 12:00", at("1985-07-01T10:00")), ("29.09.1985 02:30", Rejected(s.AMBIGUOUS_LOCAL_TIME))], TIME),
    Table("tz, the first of two", [*_BERLIN, {"tz": {"zone": "Europe/Berlin", "fold": "first"}}],
          [("27.10.2024 02:30", at("2024-10-27T00:30")), ("27.10.2024 03:00", at("2024-10-27T02:00")),
           ("31.03.2024 02:30", Rejected(s.NONEXISTENT_LOCAL_TIME))], TIME),
    Table("tz, the second of two", [*_BERLIN, {"tz": {"zone": "Europe/Berlin", "fold": "second"}}],
          [("27.10.2024 02:30", at("2024-10-27T01:30")), ("27.10.2024 01:30", at("2024-10-26T23:30"))], TIME),
    Table("tz with half an hour", [*_BERLIN, {"tz": {"zone": "Australia/Lord_Howe", "fold": "first"}}],
          [("07.04.2024 01:45", at("2024-04-06T14:45")), ("01.07.2024 12:00", at("2024-07-01T01:30")),
           ("06.10.2024 02:15", Rejected(s.NONEXISTENT_LOCAL_TIME))], TIME),
    Table("tz that never changes", [*_BERLIN, {"tz": "Asia/Tokyo"}], [("27.10.2024 02:30", at("2024-10-26T17:30"))], TIME),
    Table("text to int", [],
          [("0030", 30), ("-5", -5), ("+5", 5), ("1.0", Rejected(s.NOT_A_WHOLE_NUMBER)), ("1e3", Rejected(s.NOT_A_NUMBER)),
           (" 5", Rejected(s.NOT_A_NUMBER)), ("", Rejected(s.NOT_A_NUMBER)), ("0x1F", Rejected(s.NOT_A_NUMBER)),
           ("9223372036854775807", 9223372036854775807), ("9223372036854775808", Rejected(s.OUT_OF_RANGE)), (None, None)], INT),
    Table("text to decimal", [],
          [("5", D("5.00")), ("5.10", D("5.10")), ("5.100", D("5.10")), ("5.101", Rejected(s.TOO_PRECISE)), (".5", D("0.50")),
           ("-.5", D("-0.50")), ("1" * 40, Rejected(s.OUT_OF_RANGE)), ("1,5", Rejected(s.NOT_A_NUMBER)),
           ("Infinity", Rejected(s.NOT_A_NUMBER))], CENT),
    Table("text to bool", [],
          [("true", True), ("FALSE", False), ("1", True), ("0", False), ("Y", True), ("2", Rejected(s.NOT_A_TRUTH_VALUE)),
           ("", Rejected(s.NOT_A_TRUTH_VALUE)), (None, None)], BOOL),
    Table("text to date", [], [("2024-02-29", date(2024, 2, 29)), ("2023-02-29", Rejected(s.NOT_A_DATE)), (None, None)], DATE),
    Table("text to timestamp", [],
          [("2024-01-31 08:00:00", at("2024-01-31T08:00")), ("2024-01-31T08:00:00Z", at("2024-01-31T08:00")),
           ("2024-01-31T08:00:00+02:00", at("2024-01-31T06:00")), ("x", Rejected(s.NOT_A_TIME))], TIME),
    Table("int to others", [], [(5, D("5.00")), (-1, D("-1.00")), (None, None)], CENT, INT),
    Table("int to text", [], [(5, "5"), (-30, "-30"), (None, None)], TEXT, INT),
    Table("int to bool", [], [(1, True), (0, False), (2, Rejected(s.NOT_A_TRUTH_VALUE))], BOOL, INT),
    Table("decimal to int", [], [(D("5.00"), 5), (D("5.01"), Rejected(s.NOT_A_WHOLE_NUMBER)), (None, None)], INT, CENT),
    Table("decimal to a shorter one", [], [(D("5.120"), D("5.12")), (D("5.125"), Rejected(s.TOO_PRECISE))], CENT, MILLI),
    Table("decimal to a longer one", [], [(D("5.12"), D("5.120")), (None, None)], MILLI, CENT),
    Table("decimal to text", [], [(D("5.10"), "5.10"), (D("-0.05"), "-0.05")], TEXT, CENT),
    Table("float to decimal", [],
          [(1.005, Rejected(s.TOO_PRECISE)), (2.5, D("2.50")), (1e-7, Rejected(s.TOO_PRECISE)), (100.0, D("100.00"))], CENT, FLOAT),
    Table("float that is rounded", [{"round": {"scale": 2, "mode": "half_up"}}], [(1.005, D("1.01")), (1e-7, D("0.00"))], CENT, FLOAT),
    Table("bool to text and int", [], [(True, 1), (False, 0), (None, None)], INT, BOOL),
    Table("bool to text", [], [(True, "true"), (False, "false")], TEXT, BOOL),
    Table("date to timestamp", [], [(date(2024, 1, 31), at("2024-01-31T00:00")), (None, None)], TIME, DATE),
    Table("timestamp to date", [],
          [(at("2024-01-31T00:00"), date(2024, 1, 31)), (at("2024-01-31T00:01"), Rejected(s.NOT_A_DATE))], DATE, TIME),
    Table("timestamp to text", [],
          [(at("2024-01-31T08:00"), "2024-01-31 08:00:00.000000"), (at("2024-01-31T08:00:00.5"), "2024-01-31 08:00:00.500000")],
          TEXT, TIME),
)  # fmt: skip


def run(table: Table, dialect: Dialect, rows: Callable[[str], Sequence[Sequence[Any]]]) -> list[Any]:
    """What comes out of a table, in the order of its rows: values, or why there are none."""
    found = rows(f"{query(table, dialect)} order by 1")
    return [Rejected(reason.removeprefix("c:")) if reason else value for _, value, reason in found]


def query(table: Table, dialect: Dialect, *, as_text: bool = False) -> str:
    """The number of a row, what comes out, and why nothing does."""
    checked = validate({"normalisers": list(table.steps)}, SideColumn)
    assert checked.value is not None, checked.problems
    stages = chain(table.source, checked.value.normalisers, table.target, dialect)
    values = ", ".join(f"({n}, {_constant(value, table.source, dialect)})" for n, (value, _) in enumerate(table.rows))
    relation = f"(select n, c from (values {values}) as given (n, c))"
    made = layered([Value("n", "n", ()), Value("c", "c", stages)], relation, dialect)
    rejected = made.rejected(dialect.type_name(TEXT))
    number, value = made.names
    shown = dialect.text_of(value, table.target) if as_text and table.target != TEXT else value
    return f"select {number}, {shown}, {rejected} from ({made.query}) as made"


def _constant(value: Any, type: Type, dialect: Dialect) -> str:
    name = dialect.type_name(type)
    if value is None:
        return f"cast(null as {name})"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value.isoformat(" ") if isinstance(value, datetime) else str(value)
    return f"cast({dialect.literal(text)} as {name})"


def expected(table: Table) -> list[Any]:
    """What should come out."""
    return [out for _, out in table.rows]


CANNOT: Final[Mapping[str, tuple[Type, Sequence[Any], Type]]] = {
    "a float is told as each engine likes": (FLOAT, [], TEXT),
    "a time is no number": (TIME, [], INT),
    "a number is no time": (INT, [{"tz": "UTC"}], TIME),
    "a truth value is no time": (BOOL, [], TIME),
}
"""Chains that lose something or mean nothing: source, steps, target."""
