"""How far our comparison agrees with oasdiff's own test cases: ``python -m tests.corpus.oasdiff`` prints the score.

A case is right when the multiset of (id, level) is the expected one (``exact``), or holds what must be there and
nothing that must not (``contains``). Only the ids that the case is about are looked at, from its threshold up, and a
finding counts once per operation that it reaches.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import yaml

from retailctl.contracts.api.model import ApiDocument
from retailctl.contracts.api.reading import read_api
from retailctl.contracts.changes.change import CompareOptions
from retailctl.contracts.changes.compare import Comparison
from retailctl.contracts.judging import JudgeOptions, judge
from retailctl.contracts.references import Library
from retailctl.contracts.rules.levels import Levels
from retailctl.workspace.document import Document
from retailctl.workspace.reader import parse_bytes
from tests.needs import require

AS_OF: Final = date(2026, 11, 21)
LISTED: Final = Path(__file__).with_name("oasdiff_disagreements.yaml")
_RANK: Final = {"INFO": 0, "WARN": 1, "ERR": 2}
_TODAY: Final = re.compile(rb"\{\{today([+-]\d+)?\}\}")
# Off in oasdiff unless a versioning policy is asked for.
_VERSIONS: Final = frozenset({"api-version-not-bumped", "api-version-decreased", "api-major-version-not-bumped"})

Found = Counter[tuple[str, str]]
Case = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """One case with what was expected and what was found."""

    name: str
    match: str
    right: bool
    expected: Mapping[Any, int]
    found: Found


def cases(corpus: Path) -> list[Case]:
    """The cases in the order of their file."""
    found: list[Case] = json.loads((corpus / "oasdiff" / "cases.json").read_bytes())
    return found


def dated(text: bytes) -> bytes:
    """The text with ``{{today+30}}`` as the date counted from :data:`AS_OF`."""
    return _TODAY.sub(lambda found: str(AS_OF + timedelta(days=int(found[1] or 0))).encode(), text)


def scored(corpus: Path) -> list[Result]:
    """Every case compared and held against what oasdiff expects."""
    return [_score(case, corpus / "oasdiff") for case in cases(corpus)]


def scope_of(case: Case) -> frozenset[str] | None:
    """The ids a case is about, those it expects always among them; None for all."""
    if case["ids_in_scope"] is None:
        return None
    return frozenset(case["ids_in_scope"]) | {entry["id"] for entry in case["expected"] or ()}


def options_of(case: Case) -> dict[str, Any]:
    """oasdiff's options as those of our comparison."""
    found: dict[str, Any] = {}
    for name, *values in case["check_options"]:
        if name == "WithDeprecation":
            found["days_beta"], found["days_stable"] = values
        elif name == "stability-level":
            (found["stability"],) = values
        else:
            raise ValueError(f"unknown option of a case: {name}")
    return found


def in_scope(found: Iterable[tuple[str, str, int]], case: Case) -> Found:
    """(id, level) of what counts for a case, out of (id, level, times)."""
    scope = scope_of(case)
    counted: Found = Counter()
    for id_, level, times in found:
        wanted = (scope is None or id_ in scope) and _RANK[level] >= _RANK[case["threshold"]]
        if wanted and (id_ not in _VERSIONS or case["versioning_policy"] or (scope and id_ in scope)):
            counted[id_, level] += times
    return counted


def is_right(case: Case, found: Found) -> bool:
    """Whether the findings of a case are those that oasdiff expects."""
    if case["match"] == "exact":
        return found == expected_of(case)
    ids = {id_ for id_, _ in found}
    return set(case["must_contain"]) <= ids and ids.isdisjoint(case["must_not_contain"])


def expected_of(case: Case) -> Mapping[Any, int]:
    """What a case expects, in the shape of what is found."""
    if case["match"] == "exact":
        return Counter((entry["id"], entry["level"]) for entry in case["expected"])
    return Counter(case["must_contain"])


def read(folder: Path, path: str) -> ApiDocument:
    """A specification of the corpus in normal form."""
    document = read_api(Library(partial(_parsed, folder), path))
    assert document is not None, path
    return document


def _parsed(folder: Path, path: str) -> Document:
    return parse_bytes(path, dated((folder / path).read_bytes()), owned=False)


def _score(case: Case, folder: Path) -> Result:
    options = CompareOptions(naming="oasdiff", as_of=AS_OF, **options_of(case))
    comparison = Comparison(read(folder, case["base"]), read(folder, case["revision"]), options)
    judged = judge(comparison, JudgeOptions(Levels("oasdiff"), witnesses=False)).changes
    found = in_scope(((one.change.id, one.level, max(1, len(one.change.occurrences))) for one in judged), case)
    return Result(case["name"], case["match"], is_right(case, found), expected_of(case), found)


def share(results: Iterable[Result], match: str) -> tuple[int, int]:
    """How many cases of a kind are right, and how many there are."""
    of_kind = [result.right for result in results if result.match == match]
    return sum(of_kind), len(of_kind)


def listed() -> dict[str, str]:
    """The known disagreements: name of the case and reason."""
    return {entry["name"]: entry["reason"] for entry in yaml.safe_load(LISTED.read_bytes())}


def report(results: list[Result]) -> Iterator[str]:
    """The score and each disagreement, for people."""
    for match in ("exact", "contains"):
        right, of_all = share(results, match)
        yield f"{match:9} {right} of {of_all} ({right / of_all:.1%})"
    known = listed()
    for result in results:
        if not result.right:
            yield f"{result.match}  {result.name}: {known.get(result.name, 'NOT LISTED')}"
            yield f"    expected {dict(result.expected)}"
            yield f"    found    {dict(result.found)}"


def main() -> None:
    """Print the score."""
    sys.stdout.write("\n".join([*report(scored(require("corpus"))), ""]))


if __name__ == "__main__":
    main()
