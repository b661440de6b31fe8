"""The Avro cases of the corpus of events: verdicts of registries and of the Apache checkers beside ours.

    python -m tests.corpus.events_avro

A case is a reader and a writer, or two versions and a mode. Of the first kind the corpus also has the kinds of the
incompatibilities and their locations.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from retailctl.contracts.avro.compare import compare_avro
from retailctl.contracts.avro.reading import read_avro
from retailctl.contracts.avro.resolution import resolve
from retailctl.contracts.compatibility.modes import MODES, asked
from tests.needs import require

_NOT_A_PLACE: Final = "/"


@dataclass(frozen=True)
class Score:
    """What we say of a case; None where the corpus does not say it."""

    id: str
    verdict: bool
    kinds: bool | None = None
    locations: bool | None = None


def cases(corpus: Path) -> list[Mapping[str, Any]]:
    """The Avro cases."""
    found = json.loads((corpus / "events" / "cases.json").read_text("utf-8"))
    return [case for case in found if case["kind"] == "avro"]


def scores(corpus: Path) -> Iterator[Score]:
    """Every case with what agrees."""
    for case in cases(corpus):
        yield _resolved(case) if case["mode"] == "READER_WRITER" else _compared(case)


def _resolved(case: Mapping[str, Any]) -> Score:
    resolution = resolve(read_avro(case["reader"]), read_avro(case["writer"]))
    facts = resolution.incompatibilities()
    # The checker names the root beside the place of a name that does not fit, and where nothing is wrong.
    theirs = set(case["locations"]) - {_NOT_A_PLACE}
    return Score(
        case["id"],
        resolution.readable == (case["expected"] == "compatible"),
        Counter(fact.kind for fact in facts) == Counter(case["incompatibilities"]),
        {fact.location for fact in facts} - {_NOT_A_PLACE} == theirs,
    )


def _compared(case: Mapping[str, Any]) -> Score:
    mode = next(mode for mode in MODES if mode == case["mode"])
    changes = compare_avro(read_avro(case["old"]), read_avro(case["new"]))
    broken = any(change.broken & asked(mode) for change in changes)
    return Score(case["id"], broken == (case["expected"] == "incompatible"))


def main() -> int:
    """Print the score; 1 if a verdict differs."""
    found = list(scores(require("corpus")))
    for name, said in (
        ("verdicts", [score.verdict for score in found]),
        ("kinds", [score.kinds for score in found if score.kinds is not None]),
        ("locations", [score.locations for score in found if score.locations is not None]),
    ):
        sys.stdout.write(f"{name}: {sum(map(bool, said))} of {len(said)}\n")
    wrong = [score.id for score in found if not score.verdict]
    sys.stdout.write(f"disagreeing: {', '.join(wrong) or 'none'}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
