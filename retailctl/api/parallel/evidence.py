"""What stays of a run in the workspace: an immutable file of evidence, and one line of history."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from retailctl.api.parallel.identity import Identity
from retailctl.api.parallel.sealing import digest
from retailctl.errors import ConfigError, IncompleteError, Location
from retailctl.model.parallel_run import ParallelSummary, RunVerdict
from retailctl.parallel.judgement import ledger_lines
from retailctl.parallel.judgement.streaks import Run
from retailctl.workspace.atomic import write_atomic

_LONGEST = 16 << 20


@dataclass(frozen=True, slots=True)
class Recorded:
    """A run, and the last business day that it tells of."""

    identity: Identity
    last_day: str

    @property
    def plan(self) -> str:
        """The bare name of the plan."""
        return self.identity.plan

    @property
    def name(self) -> str:
        """The id of the evidence."""
        return f"ev-parallel-{self.plan}-{self.last_day}-{self.identity.id}"

    @property
    def folder(self) -> PurePosixPath:
        """Where the evidence of its wave is."""
        return PurePosixPath(self.identity.path).parent.parent / "evidence"

    @property
    def history(self) -> PurePosixPath:
        """One line a run."""
        return history_of(PurePosixPath(self.identity.path))


def history_of(plan: PurePosixPath) -> PurePosixPath:
    """The history of the runs of a plan, by the path of the plan."""
    return plan.parent.parent / "evidence" / "history" / f"{plan.stem}.jsonl"


def recorded_runs(root: Path, recorded: Recorded) -> list[Run]:
    """The runs of the plan so far, in the order in which they were written, whatever the plan was then.

    Raises ConfigError for a history that cannot be understood.
    """
    return [_run(row) for row in _rows(root, recorded.history)]


def _run(row: Mapping[str, Any]) -> Run:
    last, first, parts = date.fromisoformat(row["last_day"]), row.get("first_day"), row.get("parts")
    return Run(
        last=last,
        first=min(date.fromisoformat(first), last) if isinstance(first, str) else last,
        plan=row["plan_sha256"],
        gates={str(name): str(verdict) for name, verdict in row["gates"].items()},
        id=str(row.get("run", "")),
        ledger=ledger_lines.read(row.get("late")),
        parts={str(name): str(part) for name, part in parts.items()} if isinstance(parts, dict) else {},
    )


def trend_rows(root: Path, history: PurePosixPath, this: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The newest run of each business day, oldest first, with its classes in parts per million of the rows read.

    ``same_plan`` is false where the plan is another one than in the newest run.
    ``this`` is a run that may not be recorded yet; with it, the days before it and its own.
    """
    newest: dict[str, Mapping[str, Any]] = {row["last_day"]: row for row in _rows(root, history)}
    if this is not None:
        newest = {day: row for day, row in newest.items() if day < this["last_day"]} | {this["last_day"]: this}
    last = newest[max(newest)]["plan_sha256"] if newest else ""
    return [_trend_row(newest[day], last) for day in sorted(newest)]


def _trend_row(row: Mapping[str, Any], plan: str) -> dict[str, Any]:
    counts, rows = row.get("classes"), row.get("rows")
    rows = {side: count for side, count in (rows if isinstance(rows, dict) else {}).items() if isinstance(count, int)}
    whole = sum(rows.values()) or 1
    ppm = {
        str(name): round(1_000_000 * count / whole)
        for name, count in (counts if isinstance(counts, dict) else {}).items()
        if isinstance(count, int) and name != "EQUAL"
    }
    return {
        "day": row["last_day"],
        "run": str(row.get("run", "")),
        "verdict": str(row.get("verdict", "")),
        "legacy": rows.get("legacy", 0),
        "new": rows.get("new", 0),
        "ppm": ppm,
        "red": [name for name, verdict in row["gates"].items() if verdict != "pass"],
        "same_plan": row["plan_sha256"] == plan,
    }


