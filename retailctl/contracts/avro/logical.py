"""Logical types: what is declared, and what is wrong with it.

An implementation passes over a logical type that it does not know or that does not fit (specification, "Logical
Types"), so these problems are marked as ignored: the schema reads data, but its numbers and dates come out raw.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import floor, log10
from types import MappingProxyType
from typing import Any, Final, TypeGuard

from retailctl.contracts.avro.model import Kind, Logical

_BASES: Final[Mapping[str, tuple[Kind, ...]]] = MappingProxyType(
    {
        "decimal": ("bytes", "fixed"),
        "big-decimal": ("bytes",),
        "uuid": ("string", "fixed"),
        "date": ("int",),
        "time-millis": ("int",),
        "time-micros": ("long",),
        "timestamp-millis": ("long",),
        "timestamp-micros": ("long",),
        "timestamp-nanos": ("long",),
        "local-timestamp-millis": ("long",),
        "local-timestamp-micros": ("long",),
        "local-timestamp-nanos": ("long",),
        "duration": ("fixed",),
    }
)
_SIZES: Final[Mapping[str, int]] = MappingProxyType({"uuid": 16, "duration": 12})


def whole(value: object) -> TypeGuard[int]:
    """Whether it is an integer; a boolean is none."""
    return isinstance(value, int) and not isinstance(value, bool)


def logical_type(raw: Mapping[str, Any]) -> Logical | None:
    """The logical type that a schema declares, right or wrong."""
    name = raw.get("logicalType")
    if not isinstance(name, str):
        return None
    if name != "decimal":
        return Logical(name)
    precision, scale = raw.get("precision"), raw.get("scale", 0)
    return Logical(name, precision if whole(precision) else None, scale if whole(scale) else 0)


def logical_problems(raw: Mapping[str, Any], kind: Kind, size: int) -> Iterator[tuple[str, str]]:
    """What is wrong with the logical type of a schema: the key that says it, and the message."""
    name = raw.get("logicalType")
    if name is None:
        return
    if not isinstance(name, str):
        yield "logicalType", "a logical type is named by a text"
        return
    if kind not in _BASES.get(name, (kind,)):
        yield "logicalType", f"{name} is a meaning of {' or '.join(_BASES[name])}, not of {kind}"
        return
    if kind == "fixed" and size != _SIZES.get(name, size):
        yield "logicalType", f"{name} takes {_SIZES[name]} bytes, not {size}"
    if name == "decimal":
        yield from _decimal(raw, kind, size)


def _decimal(raw: Mapping[str, Any], kind: Kind, size: int) -> Iterator[tuple[str, str]]:
    precision, scale = raw.get("precision"), raw.get("scale", 0)
    if not whole(precision) or precision < 1:
        yield "precision", "a decimal has a precision: the number of its digits, 1 or more"
        return
    if not whole(scale) or not 0 <= scale <= precision:
        yield "scale", f"the scale of a decimal lies between 0 and its precision {precision}"
    if kind == "fixed" and size > 0 and precision > (most := floor(log10(2) * (8 * size - 1))):
        yield "precision", f"{size} bytes hold {most} digits, not {precision}"
