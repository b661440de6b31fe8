"""What a report of a run shows beside its own figures: the days before it, and the use of what was accepted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from retailctl.api.parallel.evidence import Recorded, trend_rows
from retailctl.model.parallel_pictures import AcceptedUse, TrendDay
from retailctl.model.parallel_run import ParallelSummary, RunVerdict
from retailctl.parallel.judgement.accepting import Use

MOST_DAYS: Final = 30


def trend(root: Path, recorded: Recorded, told: ParallelSummary, verdict: RunVerdict) -> tuple[TrendDay, ...]:
    """The business days up to that of this run, oldest first: what the history says of them, and this run itself.

    So a run says the same whether or not it was recorded. Raises ConfigError for a history that is not understood.
    """
    this = {
        "run": recorded.identity.id, "last_day": recorded.last_day, "verdict": verdict,
        "plan_sha256": recorded.identity.plan_sha256,
        "rows": dict(told.rows), "classes": dict(told.classes), "gates": {one.gate: one.verdict for one in told.gates},
    }  # fmt: skip
    rows = trend_rows(root, recorded.history, this)
    return tuple(
        TrendDay(
            day=row["day"], verdict=row["verdict"], ppm=row["ppm"], red=tuple(row["red"]), same_plan=row["same_plan"]
        )
        for row in rows[-MOST_DAYS:]
    )


def accepted(uses: Sequence[Use]) -> tuple[AcceptedUse, ...]:
    """The use of each accepted difference, in the order of the plan."""
    return tuple(
        AcceptedUse(
            reason=use.entry.reason,
            owner=use.entry.owner,
            expires=use.entry.expires.isoformat(),
            rows=use.rows,
            amount=f"{use.amount:f}",
            max_rows=use.entry.max_rows,
            max_amount=_text(use.entry.max_amount),
            void=use.reason,
        )
        for use in uses
    )


def _text(amount: Any) -> str:
    return "" if amount is None else f"{amount:f}"
