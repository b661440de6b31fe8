"""The boundary: plain values in, nouns out, and every problem with its place."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Final, Generic, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from retailctl.errors import Location
from retailctl.model.inventory_file import InventoryFile
from retailctl.workspace.problems import SCHEMA, Path, Problem, problem

T = TypeVar("T")
MAX_PROBLEMS: Final = 1000
"""Most problems that are listed of one file; the last one then counts the others."""

_SLICE: Final = 5000
_MAX_ERRORS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Checked(Generic[T]):
    """The value (None when nothing could be used) and the problems, in the order of the document.

    ``kept`` says which entries of a section are in the value when some were left out: from the position in
    the value to the index in the document.
    """

    value: T | None
    problems: tuple[Problem, ...] = ()
    kept: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def index(self, section: str, position: int) -> int:
        """Return the index in the document of an entry of the value."""
        return self.kept[section][position] if section in self.kept else position


def validate(data: Any, file_type: type[T]) -> Checked[T]:
    """Validate the data of one document. Problems are returned, never raised.

    An inventory keeps its good entries beside the bad ones; any other file with problems has no value.
    """
    if file_type is InventoryFile and isinstance(data, dict):
        return cast("Checked[T]", _Inventory(data).checked())
    listed = _Problems(file_type)
    value = listed.value_of(data)
    return Checked(value, listed.all())


def value_or_raise(data: Any, file_type: type[T], locate: Callable[[Path], Location]) -> T:
    """Return the value of a file that governs findings; raise ConfigError for its first problem."""
    checked = validate(data, file_type)
    if checked.value is None:
        raise checked.problems[0].as_config_error(locate, len(checked.problems) - 1)
    return checked.value


class _Problems(Generic[T]):
    """The problems of one file, up to the bound, and a count of the rest."""

    def __init__(self, file_type: type[T]) -> None:
        self._type = file_type
        self._found: dict[tuple[Path, str], Problem] = {}
        self._more = 0

    def value_of(self, data: Any) -> T | None:
        """Return the value, None when there are problems."""
        try:
            return cast("T", adapter(cast("Hashable", self._type)).validate_python(data))
        except ValidationError as error:
            self.add(error, data)
            return None

    def add(self, error: ValidationError, data: Any, section: str = "", start: int = 0) -> set[Path]:
        """Put the errors into words; return the first two steps of their places in ``data``.

        ``start`` is the index in the document of the first entry of ``section``.
        """
        if error.error_count() > _MAX_ERRORS:  # one entry of an inventory, or a whole other file: not worth gigabytes
            place: Path = (section, start) if section else ()
            self._put(Problem(SCHEMA, f"has more than {_MAX_ERRORS:,} problems", place, "Is it the right file?"))
            return {(section, 0)}
        bad: set[Path] = set()
        for row in error.errors(include_url=False, include_context=False):
            bad.add(tuple(row["loc"][:2]))
            if len(self._found) >= MAX_PROBLEMS:
                self._more += 1
                continue
            found = problem(row, self._type, data)
            if section and len(found.path) > 1 and isinstance(found.path[1], int):
                found = found.at((section, found.path[1] + start, *found.path[2:]))
            self._put(found)
        return bad

    def _put(self, found: Problem) -> None:
        # The branches of a union each report the same place; several keys missing there are several problems.
        apart = found.message if found.message.endswith(" is missing") else found.code
        self._found.setdefault((found.path, apart), found)

    def all(self) -> tuple[Problem, ...]:
        """Return what was found; the count of the rest comes last."""
        rest = Problem(SCHEMA, f"{self._more:,} more problems in this file are not listed", (), "Correct these first.")
        return (*self._found.values(), *((rest,) if self._more else ()))


class _Inventory:
    """Validation of an inventory in slices: one bad entry hides no other, and a million of them no memory."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data
        self._problems = _Problems(InventoryFile)
        self._kept: dict[str, list[int]] = {}
        self._entries: dict[str, list[Any]] = {}

    def checked(self) -> Checked[InventoryFile]:
        """Return the good entries, the problems, and the indexes of what was kept."""
        sections = {each.name for each in fields(InventoryFile)}
        for key, value in self._data.items():
            if key not in sections or not isinstance(value, list):
                self._problems.value_of({key: value})
                continue
            self._entries[key], self._kept[key] = [], []
            for start in range(0, len(value), _SLICE):
                self._slice(key, value[start : start + _SLICE], start)
        kept = {key: tuple(k) for key, k in self._kept.items() if len(k) < len(self._data[key])}
        value = InventoryFile(**{key: tuple(entries) for key, entries in self._entries.items()})
        return Checked(value, self._problems.all(), kept)

    def _slice(self, key: str, entries: list[Any], start: int) -> None:
        indexes = list(range(len(entries)))
        try:
            value = adapter(InventoryFile).validate_python({key: entries})
        except ValidationError as error:
            if error.error_count() > _MAX_ERRORS and len(entries) > 1:
                half = len(entries) // 2
                self._slice(key, entries[:half], start)
                self._slice(key, entries[half:], start + half)
                return
            bad = self._problems.add(error, {key: entries}, key, start)
            indexes = [index for index in indexes if (key, index) not in bad]
            value = adapter(InventoryFile).validate_python({key: [entries[index] for index in indexes]})
        self._entries[key].extend(getattr(value, key))
        self._kept[key].extend(index + start for index in indexes)


@cache
def adapter(file_type: Hashable) -> TypeAdapter[Any]:
    """Return the validator of a file type; made once, since that takes longer than most files."""
    return TypeAdapter(cast("Any", file_type))
