"""``baseline write | show``: known findings of the audit, of ``contract check`` and of ``contract lint`` in one file.

Each of the three owns the entries of its rules and leaves the others alone. Broken input (INP) belongs to the audit.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal

from retailctl.api.auditing import audit
from retailctl.api.contracts.options import ContractOptions
from retailctl.api.governing import BASELINE, baseline_path
from retailctl.api.options import AuditOptions
from retailctl.api.rule_names import Table, table_of
from retailctl.api.session import Session, config_document, open_session, parsed
from retailctl.api.verdicts import CLEAN, FINDINGS
from retailctl.errors import IncompleteError
from retailctl.model.governance_files import BaselineFile
from retailctl.model.report import Report
from retailctl.policy.baseline import load_baseline, next_baseline, render_baseline
from retailctl.workspace.atomic import write_atomic
from retailctl.workspace.lock import workspace_lock

Command = Literal["audit", "contract-check", "contract-lint"]
_COMMANDS: Final[dict[Table, Command]] = {"policy": "audit", "change": "contract-check", "lint": "contract-lint"}
_TABLES: Final[dict[Command, Table]] = {command: table for table, command in _COMMANDS.items()}


def baseline_write(
    root: Path | None,
    *,
    update: bool,
    options: AuditOptions,
    command: Command = "audit",
    against: str | None = None,
) -> dict[str, Any]:
    """Write policies/baseline.json from the findings that a command has today: path, added, removed, kept.

    ``against`` is that of ``contract check``. The entries of other commands stay as they are. Raises ConfigError when
    the baseline would grow and ``update`` is not given, IncompleteError when not everything could be judged.
    """
    session = open_session(root, options)
    known = _known(session)
    report = _judged(session, command, against, replace(options, use_cache=False))
    if report.summary.exit_code not in (CLEAN, FINDINGS):
        what = "; ".join(report.notices)
        raise IncompleteError(
            f"the baseline was not written, because not everything could be judged: {what}",
            hint="without it, known findings would leave the baseline and come back as new",
        )
    mine = [finding for finding in report.findings if table_of(finding.rule) == _TABLES[command]]
    before = _entries(known, _TABLES[command])
    others = {key: text for key, text in (known.findings if known else {}).items() if key not in before}
    # A file of other commands alone is no baseline of this one yet: it may begin without being asked twice.
    grows_from = replace(known, findings=before) if known and (before or command == "audit") else None
    grown = next_baseline(mine, grows_from, session.as_of, update=update)
    made = replace(grown, findings=dict(sorted({**others, **grown.findings}.items())))
    after = set(grown.findings)
    relative = baseline_path(session) or BASELINE
    with workspace_lock(session.root, "baseline write"):
        path = session.root / relative
        path.parent.mkdir(exist_ok=True)
        write_atomic(path, render_baseline(made))
    return {
        "path": relative,
        "added": len(after - set(before)),
        "removed": len(set(before) - after),
        "kept": len(after & set(before)),
    }


def baseline_show(root: Path | None, options: AuditOptions, against: str | None = None) -> dict[str, Any]:
    """The entries of the baseline with the command they belong to and their status (occurs, stale), and the totals.

    Every command that has entries is run for it; ``against`` is that of ``contract check``.
    """
    session = open_session(root, options)
    known = _known(session)
    if known is None:
        return {"path": None, "entries": 0, "hint": "retailctl baseline write makes one"}
    tables: dict[str, Table] = {key: table_of(text.partition(" ")[0]) for key, text in known.findings.items()}
    found = {
        finding.fingerprint
        for table in sorted({"policy", *tables.values()})
        for finding in _judged(session, _COMMANDS[table], against, options).findings
    }
    rows = [
        {
            "fingerprint": key,
            "finding": text,
            "command": _COMMANDS[tables[key]],
            "status": "occurs" if key in found else "stale",
        }
        for key, text in sorted(known.findings.items(), key=lambda item: (item[1], item[0]))
    ]
    return {
        "path": baseline_path(session),
        "as_of": known.as_of.isoformat(),
        "entries": len(rows),
        "stale": sum(row["status"] == "stale" for row in rows),
        "findings": rows,
    }


def _judged(session: Session, command: Command, against: str | None, options: AuditOptions) -> Report:
    if command == "audit":
        return audit(session.root, options)
    if command == "contract-check":
        from retailctl.api.contracts.checking import contract_check

        return contract_check(session.root, ContractOptions(run=options, against=against))
    from retailctl.api.contracts.linting import contract_lint

    return contract_lint((), ContractOptions(run=options), session.root)


def _entries(known: BaselineFile | None, table: Table) -> dict[str, str]:
    found = known.findings if known is not None else {}
    return {key: text for key, text in found.items() if table_of(text.partition(" ")[0]) == table}


def _known(session: Session) -> BaselineFile | None:
    path = baseline_path(session)
    return None if path is None else load_baseline(parsed(config_document(session.documents, path)))
