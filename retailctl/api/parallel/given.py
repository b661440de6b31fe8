"""What ``parallel run`` is given: a plan over tables, or one over events that are captured and become tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from retailctl.api.parallel.event_plans import read_event_plan
from retailctl.api.parallel.options import RunOptions
from retailctl.api.parallel.plan_files import kind_of
from retailctl.api.parallel.plans import read_plan
from retailctl.api.parallel.stream_findings import stream_findings, stream_notices
from retailctl.api.session import Session, config_document
from retailctl.errors import ConfigError, UsageError
from retailctl.model.durations import seconds
from retailctl.model.events_plan import EventPlan
from retailctl.model.finding import Finding
from retailctl.model.parallel_plan import TablePlan
from retailctl.model.parallel_run import ParallelSummary
from retailctl.model.rule import Rule
from retailctl.parallel.columns import Side
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.events.capturing import Captured, Consent, captured
from retailctl.parallel.events.judging import judged_stream, stream_gates, stream_parts, stream_values
from retailctl.parallel.events.plan import Columns, table_plan
from retailctl.parallel.events.streams import measured
from retailctl.parallel.mismatches import rule_rows, stream_rule_rows
from retailctl.parallel.plans.placing import Place, Placed, placed
from retailctl.parallel.quick import Read
from retailctl.parallel.running import Ran
from retailctl.parallel.samples import Masking
from retailctl.parallel.window import Span

Told = tuple[ParallelSummary, list[Finding]]


class Given(Protocol):
    """A plan, and what is particular to its kind."""

    @property
    def plan(self) -> TablePlan:
        """The plan of the rows that are compared."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The kinds of findings that there may be."""

    def placed(
        self, session: Session, engine: DuckEngine, scratch: Path, options: RunOptions
    ) -> AbstractContextManager[Placed]:
        """Both sides as something to select from, in the engine that compares them."""

    def counted(self, ran: Ran) -> Ran:
        """The run with what never became a row."""

    def judged(self, told: Told, engine: DuckEngine, span: Span, masking: Masking, most: int) -> Told:
        """Totals and findings with those of this kind alone."""

    def parts(self) -> dict[str, str]:
        """What the gates stand on that only this kind has."""

    def notices(self) -> tuple[str, ...]:
        """What there is to say besides."""


def given_plan(session: Session, path: str) -> Given:
    """The plan of a file, checked. Raises ConfigError for one that is wrong, or that another command takes."""
    document = config_document(session.documents, path)
    kind = kind_of(document)
    if kind == "http":
        hint = "`retailctl parallel replay` sends recorded requests; this command takes plans over tables and events."
        raise ConfigError("the plan has kind: http", at=document.locate(("kind",)), hint=hint)
    return GivenEvents(read_event_plan(session, path)) if kind == "events" else GivenTable(read_plan(session, path))


@dataclass(frozen=True, slots=True)
class GivenTable:
    """A plan over tables: nothing is particular to it."""

    plan: TablePlan

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Those of every comparison."""
        return rule_rows()

    def placed(
        self, session: Session, engine: DuckEngine, scratch: Path, options: RunOptions
    ) -> AbstractContextManager[Placed]:
        """The sources of the plan."""
        place = Place(engine=options.engine, master=options.master, memory=options.memory, offline=options.offline)
        return placed(self.plan, session.root, engine, scratch, place)

    def counted(self, ran: Ran) -> Ran:
        """As it is."""
        return ran

    def judged(self, told: Told, engine: DuckEngine, span: Span, masking: Masking, most: int) -> Told:
        """As they are."""
        del engine, span, masking, most
        return told

    def parts(self) -> dict[str, str]:
        """None."""
        return {}

    def notices(self) -> tuple[str, ...]:
        """Nothing."""
        return ()


@dataclass(slots=True)
class GivenEvents:
    """A plan over events. The sides are captured into the scratch folder of the run, and go with it."""

    events: EventPlan
    plan: TablePlan = field(init=False)
    _columns: Columns = field(init=False)
    _sides: Mapping[Side, Captured] = field(init=False, default_factory=dict)
    _notices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._columns = Columns.of(self.events)
        self.plan = table_plan(self.events, self._columns.name)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Those of every comparison, and those of streams."""
        return (*rule_rows(), *stream_rule_rows())

    @contextmanager
    def placed(self, session: Session, engine: DuckEngine, scratch: Path, options: RunOptions) -> Iterator[Placed]:
        """The captures, as rows of text."""
        del scratch
        if options.engine != "duckdb":
            raise UsageError(f"--engine {options.engine} is for tables; events are captured here and compared here",
                             hint="leave --engine out")  # fmt: skip
        consent = Consent(bindings=frozenset(options.bindings), offline=options.offline)
        self._sides = captured(engine, self.events, self._columns, session.root, consent)
        yield Placed(engine, {side: one.relation for side, one in self._sides.items()})

    def counted(self, ran: Ran) -> Ran:
        """With the events that could not be read, by reason."""
        read: dict[Side, Read] = {}
        for side, one in ran.read.items():
            faults = {("event", reason): count for reason, count in sorted(self._sides[side].taken.faults.items())}
            read[side] = replace(one, rows=one.rows + sum(faults.values()), rejected={**faults, **one.rejected})
        return replace(ran, read=read)

    def judged(self, told: Told, engine: DuckEngine, span: Span, masking: Masking, most: int) -> Told:
        """With order, deliveries and lag: their gates, values and findings."""
        summary, findings = told
        lag = seconds(self.events.lag) if self.events.lag is not None else None
        relations = {side: one.relation for side, one in self._sides.items()}
        figures = measured(engine, self.events, self.plan, relations, span, lag)
        listed = list(stream_findings(engine, self.plan, figures, masking, most, lag))
        self._notices = tuple(
            stream_notices(figures, {side: one.taken for side, one in self._sides.items()}, self.events)
        )
        samples: dict[str, Any] = {finding.fingerprint: rows for finding, rows in listed if rows}
        summary = replace(
            summary,
            gates=(*summary.gates, *judged_stream(figures, stream_gates(self.events))),
            values={**summary.values, **stream_values(figures)},
            samples={**summary.samples, **samples},
        )
        return summary, [*findings, *(finding for finding, _ in listed)]

    def parts(self) -> dict[str, str]:
        """Those of order, deliveries and lag."""
        return stream_parts(self.events)

    def notices(self) -> tuple[str, ...]:
        """Events of other types, the lag, and what has no order."""
        return self._notices
