"""The levels that a team sets for single rules: the severity file of oasdiff, or a ``severity:`` mapping.

As text, a line is an id and a level, and ``#`` begins a comment. As YAML or JSON, the file has a mapping ``severity``
from id to level, the shape of the settings. Of several lines for one id the last one counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from retailctl.contracts.rules.levels import SetLevel
from retailctl.contracts.rules.rules import all_rules, is_rule
from retailctl.errors import ConfigError, InputError, Location
from retailctl.workspace.reader import parse_bytes, read_bytes
from retailctl.workspace.source import Source, shorten

_WORDS: Final[Mapping[str, SetLevel]] = {
    "err": "ERR",
    "error": "ERR",
    "warn": "WARN",
    "info": "INFO",
    "hint": "INFO",
    "none": "none",
    "off": "none",
}
"""The words of both shapes; there is nothing below INFO but silence, so a hint is an INFO."""
_AS_DATA: Final = {".yaml", ".yml", ".json"}
_ALL_IDS: Final = "retailctl explain --all lists every id"

Entry = tuple[str, str, Location]


def read_severity_file(root: Path, relative: str) -> dict[str, SetLevel]:
    """The levels of a severity file below ``root``.

    Raises ConfigError, with the line, for an unknown id or level and for a file that cannot be understood;
    IncompleteError when the file cannot be read.
    """
    try:
        data = read_bytes(root, relative)
    except InputError as error:
        raise _as_config_error(error) from None
    return read_severities(relative, data)


def read_severities(path: str, data: bytes) -> dict[str, SetLevel]:
    """The levels in the bytes of a severity file; ``path`` chooses the shape and is what errors show.

    Raises ConfigError as :func:`read_severity_file` does.
    """
    try:
        entries = list(_of_data(path, data) if PurePosixPath(path).suffix.lower() in _AS_DATA else _of_text(path, data))
    except InputError as error:
        raise _as_config_error(error) from None
    return checked(entries)


def checked(entries: Iterable[Entry]) -> dict[str, SetLevel]:
    """Levels by id. Raises ConfigError at the first unknown id or level, with the number of further mistakes."""
    levels: dict[str, SetLevel] = {}
    mistakes: list[tuple[str, Location, str]] = []
    for id_, word, at in entries:
        level = _WORDS.get(word.lower())
        if not is_rule(id_):
            mistakes.append((f"unknown rule {shorten(id_)!r}", at, id_))
        elif level is None:
            mistakes.append((f"unknown level {shorten(word)!r} of {id_}", at, ""))
        else:
            levels[id_] = level
    if mistakes:
        message, at, id_ = mistakes[0]
        more = f" (and {len(mistakes) - 1} more in this file)" if len(mistakes) > 1 else ""
        raise ConfigError(message + more, at=at, hint=near(id_) if id_ else "one of err, warn, info, none")
    return levels


def near(id_: str) -> str:
    """A hint that names the closest id, or says where to find all of them."""
    from retailctl.workspace.problems import suggestion  # not at the top: it loads pydantic, and few ids are misspelt

    found = suggestion(shorten(id_), all_rules())
    return found if found.startswith("Did you mean") else _ALL_IDS


def _of_text(path: str, data: bytes) -> Iterator[Entry]:
    for number, line in enumerate(Source.decode(path, data).text.split("\n"), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        at = Location(path, number, line.index(words[0]) + 1)
        if len(words) != 2:
            raise ConfigError("expected an id and a level", at=at, hint="for example: endpoint-added none")
        yield words[0], words[1], at


def _of_data(path: str, data: bytes) -> Iterator[Entry]:
    document = parse_bytes(path, data)
    found = document.data
    severity = found.get("severity") if isinstance(found, Mapping) else None
    if not isinstance(severity, Mapping):
        raise ConfigError("expected a mapping 'severity' from rule id to level", at=document.locate(()))
    for id_, word in severity.items():
        yield str(id_), str(word), document.locate(("severity", id_))


def _as_config_error(error: InputError) -> ConfigError:
    return ConfigError(error.message, at=error.at, hint=error.hint)
