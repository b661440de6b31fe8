"""``explain`` and ``policy list | test``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from retailctl.api.auditing import audit
from retailctl.api.contract_documents import consecutive, contract_documents
from retailctl.api.inputs import INPUT_RULES
from retailctl.api.options import AuditOptions
from retailctl.api.session import Session, builtin_pack, open_session
from retailctl.contracts.rules.pages import explained_rules, pages, to_model_rule
from retailctl.contracts.rules.rules import all_rules, is_rule
from retailctl.contracts.rules.rules import rule as change_rule
from retailctl.errors import InputError, Location, UsageError, WorkspaceNotFound
from retailctl.graph.estate_graph import EstateGraph
from retailctl.graph.facts import facts
from retailctl.inventory.assemble import estate_of
from retailctl.model.contract_file import ContractFile
from retailctl.model.estate import ContractFact, Estate
from retailctl.model.finding import Finding
from retailctl.model.rule import Rule
from retailctl.parallel.mismatches import mismatch_rule, rule_rows, stream_rule_rows
from retailctl.policy.catalogue import explain as explanation
from retailctl.policy.engine import Context, Evaluation, evaluate
from retailctl.policy.governance_rules import GOVERNANCE_RULES
from retailctl.policy.pack import Pack
from retailctl.policy.selftest import CaseResult, run_cases
from retailctl.policy.subjects import subjects_of
from retailctl.workspace.boundary import validate
from retailctl.workspace.document import Document
from retailctl.workspace.versions import contract_version

_FINGERPRINT = re.compile(r"[0-9a-f]{16}(-\d+)?")
# The day on which cases are judged: they must not change their verdict with the calendar.
CASE_DAY = date(2026, 11, 20)


def explain(what: str, root: Path | None, options: AuditOptions) -> dict[str, Any]:
    """The page of a rule, or the finding with that fingerprint and its evidence chain.

    Works outside a workspace for built-in rules. Raises UsageError for an unknown id, with the closest one.
    """
    if _FINGERPRINT.fullmatch(what):
        return _finding_page(what, root, options)
    rows = _rows(root, options)
    rule = rows.get(what) or rows.get(what.upper()) or _other_rule(what.lower())
    rule = rule or _replay_rules().get(what.upper()) or _upgrade_rules().get(what.upper())
    if rule is None:
        near = get_close_matches(what.upper(), rows, n=1) or get_close_matches(
            what.lower(), [*all_rules(), *(row.id for row in (*rule_rows(), *stream_rule_rows()))], n=1
        )
        hint = f"did you mean {near[0]}?" if near else "retailctl policy list shows all rules"
        raise UsageError(f"unknown rule {what!r}", hint=hint)
    return _page(rule)


def explain_all(root: Path | None) -> list[dict[str, Any]]:
    """The page of every rule, in id order: also of input, waivers, contract changes, comparisons and replays."""
    rows = {
        **_rows(root, AuditOptions()),
        **explained_rules(),
        **{rule.id: rule for rule in (*rule_rows(), *stream_rule_rows())},
        **_replay_rules(),
        **_upgrade_rules(),
    }
    return [_page(rows[id_]) for id_ in sorted(rows)]


def _other_rule(id_: str) -> Rule | None:
    """A rule that no pack has: of a comparison of data, of a contract change, or of ``contract lint``."""
    return mismatch_rule(id_) or _change_rule(id_) or _lint_rule(id_)


def _change_rule(id_: str) -> Rule | None:
    """The rule of a contract change, which no workspace can alter."""
    if not is_rule(id_):
        return None
    found = change_rule(id_)
    return to_model_rule(found, pages()[found.docs])


def _lint_rule(id_: str) -> Rule | None:
    """The rule of ``contract lint``; its table is read only when no other has the name."""
    from retailctl.contracts.lint.pages import lint_rule

    return lint_rule(id_)


def _replay_rules() -> dict[str, Rule]:
    """The rules of ``parallel replay``, which no workspace can alter; read only when no other has the name."""
    from retailctl.parallel.replay.rule_rows import RULES

    return RULES


def _upgrade_rules() -> dict[str, Rule]:
    """The rules of ``inventory odoo-impact``, which no workspace can alter."""
    from retailctl.inventory.upgrade.rule_rows import RULES

    return RULES


def _rows(root: Path | None, options: AuditOptions) -> dict[str, Rule]:
    try:
        rules: Mapping[str, Rule] = {**builtin_pack().rules, **open_session(root, options).pack.rules}
    except WorkspaceNotFound:
        rules = builtin_pack().rules
    return {**rules, **{rule.id: rule for rule in (*INPUT_RULES, *GOVERNANCE_RULES)}}


def _page(rule: Rule) -> dict[str, Any]:
    """The explanation with the keys that callers know."""
    about = explanation(rule)
    return {
        "id": about.id,
        "name": about.name,
        "title": about.title,
        "severity": about.severity,
        "stage": about.stage,
        "for": about.applies_to,
        "presence": rule.presence,
        "why": about.why,
        "fix": about.fix,
        "bad": about.bad,
        "good": about.good,
        "condition": about.condition,
        "reads": list(about.reads),
        "params": dict(rule.params),
        "tags": list(about.tags),
        "implements": rule.implements,
        "since": about.since,
        "pack": about.pack,
        "how_to_waive": about.waive,
    }


def _finding_page(fingerprint: str, root: Path | None, options: AuditOptions) -> dict[str, Any]:
    report = audit(root, options)
    for finding in report.findings:
        if finding.fingerprint == fingerprint:
            return _as_page(finding)
    hint = "fingerprints stand in retailctl audit -f json; the finding may have been fixed"
    raise UsageError(f"no finding {fingerprint!r} today", hint=hint)


def _as_page(finding: Finding) -> dict[str, Any]:
    return {
        "fingerprint": finding.fingerprint,
        "rule": f"{finding.rule} {finding.name}",
        "subject": finding.subject,
        "verdict": finding.verdict,
        "severity": finding.severity,
        "message": finding.message,
        "fix": finding.fix,
        "owner": finding.owner,
        "places": [str(location) for location in finding.locations],
        "evidence": [{"fact": e.text, "place": str(e.location or "")} for e in (*finding.evidence, *finding.related)],
        "waiver": finding.waiver,
    }


def policy_list(root: Path | None, options: AuditOptions) -> list[dict[str, Any]]:
    """One row per rule in force, in id order."""
    session = open_session(root, options)
    return [
        {
            "id": rule.id,
            "name": rule.name,
            "title": rule.title,
            "for": rule.applies_to,
            "severity": rule.severity,
            "stage": rule.stage,
            "presence": rule.presence,
            "pack": rule.pack,
            "implements": rule.implements,
            "tags": list(rule.tags),
            "params": dict(rule.params),
        }
        for rule in session.rules
    ]


def policy_test(root: Path | None, packs: tuple[str, ...] = ()) -> dict[str, Any]:
    """Run the cases of every rule in force (or of the rules of the named packs): ok, cases, failures."""
    try:
        session: Session | None = open_session(root, AuditOptions())
    except WorkspaceNotFound:
        session = None
    pack = session.pack if session else builtin_pack()
    if packs:
        pack = _only(pack, packs)
    results = run_cases(pack, judge_inventory, CASE_DAY)
    failures = [_failure(result) for result in results if not result.passed]
    return {"ok": not failures, "rules": len(pack.rules), "cases": len(results), "failures": failures}


def _only(pack: Pack, names: tuple[str, ...]) -> Pack:
    known = sorted({rule.pack for rule in pack.rules.values()})
    for name in names:
        if name not in known:
            raise UsageError(f"unknown pack {name!r}", hint=f"one of {', '.join(known)}")
    rules = {id_: rule for id_, rule in pack.rules.items() if rule.pack in names}
    return replace(pack, rules=rules)


def _failure(result: CaseResult) -> dict[str, Any]:
    return {
        "rule": result.rule,
        "expected": result.expected,
        "actual": result.actual,
        "case": result.case,
        "detail": result.detail,
    }


def judge_inventory(
    rule: Rule,
    inventory: Mapping[str, Any],
    contracts: Mapping[str, Any] = MappingProxyType({}),
    observed: Mapping[str, Any] = MappingProxyType({}),
) -> Evaluation:
    """What one rule says of a whole inventory, of what was observed, and of contract documents by path: plain data."""
    graph = EstateGraph(_estate(inventory, contracts, observed))
    context = Context(as_of=CASE_DAY, estate=graph.estate, graph=graph)
    return evaluate([rule], subjects_of(graph, facts(graph, CASE_DAY)), context)


def _estate(inventory: Mapping[str, Any], contracts: Mapping[str, Any], observed: Mapping[str, Any]) -> Estate:
    estate = estate_of(inventory, observed=observed)
    if not contracts:
        return estate
    files = {path: Document(path, [data], None, "", format="json") for path, data in contracts.items()}
    promises = {
        path: checked.value
        for path, document in files.items()
        if path.endswith("/contract.yaml") and (checked := validate(document.data, ContractFile)).value is not None
    }
    known = {
        path: ContractFact(path, contract_version(path, partial(getattr, one, "data"))) for path, one in files.items()
    }

    def read(path: str) -> Document:
        if path not in files:
            raise InputError("INP010", "there is no such file", at=Location(path))
        return files[path]

    documents = contract_documents(known, promises, read)
    return replace(estate, contracts=known, documents=documents, steps=consecutive(documents, read, CASE_DAY))
