"""How far our verdicts agree with a registry's test cases for JSON Schema: ``python -m tests.corpus.events_json_schema``
prints the score.

A case is a pair of schemas and a mode; it is right when the strict verdict on the whole schemas is the expected one.
*Undecided* is never right.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

import yaml

from retailctl.contracts.changes.change import CompareOptions
from retailctl.contracts.compatibility.json_schema import read_verdicts
from retailctl.contracts.compatibility.modes import Reading
from retailctl.contracts.events.compare import compare_events
from retailctl.contracts.events.judging import judge_events
from retailctl.contracts.judging import JudgeOptions
from retailctl.contracts.rules.levels import Levels
from retailctl.contracts.schemas.store import ContentModel
from tests.needs import require
from tests.support.schema_documents import document

LISTED: Final = Path(__file__).with_name("events_json_schema_disagreements.yaml")
_NAMES: Final = {"included": "compatible", "excluded": "incompatible", "undecided": "undecided"}
_DAY: Final = date(2026, 11, 20)
_READINGS: Final[Mapping[str, Reading]] = {"BACKWARD": "backward", "FORWARD": "forward"}

Case = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """One case with what was expected and what was found."""

    name: str
    title: str
    expected: str
    found: str

    @property
    def right(self) -> bool:
        """Whether both are the same."""
        return self.expected == self.found


def cases(corpus: Path) -> list[Case]:
    """The cases for JSON Schema in the order of their file."""
    found = json.loads((corpus / "events" / "cases.json").read_bytes())
    return [case for case in found if case["kind"] == "jsonschema"]


def scored(corpus: Path, content: ContentModel = "all") -> list[Result]:
    """Every case with its verdict."""
    return list(map(partial(_score, content=content), cases(corpus)))


def _score(case: Case, content: ContentModel) -> Result:
    found = read_verdicts(document(case["old"]), document(case["new"]), content)[_READINGS[case["mode"]]]
    return Result(case["id"], f"{case['mode']} {case['description']}", case["expected"], _NAMES[found.verdict])


def through_changes(case: Case) -> tuple[bool | None, bool | None]:
    """What all the changes of a case come to under its mode, and what the verdict on the whole schemas is."""
    old, new = document(case["old"]), document(case["new"])
    options = JudgeOptions(Levels(), "all", witnesses=False)
    judged = judge_events(compare_events(old, new, CompareOptions(as_of=_DAY), case["mode"]), options)
    whole = read_verdicts(old, new, "all")[_READINGS[case["mode"]]]
    return judged.compatible, {"included": True, "excluded": False, "undecided": None}[whole.verdict]


def listed() -> dict[str, str]:
    """The known disagreements: name of the case and reason."""
    return {entry["name"]: entry["reason"] for entry in yaml.safe_load(LISTED.read_bytes())}


def report(results: Iterable[Result]) -> Iterator[str]:
    """The score and each disagreement, for people."""
    ran = list(results)
    right = sum(result.right for result in ran)
    yield f"JSON Schema, strict: {right} of {len(ran)} ({right / len(ran):.1%})"
    known = listed()
    for result in ran:
        if not result.right:
            yield f"{result.name}  {result.title}: {known.get(result.name, 'NOT LISTED')}"
            yield f"    expected {result.expected}, found {result.found}"


def main() -> None:
    """Print the score."""
    sys.stdout.write("\n".join([*report(scored(require("corpus"))), ""]))


if __name__ == "__main__":
    main()
