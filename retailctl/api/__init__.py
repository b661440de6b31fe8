"""The same verbs for Python callers that the command line has.

Every function takes a workspace root (None = found upward from the current folder) and returns model types or plain
data. Nothing here prints, and nothing reads the clock when ``as_of`` is given. The module of a verb is imported when
the verb is called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from retailctl.api.addons_options import AddonsOptions
from retailctl.api.contracts.options import ContractOptions
from retailctl.api.options import AuditOptions
from retailctl.api.parallel.options import CompareOptions, RunOptions
from retailctl.api.replay.options import ReplayOptions
from retailctl.api.scanning.odoo_options import LiveRead, OdooOptions
from retailctl.api.scanning.options import ScanOptions
from retailctl.model.report import Report

__all__ = [
    "SCHEMA_KINDS",
    "AddonsOptions",
    "AuditOptions",
    "CompareOptions",
    "ContractOptions",
    "LiveRead",
    "OdooOptions",
    "ReplayOptions",
    "RunOptions",
    "ScanOptions",
    "audit",
    "baseline_show",
    "baseline_write",
    "contract_check",
    "contract_diff",
    "contract_lint",
    "contract_list",
    "contract_map",
    "contract_map_init",
    "contract_show",
    "doctor",
    "explain",
    "explain_all",
    "graph_show",
    "init",
    "inventory_addons",
    "inventory_answer",
    "inventory_ask",
    "inventory_check",
    "inventory_diff",
    "inventory_export",
    "inventory_list",
    "inventory_odoo",
    "inventory_odoo_impact",
    "inventory_scan",
    "inventory_show",
    "parallel_compare",
    "parallel_plan_check",
    "parallel_plan_init",
    "parallel_replay",
    "parallel_report",
    "parallel_run",
    "parallel_trend",
    "policy_list",
    "policy_test",
    "schema",
    "waiver_add",
    "waiver_list",
]

SCHEMA_KINDS: tuple[str, ...] = (
    "settings",
    "inventory",
    "contract",
    "map",
    "policy",
    "waivers",
    "baseline",
    "wave",
    "freezes",
    "evidence",
    "parallel",
    "replay",
    "events",
    "report",
)


def audit(root: Path | None = None, options: AuditOptions | None = None) -> Report:
    """Judge everything that can be judged now; the exit code is ``report.summary.exit_code``."""
    from retailctl.api import auditing as verb

    return verb.audit(root, options)


def inventory_check(root: Path | None = None, options: AuditOptions | None = None) -> Report:
    """Check files, entries, references and ids of the inventory alone."""
    from retailctl.api import listing as verb

    return verb.inventory_check(root, options or AuditOptions())


def inventory_scan(
    root: Path | None,
    paths: Sequence[Path],
    scan: ScanOptions | None = None,
    options: AuditOptions | None = None,
) -> Report:
    """Read sources, merge what they show with the inventory, write observed files; where the stories disagree."""
    from retailctl.api.scanning.scan import inventory_scan as run

    return run(root, list(paths), scan or ScanOptions(), options or AuditOptions())


def inventory_odoo(
    root: Path | None, url: str, database: str, odoo: OdooOptions, options: AuditOptions | None = None
) -> LiveRead:
    """Read a live Odoo through read-only calls, then go on as a scan does."""
    from retailctl.api.scanning.odoo_live import inventory_odoo as run

    return run(root, url, database, odoo, options or AuditOptions())


def inventory_addons(
    root: Path | None,
    paths: Sequence[Path],
    options: AddonsOptions | None = None,
    audit_options: AuditOptions | None = None,
) -> tuple[dict[str, Any], Report | None]:
    """The figures of addons source as plain data, and the report of the scan where ``options.observe`` asks for it."""
    from retailctl.api import addons as verb

    return verb.inventory_addons(root, paths, options or AddonsOptions(), audit_options or AuditOptions())


def inventory_list(
    root: Path | None = None,
    kind: str = "interfaces",
    *,
    where: Mapping[str, str] | None = None,
    options: AuditOptions | None = None,
) -> list[dict[str, Any]]:
    """Rows of one kind, kept where each named field has that value."""
    from retailctl.api import listing as verb

    return verb.inventory_list(root, kind, where=where or {}, options=options or AuditOptions())


def inventory_ask(
    root: Path | None = None, options: AuditOptions | None = None, *, owner: str = "", max_age: int = 365
) -> dict[str, Any]:
    """Questionnaires as YAML by owner: what the rules need to know and only an owner can say."""
    from retailctl.api import asking as verb

    return verb.inventory_ask(root, options or AuditOptions(), owner=owner, max_age=max_age)


def inventory_answer(
    root: Path | None,
    file: Path,
    options: AuditOptions | None = None,
    *,
    write: bool = False,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Take the answers of a questionnaire over: as a dated sighting, or with ``write`` into the hand-kept files."""
    from retailctl.api import answering as verb

    return verb.inventory_answer(root, file, options or AuditOptions(), write=write, dry_run=dry_run)


