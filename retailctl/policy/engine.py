"""The rule engine: rules on subjects give findings, counts, and the rules that could not run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from retailctl.errors import ConfigError, Location
from retailctl.model.estate import Estate, Subject
from retailctl.model.finding import Finding
from retailctl.model.outcome import Outcome
from retailctl.model.report import RuleCount
from retailctl.model.rule import Rule
from retailctl.policy.cel import evaluate_kind
from retailctl.policy.checks import load_check
from retailctl.policy.context import CheckContext
from retailctl.policy.findings import finding_of, outcome_of
from retailctl.policy.order import settle
from retailctl.policy.pack import STANDARD

Subjects = Mapping[str, Sequence[Subject]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleError:
    """A rule that could not run to the end: why, on which subject first, and on how many."""

    rule: str
    message: str
    subject: str = ""
    count: int = 1
    at: Location | None = None

    def __str__(self) -> str:
        place = f"{self.at}: " if self.at else ""
        more = f" and {self.count - 1} more" if self.count > 1 else ""
        return f"{place}{self.rule} could not run: {self.message} (on {self.subject or 'the estate'}{more})"


class Lack(NamedTuple):
    """What a rule would have to know of a subject: a declared field or a derived fact (``interface.contract``)."""

    rule: str
    subject: str
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What the rules say; ``rule_errors`` make the run end with exit code 2 after the report.

    ``lacks`` are what the unknown verdicts are unknown for, in order of rule.
    """

    findings: tuple[Finding, ...]
    counts: tuple[RuleCount, ...]
    rule_errors: tuple[RuleError, ...] = ()
    lacks: tuple[Lack, ...] = ()

    def raise_errors(self) -> None:
        """Raise one ConfigError that lists every rule that could not run; nothing when all did."""
        if self.rule_errors:
            first, *others = self.rule_errors
            lines = [first.message + f" ({first.rule} on {first.subject or 'the estate'})", *map(str, others)]
            raise ConfigError("rule could not run: " + "\n".join(lines), at=first.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What rules may know besides their subjects. ``graph`` is handed on to Python checks untouched."""

    as_of: date
    estate: Estate = field(default_factory=Estate)
    graph: Any = None


def evaluate(rules: Iterable[Rule], subjects: Subjects, context: Context) -> Evaluation:
    """Run every rule on every subject of its kind. Rules that fail to run do not stop the others."""
    ordered = sorted(rules, key=lambda rule: rule.id)
    tally = _Tally(ordered)
    for kind in sorted({rule.applies_to for rule in ordered if rule.when is not None}):
        of_kind = [rule for rule in ordered if rule.applies_to == kind and rule.when is not None]
        for judgement in evaluate_kind(of_kind, kind, subjects.get(kind, ()), context.as_of, tally.passed):
            rule, subject, _, _, error = judgement
            if error:
                tally.fail_to_run(rule, subject.id, error)
            else:
                tally.add(rule, outcome_of(judgement))
    for rule in ordered:
        if rule.check is not None:
            _run_check(rule, subjects, context, tally)
    return tally.result()


def _run_check(rule: Rule, subjects: Subjects, context: Context, tally: _Tally) -> None:
    """Run a Python check: a wrong parameter is a rule error, a bug propagates.

    The parameters of the standard rules were held against their defaults; those of a pack of the user's own have none,
    so whatever goes wrong with them is told as an error of that rule.
    """
    check = load_check(rule)
    for outcome in _outcomes(check(_check_context(rule, subjects, context)), rule, tally):
        tally.add(rule, outcome)


def _check_context(rule: Rule, subjects: Subjects, context: Context) -> CheckContext:
    return CheckContext(
        rule=rule,
        estate=context.estate,
        graph=context.graph,
        subjects=subjects,
        params=rule.params,
        as_of=context.as_of,
    )


def _outcomes(outcomes: Iterator[Outcome], rule: Rule, tally: _Tally) -> Iterator[Outcome]:
    try:
        yield from outcomes
    except ConfigError as error:
        tally.fail_to_run(rule, "", error.message)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        if rule.pack == STANDARD:
            raise
        tally.fail_to_run(rule, "", f"check {rule.check} cannot use these params ({type(error).__name__}: {error})")


class _Tally:
    """Findings, counts and errors while the rules run."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self.counts: Counter[tuple[str, str]] = Counter()
        self.passed: Counter[str] = Counter()
        self.findings: list[Finding] = []
        self.lacks: list[Lack] = []
        self.missing: dict[str, Counter[str]] = {}
        self.errors: dict[str, RuleError] = {}

    def add(self, rule: Rule, outcome: Outcome) -> None:
        self.counts[rule.id, outcome.decision] += 1
        if outcome.missing:
            self.missing.setdefault(rule.id, Counter())[outcome.missing] += 1
            self.lacks.append(Lack(rule.id, outcome.subject, outcome.missing))
        if outcome.decision != "pass":
            self.findings.append(finding_of(rule, outcome))

    def fail_to_run(self, rule: Rule, subject: str, message: str) -> None:
        known = self.errors.get(rule.id)
        first = known or RuleError(rule=rule.id, message=message, subject=subject, count=0, at=rule.at)
        self.errors[rule.id] = RuleError(
            rule=first.rule, message=first.message, subject=first.subject, count=first.count + 1, at=first.at
        )

    def result(self) -> Evaluation:
        errors = tuple(self.errors[rule_id] for rule_id in sorted(self.errors))
        return Evaluation(
            findings=settle(self.findings), counts=self._counts(), rule_errors=errors, lacks=tuple(sorted(self.lacks))
        )

    def _counts(self) -> tuple[RuleCount, ...]:
        return tuple(
            RuleCount(
                rule=rule.id,
                pass_=self.counts[rule.id, "pass"] + self.passed[rule.id],
                fail=self.counts[rule.id, "fail"],
                unknown=self.counts[rule.id, "unknown"],
                not_applicable=self.counts[rule.id, "not_applicable"],
                missing=self._missing(rule.id),
            )
            for rule in self.rules
        )

    def _missing(self, rule_id: str) -> tuple[str, ...]:
        """The absent fields behind the unknowns of a rule, the most frequent first."""
        counted = self.missing.get(rule_id, Counter())
        return tuple(sorted(counted, key=lambda name: (-counted[name], name)))
