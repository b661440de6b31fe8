"""The rows of the lint table: level, sentence, reason and next step of every fact, as data in ``table.tsv``."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from retailctl.contracts.lint.facts import LintFact

_ARGUMENT = re.compile(r"\{(\w+)\}")
Level = Literal["error", "warn", "info"]


@dataclass(frozen=True, slots=True)
class LintRow:
    """One row. ``input`` is the INP code of a fact about the input itself, empty for the others.

    ``text`` is the sentence with ``{arguments}`` of the fact, ``why`` and ``fix`` are its documentation.
    """

    id: str
    level: Level
    area: str
    input: str
    text: str
    why: str
    fix: str


@cache
def rows() -> dict[str, LintRow]:
    """All rows by id, in the order of the table."""
    text = files(__package__).joinpath("table.tsv").read_text(encoding="utf-8")
    reader = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE, strict=True)
    return {
        row["id"]: LintRow(
            row["id"],
            cast(Level, row["level"]),
            row["area"],
            row["input"],
            row["text"],
            row["why"],
            row["fix"],
        )
        for row in reader
    }


def message(fact: LintFact) -> str:
    """The sentence of a fact: the text of its row with its arguments."""
    args = dict(fact.args)
    return _ARGUMENT.sub(lambda found: args[found[1]], rows()[fact.id].text)
