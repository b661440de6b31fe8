"""A finished run as a file: its report, exactly as it was, to be rendered again in any format."""

from __future__ import annotations

import json
import os
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, Union, cast, get_args, get_origin, get_type_hints

from retailctl.errors import ConfigError, IncompleteError, Location
from retailctl.model.redaction import Redactor, secret_values
from retailctl.model.report import Report
from retailctl.parallel.run_folder import RESULT
from retailctl.workspace.atomic import write_atomic

_SCHEMA: Final = "retailctl.result/v1"
_LONGEST: Final = 64 << 20
_HEAD: Final = 1 << 16
_AGAIN: Final = "run the plan again: what is under .retailctl can always be made again"


def save(report: Report, folder: Path) -> Path:
    """Write a report into the folder of its run, for its owner only; the path of the file.

    What the environment says is a secret is masked first: a copy would outlive it. Raises IncompleteError where the
    file cannot be written; a file that was there is then as it was.
    """
    clean = Redactor(secret_values(os.environ)).value(report)
    head = {"schema": _SCHEMA, "plan": clean.workspace, "as_of": clean.as_of, "verdict": clean.summary.verdict}
    body = json.dumps(_plain(clean), separators=(",", ":"))
    # What a list of runs shows stands on the first line: nobody reads a long report for it.
    text = f'{json.dumps(head)[:-1]},\n"report": {body}}}\n'
    target = folder / RESULT
    write_atomic(target, text, mode=0o600)
    return target


@dataclass(frozen=True, slots=True)
class Stored:
    """A run whose result is there, by the name of its folder; ``at`` is when the file was written, in nanoseconds."""

    run: str
    plan: str
    as_of: str
    verdict: str
    at: int


def stored(runs: Path) -> list[Stored]:
    """The finished runs under a folder, newest first; what is no such run is left out."""
    try:
        found = [entry for entry in os.scandir(runs) if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []
    known = filter(None, (_head(Path(entry.path)) for entry in found))
    return sorted(known, key=lambda one: (-one.at, one.run))


def _head(folder: Path) -> Stored | None:
    file = folder / RESULT
    try:
        if not file.is_file():
            return None
        with file.open(encoding="utf-8") as stream:
            head = json.loads(stream.readline(_HEAD).rstrip().removesuffix(",") + "}")
        plan, as_of, verdict = head["plan"], head["as_of"], head["verdict"]
        if head["schema"] != _SCHEMA or not all(isinstance(text, str) for text in (plan, as_of, verdict)):
            return None
        return Stored(folder.name, plan, as_of, verdict, file.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def load(folder: Path) -> Report:
    """The report that ``save`` wrote: equal to it, so that every format has the same bytes.

    Raises IncompleteError where there is none or it cannot be read, ConfigError where it is not such a file.
    """
    file = folder / RESULT
    at = Location(f".retailctl/runs/{folder.name}/{RESULT}")
    try:
        if not file.is_file():  # a pipe in its place must not make us wait
            raise IncompleteError("the run has no stored result", at=at, hint=_AGAIN)
        if file.stat().st_size > _LONGEST:
            raise ConfigError("the stored result is too long", at=at, hint=_AGAIN)
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise IncompleteError(f"cannot be read ({type(error).__name__})", at=at, hint=_AGAIN) from None
    try:
        data = json.loads(text)
        if isinstance(data, dict) and data.get("schema") == _SCHEMA:
            return cast(Report, _reader(Report)(data["report"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise ConfigError("the stored result is not one of this version of retailctl", at=at, hint=_AGAIN)


def _plain(value: Any) -> Any:
    """Dataclasses as objects by field name, tuples as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


Reader = Callable[[Any], Any]
"""A JSON value as one of a type; raises TypeError or ValueError where it is none."""


@cache
def _reader(hint: Any) -> Reader:
    """The reader of a type: those that a report is made of, and no others."""
    origin, given = get_origin(hint), get_args(hint)
    if hint is Any:
        return lambda value: value
    if is_dataclass(hint):
        return _dataclass(cast(type, hint))
    if origin is Literal:
        return lambda value: _one_of(value, given)
    if origin in (Union, types.UnionType):
        return _optional(given)
    if origin is tuple:
        return _tuple(given)
    if origin in (dict, Mapping):
        of = _reader(given[1])
        return lambda value: {key: of(item) for key, item in _is(dict, value).items()}
    return lambda value: _is(hint, value)


def _dataclass(noun: type) -> Reader:
    hints = get_type_hints(noun)
    names = {field.name for field in fields(noun) if field.init}

    def read(value: Any) -> Any:
        found = _is(dict, value)
        if not found.keys() <= names:
            raise ValueError(noun.__name__)
        return noun(**{name: _reader(hints[name])(item) for name, item in found.items()})

    return read


def _tuple(given: tuple[Any, ...]) -> Reader:
    if len(given) == 2 and given[1] is Ellipsis:
        of = _reader(given[0])
        return lambda value: tuple(of(item) for item in _is(list, value))
    each = [_reader(hint) for hint in given]
    return lambda value: tuple(of(item) for of, item in zip(each, _is(list, value), strict=True))


def _optional(given: tuple[Any, ...]) -> Reader:
    """A union in a report is a type or None."""
    (one,) = (hint for hint in given if hint is not type(None))
    of = _reader(one)
    return lambda value: None if value is None else of(value)


def _one_of(value: Any, words: tuple[Any, ...]) -> Any:
    if value not in words:
        raise ValueError(value)
    return value


def _is(kind: type, value: Any) -> Any:
    if not isinstance(value, int | float if kind is float else kind):
        raise TypeError(kind.__name__)
    return value
