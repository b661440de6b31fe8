"""Both sides of a plan, captured into files of the run's scratch folder: live ones at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from retailctl.connect import amqp, kafka
from retailctl.connect.brokers import broker_address
from retailctl.errors import IncompleteError, Location, RetailctlError, UsageError
from retailctl.model.durations import seconds
from retailctl.model.event_message import CaptureLimits, Message
from retailctl.model.events_plan import EventPlan, EventSource
from retailctl.parallel.columns import SIDES, Side, Type
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.events.captures import capture_files, file_messages
from retailctl.parallel.events.envelopes import Fault
from retailctl.parallel.events.plan import Columns, opening_of, source_of
from retailctl.parallel.events.rows import ARRIVED, ID, PARTITION, POSITION, Taken, Wanted, write_rows
from retailctl.parallel.sources import RawColumn, Relation

Stopped = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What the command line allows: bindings as ``EXCHANGE:KEY`` (``*`` at the end for any key), and the network."""

    bindings: frozenset[str] = frozenset()
    offline: bool = False


@dataclass(frozen=True, slots=True)
class Captured:
    """One side: something to select from, and what became of its messages."""

    relation: Relation
    taken: Taken


@dataclass(slots=True)
class _Stop:
    """Ends live captures when one of them, or the user, has ended."""

    event: threading.Event = field(default_factory=threading.Event)


def captured(
    engine: DuckEngine, plan: EventPlan, columns: Columns, root: Path, consent: Consent
) -> dict[Side, Captured]:
    """Both sides as rows of text. Raises UsageError for what is not allowed or not there, IncompleteError for a file
    or broker that fails."""
    targets = {side: engine.scratch_file(".jsonl") for side in SIDES}
    live = [side for side in SIDES if source_of(plan, side).live]
    for side in live:
        _allowed(source_of(plan, side), consent)
    taken = _captured_live(plan, columns, {side: targets[side] for side in live}) if live else {}
    found: dict[Side, Captured] = {}
    for side in SIDES:
        source = source_of(plan, side)
        files: tuple[Path, ...] = ()
        if not source.live:
            files = capture_files(root, source.kind, source.where)
            messages = file_messages(source.kind, files)
            taken[side] = write_rows(messages, opening_of(plan, side), columns.wanted(plan, side), targets[side])
        wanted = columns.wanted(plan, side)
        label = f"{source.kind} {source.where}" if source.live else files[0].name
        label = label if len(files) < 2 else f"{label} and {len(files) - 1:,} more"
        found[side] = Captured(row_relation(engine, label, wanted, targets[side], files), taken[side])
    return found


def _allowed(source: EventSource, consent: Consent) -> None:
    if consent.offline:
        raise UsageError(f"{source.where}: {source.kind} is a server, and --offline is given", hint="name a capture")
    if source.kind != "amqp":
        return  # reading a topic leaves nothing behind
    for key in source.routing_keys or ("#",):
        wanted = {f"{source.exchange}:{key}", f"{source.exchange}:*"}
        if not wanted & consent.bindings:
            binding = f"{source.exchange}:{key}"
            hint = f"allow it with --allow-bind '{binding}': a queue of its own is made, and goes with the run"
            raise UsageError("listening binds a queue to the exchange, and nobody allowed it", hint=hint)


def _captured_live(plan: EventPlan, columns: Columns, targets: Mapping[Side, Path]) -> dict[Side, Taken]:
    """All live sides at the same time: each is connected before any of them begins to take messages."""
    stop = _Stop()
    ready = threading.Barrier(len(targets))

    def capture(side: Side) -> Taken:
        try:
            source = source_of(plan, side)
            messages = live_messages(source, ready, stop.event.is_set)
            return write_rows(messages, opening_of(plan, side), columns.wanted(plan, side), targets[side])
        except BaseException:
            stop.event.set()
            ready.abort()
            raise

    with ThreadPoolExecutor(len(targets)) as pool:
        futures = {side: pool.submit(capture, side) for side in targets}
        try:
            errors = [future.exception() for future in futures.values()]
        except BaseException:
            stop.event.set()
            ready.abort()
            raise
    told = [error for error in errors if error is not None and not isinstance(error, threading.BrokenBarrierError)]
    if told:
        raise told[0]
    return {side: future.result() for side, future in futures.items()}


def live_messages(source: EventSource, ready: threading.Barrier, stopped: Stopped) -> Iterator[Message | Fault]:
    """The messages of a broker. Raises UsageError and IncompleteError, each with the variable of the broker."""
    limits = CaptureLimits(
        seconds=float(seconds(source.seconds) or 0), count=source.count, idle=float(seconds(source.idle) or 0)
    )
    try:
        if source.kind == "amqp":
            address = broker_address(source.where, amqp.SCHEMES, plaintext=source.allow_plaintext)
            with amqp.Exchange(address, source.exchange or "", source.routing_keys or ("#",)) as exchange:
                ready.wait()
                yield from exchange.messages(limits, stopped)
        else:
            address = broker_address(source.where, kafka.SCHEMES, plaintext=source.allow_plaintext)
            with kafka.Topic(address, source.topic or "", source.start or "latest") as topic:
                ready.wait()
                yield from topic.messages(limits, stopped, until_end=source.until == "end")
    except RetailctlError as error:
        kind = UsageError if isinstance(error, UsageError) else IncompleteError
        place = error.at or Location(f"{source.kind} {source.where}")
        raise kind(error.message, at=place, hint=error.hint) from None


def row_relation(
    engine: DuckEngine, label: str, wanted: Wanted, target: Path, files: tuple[Path, ...]
) -> Relation:  # fmt: skip
    """The rows of a capture, written to ``target``, as a Parquet file of the scratch folder; ``target`` goes."""
    quoted = engine.dialect.literal
    types = {**dict.fromkeys(wanted.columns, "VARCHAR"), ID: "VARCHAR", ARRIVED: "VARCHAR", PARTITION: "VARCHAR",
             POSITION: "VARCHAR"}  # fmt: skip
    named = ", ".join(f"{quoted(name)}: {quoted(kind)}" for name, kind in types.items())
    query = engine.copied(
        f"select * from read_json({quoted(str(target))}, format = 'newline_delimited', columns = {{{named}}})"
    )
    target.unlink()
    columns = tuple(RawColumn(name, Type("text"), "VARCHAR", text=True) for name in types)
    return Relation(label, query, columns, files)