def _rows(root: Path, path: PurePosixPath) -> list[dict[str, Any]]:
    file = root / path
    if not file.exists():
        return []
    try:
        if file.stat().st_size > _LONGEST:
            raise ConfigError("the history is too long", at=Location(path.as_posix()), hint="archive its oldest lines")
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise IncompleteError(f"cannot be read ({type(error).__name__})", at=Location(path.as_posix())) from None
    return [_row(line, Location(path.as_posix(), number)) for number, line in enumerate(lines, start=1)]


def _row(line: str, at: Location) -> dict[str, Any]:
    try:
        row: dict[str, Any] = json.loads(line)
        days = [date.fromisoformat(row[key]) for key in ("last_day", "first_day") if key in row]
        ledger_lines.read(row.get("late"))
        if days and isinstance(row["plan_sha256"], str) and isinstance(row["gates"], dict):
            return row
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise ConfigError("this line of the history is not understood", at=at, hint="restore the file from git")


def record(
    root: Path, recorded: Recorded, told: ParallelSummary, verdict: RunVerdict, further: Mapping[str, Any]
) -> tuple[str, ...]:
    """Write evidence and history; the names of the files. What is there already is not written twice.

    ``further`` are keys of the line of history: what the next run needs to know of this one.
    """
    identity = recorded.identity
    days = len({row["last_day"] for row in _rows(root, recorded.history) if row["plan_sha256"] == identity.plan_sha256}
               | {recorded.last_day})  # fmt: skip
    body: dict[str, Any] = {
        "id": recorded.name,
        "kind": "parallel_run",
        "plan": recorded.plan,
        "plan_sha256": identity.plan_sha256,
        "at": identity.at,
        "last_day": recorded.last_day,
        "window": dict(identity.window),
        "values": {"days": days, "duplicates": sum(told.duplicates.get("new", {}).values()), **told.values},
        "rows": dict(told.rows),
        "classes": dict(told.classes),
        "controls": [{name: row[name] for name in ("group_by", "groups", "tied")} for row in told.totals],
        "bridge": {currency: {"legacy": one.legacy, "new": one.new, "remainder": one.remainder} for currency, one in
                   told.bridge.items()},
        "gates": {gate.gate: {"verdict": gate.verdict, "measured": gate.measured, "limit": gate.limit,
                              "streak": gate.streak} for gate in told.gates},
        "verdict": verdict,
        "inputs": identity.sealed,
        "engine": identity.engine,
        "tool": f"retailctl {identity.tool}",
    }  # fmt: skip
    # What the run alone said is what the next one counts: a gate that waits for its tenth day is green on each of them.
    line = {**further, "run": identity.id, "at": identity.at, "last_day": recorded.last_day, "verdict": verdict,
            "plan_sha256": identity.plan_sha256, "rows": dict(told.rows), "classes": dict(told.classes),
            "gates": {gate.gate: gate.alone or gate.verdict for gate in told.gates}}  # fmt: skip
    return sealed(root, recorded, body, line)


def sealed(root: Path, recorded: Recorded, body: dict[str, Any], line: Mapping[str, Any]) -> tuple[str, ...]:
    """Write a file of evidence with its own digest, and a line of history, each unless it is there."""
    target = root / recorded.folder / f"{recorded.name}.yaml"
    history = root / recorded.history
    history.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        write_atomic(target, _yaml({**body, "sha256": digest(body)}), inside=root)
    if all(row.get("run") != recorded.identity.id for row in _rows(root, recorded.history)):
        before = history.read_text(encoding="utf-8") if history.exists() else ""
        write_atomic(history, before + json.dumps(line, sort_keys=True) + "\n", inside=root)
    return (f"{recorded.folder}/{recorded.name}.yaml", str(recorded.history))


def _yaml(body: Mapping[str, Any]) -> str:
    """One key a line, its value as JSON: YAML that any reader takes, and that a diff shows well."""
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in body.items())
