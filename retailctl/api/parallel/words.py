"""Words in and words out of a comparison: what flags mean, what findings say, what rows look like."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any, Final

from retailctl.errors import UsageError
from retailctl.parallel.columns import Column, Shape, Side, Type
from retailctl.parallel.events.envelopes import FAULTS
from retailctl.parallel.judgement.totals import Tied
from retailctl.parallel.normalisers.stage import REASONS
from retailctl.parallel.quick import Tolerance

KINDS: Final = {
    "identical": "identical to another row of their key",
    "conflicting": "with other values than any row of their key",
}
_ELSEWHERE: Final = {
    "KEY_REMAP": "under another key, alike in all else",
    "SPLIT_MERGE": "as other lines of the same order, with the same sums",
}
_TYPE: Final = re.compile(r"(text|int|float|bool|date|timestamp)|decimal\((\d{1,2})\)")
_CLASS_WORDS: Final = {
    "ROUNDING": "by at most one minor unit",
    "SCALE": "by a factor",
    "SIGN": "in sign",
    "TZ_SHIFT": "by a shift of whole quarter hours",
    "TRUNCATION": "because one value is cut",
    "FORMAT": "in form only",
    "NULL_DEFAULT": "as nothing against a default",
    "CODE_MAP": "by a code table",
    "STALE": "as an older version",
    "VALUE": "without an explanation",
}


def tolerance(name: str, text: str) -> Tolerance:
    """``0.01``, ``1%`` or ``60s``."""
    share = text.endswith("%")
    try:
        most = Decimal(text.rstrip("%s"))
    except InvalidOperation:
        most = Decimal(-1)
    if not most.is_finite() or most < 0:
        raise UsageError(f"--tolerance {name}={text}: not a tolerance", hint="write 0.01, 1% or, for a time, 60s")
    return Tolerance("rel", most / 100) if share else Tolerance("abs", most)


def type_of(name: str, text: str) -> Type:
    """``int``, ``decimal(2)`` and so on."""
    found = _TYPE.fullmatch(text)
    if found is None or (found[2] and int(found[2]) > 18):
        raise UsageError(
            f"--type {name}={text}: no such type",
            hint="text, int, float, bool, date, timestamp, or decimal(0) to decimal(18)",
        )
    return Type("decimal", int(found[2])) if found[2] else Type(found[1])  # type: ignore[arg-type]


def known(names: Iterable[str], columns: Iterable[str]) -> None:
    """Raise UsageError for a name that is no column."""
    every = sorted(columns)
    for name in names:
        if name not in every:
            close = get_close_matches(name, every, 1)
            raise UsageError(
                f"no column {name!r} is compared", hint=f"did you mean {close[0]}?" if close else ", ".join(every)
            )


def counted(count: int, noun: str = "row") -> str:
    """``1 row``, ``2,000 rows``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _be(count: int) -> str:
    return "is" if count == 1 else "are"


def rejected(side: Side, column: str, reason: str, count: int, shape: Shape) -> str:
    """What could not be read, and what it was to be."""
    if reason in FAULTS:
        return f"{counted(count, 'event')} of the {side} side {_be(count)} not compared: it {FAULTS[reason]}"
    if reason:
        return f"{counted(count)} of the {side} side {_be(count)} not compared: {column}: the value {REASONS[reason]}"
    type = next(one.type for one in shape.columns if one.name == column)
    return f"{counted(count)} of the {side} side {_be(count)} not compared: {column} is no {type}"


def one_sided(side: str, count: int, rows: int) -> str:
    """Rows of one side, with their share."""
    return f"{count:,} of {counted(rows)} ({100 * count / rows:.3f} %) {_be(count)} on the {side} side only"


def relabelled(name: str, count: int) -> str:
    """Rows of either side that those of the other explain."""
    return f"{counted(count)} of one side {_be(count)} on the other {_ELSEWHERE[name]}"


def differing(column: Column, name: str, count: int) -> str:
    """Matched rows whose field differs."""
    return f"{column.name} differs in {counted(count, 'matched row')}, {_CLASS_WORDS[name]}"


def totals_rows(totals: Iterable[Tied]) -> tuple[dict[str, Any], ...]:
    """Control totals as rows of a report."""
    return tuple(
        {
            "group_by": list(one.group_by),
            "measures": list(one.measures),
            "groups": one.groups,
            "tied": one.tied,
            "worst": [
                {
                    "group": dict(zip(one.group_by, group.values, strict=True)),
                    "legacy": dict(zip(one.measures, group.legacy, strict=True)),
                    "new": dict(zip(one.measures, group.new, strict=True)),
                }
                for group in one.worst
            ],
        }
        for one in totals
    )