def inventory_export(root: Path | None, format: str, options: AuditOptions | None = None) -> bytes:
    """The merged estate as ``backstage``, ``calm``, ``csv`` or ``xlsx``: the bytes of one file."""
    from retailctl.api import exporting as verb

    return verb.inventory_export(root, format, options or AuditOptions())


def inventory_diff(
    before: str, after: str, root: Path | None = None, options: AuditOptions | None = None
) -> dict[str, Any]:
    """What two scans see differently: folders of observed files, workspaces, or revisions of git (empty = as it is)."""
    from retailctl.api import drifting as verb

    return verb.inventory_diff(before, after, root, options or AuditOptions())


def inventory_show(root: Path | None, id: str, options: AuditOptions | None = None) -> dict[str, Any]:
    """One entry: merged values, derived facts, sightings, conflicts, places, findings."""
    from retailctl.api import listing as verb

    return verb.inventory_show(root, id, options or AuditOptions())


def inventory_odoo_impact(
    root: Path | None,
    analysis: Path,
    start: str,
    end: str,
    options: AuditOptions | None = None,
    *,
    addons: Sequence[Path] = (),
) -> Report:
    """What an upgrade of Odoo between two versions changes of what the workspace, and own modules, use."""
    from retailctl.api import odoo_impact as verb

    return verb.odoo_impact(root, analysis, start, end, options or AuditOptions(), addons)


def graph_show(root: Path | None = None, options: AuditOptions | None = None) -> dict[str, Any]:
    """The shape of the estate: counts, hubs, density, cycles, duplicates, second writers, shared credentials."""
    from retailctl.api import shape as verb

    return verb.graph_show(root, options or AuditOptions())


def contract_diff(base: str, revision: str, options: ContractOptions | None = None) -> Report:
    """Everything that changed between two API documents: files, or ``REVISION:path``."""
    from retailctl.api.contracts import diffing as verb

    return verb.contract_diff(base, revision, options or ContractOptions())


def contract_check(root: Path | None = None, options: ContractOptions | None = None) -> Report:
    """Every contract of the workspace against its earlier version, a version, or a revision of git."""
    from retailctl.api.contracts import checking as verb

    return verb.contract_check(root, options or ContractOptions())


def contract_lint(
    paths: Sequence[str] = (), options: ContractOptions | None = None, root: Path | None = None
) -> Report:
    """Is a document right by itself? Without paths: every API document of the workspace."""
    from retailctl.api.contracts import linting as verb

    return verb.contract_lint(paths, options or ContractOptions(), root)


def contract_list(root: Path | None = None, options: ContractOptions | None = None) -> list[dict[str, Any]]:
    """The contracts of the workspace, one row per document."""
    from retailctl.api.contracts import listing as verb

    return verb.contract_list(root, options or ContractOptions())


def contract_show(root: Path | None, name: str, options: ContractOptions | None = None) -> dict[str, Any]:
    """One contract: versions, operations, and who is on which version."""
    from retailctl.api.contracts import listing as verb

    return verb.contract_show(root, name, options or ContractOptions())


def contract_map(
    root: Path | None = None,
    wanted: str | None = None,
    options: ContractOptions | None = None,
    *,
    field: str | None = None,
) -> tuple[dict[str, Any], Report]:
    """A business object across the contracts that carry it: the page, and the report on it."""
    from retailctl.api.contracts import mapping as verb

    return verb.contract_map(root, wanted, options or ContractOptions(), field=field)


def contract_map_init(names: Sequence[str], root: Path | None = None, options: ContractOptions | None = None) -> str:
    """A map to start from, as YAML; each name is ``CONTRACT[@VERSION][:SCHEMA]``."""
    from retailctl.api.contracts import map_proposal as verb

    return verb.propose_map(root, names, options or ContractOptions())


def parallel_report(name: str, root: Path | None = None, options: AuditOptions | None = None) -> Report:
    """A finished run as it was: the newest of a plan, or that of a run's id."""
    from retailctl.api.parallel import reporting as verb

    return verb.parallel_report(name, root, options or AuditOptions())


def parallel_replay(plan: str, root: Path | None = None, options: ReplayOptions | None = None) -> Report:
    """Send the recorded requests of a plan to both sides and judge their answers; the plan is a path or a bare name."""
    from retailctl.api.replay import replaying as verb

    return verb.parallel_replay(plan, root, options or ReplayOptions())


def explain(what: str, root: Path | None = None, options: AuditOptions | None = None) -> dict[str, Any]:
    """The page of a rule, or of the finding with that fingerprint."""
    from retailctl.api import rules as verb

    return verb.explain(what, root, options or AuditOptions())


def explain_all(root: Path | None = None) -> list[dict[str, Any]]:
    """The pages of every rule in id order."""
    from retailctl.api import rules as verb

    return verb.explain_all(root)


