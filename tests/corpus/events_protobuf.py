"""How far our Protobuf verdicts agree with other tools' test cases: ``python -m tests.corpus.events_protobuf``.

Two kinds: trees with the findings that buf reports under a configuration (compared as multisets of rule, file and line),
and pairs of schemas with the verdict of a registry under a mode.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from retailctl.contracts.compatibility.modes import asked, is_transitive
from retailctl.contracts.protobuf.breaking import BreakingConfig, breaking
from retailctl.contracts.protobuf.compare import compare_proto
from retailctl.contracts.protobuf.reading import read_proto, read_set
from retailctl.contracts.protobuf.rules.index import our_id
from tests.needs import require

LISTED: Final = Path(__file__).with_name("events_protobuf_disagreements.yaml")
Case = Mapping[str, Any]
Finding = tuple[str, str, int]


class Result(NamedTuple):
    """One case; for a tree the findings on both sides, for a pair whether it is compatible."""

    case: str
    kind: str
    right: bool
    expected: Counter[Finding]
    found: Counter[Finding]


def cases(corpus: Path, kind: str) -> list[Case]:
    """The cases of a kind in the order of their file."""
    every: list[Case] = json.loads((corpus / "events" / "cases.json").read_bytes())
    return [case for case in every if case["kind"] == kind]


def of_tree(case: Case) -> Result:
    """A pair of trees: every finding with rule, file and line."""
    config = BreakingConfig.of(yaml.safe_load(case["config"]) if case["config"] else {})
    hits = breaking(read_set(case["old"]), read_set(case["new"]), config)
    found = Counter((hit.rule, hit.file, hit.line or 0) for hit in hits)
    told = ((our_id(one["rule"]), one.get("file") or "", one.get("start_line") or 0) for one in case["findings"])
    expected = Counter(told)
    return Result(case["id"], case["kind"], found == expected, expected, found)


def of_pair(case: Case) -> Result:
    """A schema against its earlier versions, under the default promises."""
    olds = [case["old"]] if isinstance(case["old"], str) else list(case["old"])
    texts = olds if is_transitive(case["mode"]) else olds[-1:]
    new = read_proto(lambda _: str(case["new"]), "schema.proto")
    changes = [one for text in texts for one in compare_proto(_read(text), new)]
    found = Counter((one.id, one.pointer, 0) for one in changes if one.broken & asked(case["mode"]))
    return Result(case["id"], case["kind"], (not found) is (case["expected"] == "compatible"), Counter(), found)


def _read(text: str) -> Any:
    return read_proto(lambda _: text, "schema.proto")


def scored(corpus: Path) -> list[Result]:
    """Every case of both kinds."""
    trees = [of_tree(case) for case in cases(corpus, "protobuf-tree")]
    return trees + [of_pair(case) for case in cases(corpus, "protobuf")]


def listed() -> dict[str, str]:
    """The cases that we judge otherwise, with the reason."""
    return {entry["case"]: entry["reason"] for entry in yaml.safe_load(LISTED.read_bytes()) or ()}


def share(results: list[Result], kind: str) -> tuple[int, int]:
    """How many cases of a kind are right, of how many."""
    ours = [result for result in results if result.kind == kind]
    return sum(result.right for result in ours), len(ours)


def findings(results: list[Result]) -> tuple[int, int, int]:
    """Findings of trees: agreed, expected, found."""
    trees = [result for result in results if result.kind == "protobuf-tree"]
    agreed = sum((result.expected & result.found).total() for result in trees)
    return agreed, sum(one.expected.total() for one in trees), sum(one.found.total() for one in trees)


def report(results: list[Result]) -> Iterator[str]:
    """The score, and every disagreement."""
    agreed, expected, found = findings(results)
    for kind in ("protobuf-tree", "protobuf"):
        right, of_all = share(results, kind)
        yield f"{kind}: {right} of {of_all} cases"
    yield f"findings with rule, file and line: {agreed} of {expected}, {found - agreed} more"
    for result in results:
        if not result.right:
            missing, extra = result.expected - result.found, result.found - result.expected
            yield f"{result.case}: missing {sorted(missing.elements())}, more {sorted(extra.elements())}"


if __name__ == "__main__":
    sys.stdout.write("\n".join([*report(scored(require("corpus"))), ""]))
