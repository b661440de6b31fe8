"""Policy, waiver and baseline files against their dataclasses: every mistake located, with a did-you-mean."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Final, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from retailctl.errors import ConfigError, Location
from retailctl.policy.schema import did_you_mean

Steps = tuple[str | int, ...]
Locate = Callable[[Steps], Location]
T = TypeVar("T")

MOST_MISTAKES: Final = 1_000
"""Where looking for mistakes ends: each is held against all that was meant perhaps, and that has its price."""

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file as its reader gives it.

    ``locate`` gives the place of a key or item, ``locate_value`` that of a value; with ``text``, the content
    of the file, an error inside an expression gets its own line and column.
    """

    path: str
    data: Any
    locate: Locate
    text: str = ""
    locate_value: Locate | None = None

    def place_of_value(self, steps: Steps) -> Location:
        """Where a value begins; the place of its key for a reader that does not know more."""
        return (self.locate_value or self.locate)(steps)


def mistakes(problems: Sequence[tuple[Location | None, str]]) -> ConfigError:
    """One error for several mistakes: the first is its head, the others follow with their places."""
    ordered = sorted(dict.fromkeys(problems), key=lambda problem: (problem[0] or Location(""), problem[1]))
    (at, head), rest = ordered[0], ordered[1:]
    lines = [f"{place}: {text}" if place else text for place, text in rest[:_SHOWN]]
    if len(rest) > _SHOWN:
        lines.append(f"and {len(rest) - _SHOWN} more")
    return ConfigError("\n".join([head, *lines]), at=at)


def validate(shape: type[T], parsed: Parsed) -> T:
    """The data as ``shape``, or one ConfigError that lists every mistake with its place."""
    from pydantic import ValidationError

    try:
        made: T = _adapter(cast(Hashable, shape)).validate_python(parsed.data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise mistakes(
            [_mistake(shape, parsed, detail) for detail in _merged(parsed, details)[:MOST_MISTAKES]]
        ) from None
    return made


@cache
def _adapter(shape: Any) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(shape)


def _merged(parsed: Parsed, details: Sequence[Any]) -> list[dict[str, Any]]:
    """Errors by place; the branches of a union become one error with all that they would take."""
    merged: dict[Steps, dict[str, Any]] = {}
    for detail in details:
        steps = _in_data(parsed.data, detail["loc"], missing=detail["type"] == "missing")
        expected = re.findall(r"'([^']*)'", str(detail.get("ctx", {}).get("expected", "")))
        known = merged.setdefault(steps, {**detail, "steps": steps, "expected": []})
        known["expected"].extend(word for word in expected if word not in known["expected"])
    return list(merged.values())


def _in_data(data: Any, loc: Steps, *, missing: bool) -> Steps:
    """The part of a pydantic path that leads through the data (union branches and the like are left out)."""
    steps: list[str | int] = []
    for step in loc:
        inside = isinstance(data, dict) and step in data
        inside = inside or (isinstance(data, list | tuple) and isinstance(step, int) and step < len(data))
        if inside:
            steps.append(step)
            data = data[step]
    return (*steps, loc[-1]) if missing else tuple(steps)


def _mistake(shape: type, parsed: Parsed, detail: dict[str, Any]) -> tuple[Location, str]:
    steps: Steps = detail["steps"]
    name = ".".join(map(str, steps)) or "the file"
    if detail["type"] == "missing":
        return parsed.locate(steps[:-1]), f"{name} is missing"
    at = parsed.locate(steps)
    if detail["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        known = _fields_at(shape, steps[:-1])
        return (
            at,
            f"unknown key {str(steps[-1])!r} in {'.'.join(map(str, steps[:-1])) or 'the file'}"
            + did_you_mean(str(steps[-1]), known),
        )
    if detail["expected"]:
        value = _value_at(parsed.data, steps)
        words = ", ".join(detail["expected"])
        return at, f"{name}: {value!r} is none of {words}{did_you_mean(str(value), detail['expected'])}"
    return at, f"{name}: {_sentence(detail, _value_at(parsed.data, steps))}"


def _sentence(detail: dict[str, Any], value: Any) -> str:
    if detail["type"].startswith("date") and isinstance(value, str | int):
        return f"{str(value)[:40]!r} is not a date (write YYYY-MM-DD)"
    text = str(detail["msg"])
    return text[:1].lower() + text[1:]


def _value_at(data: Any, steps: Steps) -> Any:
    for step in steps:
        data = data[step]
    return data


def _fields_at(shape: Any, steps: Steps) -> list[str]:
    """The keys that a file may have at a place: those of the dataclass found by following the field types."""
    for step in steps:
        shape = _inside(shape)
        if isinstance(shape, type) and is_dataclass(shape):
            named = {_spelling(shape, column.name): column.name for column in fields(shape)}
            shape = get_type_hints(shape).get(named.get(str(step), ""))
        else:
            arguments = [argument for argument in get_args(shape) if argument is not Ellipsis]
            shape = arguments[-1] if arguments else None
    shape = _inside(shape)
    return [_spelling(shape, column.name) for column in fields(shape)] if is_dataclass(shape) else []


def _inside(hint: Any) -> Any:
    """``X`` of ``X | None``; of a longer union the dataclass or the container."""
    if get_origin(hint) not in (Union, types.UnionType):
        return hint
    found = [argument for argument in get_args(hint) if is_dataclass(argument) or get_args(argument)]
    return found[0] if found else None


def _spelling(shape: Any, name: str) -> str:
    hint = get_type_hints(shape, include_extras=True)[name]
    aliases = (getattr(part, "alias", None) for part in getattr(hint, "__metadata__", ()))
    return next((alias for alias in aliases if alias), name)
