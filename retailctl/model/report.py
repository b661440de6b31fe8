"""Report: what a command found, ready for any renderer. A renderer never computes a verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from retailctl.model.contract_change import ContractVerdict
from retailctl.model.finding import Finding
from retailctl.model.parallel_run import ParallelSummary
from retailctl.model.picture import Picture
from retailctl.model.replay_run import ReplayRun
from retailctl.model.rule import Rule
from retailctl.model.scan_summary import ScanSummary

FailOn = Literal["info", "warn", "error", "never"]
SCHEMA = "retailctl.report/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCount:
    """How often one rule gave each verdict. ``pass_`` is written ``pass`` in JSON.

    ``missing`` names the absent fields behind ``unknown``, most frequent first.
    """

    rule: str
    pass_: int = 0
    fail: int = 0
    unknown: int = 0
    waived: int = 0
    not_applicable: int = 0
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """One of the things to fix first: what, why it comes first, and what it resolves."""

    title: str
    reason: str
    rules: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    owner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageLine:
    """One coverage statement of the inventory, as text. ``start`` and ``end`` are ISO dates or empty."""

    source: str
    scope: str
    start: str = ""
    end: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanState:
    """How a plan of a parallel run stands: the verdict of its newest run, of which ISO day, how many days old.

    ``clean_days`` are business days in a row, up to that run, on which every gate held; ``red`` the gates that did not
    hold. ``last_day`` is empty, and the verdict unknown, while the plan as it is now has no run.
    """

    wave: str
    plan: str
    covers: tuple[str, ...] = ()
    verdict: str = "unknown"
    last_day: str = ""
    age_days: int = 0
    days: int = 0
    clean_days: int = 0
    red: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The totals. ``by_severity`` counts verdict fail that is not baselined; nothing is silent.

    ``contracts`` is there when contracts were compared (JSON writes it as ``compatible`` and ``required_bump``),
    ``parallel`` when rows were (JSON writes it as ``rows``, ``classes``, ``duplicates``, ``fields``, ``gates``, ...).
    ``replay`` when recorded requests were replayed, ``scan`` when sources of an inventory were read.
    """

    verdict: Literal["pass", "fail", "unknown"]
    exit_code: int
    fail_on: FailOn
    by_severity: dict[str, int]
    passed: int = 0
    failed: int = 0
    unknown: int = 0
    waived: int = 0
    not_applicable: int = 0
    baselined: int = 0
    skipped_files: int = 0
    skipped_rules: tuple[str, ...] = ()
    files: int = 0
    entities: dict[str, int] = field(default_factory=dict)
    rules: tuple[RuleCount, ...] = ()
    contracts: ContractVerdict | None = None
    parallel: ParallelSummary | None = None
    replay: ReplayRun | None = None
    scan: ScanSummary | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One run of one command. ``findings`` are sorted: severity, rule, subject, pointer.

    ``as_of`` is the ISO date that every age and expiry was measured against. ``rules`` are all enabled rules in id
    order (SARIF lists them all so that resolved alerts close). ``notices`` are sentences about the run itself.
    ``picture`` is the laid-out map for HTML, where there is one. ``runs`` are the plans of parallel runs.
    """

    command: str
    tool_version: str
    as_of: str
    workspace: str
    summary: Summary
    findings: tuple[Finding, ...] = ()
    rules: tuple[Rule, ...] = ()
    priorities: tuple[Priority, ...] = ()
    coverage: tuple[CoverageLine, ...] = ()
    notices: tuple[str, ...] = ()
    picture: Picture | None = None
    runs: tuple[PlanState, ...] = ()
