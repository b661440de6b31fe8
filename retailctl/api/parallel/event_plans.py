"""Plans over events: read, checked, and told in words with a look at their captures."""

from __future__ import annotations

import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

from retailctl.api.parallel.plan_files import told_problem
from retailctl.api.session import Session, config_document
from retailctl.errors import RetailctlError
from retailctl.model.events_plan import EventPlan
from retailctl.parallel.canonical import SourceColumn
from retailctl.parallel.columns import SIDES, Side, Type
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.events.captures import capture_files, file_messages
from retailctl.parallel.events.capturing import row_relation
from retailctl.parallel.events.checking import event_plan_problems
from retailctl.parallel.events.envelopes import FAULTS
from retailctl.parallel.events.explaining import explained_events
from retailctl.parallel.events.plan import Columns, opening_of, source_of, table_plan
from retailctl.parallel.events.rows import write_rows
from retailctl.parallel.plans.looking import LOOKED_AT, rejections, samples
from retailctl.workspace.boundary import validate
from retailctl.workspace.document import Document
from retailctl.workspace.problems import Problem
from retailctl.workspace.pseudonyms import pseudonyms


def read_event_plan(session: Session, path: str) -> EventPlan:
    """A plan that is right. Raises ConfigError for the first thing that is wrong: exit 2, as it was named."""
    document = config_document(session.documents, path)
    plan, problems = _checked(document)
    if plan is None or problems:
        raise problems[0].as_config_error(document.locate, len(problems) - 1)
    return plan


def _checked(document: Document) -> tuple[EventPlan | None, tuple[Problem, ...]]:
    checked = validate(document.data, EventPlan)
    if checked.value is None:
        return None, checked.problems
    return checked.value, tuple(event_plan_problems(checked.value))


def event_plan_page(session: Session, path: str, document: Document) -> dict[str, Any]:
    """A plan in words, with what is wrong in it and a look at its captures; a broker is not asked."""
    page: dict[str, Any] = {"plan": path, "rejected": [], "samples": {}, "not_compared": {}, "notices": []}
    plan, problems = _checked(document)
    page["problems"] = [told_problem(problem, document) for problem in problems]
    if plan is None or problems:
        return page
    # One thread: with several, which rows come first is chance.
    with tempfile.TemporaryDirectory(prefix="retailctl-") as scratch, DuckEngine(Path(scratch), threads=1) as engine:
        for side in SIDES:
            source = source_of(plan, side)
            if source.live:
                page["notices"].append(f"{side}: {source.kind} is a server; it is asked when the plan is run")
                continue
            try:
                _look(engine, session, plan, side, page)
            except RetailctlError as error:  # the plan may be right all the same
                page["notices"].append(f"{side}: not looked at: {error.message}")
    return {**page, **explained_events(plan)}


def _look(engine: DuckEngine, session: Session, plan: EventPlan, side: Side, page: dict[str, Any]) -> None:
    source = source_of(plan, side)
    columns = Columns.of(plan)
    table, wanted = table_plan(plan, columns.name), columns.wanted(plan, side)
    files = capture_files(session.root, source.kind, source.where)
    target = engine.scratch_file(".jsonl")
    some = islice(file_messages(source.kind, files), LOOKED_AT)
    taken = write_rows(some, opening_of(plan, side), wanted, target)
    relation = row_relation(engine, source.where, wanted, target, files)
    found = {column.name: SourceColumn(column.name, Type("text")) for column in relation.columns}
    page["rejected"] += [
        {"side": side, "field": "event", "reason": reason, "words": FAULTS[reason], "rows": count}
        for reason, count in sorted(taken.faults.items())
    ]
    page["rejected"] += rejections(engine, table, side, found, relation.query)
    page["samples"][side] = samples(engine, table, side, found, relation.query, pseudonyms(session.root).key)
    page["looked_at"] = LOOKED_AT
