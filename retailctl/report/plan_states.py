"""How the plans of parallel runs stand, in the report of an audit: the same rows for every format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from retailctl.model.report import PlanState, Report
from retailctl.report import escape
from retailctl.report.grouping import count
from retailctl.report.lines import LONGEST, Line, wrap
from retailctl.report.options import RenderOptions

TITLE: Final = "Parallel runs"
COLUMNS: Final = ("Plan", "Verdict", "Last day", "In a row", "Red")
MOST: Final = 100
CELL: Final = 200


def cells(state: PlanState) -> tuple[str, str, str, str]:
    """Name, day, streak and red gates of one plan."""
    day = state.last_day or "no run of the plan as it is"
    row = f"{count(state.clean_days, 'clean day')} of {state.days}" if state.last_day else "-"
    return f"{state.plan} ({state.wave})", day, row, ", ".join(state.red)


def text(report: Report, options: RenderOptions) -> Iterator[Line]:
    """One line a plan."""
    if not report.runs:
        return
    yield Line(TITLE, "heading")
    for state in report.runs[:MOST]:
        name, day, row, red = cells(state)
        told = ", ".join(part for part in (f"{state.verdict} {day}", row if state.last_day else "") if part)
        style = "" if state.verdict == "pass" else "unknown" if state.verdict == "unknown" else "error"
        line = escape.clip(f"{name}: {told}{f'; red: {red}' if red else ''}", LONGEST)
        yield from wrap(line, options.width, "  ", style, foreign=True)
    yield from [Line(f"  … {count(len(report.runs) - MOST, 'more plan')}", "dim")] if len(report.runs) > MOST else []
    yield Line()


def markdown(report: Report) -> str:
    """A table; nothing for a report without plans."""
    if not report.runs:
        return ""
    rows = [f"\n**{TITLE}**\n\n| {' | '.join(COLUMNS)} |\n|---|---|---|---|---|\n"]
    for state in report.runs[:MOST]:
        name, day, row, red = (escape.markdown(escape.clip(cell, CELL)) for cell in cells(state))
        rows.append(f"| {name} | {state.verdict} | {day} | {row} | {red} |\n")
    return "".join(rows)
