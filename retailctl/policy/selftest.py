"""The tests of a pack: a rule must find what violates it and stay quiet on what passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from retailctl.model.estate import Subject
from retailctl.model.outcome import Decision
from retailctl.model.policy_file import RuleCases
from retailctl.model.rule import Rule
from retailctl.policy.engine import Context, Evaluation, evaluate
from retailctl.policy.pack import Pack
from retailctl.policy.projection import plain
from retailctl.policy.rows import in_flow_style

Judge = Callable[[Rule, Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]], Evaluation]
"""(rule, inventory, contracts by path, what was observed) -> what the rule says, graph and facts included."""

DEFAULT_AS_OF: Final = date(2026, 1, 1)
_EXPECTED: Final[dict[str, Decision]] = {"violates": "fail", "passes": "pass", "unknown": "unknown"}
_WRAPPED: Final = "entity"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """One case on one line: what was expected, and what came out (or ``error``, ``missing``)."""

    rule: str
    expected: Decision
    actual: str
    case: str
    detail: str = ""

    @property
    def passed(self) -> bool:
        """Whether the rule said what the case expects."""
        return self.actual == self.expected


def run_cases(pack: Pack, judge: Judge | None = None, as_of: date = DEFAULT_AS_OF) -> tuple[CaseResult, ...]:
    """Run the cases of every rule. A rule without a violating or a passing case fails its own check.

    A case is an entity of the rule's kind with derived facts; or ``{entity: {...}, hand_kept: false}`` for an
    entry that was only observed; or ``{inventory: {...}, observed: {...}, contracts: {path: {...}}}``, which needs
    ``judge`` and is left out without it; what was observed and the contracts may be missing.
    """
    results: list[CaseResult] = []
    for rule in pack.rules.values():
        cases = pack.cases.get(rule.id, RuleCases())
        results.extend(_absent(rule, cases))
        for name, expected in _EXPECTED.items():
            for case in getattr(cases, name):
                actual = _run(rule, plain(case), judge, as_of)
                if actual is not None:
                    results.append(_result(rule, expected, case, *_verdict(actual, expected)))
    return tuple(results)


def _absent(rule: Rule, cases: RuleCases) -> Iterator[CaseResult]:
    for name in ("violates", "passes"):
        if not getattr(cases, name):
            detail = f"{rule.id} has no case under tests.{name}"
            yield CaseResult(rule=rule.id, expected=_EXPECTED[name], actual="missing", case="", detail=detail)


def _run(rule: Rule, case: dict[str, Any], judge: Judge | None, as_of: date) -> Evaluation | None:
    if "inventory" in case and set(case) <= {"inventory", "contracts", "observed"}:
        return judge(rule, case["inventory"], case.get("contracts", {}), case.get("observed", {})) if judge else None
    wrapped = _WRAPPED in case
    fields = case[_WRAPPED] if wrapped else case
    hand_kept = bool(case.get("hand_kept", True)) if wrapped else True
    subject = Subject(rule.applies_to, str(fields.get("id", "case")), fields, (), hand_kept=hand_kept)
    return evaluate([rule], {rule.applies_to: [subject]}, Context(as_of=as_of))


def _verdict(evaluation: Evaluation, expected: Decision) -> tuple[str, str]:
    """What came out. An inventory may give several verdicts: the expected one counts when it is among them,
    except that a passing case must give nothing else."""
    if evaluation.rule_errors:
        return "error", evaluation.rule_errors[0].message
    given = [str(finding.verdict) for finding in evaluation.findings]
    messages = "; ".join(finding.message for finding in evaluation.findings)
    if not given:
        passed = sum(count.pass_ for count in evaluation.counts)
        return ("pass" if passed else "no subject"), messages
    return (expected if expected in given else given[0]), messages


def _result(rule: Rule, expected: Decision, case: Mapping[str, Any], actual: str, detail: str) -> CaseResult:
    return CaseResult(
        rule=rule.id, expected=expected, actual=actual, case=in_flow_style(plain(dict(case))), detail=detail
    )
