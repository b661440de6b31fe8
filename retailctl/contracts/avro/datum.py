"""Data of a schema: the smallest that leads to a place, as fastavro writes it and as JSON shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple

from retailctl.contracts.avro.incompatibility import WriterStep
from retailctl.contracts.avro.minimal import heights
from retailctl.contracts.avro.model import NAMED, Logical, Node
from retailctl.contracts.avro.rendering import MOST_DEPTH, full

KEY: Final = "key"
"""The key of the one entry of a map."""
_MOST_PARTS: Final = 50_000
_SCALARS: Final[dict[str, Any]] = {
    "null": None, "boolean": False, "int": 0, "long": 0, "float": 0.0, "double": 0.0, "string": "a", "bytes": b"a",
}  # fmt: skip
_MEANT: Final[dict[tuple[str, str], Any]] = {
    ("bytes", "decimal"): b"\x00",
    ("string", "uuid"): "00000000-0000-0000-0000-000000000000",
}
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - shown without a zone, which only some of these types have
_UNITS: Final = {"millis": 1_000, "micros": 1, "nanos": 0}


class Datum(NamedTuple):
    """A value as fastavro takes it (of a union: the name of the branch and the value), and as JSON shows it."""

    value: Any
    shown: Any
    parts: int = 1


class NoDatumError(Exception):
    """There is no datum, or none that is small enough; the text says why."""


class Workshop:
    """Makes the data of one schema. Each type's smallest value is made once."""

    def __init__(self, root: Node) -> None:
        self._heights = heights(_reachable(root))
        self._smallest: dict[Node, Datum] = {}

    def along(self, root: Node, steps: Sequence[WriterStep], end: Datum | None = None) -> Datum:
        """A datum of the type ``root`` that leads to the end of ``steps``, where ``end`` stands, or what is smallest.

        Raises NoDatumError.
        """
        if len(steps) > MOST_DEPTH:
            raise NoDatumError("the place lies too deep for an example")
        nodes = [root]
        for kind, key in steps:
            nodes.append(_inside(nodes[-1], kind, key))
        made = end or self.smallest(nodes[-1])
        for node, (_, key) in zip(reversed(nodes[:-1]), reversed(steps), strict=True):
            made = self._around(node, key, made)
        return made

    def smallest(self, node: Node) -> Datum:
        """The smallest value of a type. Raises NoDatumError."""
        if (known := self._smallest.get(node)) is not None:
            return known
        height = self._heights.get(node)
        if height is None:
            raise NoDatumError(f"there is no value of {node.label}: it contains itself without an end")
        if height > MOST_DEPTH:
            raise NoDatumError(f"every value of {node.label} is too deep for an example")
        made = self._make(node)
        if made.parts > _MOST_PARTS:
            raise NoDatumError(f"every value of {node.label} is too large for an example")
        self._smallest[node] = made
        return made

    def _make(self, node: Node) -> Datum:
        if node.kind == "record":
            return _record(node, {field.name: self.smallest(field.type) for field in node.fields})
        if node.kind == "union":
            least = min(node.children, key=lambda child: self._heights.get(child, MOST_DEPTH * 9), default=None)
            if least is None:
                raise NoDatumError("there is no value of a union without branches")
            return branch(least, self.smallest(least))
        if node.kind == "array":
            return Datum([], [])
        if node.kind == "map":
            return Datum({}, {})
        return scalar(node)

    def _around(self, node: Node, key: str | int, made: Datum) -> Datum:
        if node.kind == "record":
            return _record(
                node, {field.name: made if field.name == key else self.smallest(field.type) for field in node.fields}
            )
        if node.kind == "array":
            return Datum([made.value], [made.shown], made.parts + 1)
        if node.kind == "map":
            return Datum({KEY: made.value}, {KEY: made.shown}, made.parts + 1)
        return branch(node.children[int(key)], made)


def branch(node: Node, made: Datum) -> Datum:
    """A value as one of a union."""
    name = full(node.name) if node.kind in NAMED else node.kind
    return Datum((name, made.value), made.shown, made.parts)


def scalar(node: Node, symbol: str = "") -> Datum:
    """A value without parts; of an enum the given symbol, or its first. Raises NoDatumError."""
    if node.kind == "unknown":
        raise NoDatumError(f"{node.name or 'a type'} is not defined")
    if node.kind == "enum":
        if not node.symbols:
            raise NoDatumError(f"{node.label} has no symbols")
        chosen = symbol or node.symbols[0]
        return Datum(chosen, chosen)
    if node.kind == "fixed":
        if node.size > _MOST_PARTS:
            raise NoDatumError(f"{node.label} is too large for an example")
        value: Any = b"\x00" * node.size
    else:
        value = _MEANT.get((node.kind, node.logical.name if node.logical else ""), _SCALARS[node.kind])
    return Datum(value, shown(value, node.logical, node.kind))


def shown(value: object, logical: Logical | None, kind: str) -> object:
    """A value as JSON shows it: bytes as text, dates, times and decimals as what they mean."""
    name = logical.name if logical else ""
    if isinstance(value, bytes):
        if logical is not None and name == "decimal":
            number, scale = int.from_bytes(value, "big", signed=True), max(logical.scale, 0)
            digits = str(abs(number)).rjust(scale + 1, "0")
            whole, part = (digits[:-scale], f".{digits[-scale:]}") if scale else (digits, "")
            return ("-" if number < 0 else "") + whole + part
        return value.decode("latin-1")
    if not isinstance(value, int) or isinstance(value, bool):
        return value
    if name == "date" and kind == "int":
        return str(date(1970, 1, 1) + timedelta(days=value)) if abs(value) < 100_000 else value
    stamp, _, unit = name.rpartition("-")
    if unit not in _UNITS or abs(value) > 10**14:
        return value
    moment = _EPOCH + timedelta(microseconds=value * _UNITS[unit] if _UNITS[unit] else value // 1_000)
    if stamp == "time":
        return str(time(moment.hour, moment.minute, moment.second, moment.microsecond))
    if stamp == "timestamp":
        return f"{moment.isoformat()}Z"
    return moment.isoformat() if stamp == "local-timestamp" else value


def _record(node: Node, parts: dict[str, Datum]) -> Datum:
    count = 1 + sum(part.parts for part in parts.values())
    if count > _MOST_PARTS:
        raise NoDatumError(f"every value of {node.label} is too large for an example")
    return Datum(
        {name: part.value for name, part in parts.items()}, {name: part.shown for name, part in parts.items()}, count
    )


def _inside(node: Node, kind: str, key: str | int) -> Node:
    if kind == "field":
        return next(field.type for field in node.fields if field.name == key)
    return node.children[int(key) if kind == "branch" else 0]


def _reachable(root: Node) -> list[Node]:
    seen: dict[Node, None] = {root: None}
    todo = [root]
    while todo:
        node = todo.pop()
        for part in (*node.children, *(field.type for field in node.fields)):
            if part not in seen:
                seen[part] = None
                todo.append(part)
    return list(seen)
