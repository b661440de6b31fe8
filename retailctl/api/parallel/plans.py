"""``parallel plan check`` and ``parallel plan init``; and plans by name, for every verb that takes one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final

from retailctl.api.options import AuditOptions
from retailctl.api.parallel.event_plans import event_plan_page
from retailctl.api.parallel.plan_files import kind_of, told_problem
from retailctl.api.session import Session, config_document, open_session
from retailctl.errors import ConfigError, RetailctlError, UsageError
from retailctl.model.parallel_plan import TablePlan
from retailctl.parallel.canonical import column_problems, source_names
from retailctl.parallel.columns import SIDES, Side
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.plans.checking import plan_problems
from retailctl.parallel.plans.explaining import explained
from retailctl.parallel.plans.looking import LOOKED_AT, left_over, rejections, samples
from retailctl.parallel.plans.opening import columns_of, opened
from retailctl.workspace.boundary import validate
from retailctl.workspace.document import Document
from retailctl.workspace.problems import Problem, suggestion
from retailctl.workspace.pseudonyms import pseudonyms

_ENDINGS: Final = (".yaml", ".yml")


def find_plan(session: Session, name: str) -> str:
    """The path in the workspace of a plan that is named by its path or by its bare name.

    Raises UsageError where there is none, or where two waves have one of that name.
    """
    plans = session.files.of("parallel")
    if name.endswith(_ENDINGS):
        path = _relative(session.root, name)
        if path in plans:
            return path
        hint = "A plan is a file such as migrations/w2-orders/parallel/orders.yaml."
        raise UsageError(f"{name[:200]} is no plan of this workspace", hint=hint)
    found = [path for path in plans if PurePosixPath(path).stem == name]
    if len(found) > 1:
        raise UsageError(f"{len(found)} waves have a plan {name}", hint=f"Name one by its path: {', '.join(found)}.")
    if not found:
        names = sorted({PurePosixPath(path).stem for path in plans})
        hint = suggestion(name, names) or "There are none: `retailctl parallel plan init` proposes one."
        raise UsageError(f"there is no plan {name[:80]!r}", hint=hint)
    return found[0]


def _relative(root: Path, name: str) -> str:
    try:
        return Path(name).resolve().relative_to(root.resolve()).as_posix()
    except (ValueError, OSError, RuntimeError):
        return PurePosixPath(name).as_posix()


def read_plan(session: Session, path: str) -> TablePlan:
    """A plan that is right. Raises ConfigError for the first thing that is wrong: exit 2, as it was named."""
    document = config_document(session.documents, path)
    plan, problems = _checked(document)
    if plan is None or problems:
        raise problems[0].as_config_error(document.locate, len(problems) - 1)
    return plan


def _checked(document: Document) -> tuple[TablePlan | None, tuple[Problem, ...]]:
    checked = validate(document.data, TablePlan)
    if checked.value is None:
        return None, checked.problems
    return checked.value, tuple(plan_problems(checked.value))


def plan_check(name: str, root: Path | None, options: AuditOptions, *, offline: bool = False) -> dict[str, Any]:
    """A plan in words, with what is wrong in it and a look at its sources.

    ``problems`` is empty where the plan is right. A source that is not there is a notice: a plan may be written first.
    """
    session = open_session(root, options)
    path = find_plan(session, name)
    document = config_document(session.documents, path)
    if kind_of(document) == "events":
        return event_plan_page(session, path, document)
    page: dict[str, Any] = {"plan": path, "rejected": [], "samples": {}, "not_compared": {}, "notices": []}
    plan, problems = _checked(document)
    if plan is not None and not problems:
        problems = tuple(_looked(session, plan, page, offline=offline))
    page["problems"] = [told_problem(problem, document) for problem in problems]
    return {**page, **(explained(plan) if plan is not None and not _unsound(plan) else {})}


def _unsound(plan: TablePlan) -> bool:
    """Whether words cannot be made of it: a source of no kind, a normaliser that is none."""
    sides = (side for field in plan.fields for side in (field.legacy, field.new))
    steps = (step for side in sides for step in side.normalisers)
    sources = (plan.sources.legacy, plan.sources.new)
    return any(len(step.given) != 1 for step in steps) or any(len(source.kinds) != 1 for source in sources)


def _looked(session: Session, plan: TablePlan, page: dict[str, Any], *, offline: bool) -> Iterator[Problem]:
    """Why the plan does not fit its sources; what a look at them shows goes into the page."""
    # One thread: with several, which rows come first is chance.
    with tempfile.TemporaryDirectory(prefix="retailctl-") as scratch, DuckEngine(Path(scratch), threads=1) as engine:
        for side in SIDES:
            try:
                yield from _look(engine, session, plan, side, page, offline=offline)
            except ConfigError:
                raise
            except RetailctlError as error:  # the plan may be right all the same
                page["notices"].append(f"{side}: not looked at: {error.message}")


def _look(
    engine: DuckEngine, session: Session, plan: TablePlan, side: Side, page: dict[str, Any], *, offline: bool
) -> Iterator[Problem]:
    source = plan.sources.legacy if side == "legacy" else plan.sources.new
    names = source_names(plan, side)
    relation = opened(engine, session.root, source, LOOKED_AT, offline=offline, columns=names)
    columns = columns_of(relation)
    page["not_compared"][side] = left_over(plan, side, columns)
    problems = list(column_problems(plan, side, columns, engine.dialect))
    if problems:
        yield from problems
        return
    page["rejected"] += rejections(engine, plan, side, columns, relation.query)
    key = pseudonyms(session.root).key
    page["samples"][side] = samples(engine, plan, side, columns, relation.query, key)
    page["looked_at"] = LOOKED_AT
