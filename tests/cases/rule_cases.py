"""Rule cases: whole inventories, and what one rule says of them at which line.

One file per rule in ``rules/``. Every key but ``rule`` is a case; the first word of its name is the verdict (fails,
passes, unknown, not_applicable, no_subject). ``inventory`` is the text of a hand-kept file; ``observed`` that of a file
written by a reader; ``files`` are further files by path. ``findings`` are all findings of the rule: line, subject,
``verdict`` unless fail, ``file`` unless the hand-kept one. ``moves`` are units of a wave, ``runs`` the evidence of runs
of a plan that covers them (``plan``, ``day``, and the keys of such a file), ``evidence`` what else was proved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from retailctl import api
from retailctl.model.report import Report
from tests.conftest import AS_OF
from tests.support.evidence import evidence_files

FOLDER = Path(__file__).parent / "rules"
VERDICT_OF = {"fails": "fail", "passes": "pass", "unknown": "unknown", "not": "not_applicable", "no": "none"}
HAND_KEPT, OBSERVED = "inventories/case.yaml", "inventories/observed/case.yaml"


@dataclass(frozen=True)
class RuleCase:
    """One inventory and the findings of one rule on it; the first word of the name is the expected verdict."""

    rule: str
    name: str
    inventory: str
    findings: list[dict[str, Any]]
    observed: str = ""
    files: dict[str, str] = field(default_factory=dict)
    moves: list[str] = field(default_factory=list)
    runs: list[dict[str, Any]] = field(default_factory=list)
    evidence: list[dict[str, Any]] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        return VERDICT_OF[self.name.partition("_")[0]]

    def write(self, root: Path) -> None:
        """The workspace of the case."""
        texts = {"retailctl.yaml": "name: case\n", HAND_KEPT: self.inventory, OBSERVED: self.observed, **self.files}
        texts |= dict(evidence_files(self.moves, self.runs, self.evidence))
        for path, text in texts.items():
            if text:
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text, "utf-8")

    def audit(self, root: Path) -> Report:
        """What the rule says, through the reader and the api."""
        self.write(root)
        return api.audit(root, api.AuditOptions(as_of=AS_OF, rules=(self.rule,), use_cache=False))


def rule_cases() -> Iterator[RuleCase]:
    for path in sorted(FOLDER.glob("*.yaml")):
        table = yaml.safe_load(path.read_text("utf-8"))
        rule = table.pop("rule")
        for name, case in table.items():
            yield RuleCase(rule, name, **case)
