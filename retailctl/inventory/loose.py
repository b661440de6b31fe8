"""Values of files that others wrote, taken as what they should be; what is of another type reads as absent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.reading import Reading
from retailctl.model.sighting import Coverage, Window
from retailctl.workspace import input_codes as codes

Steps = tuple[str | int, ...]
LONGEST: Final = 500
"""Characters of a text that is kept; nothing that names a system, a path or a queue is longer."""


def mapping(value: Any) -> dict[Any, Any]:
    """The mapping, or an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """The list, or an empty one."""
    return value if isinstance(value, list) else []


def text(value: Any) -> str:
    """A scalar as the text it was written as, stripped; empty for everything else, null included."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    source = getattr(value, "text", None)  # a number that remembers how it was written
    return (source if isinstance(source, str) else str(value)).strip()[:LONGEST]


def texts(value: Any) -> list[str]:
    """The texts of a list without empty ones; of a single scalar, that one; of a text with commas, its parts."""
    if isinstance(value, str):
        return [part.strip()[:LONGEST] for part in value.split(",") if part.strip()]
    return [found for one in (sequence(value) or [value]) if (found := text(one))]


def number(value: Any) -> int | None:
    """A whole number, also one in quotes."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    written = text(value)
    digits = written.removeprefix("-")
    return int(written) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def is_true(value: Any) -> bool:
    """Is a switch on, however it is written?"""
    return text(value).lower() in ("true", "1", "yes", "on")


def entries(value: Any, steps: Steps) -> Iterator[tuple[Steps, dict[Any, Any]]]:
    """(steps, mapping) of the items of a list that are mappings; of a single mapping, that one."""
    if isinstance(value, dict):
        yield steps, value
    for index, item in enumerate(sequence(value)):
        if isinstance(item, dict):
            yield (*steps, index), item


def roots(artefact: Artefact, kind: str) -> list[tuple[Steps, Any]]:
    """Steps and root of every document that is a mapping or a list.

    Raises InputError when the file is no JSON or YAML, or holds nothing of the kind.
    """
    if artefact.document is None:
        raise refused(artefact, kind, "the file is neither JSON nor YAML")
    found = [(steps, root) for steps, root in artefact.documents() if isinstance(root, dict | list)]
    if not found:
        raise refused(artefact, kind, "there is no mapping at the top")
    return found


def refused(artefact: Artefact, kind: str, reason: str) -> Exception:
    """The error of a file that a reader was told to read and that is not for it."""
    return artefact.error(
        codes.SCHEMA, f"is no {kind}: {reason}", 1, hint="name the right kind with --as, or leave it out"
    )


def wrong_types(artefact: Artefact, root: dict[Any, Any], steps: Steps, **expected: type) -> Iterator[Any]:
    """A located mistake for each named part that is there and of another type than it must be."""
    for name, kind in expected.items():
        value = root.get(name)
        if value is not None and not isinstance(value, kind):
            word = "list" if kind is list else "mapping"
            yield artefact.error(
                codes.SCHEMA, f"{name} is no {word}", (*steps, name), hint=f"write {name} as a {word}; it was left out"
            )


def covered(source: str, scope: str, reading: Reading) -> Coverage:
    """That a source showed the whole of a scope on the day of the scan."""
    return Coverage(source=source, scope=scope, window=Window(start=reading.as_of, end=reading.as_of))
