"""``parallel report``: a finished run again, by its id or by its plan."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from retailctl.api.options import AuditOptions
from retailctl.api.parallel.identity import runs_folder
from retailctl.api.parallel.plans import find_plan
from retailctl.api.parallel.results import Stored, load, stored
from retailctl.api.session import open_session
from retailctl.errors import UsageError
from retailctl.model.report import Report

_LISTED: Final = 10


def parallel_report(name: str, root: Path | None, audit: AuditOptions) -> Report:
    """The report of a run: that of the id, or the newest of the plan. As it was, whatever has changed since.

    Raises UsageError where there is no such run or plan, naming those there are; IncompleteError or ConfigError where
    its result cannot be read.
    """
    session = open_session(root, audit)
    folder = runs_folder(session.root)
    runs = stored(folder)
    if any(one.run == name for one in runs):
        return load(folder / name)
    try:
        plan = find_plan(session, name)
    except UsageError as error:
        raise UsageError(f"{error.message}, nor a finished run of that id", hint=_known(runs) or error.hint) from None
    newest = next((one for one in runs if one.plan == plan), None)
    if newest is None:
        hint = _known(runs) or f"`retailctl parallel run {name}` first"
        raise UsageError(f"no run of {plan} is kept here", hint=hint)
    return load(folder / newest.run)


def _known(runs: list[Stored]) -> str:
    """The runs there are, newest first; empty for none."""
    told = [f"{one.run} ({one.plan} as of {one.as_of}: {one.verdict})" for one in runs[:_LISTED]]
    more = [f"{len(runs) - _LISTED:,} more"] if len(runs) > _LISTED else []
    return f"runs there are: {', '.join([*told, *more])}" if told else ""
