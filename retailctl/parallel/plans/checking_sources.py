"""What is wrong in the sources of a plan: exactly one kind, options that it has, paths that stay in the workspace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from retailctl.model.parallel_plan import TablePlan
from retailctl.model.parallel_source import FILE_KINDS, SOURCE_KINDS, TABLE_KINDS, Source
from retailctl.parallel.columns import SIDES
from retailctl.parallel.sources.statement import unreadable
from retailctl.workspace.problems import SCHEMA, Path, Problem

_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}\Z")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_OPTIONS: Final = {
    **dict.fromkeys(("delimiter",), ("csv",)),
    **dict.fromkeys(("quote", "escape", "encoding", "null"), ("csv", "tsv")),
    **dict.fromkeys(("header", "columns", "skip"), ("csv", "tsv", "xlsx")),
    "sheet": ("xlsx",),
    **dict.fromkeys(("table", "query"), TABLE_KINDS),
}


def problems(plan: TablePlan) -> Iterator[Problem]:
    """Of both sides."""
    for side in SIDES:
        source = plan.sources.legacy if side == "legacy" else plan.sources.new
        place = ("sources", side)
        if len(source.kinds) == 1:
            yield from _source(source, place)
        elif source.kinds:
            message = f"{' and '.join(source.kinds)} are two sources"
            yield Problem(SCHEMA, message, place, "Keep one; a pattern such as exports/*.csv names several files.")
        else:
            hint = f"Add one of {', '.join(SOURCE_KINDS)}."
            yield Problem(SCHEMA, "the source does not say where it is read", place, hint)


def _source(source: Source, place: Path) -> Iterator[Problem]:
    kind = source.kind
    for option, kinds in _OPTIONS.items():
        if getattr(source, option) is not None and kind not in kinds:
            message = f"{option} is not an option of {kind}"
            yield Problem(SCHEMA, message, (*place, option), f"Remove it; it is for {', '.join(kinds)}.")
    if kind in TABLE_KINDS and (source.table is None) == (source.query is None):
        message = f"{kind} needs a table or a query" if source.table is None else "a table or a query, not both"
        yield Problem(SCHEMA, message, place, "Write `table: ...` or `query: ...`.")
    if source.query is not None and (reason := unreadable(source.query)):
        hint = "A query of a plan is one SELECT, or a WITH that ends in one."
        yield Problem(SCHEMA, reason, (*place, "query"), hint)
    if source.columns is not None:
        folded = [name.casefold() for name in source.columns]
        if not folded or len(set(folded)) < len(folded):
            message = "columns names one twice, upper and lower case apart" if folded else "columns names none"
            yield Problem(SCHEMA, message, (*place, "columns"), "Name each column once, in the order of the file.")
    if kind in FILE_KINDS:
        yield from path_problems(source.where, (*place, kind))
    else:
        yield from variable_problems(kind, source.where, (*place, kind))


def variable_problems(kind: str, where: str, place: Path) -> Iterator[Problem]:
    """An address is never in a plan, only the name of the variable that holds it."""
    if not _VARIABLE.match(where):
        hint = "Put the address into an environment variable and name it here; an address may hold a password."
        yield Problem(SCHEMA, f"{kind} takes the name of a variable", place, hint)


def path_problems(where: str, place: Path) -> Iterator[Problem]:
    """Files are in the workspace."""
    scheme = _SCHEME.match(where)
    if scheme:
        if "@" in where[scheme.end() :].partition("/")[0]:
            hint = "Give the credentials in the environment."
            yield Problem(SCHEMA, "an address may not hold a user or password", place, hint)
        return
    path = PurePosixPath(where.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or "\0" in where or where.startswith("~"):
        hint = "Write it relative to the workspace; a link inside may not lead out either."
        yield Problem(SCHEMA, "the path leaves the workspace", place, hint)
