"""What stays of a run in the workspace: an immutable file of evidence, and one line of history."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from retailctl.errors import ConfigError, IncompleteError, Location
from retailctl.model.parallel_run import ParallelSummary, RunVerdict
from retailctl.parallel.columns import Side
from retailctl.parallel.window import Span
from retailctl.workspace.atomic import write_atomic

_LONGEST = 16 << 20


def digest(value: Any) -> str:
    """SHA-256 of a value as canonical JSON: sorted keys, no blanks."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Recorded:
    """What identifies a run: the plan as it is, its window, its inputs. ``id`` is the same for the same of all."""

    path: str
    plan_sha256: str
    at: str
    last_day: str
    window: Mapping[str, str]
    id: str

    @classmethod
    def of(
        cls, path: str, data: Any, today: date, last: date, span: Span, files: Mapping[Side, tuple[Path, ...]],
        told: ParallelSummary, root: Path,
    ) -> Recorded:  # fmt: skip
        """The identity of a run."""
        plan = digest(data)
        window = {
            name: end.isoformat() + "Z" for name, end in (("from", span.start), ("to", span.end)) if end is not None
        }
        inputs = {side: sorted(_input(file, root) for file in found) for side, found in files.items()}
        return cls(
            path, plan, today.isoformat(), last.isoformat(), window, digest([plan, window, inputs, told.rows])[:8]
        )

    @property
    def plan(self) -> str:
        """The bare name of the plan."""
        return PurePosixPath(self.path).stem

    @property
    def folder(self) -> PurePosixPath:
        """Where the evidence of its wave is."""
        return PurePosixPath(self.path).parent.parent / "evidence"

    @property
    def history(self) -> PurePosixPath:
        """One line a run."""
        return history_of(PurePosixPath(self.path))


def history_of(plan: PurePosixPath) -> PurePosixPath:
    """The history of the runs of a plan, by the path of the plan."""
    return plan.parent.parent / "evidence" / "history" / f"{plan.stem}.jsonl"


def _input(file: Path, root: Path) -> str:
    """Name, size and time of change: reading every input once more only to name it would double the cost of a run."""
    status = file.stat()
    name = file.resolve().relative_to(root.resolve()).as_posix()
    return f"{name}:{status.st_size}:{status.st_mtime_ns}"


def recorded_history(root: Path, recorded: Recorded) -> tuple[list[dict[str, str]], list[str]]:
    """The verdict of each gate in earlier runs of the same plan, oldest first, one per business day; and those days.

    Only what follows the last change of the plan counts: another plan is another promise. The newest run of a day
    stands for it. Raises ConfigError for a history that cannot be understood.
    """
    by_day: dict[str, dict[str, str]] = {}
    for row in _rows(root, recorded.history):
        if row["plan_sha256"] != recorded.plan_sha256:
            by_day.clear()
        elif row["last_day"] < recorded.last_day:
            by_day[row["last_day"]] = row["gates"]
    days = sorted(by_day)
    return [by_day[day] for day in days], days


def trend_rows(root: Path, history: PurePosixPath, this: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The newest run of each business day, oldest first, with its classes in parts per million of the rows read.

    ``same_plan`` is false where the plan is another one than in the newest run: such a day counts in no streak.
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
        texts = all(isinstance(row[key], str) for key in ("plan_sha256", "last_day"))
        if texts and isinstance(row["gates"], dict):
            return row
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise ConfigError("this line of the history is not understood", at=at, hint="restore the file from git")


def record(root: Path, recorded: Recorded, told: ParallelSummary, verdict: RunVerdict) -> tuple[str, ...]:
    """Write evidence and history; the names of the files. A run that is there already is not written twice."""
    days = len({row["last_day"] for row in _rows(root, recorded.history) if row["plan_sha256"] == recorded.plan_sha256}
               | {recorded.last_day})  # fmt: skip
    name = f"ev-parallel-{recorded.plan}-{recorded.last_day}-{recorded.id}"
    body: dict[str, Any] = {
        "id": name,
        "kind": "parallel_run",
        "plan": recorded.plan,
        "plan_sha256": recorded.plan_sha256,
        "at": recorded.at,
        "window": dict(recorded.window),
        "values": {"days": days, **told.values},
        "rows": dict(told.rows),
        "classes": dict(told.classes),
        "controls": [{name: row[name] for name in ("group_by", "groups", "tied")} for row in told.totals],
        "bridge": {currency: {"legacy": one.legacy, "new": one.new, "remainder": one.remainder} for currency, one in
                   told.bridge.items()},
        "gates": {gate.gate: {"verdict": gate.verdict, "measured": gate.measured, "limit": gate.limit,
                              "streak": gate.streak} for gate in told.gates},
        "verdict": verdict,
        "engine": told.engine,
    }  # fmt: skip
    body["sha256"] = digest(body)
    target = root / recorded.folder / f"{name}.yaml"
    if target.exists():
        return ()
    target.parent.mkdir(parents=True, exist_ok=True)
    (root / recorded.history).parent.mkdir(parents=True, exist_ok=True)
    write_atomic(target, _yaml(body), inside=root)
    line = json.dumps({"run": recorded.id, "at": recorded.at, "last_day": recorded.last_day, "verdict": verdict,
                       "plan_sha256": recorded.plan_sha256, "rows": dict(told.rows), "classes": dict(told.classes),
                       "gates": {gate.gate: gate.verdict for gate in told.gates}}, sort_keys=True)  # fmt: skip
    history = root / recorded.history
    before = history.read_text(encoding="utf-8") if history.exists() else ""
    write_atomic(history, before + line + "\n", inside=root)
    return (f"{recorded.folder}/{name}.yaml", str(recorded.history))


def _yaml(body: Mapping[str, Any]) -> str:
    """One key a line, its value as JSON: YAML that any reader takes, and that a diff shows well."""
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in body.items())
