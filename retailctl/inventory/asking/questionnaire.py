"""One questionnaire: a YAML file that its owner fills in, with the reason of every question beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from retailctl.inventory.observed_text import value

NOBODY: Final = "unowned"
_WIDE: Final = 110


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One open field of one entry. ``why`` are (rule, sentence); ``now`` the values that stand there, as text;
    ``places`` who says so and where."""

    kind: str
    id: str
    name: str
    field: str
    owner: str
    allowed: str
    meaning: str
    why: tuple[tuple[str, str], ...]
    now: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def questionnaire(owner: str, questions: Sequence[Question], asked: date) -> str:
    """The file for one owner: questions in order of kind, id and field."""
    entries = len({(one.kind, one.id) for one in questions})
    lines = [
        f"# Questions to {_comment(owner)}: {len(questions)} about {entries} entries of the inventory.",
        "# Write behind `answer`, and leave open what you do not know: an empty answer changes nothing.",
        "# Then: retailctl inventory answer FILE",
        f"owner: {value(owner)}",
        f"asked: {asked.isoformat()}",
        "questions:" if questions else "questions: []",
    ]
    for one in sorted(questions, key=lambda question: (question.kind, question.id, question.field)):
        lines.extend(_question(one))
    return "\n".join(lines) + "\n"


def _question(one: Question) -> Iterable[str]:
    yield f"  - kind: {value(one.kind)}"
    yield f"    id: {value(one.id)}" + (f"  # {_comment(one.name)}" if one.name else "")
    yield f"    field: {value(one.field)}" + (f"  # {_comment(one.meaning)}" if one.meaning else "")
    for rule, sentence in one.why:
        yield f"    # {rule}: {_comment(sentence)}"
    for place in one.places:
        yield f"    # now: {_comment(place)}"
    if not one.places:
        yield "    # now: nothing is declared"
    if one.now:
        yield f"    now: {value(list(one.now))}"
    yield f"    answer:  # {_comment(one.allowed)}"


def _comment(text: str) -> str:
    """Foreign text on one line of a comment: what is not printable is left out, so that no line can be added."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return clean if len(clean) <= _WIDE * 2 else f"{clean[: _WIDE * 2]}…"
