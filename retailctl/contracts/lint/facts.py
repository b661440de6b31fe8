"""What the passes yield: facts with a place, without a level and without a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field

_SHOWN = 80


@dataclass(frozen=True, slots=True, order=True)
class LintFact:
    """One thing that is wrong or worth knowing, at ``pointer`` of the document ``path``.

    ``id`` names a row of the table, ``args`` fill its text (sorted pairs, all values short text). Arguments are names,
    keys, types and numbers of findings; they never hold values of the document such as defaults and examples.
    ``at`` is the line and the column where the file is text that has no pointers.
    """

    path: str
    pointer: str
    id: str
    args: tuple[tuple[str, str], ...] = field(default=())
    at: tuple[int, int] | None = None


def fact(id: str, place: tuple[str, str], **args: object) -> LintFact:
    """A fact at (path, pointer); arguments become short text."""
    return LintFact(place[0], place[1], id, tuple(sorted((name, short(value)) for name, value in args.items())))


def short(value: object) -> str:
    """The value as one short piece of text; collections are listed."""
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(map(str, value)) if isinstance(value, set | frozenset) else list(map(str, value))
        text = ", ".join(items[:8]) + (" …" if len(items) > 8 else "")
        return text if len(text) <= 4 * _SHOWN else text[: 4 * _SHOWN] + "…"
    text = str(value)
    return text if len(text) <= 2 * _SHOWN else text[: 2 * _SHOWN] + "…"
