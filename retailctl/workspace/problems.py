"""What is wrong in a file, in words: which key or value, and what to write instead.

A message never repeats what the file says, except a short word where the model lists the words it knows.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from retailctl.errors import ConfigError, InputError, Location
from retailctl.workspace import expected

SCHEMA: Final = "INP020"
UNKNOWN_KEY: Final = "INP021"
Path = tuple[str | int, ...]
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z_ -]{0,19}\Z")
_WANTED: Final[tuple[tuple[str, str], ...]] = (
    ("too_short", "is empty"),
    ("string_too_short", "is empty"),
    ("too_long", "is longer than 512 characters"),
    ("string_too_long", "is longer than 512 characters"),
    ("string", "expected text"),
    ("int", "expected a whole number"),
    ("float", "expected a number"),
    ("finite_number", "expected a finite number"),
    ("decimal", "expected a number such as 12.50"),
    ("bool", "expected true or false"),
    ("datetime", "expected a date and time such as 2026-01-31T08:00:00Z"),
    ("date", "expected a date such as 2026-01-31"),
    ("tuple", "expected a list"),
    ("dict", "expected a mapping"),
    ("dataclass", "expected a mapping"),
    ("model_attributes", "expected a mapping"),
    ("greater_than_equal", "is too small"),
    ("less_than_equal", "is too large"),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file: INP code, sentence, path in the document, next step."""

    code: str
    message: str
    path: Path = ()
    hint: str = ""

    def at(self, path: Path) -> Problem:
        """The same problem at another place."""
        return replace(self, path=path)

    def as_input_error(self, locate: Callable[[Path], Location]) -> InputError:
        """The problem as the error of an estate file."""
        return InputError(self.code, self.message, at=locate(self.path), hint=self.hint)

    def as_config_error(self, locate: Callable[[Path], Location], more: int = 0) -> ConfigError:
        """The problem as the error of a settings, policy, waiver or baseline file; ``more`` follow it."""
        rest = f" (and {more} more in this file)" if more else ""
        return ConfigError(self.message + rest, at=locate(self.path), hint=self.hint)


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return "Did you mean ...?" for the closest known word, else the known words; "" when there are none."""
    names = list(known)
    folded = {name.lower().replace("_", "-"): name for name in names}
    close = difflib.get_close_matches(word.lower().replace("_", "-"), folded, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {folded[close[0]]}?"
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"Known here: {shown}." if names else ""


def problem(row: Any, file_type: Any, data: Any) -> Problem:
    """Return one row of a validation error in words; ``data`` is what was validated."""
    kind, loc = row["type"], tuple(row["loc"])
    if kind == "unexpected_keyword_argument":
        place, current = expected.walk(file_type, data, loc[:-1])
        return _unknown_key(str(loc[-1]), (*place, loc[-1]), expected.keys_at(current, _at(data, place)))
    place, current = expected.walk(file_type, data, loc)
    if kind in ("missing", "missing_argument", "missing_keyword_only_argument"):
        return _missing(str(loc[-1]), place[:-1] if place and place[-1] == loc[-1] else place)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _wrong_tag(_at(data, place), place, expected.discriminator(current))
    words = expected.choices(current)
    if words and kind == "literal_error":
        return _wrong_word(row["input"], place, words)
    return _wrong_type(kind, row["input"], place)


def _unknown_key(key: str, place: Path, known: Sequence[str]) -> Problem:
    shown = key if key.isprintable() and len(key) <= 40 else "with a long or odd name"
    return Problem(UNKNOWN_KEY, f"unknown key {shown}", place, suggestion(key, known) or "Remove the key.")


def _missing(key: str, place: Path) -> Problem:
    example = "id: pos-sales" if key == "id" else f"{key}: ..."
    return Problem(SCHEMA, f"{key} is missing", place, f"Add `{example}`.")


def _wrong_tag(value: Any, place: Path, tags: Mapping[str, tuple[str, ...]]) -> Problem:
    key, words = next(iter(tags.items()), ("protocol", ()))
    if not isinstance(value, dict):
        return Problem(
            SCHEMA, f"expected a mapping, found {_kind(value)}", place, f"Write `{key}: {words[0]}` below it."
        )
    if key not in value:
        return Problem(SCHEMA, f"{key} is missing", place, f"Add `{key}: ...`, one of {', '.join(words)}.")
    return _wrong_word(value[key], (*place, key), words)


def _wrong_word(value: Any, place: Path, words: tuple[str, ...]) -> Problem:
    name = _name(place)
    if not isinstance(value, str):
        return Problem(SCHEMA, f"{name}: found {_kind(value)}", place, f"Write one of {', '.join(words)}.")
    shown = value if _WORD.match(value) else "this value"
    return Problem(SCHEMA, f"{name}: {shown} is not one of the known words", place, _one_of(value, words))


def _one_of(value: str, words: tuple[str, ...]) -> str:
    close = suggestion(value, words)
    return close if close.startswith("Did") else f"Write one of {', '.join(words)}."


def _wrong_type(kind: str, value: Any, place: Path) -> Problem:
    wanted = next((text for start, text in _WANTED if kind.startswith(start)), "is not valid here")
    name = _name(place)
    found = f", found {_kind(value)}" if wanted.startswith("expected") else ""
    return Problem(SCHEMA, f"{name}: {wanted}{found}" if name else f"{wanted}{found}", place, _next_step(wanted))


def _next_step(wanted: str) -> str:
    if wanted.startswith("expected "):
        return f"Write {wanted.removeprefix('expected ')}, or leave the key out where it is optional."
    return "Correct the value."


def _name(place: Path) -> str:
    return next((step for step in reversed(place) if isinstance(step, str)), "")


def _kind(value: Any) -> str:
    names = (
        (type(None), "nothing"),
        (bool, "true or false"),
        (str, "text"),
        (list, "a list"),
        (dict, "a mapping"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), "a number")


def _at(data: Any, place: Sequence[str | int]) -> Any:
    for step in place:
        try:
            data = data[step]
        except (LookupError, TypeError):
            return None
    return data
