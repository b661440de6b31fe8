"""What only streams have, as findings: order, deliveries of the same event, and events that come too late."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from retailctl.api.parallel.words import counted
from retailctl.model.events_plan import EventPlan
from retailctl.model.finding import Finding, fingerprint
from retailctl.model.parallel_plan import TablePlan
from retailctl.model.parallel_run import Masked
from retailctl.parallel.columns import SIDES, Side
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.events.plan import source_of
from retailctl.parallel.events.rows import Taken
from retailctl.parallel.events.streams import (
    COPIES,
    Copies,
    StreamFigures,
    copy_samples,
    late_samples,
    moved_samples,
)
from retailctl.parallel.mismatches import STREAMS
from retailctl.parallel.samples import Masking

Listed = tuple[Finding, tuple[Masked, ...]]
_COPIES: Final[dict[Copies, str]] = {
    "redelivered": "delivered again, with the same id and content",
    "repeated": "sent again under another id, with the same content",
    "conflicting": "delivered again with another content",
}


def stream_findings(
    engine: DuckEngine, table: TablePlan, figures: StreamFigures, masking: Masking, most: int, lag: Decimal | None
) -> Iterator[Listed]:  # fmt: skip
    """One finding per class that occurs, with a few events each."""
    if figures.reordered:
        told = (
            f"{counted(figures.reordered, 'event')} of {figures.matched:,} on the new side came after a later one of "
            f"the same key, and in order on the legacy side, where {figures.order['legacy']:,} did not keep it"
        )
        yield _finding("ORDER", "new", told), moved_samples(engine, table, masking, most)
    for kind in COPIES:
        new, legacy = figures.copies.get(("new", kind), 0), figures.copies.get(("legacy", kind), 0)
        if new:
            told = f"{counted(new, 'event')} of the new side {_COPIES[kind]}; {legacy:,} of the legacy side"
            yield _finding("REDELIVERED", f"new {kind}", told), copy_samples(engine, table, "new", kind, masking, most)
    if figures.late and lag is not None:
        told = (
            f"{counted(figures.late, 'event')} of {figures.timed:,} came more than {lag.normalize():f}s later than "
            f"on the legacy side ({_lags(figures)})"
        )
        yield _finding("LATE", "new", told), late_samples(engine, table, masking, most, lag)


def stream_notices(figures: StreamFigures, taken: Mapping[Side, Taken], plan: EventPlan) -> Iterator[str]:
    """What was left out, and how long events take."""
    for side in SIDES:
        source = source_of(plan, side)
        if source.live and taken[side].events >= source.count:
            yield f"the {side} side ended at its limit of {counted(source.count, 'event')} (count): there may be more"
        if taken[side].others:
            yield f"{counted(taken[side].others, 'event')} of the {side} side of other types: not compared"
    if figures.lag:
        yield f"lag of {counted(figures.timed, 'event')}, new after legacy: {_lags(figures)}"
    elif figures.matched:
        yield "lag is not known: no event has a time on both sides; name it in the envelope (time, arrived)"
    if figures.spread:
        yield f"{counted(figures.spread, 'key')} over several partitions of a topic: these have no order to judge"


def _lags(figures: StreamFigures) -> str:
    names = {"lag_p50": "p50", "lag_p95": "p95", "late_p99": "p99"}
    return ", ".join(f"{short} {figures.lag[name]:f}s" for name, short in names.items())


def _finding(name: str, subject: str, message: str) -> Finding:
    row = STREAMS[name]
    return Finding(
        rule=row.id, name=name.lower().replace("_", "-"), verdict="fail", severity="error", subject=subject,
        message=message, fix=row.fix, stage="cutover", fingerprint=fingerprint(row.id, subject),
    )  # fmt: skip
