"""The plan of a replay: found by path or by name, read, and checked before anything is sent."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

from retailctl.api.options import AuditOptions
from retailctl.api.parallel.sealing import digest
from retailctl.api.session import open_session
from retailctl.errors import ConfigError, InputError, Location, UsageError, WorkspaceNotFound
from retailctl.model.replay_plan import HttpPlan, ReplayTarget
from retailctl.parallel.replay.plan import plan_problems
from retailctl.workspace.boundary import value_or_raise
from retailctl.workspace.discovery import find_root, list_files
from retailctl.workspace.document import Document
from retailctl.workspace.limits import Limits
from retailctl.workspace.reader import read_document


@dataclass(frozen=True, slots=True)
class LoadedPlan:
    """A plan that may be run: ``path`` is relative to ``root``, the workspace or the folder of the plan.

    ``in_wave`` says whether it belongs to a wave of a workspace, which keeps evidence of its runs.
    """

    root: Path
    path: str
    name: str
    workspace: str
    as_of: date
    plan: HttpPlan
    sha256: str
    document: Document
    in_wave: bool = False


def load_plan(named: str, root: Path | None, options: AuditOptions) -> LoadedPlan:
    """Read and check a plan. Raises UsageError for a name that is none or two, ConfigError for a wrong plan."""
    place, path = _found(named, root)
    try:
        session = open_session(place, options)
        here, workspace, as_of, limits = session.root, session.name, session.as_of, session.effective.limits
        in_wave = path in session.files.of("parallel")
    except WorkspaceNotFound:  # a plan alone is enough: its own folder is the root
        here, workspace, limits, in_wave = place, "", Limits(), False
        as_of = options.as_of or datetime.now(UTC).date()
    try:
        document = read_document(here, path, limits=limits)
    except InputError as error:
        raise ConfigError(error.message, at=error.at, hint=error.hint) from None
    kind = document.data.get("kind") if isinstance(document.data, dict) else None
    if kind != "http":
        told = f"kind: {kind}" if kind in ("table", "events") else "no kind: http"
        hint = "`parallel replay` takes plans with `kind: http`; name one of them."
        raise ConfigError(f"the plan has {told}", at=document.locate(()), hint=hint)
    plan = value_or_raise(document.data, HttpPlan, document.locate)
    problem = next(plan_problems(plan), None)
    if problem is not None:
        raise ConfigError(problem.message, at=document.locate(problem.pointer), hint=problem.hint)
    name = PurePosixPath(path).name.rpartition(".")[0]
    return LoadedPlan(here, path, name, workspace, as_of, plan, digest(document.data), document, in_wave)


def _found(named: str, root: Path | None) -> tuple[Path, str]:
    """Root and relative path of the plan: a file, or the bare name of one in ``migrations/<wave>/parallel/``."""
    if "\0" in named:
        raise UsageError("the name of the plan holds a NUL character", hint="name a file")
    for candidate in [Path(named)] if root is None else [Path(named), root / named]:
        if candidate.is_file():
            full = candidate.resolve()
            try:
                base = find_root(root or full.parent)
            except WorkspaceNotFound:
                base = full.parent
            if full.is_relative_to(base):
                return base, full.relative_to(base).as_posix()
            return full.parent, full.name
    base = find_root(root or Path.cwd())
    known = list_files(base).of("parallel")
    matching = [path for path in known if PurePosixPath(path).name.rpartition(".")[0] == named]
    if len(matching) > 1:
        raise UsageError(
            f"two plans are called {named[:80]!r}", hint=f"name one by its path: {', '.join(matching[:5])}"
        )
    if not matching:
        names = sorted({PurePosixPath(path).name.rpartition(".")[0] for path in known})
        hint = f"there are {', '.join(names[:10])}" if names else "plans are in migrations/<wave>/parallel/"
        raise UsageError(f"there is no plan {named[:80]!r}", hint=hint)
    return base, matching[0]


def injected(
    loaded: LoadedPlan, side: str, target: ReplayTarget, environ: Mapping[str, str] | None = None
) -> tuple[tuple[str, str], ...]:
    """The headers that the environment gives. Raises UsageError for a variable that is not set or cannot be sent."""
    found = []
    for header, variable in sorted((target.headers_env or {}).items()):
        value = (os.environ if environ is None else environ).get(variable)
        at: Location = loaded.document.locate((side, "headers_env", header))
        if not value:
            raise UsageError(
                f"{variable} is not set; the {side} side needs it", at=at, hint="set it, or correct the name"
            )
        if not value.isprintable() or not value.isascii():
            raise UsageError(f"{variable} holds what no header can carry", at=at, hint="set it without line ends")
        found.append((header, value))
    return tuple(found)
