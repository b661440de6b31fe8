"""What earlier runs of a plan mean for this one: days in a row, and rows that were pending."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from retailctl.api.parallel.evidence import Recorded, recorded_runs
from retailctl.api.parallel.sealing import digest
from retailctl.model.parallel_plan import TablePlan
from retailctl.model.parallel_run import ParallelSummary
from retailctl.parallel.business_days import BusinessDays
from retailctl.parallel.columns import SIDES
from retailctl.parallel.judgement.gate_reads import part_of
from retailctl.parallel.judgement.gates import gate_names, gates_of
from retailctl.parallel.judgement.late_figures import LateFigures
from retailctl.parallel.judgement.ledger import Ledger, followed, left, resolve
from retailctl.parallel.judgement.ledger_lines import plain
from retailctl.parallel.judgement.lookups import can_follow, pending_rows, sightings
from retailctl.parallel.judgement.streaks import Run, with_streaks
from retailctl.parallel.running import Ran
from retailctl.parallel.samples import Masking
from retailctl.parallel.window import Days, Span

_REMEMBERED: Final = timedelta(days=30)
"""How far back latencies of late rows count: a bad week of last year is no news."""
_ROWS: Final = "rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The history of a plan as one run sees it: without itself, where it is run a second time.

    ``today`` and ``first`` are the last and the first business day of this run's window. ``parts`` is what each gate
    stands on, ``form`` how keys are made pseudonyms.
    """

    plan: TablePlan
    plan_sha256: str
    runs: tuple[Run, ...]
    today: date
    first: date
    parts: Mapping[str, str]
    form: str

    def judged(self, told: ParallelSummary) -> ParallelSummary:
        """The gates with their days in a row."""
        days = BusinessDays(self.plan.calendar)
        gates = with_streaks(told.gates, self.runs, self.parts, self.plan_sha256, self.today, days)
        return replace(told, gates=gates)

    def late(self, ran: Ran, masking: Masking, span: Span) -> tuple[LateFigures, Ledger | None]:
        """What became of the rows that were pending, and what this run leaves pending; None where it leaves nothing."""
        ledgers = [(run, run.ledger) for run in self.runs if run.ledger is not None]
        before = ledgers[-1][1] if ledgers else None
        same_day = next((ledger for run, ledger in reversed(ledgers) if run.last == self.today), None)
        waiting = followed(before, same_day, self.form, span.start)
        windowed = span.limited
        seen = sightings(
            ran.sides, ran.side_names, masking, ran.names.hidden, waiting.entries, windowed=windowed
        )  # fmt: skip
        found = resolve(waiting, seen, ran.horizon)
        new, more = pending_rows(ran.local, ran.names, ran.table, masking)
        ledger = left(self.form, found, new, more)
        figures = LateFigures.of(found, ledger, self._earlier(ledgers), ran.horizon, lag=self.plan.lag is not None)
        empty = self.plan.lag is None and not waiting.entries and not waiting.lost
        return figures, None if empty else ledger

    def notices(self, ran: Ran, masking: Masking) -> Iterator[str]:
        """Pending rows of this run that the next one cannot look up, and what to do about it."""
        count = sum(ran.by_class.get(("PENDING", side), 0) for side in SIDES)
        if count and not can_follow(ran.names, masking):
            time = self.plan.event_time.field if self.plan.event_time else ""
            yield (f"{count:,} pending rows cannot be followed to the next run, which needs their key and event time: "
                   f"mark {time} with `pii: none`, and no field of the key with `pii: drop`")  # fmt: skip

    def _earlier(self, ledgers: list[tuple[Run, Ledger]]) -> list[Ledger]:
        """Those whose latencies count, by the same reading of both sides.

        What a run of this day took for expired is looked up again by this one, and counts once.
        """
        same = self.parts.get(_ROWS)
        told = []
        for run, ledger in ledgers:
            if run.parts.get(_ROWS) == same and self.today - _REMEMBERED <= run.last <= self.today:
                came = tuple(one for one in ledger.arrived if one.most is not None)
                told.append(replace(ledger, arrived=came) if run.last == self.today else ledger)
        return told

    def line(self, ran: Ran, ledger: Ledger | None) -> dict[str, Any]:
        """What the next run needs to know of this one."""
        late = {} if ledger is None else {"late": plain(ledger, ran.horizon)}
        return {"first_day": self.first.isoformat(), "parts": dict(self.parts), **late}


def past_of(root: Path, recorded: Recorded, plan: TablePlan, span: Span, days: Days) -> Past:
    """The history of a plan, up to this run. Raises ConfigError for one that cannot be understood."""
    identity, last = recorded.identity, date.fromisoformat(recorded.last_day)
    runs = recorded_runs(root, recorded)
    again = next((at for at, run in enumerate(runs) if run.id == identity.id), len(runs))
    gates = gates_of(plan)
    parts = {name: part_of(plan, gate) for name, gate in zip(gate_names(gates), gates, strict=True)}
    return Past(
        plan=plan,
        plan_sha256=identity.plan_sha256,
        runs=tuple(runs[:again]),
        today=last,
        first=last if span.start is None else min(days.day_of(span.start), last),
        parts=parts | {_ROWS: part_of(plan, None)},
        form=f"{identity.key}-{_key_form(plan)}",
    )


def _key_form(plan: TablePlan) -> str:
    """How the key of a row comes about: what changes it makes other pseudonyms of the same rows."""
    fields = {field.name: field for field in plan.fields}
    parts = [
        [fields[name].type, fields[name].scale, fields[name].pii, repr(fields[name].legacy), repr(fields[name].new)]
        for name in plan.key
    ]
    return digest(parts)[:8]
