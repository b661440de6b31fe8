"""Small reports for tests that care about one thing."""

from __future__ import annotations

from collections import Counter

from retailctl.errors import Location
from retailctl.model.finding import Finding, fingerprint
from retailctl.model.picture import Edge, Node, Picture
from retailctl.model.report import CoverageLine, PlanState, Priority, Report, RuleCount, Summary
from retailctl.model.rule import Rule

RULE = Rule(id="OWN-01", name="interface-has-owner", title="Every interface has an owner.", applies_to="interface")


def finding(subject: str = "pos-sales", message: str = "has no owner", **more: object) -> Finding:
    """A failed finding of RULE; any field may be replaced."""
    values: dict[str, object] = {
        "rule": "OWN-01", "name": "interface-has-owner", "verdict": "fail", "severity": "error",
        "subject": subject, "message": message, "locations": (Location("inventories/pos.yaml", 3, 5),),
        "fingerprint": fingerprint("OWN-01", subject), **more,
    }  # fmt: skip
    return Finding(**values)  # type: ignore[arg-type]


def report(*findings: Finding, rules: tuple[Rule, ...] = (RULE,), **more: object) -> Report:
    """A report whose totals fit its findings."""
    opened = [row for row in findings if row.verdict == "fail" and not row.baselined]
    verdicts = Counter(row.verdict for row in findings)
    counts = tuple(RuleCount(rule=rule.id, pass_=3, fail=verdicts["fail"]) for rule in rules)
    summary = Summary(
        verdict="fail" if opened else "unknown" if verdicts["unknown"] else "pass",
        exit_code=1 if opened else 0,
        fail_on="error",
        by_severity=dict(Counter(row.severity for row in opened)),
        passed=3,
        failed=verdicts["fail"],
        unknown=verdicts["unknown"],
        waived=verdicts["waived"],
        baselined=sum(row.baselined for row in findings),
        rules=counts,
    )
    values: dict[str, object] = {
        "command": "audit", "tool_version": "0.1.0", "as_of": "2026-11-21", "workspace": "estate",
        "summary": summary, "findings": findings, "rules": rules, **more,
    }  # fmt: skip
    return Report(**values)  # type: ignore[arg-type]


def everywhere(text: str) -> Report:
    """A report in which every free text is ``text``."""
    row = finding(
        text,
        text,
        name=text,
        fix=text,
        owner=text,
        domain=text,
        waiver=text,
        locations=(Location(text or "x", 3, 5),),
    )
    unknown = finding(text, text, verdict="unknown", owner=text, fingerprint="u")
    rule = Rule(id="OWN-01", name=text, title=text, applies_to="interface", why=text, fix=text)
    return report(
        row,
        unknown,
        rules=(rule,),
        workspace=text,
        priorities=(Priority(title=text, reason=text, rules=(text,), subjects=(text,), owner=text),),
        coverage=(CoverageLine(source=text, scope=text, start=text, end=text, path=text),),
        notices=(text,),
        picture=_picture(text),
        runs=(PlanState(wave=text, plan=text, covers=(text,), verdict="fail", last_day=text, red=(text,), path=text),),
    )


def _picture(text: str) -> Picture:
    size = {"y": 10.0, "width": 120.0, "height": 40.0, "owner": text, "kind": text, "layer": text}
    nodes = tuple(Node(id=id, label=text, x=x, **size) for id, x in ((text, 10.0), (text + "2", 300.0)))  # type: ignore[arg-type]
    edge = Edge(source=text, target=text + "2", path="M0,0 L1,1", interfaces=(text,), domains=(text,), worst="error")
    return Picture(width=500.0, height=80.0, nodes=nodes, edges=(edge,), layers=((text, 10.0),), note=text)
