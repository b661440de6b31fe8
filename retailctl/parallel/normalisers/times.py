"""Normalisers of times: ``date_format``, ``tz``, ``truncate_ts``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from retailctl.model.normaliser import TimeUnit, Zone
from retailctl.parallel.columns import Type
from retailctl.parallel.normalisers import stage as s
from retailctl.parallel.normalisers.stage import TIME, Stage, because
from retailctl.parallel.normalisers.zones import FIRST_YEAR, Shifts, shifts
from retailctl.parallel.sql.dialect import Dialect

DIRECTIVES: Final = {"%d": "[0-9]{2}", "%m": "[0-9]{2}", "%Y": "[0-9]{4}", "%y": "[0-9]{2}", "%H": "[0-9]{2}",
                     "%M": "[0-9]{2}", "%S": "[0-9]{2}", "%f": "[0-9]{1,6}"}  # fmt: skip
_PIECE: Final = re.compile(r"%.|[^%]", re.DOTALL)
_PLAIN: Final = frozenset(" .,:/-_T")
_NEEDED: Final = ({"%d"}, {"%m"}, {"%Y", "%y"})


def wrong_format(format: str) -> str:
    """Why a format cannot be used; "" where it can."""
    found = _PIECE.findall(format)
    if "".join(found) != format or len(format) > 60:
        return "the format is not understood"
    for piece in found:
        if piece not in DIRECTIVES and piece not in _PLAIN:
            shown = piece if piece.isprintable() else "this sign"
            return f"{shown} is not known in a format"
    used = [piece for piece in found if piece in DIRECTIVES]
    if len(used) != len(set(used)) or {"%Y", "%y"} <= set(used):
        return "a part of the date is there twice"
    if not all(parts & set(used) for parts in _NEEDED):
        return "a date needs day, month and year"
    return ""


def date_format(argument: str, current: Type, dialect: Dialect) -> Iterator[Stage]:
    """A text of exactly this form, every part with all its digits. Days that do not exist are rejected."""
    pattern = "".join(DIRECTIVES.get(piece, rf"\{piece}" if piece == "." else piece)
                      for piece in _PIECE.findall(argument))  # fmt: skip

    def make(x: str) -> str:
        return f"case when {dialect.matches(x, pattern)} then {dialect.time_of(x, argument)} end"

    yield Stage(TIME, make, because(s.NOT_A_TIME))


def truncate_ts(argument: TimeUnit, current: Type, dialect: Dialect) -> Iterator[Stage]:
    """What is smaller than the unit goes."""
    yield Stage(TIME, lambda x: dialect.cut(x, argument))


def tz(argument: Zone, current: Type, dialect: Dialect) -> Iterator[Stage]:
    """Local time to UTC. Engines choose differently where the clock is changed, so neither choice of theirs is used.

    A time does not exist if its instant has another local time. It is ambiguous if another instant, as far away as the
    zone puts its clock back, has the same. Both need conversions there and back, so they are asked only in the hours
    in which the zone ever changes its clock.
    """
    zone = argument.zone
    known = shifts(zone) or Shifts()

    def near(x: str) -> str:
        return _near(x, known)

    def exists(x: str) -> str:
        back = dialect.to_local(dialect.to_utc(x, zone), zone)
        return f"case when not ({near(x)}) or {back} = {x} then {x} end"

    yield Stage(TIME, exists, because(s.NONEXISTENT_LOCAL_TIME))

    def instant(x: str) -> str:
        utc = dialect.to_utc(x, zone)
        sure = f"case when not ({near(x)}) then {utc}"
        if argument.fold == "reject":
            twice = " or ".join(f"{dialect.to_local(other, zone)} = {x}" for other in _others(utc, (1, -1)))
            return f"{sure} when {twice} then null else {utc} end"
        way = -1 if argument.fold == "first" else 1
        whens = " ".join(f"when {dialect.to_local(other, zone)} = {x} then {other}" for other in _others(utc, (way,)))
        return f"{sure} {whens} else {utc} end"

    def _others(utc: str, ways: tuple[int, ...]) -> list[str]:
        return [dialect.plus_seconds(utc, way * seconds) for seconds in known.back for way in ways]

    yield Stage(TIME, instant, because(s.AMBIGUOUS_LOCAL_TIME))


def _near(x: str, known: Shifts) -> str:
    """Whether the clock may have been changed near this local time. Long ago zones did so on other days."""
    early = f"{x} < timestamp '{FIRST_YEAR}-01-01 00:00:00'"
    if not known.months:
        return early
    months, hours = (", ".join(map(str, numbers)) for numbers in (known.months, known.hours))
    return f"{early} or (extract(month from {x}) in ({months}) and extract(hour from {x}) in ({hours}))"
