"""``parallel resume``: an interrupted run, gone on with where it stopped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from retailctl.api.options import AuditOptions
from retailctl.api.parallel.identity import runs_folder
from retailctl.api.parallel.options import RunOptions
from retailctl.api.parallel.plans import find_plan
from retailctl.api.parallel.running import parallel_run
from retailctl.api.session import Session, open_session
from retailctl.errors import UsageError
from retailctl.model.report import Report
from retailctl.parallel.columns import SIDES
from retailctl.parallel.run_folder import RunFolder, manifests, removed

_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A run that was begun and did not end."""

    path: Path
    manifest: Mapping[str, Any]
    done: RunFolder

    @property
    def id(self) -> str:
        """Its name."""
        return str(self.manifest.get("run", ""))

    @property
    def plan(self) -> str:
        """The path of its plan."""
        return str(self.manifest.get("path", ""))


def parallel_resume(
    name: str, root: Path | None, audit: AuditOptions, options: RunOptions
) -> tuple[Report, tuple[str, ...]]:
    """Go on with the newest interrupted run (of a plan, or that of an id): the report, and what is to be told of it.

    The report is that of a run that was never interrupted: of the same day and window. Where the plan or an input is
    another one by now, all is compared again, and the remarks name it. Raises UsageError where no run was interrupted,
    and what `parallel_run` raises.
    """
    session = open_session(root, audit)
    chosen = _chosen(session, name)
    manifest = chosen.manifest
    asked = manifest.get("asked") or {}
    report = parallel_run(
        chosen.plan, root, replace(audit, as_of=date.fromisoformat(str(manifest["at"]))),
        replace(options, start=str(asked.get("from", "")), end=str(asked.get("to", "")),
                engine=str(asked.get("engine", "duckdb")), master=str(asked.get("master", ""))),
    )  # fmt: skip
    now = next((said for _, said in manifests(runs_folder(session.root)) if said.get("path") == chosen.plan), {})
    remarks = [f"went on with run {chosen.id}: {len(chosen.done.parts)} of its parts were done"]
    if now.get("run") != chosen.id:
        remarks = [*_changes(manifest, now), f"compared again: {_partitions(chosen)}"]
        removed(chosen.path)  # what it has found is of other rows
    return report, tuple(remarks)


def _chosen(session: Session, name: str) -> Interrupted:
    runs = [Interrupted(path, said, RunFolder.seen(path, said)) for path, said in
            manifests(runs_folder(session.root))]  # fmt: skip
    open_ = [run for run in runs if run.done.finished is None and "at" in run.manifest]
    if name:
        by_id = [run for run in open_ if run.id == name]
        plan = "" if by_id else find_plan(session, name)
        open_ = by_id or [run for run in open_ if run.plan == plan]
    if not open_:
        of = f" of {PurePosixPath(name).stem[:80]!r}" if name else ""
        raise UsageError(f"no run{of} was interrupted", hint="begin one with `retailctl parallel run PLAN`")
    return open_[0]


def _changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """What is another one than when the run was interrupted."""
    if before.get("plan_sha256") != now.get("plan_sha256"):
        yield "the plan has changed since"
    for side in SIDES:
        old, new = (_digests(said, side) for said in (before, now))
        names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
        if names:
            more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
            yield f"changed since on the {side} side: {', '.join(names[:_MOST_NAMED])}{more}"
    for what in ("engine", "tool", "key"):
        if before.get(what) != now.get(what):
            yield f"another {what} than before"


def _digests(said: Mapping[str, Any], side: str) -> dict[str, str]:
    return {str(one["name"]): str(one["digest"]) for one in (said.get("inputs") or {}).get(side, ())}


def _partitions(run: Interrupted) -> str:
    names = [name for _, part in sorted(run.done.parts.items()) for name in part.partitions]
    more = f" and {len(names) - _MOST_NAMED:,} more partitions" if len(names) > _MOST_NAMED else ""
    return ("; ".join(names[:_MOST_NAMED]) + more) if names else "nothing was done before"
