"""What engines say differently by themselves, and what all of them have to say through the dialect's words."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Any, NamedTuple

from retailctl.parallel.columns import Type
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.sql.dialect import Dialect
from tests.parallel.conformance.places import Table

TEXT, INT, MONEY, FLOAT = Type(), Type("int"), Type("decimal", 2), Type("float")
BOOL, DATE, MOMENT = Type("bool"), Type("date"), Type("timestamp")
KEY = b"a key of the tests"


class Word(NamedTuple):
    """Texts in, one text (or NULL) out."""

    name: str
    inputs: tuple[str | None, ...]
    expression: Callable[..., str]
    expected: str | None


def _cast(text: str, type: Type, expected: str | None) -> Word:
    def expression(dialect: Dialect, column: str) -> str:
        return dialect.as_shown(dialect.try_cast(column, type), type)

    return Word(f"{text!r} as {type}", (text,), expression, expected)


def _written(text: str, form: str, expected: str | None, type: Type = MOMENT) -> Word:
    def expression(dialect: Dialect, column: str) -> str:
        return dialect.as_shown(dialect.parsed(column, type, form), type)

    return Word(f"{text!r} by {form}", (text,), expression, expected)


def _told(name: str, inputs: tuple[str | None, ...], expression: Callable[..., str], *, expected: bool) -> Word:
    """A condition, as text."""

    def shown(dialect: Dialect, *columns: str) -> str:
        return f"case when {expression(dialect, *columns)} then 'true' else 'false' end"

    return Word(f"{name} {inputs}", inputs, shown, str(expected).lower())


def _folds(one: str, other: str, *, expected: bool = True) -> Word:
    return _told("folded", (one, other), lambda d, a, b: f"{d.folded(a)} = {d.folded(b)}", expected=expected)


def _set(one: str, other: str, *, expected: bool = True) -> Word:
    return _told("as a set", (one, other), lambda d, a, b: f"{d.as_set(a)} = {d.as_set(b)}", expected=expected)


def _apart(later: str, earlier: str, expected: str) -> Word:
    def expression(dialect: Dialect, *columns: str) -> str:
        apart = dialect.microseconds_between(*(dialect.try_cast(column, MOMENT) for column in columns))
        return dialect.as_shown(apart, INT)

    return Word(f"{later} - {earlier}", (later, earlier), expression, expected)


def _loses(text: str, *, expected: bool) -> Word:
    return _told("loses places", (text,), lambda d, column: d.loses(column, MONEY), expected=expected)


def _pseudonym(text: str) -> str:
    return hmac.new(KEY, text.encode(), hashlib.sha256).hexdigest()[:16]


def _hidden(text: str) -> Word:
    return Word(f"pseudonym of {text!r}", (text,), lambda d, column: d.pseudonym(column, KEY), _pseudonym(text))


def _stable(one: str | None, other: str | None, encoded: str) -> Word:
    digest = hashlib.md5(encoded.encode()).hexdigest()
    return Word(f"stable hash of {one!r}, {other!r}", (one, other), lambda d, a, b: d.stable_hash([a, b]), digest)


WORDS = (
    *(_cast(*case) for case in (
        ("12", INT, "12"), ("+12", INT, "12"), ("-0", INT, "0"), ("1.7", INT, None), ("1e3", INT, None),
        ("1_000", INT, None), ("0x1f", INT, None), (" 12", INT, None), ("", INT, None), ("12\n", INT, None),
        ("9223372036854775807", INT, "9223372036854775807"), ("9223372036854775808", INT, None),
        ("-9223372036854775808", INT, "-9223372036854775808"), ("٣", INT, None),
        ("1.005", MONEY, "1.01"), ("-1.005", MONEY, "-1.01"), ("2.344999", MONEY, "2.34"), ("1,5", MONEY, None),
        ("12.", MONEY, "12.00"), (".5", MONEY, "0.50"), (".", MONEY, None), ("1e3", MONEY, "1000.00"),
        ("1e-7", MONEY, "0.00"), ("1E99", MONEY, None), ("NaN", MONEY, None), ("1 000", MONEY, None),
        ("9" * 36, MONEY, "9" * 36 + ".00"), ("9" * 36 + ".995", MONEY, None), ("9" * 37, MONEY, None),
        ("0.1", FLOAT, "0.1"), ("1.5e300", FLOAT, None), ("nil", FLOAT, None),
        ("1e400", FLOAT, None),
        ("TRUE", BOOL, "true"), ("f", BOOL, "false"), ("1", BOOL, "true"), ("no", BOOL, "false"), ("2", BOOL, None),
        ("2024-02-29", DATE, "2024-02-29"), ("2023-02-29", DATE, None), ("2024-2-9", DATE, "2024-02-09"),
        ("2024-13-01", DATE, None), ("0000-01-01", DATE, None), ("today", DATE, None), ("20240209", DATE, None),
        ("2024-02-09 10:00:00", DATE, None), ("9999-12-31", DATE, "9999-12-31"), ("1900-02-29", DATE, None),
        ("2024-10-27 02:30:00", MOMENT, "2024-10-27 02:30:00"), ("2024-10-27T02:30", MOMENT, "2024-10-27 02:30:00"),
        ("2024-02-30 10:00:00", MOMENT, None), ("2024-02-09", MOMENT, "2024-02-09 00:00:00"),
        ("2024-02-09 24:00:00", MOMENT, None), ("2024-02-09 10:00:60", MOMENT, None), ("2024-02-09 10", MOMENT, None),
        ("2024-02-09 1:2:3", MOMENT, "2024-02-09 01:02:03"), ("10:00:00", MOMENT, None), ("now", MOMENT, None),
        ("infinity", MOMENT, None), ("epoch", MOMENT, None), ("2024-02-09 10:00:00 Europe/Berlin", MOMENT, None),
        ("2024-02-09 10:00:00.123456789", MOMENT, "2024-02-09 10:00:00.123456"),
        ("2024-02-09 10:00:00.9999999", MOMENT, "2024-02-09 10:00:00.999999"),
        ("2024-02-09T10:00:00Z", MOMENT, "2024-02-09 10:00:00"),
        ("2024-02-09T10:00:00.5Z", MOMENT, "2024-02-09 10:00:00.5"),
        ("2024-02-09T10:00:00+02:00", MOMENT, "2024-02-09 08:00:00"),
        ("2024-02-09 10:00:00+02", MOMENT, "2024-02-09 08:00:00"),
        ("2024-02-09 10:00-05:30", MOMENT, "2024-02-09 15:30:00"), ("2024-02-30 10:00:00Z", MOMENT, None),
        ("2024-02-09 10:00:00+25:00", MOMENT, None), ("1850-01-01 00:00:00Z", MOMENT, "1850-01-01 00:00:00"),
    )),
    _told("as float", ("-1.5E2",), lambda d, column: f"{d.try_cast(column, FLOAT)} = -150", expected=True),
    _told("as float", ("1.5e+299",), lambda d, column: f"{d.try_cast(column, FLOAT)} = 1.5e299", expected=True),
    _told("as float", ("Infinity",), lambda d, column: f"{d.try_cast(column, FLOAT)} > 1e300", expected=True),
    _written("27.10.2024 02:30:05", "%d.%m.%Y %H:%M:%S", "2024-10-27 02:30:05"),
    _written("31.02.2024 02:30:05", "%d.%m.%Y %H:%M:%S", None),
    _written("27.10.2024", "%d.%m.%Y %H:%M:%S", None),
    _written("10/27/2024", "%m/%d/%Y", "2024-10-27", DATE),
    _written("27/10/2024", "%m/%d/%Y", None, DATE),
    _written("20241027", "%Y%m%d", "2024-10-27", DATE),
    _folds("caf\u00e9", "CAFE\u0301", expected=False),
    _folds("caf\u00e9", "Cafe\u0301 "),
    _folds("\u212bngstr\u00f6m", "\u00c5ngstr\u00f6m"),
    _folds("Straße", "STRASSE", expected=False),
    _folds("Ärmel", "ärmel", expected=False),
    _folds("\ufb01x", "fix", expected=False),
    _folds("\t\u3000IJ\u00a0", "ij"),
    _set("b, a,,a", "a,b"),
    _set("", ", "),
    _set("a", "A", expected=False),
    _apart("2024-03-31 03:00:00", "2024-03-31 01:00:00", "7200000000"),
    _apart("0001-01-01 00:00:00", "9999-12-31 23:59:59.999999", "-315537897599999999"),
    _loses("1.50", expected=False),
    _loses("1.500", expected=False),
    _loses("1.505", expected=True),
    _loses("1e2", expected=True),
    _told("same", (None, None), lambda d, a, b: d.same(a, b), expected=True),
    _told("same", (None, ""), lambda d, a, b: d.same(a, b), expected=False),
    _told("differs", (None, "a"), lambda d, a, b: d.differs(a, b), expected=True),
    _told("differs", ("a", "a "), lambda d, a, b: d.differs(a, b), expected=True),
    Word("trimmed", ("\u2007\r\n a b\u202f",), lambda d, column: d.trimmed(column), "a b"),
    Word("literal", (None,), lambda d, _: d.literal("O'Neill \\ \\n ${HOME} 100% $1"), "O'Neill \\ \\n ${HOME} 100% $1"),
    _hidden("Zoë 👕"),
    _hidden(""),
    _stable("a", None, "1:a~"),
    _stable("", "ä", "0:1:ä"),
)  # fmt: skip
_INPUTS = [text for word in WORDS for text in word.inputs]
INPUTS = Table({f"c{number}": TEXT for number in range(len(_INPUTS))}, [_INPUTS])


def said(engine: Engine, source: str) -> dict[str, Any]:
    """What an engine says, by the name of the word."""
    columns = iter(INPUTS.columns)
    expressions = [
        f"{word.expression(engine.dialect, *(next(columns) for _ in word.inputs))} as e{number}"
        for number, word in enumerate(WORDS)
    ]
    row = engine.rows(f"select {', '.join(expressions)} from {source}")[0]
    return dict(zip((word.name for word in WORDS), row, strict=True))


EXPECTED = {word.name: word.expected for word in WORDS}