def parallel_plan_check(
    name: str, root: Path | None = None, options: AuditOptions | None = None, *, offline: bool = False
) -> dict[str, Any]:
    """A plan in words, what is wrong in it (``problems``, with places), and a look at its sources; with ``offline`` at
    those that need no network."""
    from retailctl.api.parallel import plans as verb

    return verb.plan_check(name, root, options or AuditOptions(), offline=offline)


def parallel_plan_init(
    given: Sequence[str],
    root: Path | None = None,
    options: AuditOptions | None = None,
    *,
    entity: str = "",
    zones: Sequence[str] = (),
    target: Path | None = None,
    offline: bool = False,
) -> str:
    """The text of a plan, proposed from two sources or one contract; written to ``target``, which must not exist."""
    from retailctl.api.parallel import proposal as verb

    text = verb.plan_init(given, root, options or AuditOptions(), entity=entity, zones=zones, offline=offline)
    if target is not None:
        verb.save(text, target)
    return text


def policy_list(root: Path | None = None, options: AuditOptions | None = None) -> list[dict[str, Any]]:
    """The rules in force."""
    from retailctl.api import rules as verb

    return verb.policy_list(root, options or AuditOptions())


def policy_test(root: Path | None = None, packs: tuple[str, ...] = ()) -> dict[str, Any]:
    """Run the cases of the packs: ok, cases, failures."""
    from retailctl.api import rules as verb

    return verb.policy_test(root, packs)


def waiver_list(root: Path | None = None, options: AuditOptions | None = None) -> list[dict[str, Any]]:
    """The waivers with their status on the day of the run."""
    from retailctl.api import accepting as verb

    return verb.waiver_list(root, options or AuditOptions())


def waiver_add(
    root: Path | None,
    *,
    rule: str,
    subject: str,
    reason: str,
    owner: str,
    approved_by: str,
    expires: date,
    id: str | None = None,
    compensating: str | None = None,
    ticket: str | None = None,
    options: AuditOptions | None = None,
) -> dict[str, Any]:
    """Add a waiver to policies/waivers.yaml and keep every comment in it."""
    from retailctl.api import accepting as verb

    fields = {"rule": rule, "subject": subject, "reason": reason, "owner": owner, "approved-by": approved_by}
    more = {"id": id, "compensating": compensating, "ticket": ticket}
    return verb.waiver_add(root, fields, expires, more, options or AuditOptions())


def baseline_write(
    root: Path | None = None,
    *,
    update: bool = False,
    options: AuditOptions | None = None,
    command: Literal["audit", "contract-check", "contract-lint"] = "audit",
    against: str | None = None,
) -> dict[str, Any]:
    """Freeze the findings that a command has today; growing needs ``update``."""
    from retailctl.api import freezing as verb

    return verb.baseline_write(
        root, update=update, options=options or AuditOptions(), command=command, against=against
    )  # fmt: skip


def baseline_show(
    root: Path | None = None, options: AuditOptions | None = None, against: str | None = None
) -> dict[str, Any]:
    """What the baseline holds, and which entries no longer occur."""
    from retailctl.api import freezing as verb

    return verb.baseline_show(root, options or AuditOptions(), against)


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a file kind, or of the report."""
    from retailctl.api import setting_up as verb

    return verb.schema(kind)


def init(path: Path, name: str | None = None) -> list[str]:
    """Write a small valid workspace; the paths written. No file is overwritten."""
    from retailctl.api import setting_up as verb

    return verb.init(path, name)


def doctor(root: Path | None = None, options: AuditOptions | None = None, config_only: bool = False) -> dict[str, Any]:
    """Versions and every setting with its origin, without secrets."""
    from retailctl.api import setting_up as verb

    return verb.doctor(root, options or AuditOptions(), config_only)


def parallel_run(name: str, root: Path | None, audit: AuditOptions, options: RunOptions) -> Report:
    """Run a plan: verdict, bridge, gates; evidence and history are written into the workspace."""
    from retailctl.api.parallel import running as verb

    return verb.parallel_run(name, root, audit, options)


def parallel_resume(
    name: str, root: Path | None, audit: AuditOptions, options: RunOptions
) -> tuple[Report, tuple[str, ...]]:
    """Go on with an interrupted run: its report, and what is to be told of it."""
    from retailctl.api.parallel import resuming as verb

    return verb.parallel_resume(name, root, audit, options)


def parallel_trend(name: str, root: Path | None, audit: AuditOptions, last: int = 30) -> list[dict[str, Any]]:
    """How the runs of a plan went, one row per business day, oldest first."""
    from retailctl.api.parallel import trending as verb

    return verb.parallel_trend(name, root, audit, last)


def parallel_compare(legacy: str, new: str, options: CompareOptions) -> Report:
    """Everything that differs between two files or tables, by key."""
    from retailctl.api.parallel import comparing as verb

    return verb.parallel_compare(legacy, new, options)
