"""Whether a default is a value of its type (Avro specification, "Complex Types", table of field defaults)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from retailctl.contracts.avro.logical import whole
from retailctl.contracts.avro.model import Node

_RANGE: Final = {"int": 1 << 31, "long": 1 << 63}
_DEEPEST: Final = 100
_MOST_STEPS: Final = 500_000


class DefaultCheck:
    """The check of all defaults of one schema; what was seen once is not looked at again."""

    def __init__(self) -> None:
        self._steps = 0

    def wrong(self, node: Node, value: Any, depth: int = 0) -> str | None:
        """What is wrong with the value, as the end of a sentence; None where it fits.

        A default that is nested deeper than any real one is taken unseen. A value for a union may be of any branch
        (specification 1.12; up to 1.11 it had to be of the first).
        """
        self._steps += 1
        if depth > _DEEPEST or self._steps > _MOST_STEPS or node.kind == "unknown":
            return None
        if node.kind == "union":
            fits = any(self.wrong(branch, value, depth + 1) is None for branch in node.children)
            return None if fits else f"{_shown(value)} is of no branch of the union"
        if node.kind in ("array", "map", "record"):
            return next(self._inside(node, value, depth), None)
        return _scalar(node, value)

    def _inside(self, node: Node, value: Any, depth: int) -> Iterator[str]:
        if node.kind == "array":
            if not isinstance(value, list):
                yield f"{_shown(value)} is no list"
                return
        elif not isinstance(value, dict):
            yield f"{_shown(value)} is no object"
            return
        if isinstance(value, dict) and node.kind == "record":
            yield from self._members(node, value, depth)
        else:
            for part in value if isinstance(value, list) else value.values():
                if wrong := self.wrong(node.children[0], part, depth + 1):
                    yield wrong

    def _members(self, node: Node, value: dict[str, Any], depth: int) -> Iterator[str]:
        for field in node.fields:
            if field.name not in value:
                if not field.has_default:
                    yield f"it lacks field {field.name}"
            elif wrong := self.wrong(field.type, value[field.name], depth + 1):
                yield f"{field.name}: {wrong}"


def _scalar(node: Node, value: Any) -> str | None:
    kind = node.kind
    if kind in _RANGE:
        fits = whole(value) and -_RANGE[kind] <= value < _RANGE[kind]
    elif kind in ("float", "double"):
        fits = isinstance(value, (int, float)) and not isinstance(value, bool)
    elif kind in ("bytes", "fixed"):
        fits = isinstance(value, str) and all(ord(sign) < 256 for sign in value)
        if fits and kind == "fixed" and len(value) != node.size:
            return f"it has {len(value)} bytes, not {node.size}"
    elif kind == "enum":
        fits = isinstance(value, str) and value in node.symbols
    else:
        fits = value is None if kind == "null" else isinstance(value, bool if kind == "boolean" else str)
    return None if fits else f"{_shown(value)} is no {'symbol of ' + node.name if kind == 'enum' else kind}"


def _shown(value: object) -> str:
    """A short text of a value; what is inside a list or an object does not matter here."""
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    words = {None: "null", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return words[value]
    text = f"the text {value!r}" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
