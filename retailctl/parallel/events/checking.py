"""What is wrong in a plan of events by itself, before anything is opened: each problem with its place and next step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from retailctl.model.durations import seconds
from retailctl.model.events_plan import (
    EVENT_KINDS,
    LIVE_KINDS,
    STREAM_METRICS,
    Envelope,
    EventGate,
    EventPlan,
    EventSource,
)
from retailctl.parallel.columns import SIDES
from retailctl.parallel.events.paths import ATTRIBUTES, Path, parsed_path
from retailctl.parallel.events.plan import path_of, source_of, table_plan
from retailctl.parallel.plans.checking import plan_problems
from retailctl.parallel.plans.checking_sources import path_problems, variable_problems
from retailctl.parallel.plans.names import count_or_share
from retailctl.workspace.problems import SCHEMA, Problem, suggestion
from retailctl.workspace.problems import Path as Place

_FOR: Final = {
    "exchange": ("amqp",),
    "routing_keys": ("amqp",),
    "topic": ("kafka",),
    "start": ("kafka",),
    "until": ("kafka",),
    **dict.fromkeys(("seconds", "count", "idle", "allow_plaintext"), LIVE_KINDS),
}
_SAID: Final = {"start": "from", "seconds": "for"}
_DURATIONS: Final = ("lag_p50", "lag_p95", "late_p99")
_WORDS: Final = ("earliest", "latest")


def event_plan_problems(plan: EventPlan) -> Iterator[Problem]:
    """Everything that is wrong, by part of the file."""
    for side in SIDES:
        yield from _source(source_of(plan, side), (side,))
    yield from _envelope(plan.envelope, ("envelope",))
    sound = True
    for index, field in enumerate(plan.fields):
        for side in SIDES:
            for problem in _path(path_of(field, side), ("fields", index, side, "col"), attributes=True):
                sound = False
                yield problem
    for name in ("order_by", "within"):
        yield from _names(plan, name)
    yield from _lag(plan)
    for index, gate in enumerate(plan.gates):
        yield from _gate(plan, gate, ("gates", index))
    if sound:
        yield from _table(plan)


def _source(source: EventSource, place: Place) -> Iterator[Problem]:
    if len(source.kinds) != 1:
        message = (
            f"{' and '.join(source.kinds)} are two sources"
            if source.kinds
            else "the side does not say where it is read"
        )
        yield Problem(SCHEMA, message, place, f"Keep one of {', '.join(source.kinds or EVENT_KINDS)}.")
        return
    kind = source.kind
    defaults = {one.name: one.default for one in fields(EventSource)}
    for option, kinds in _FOR.items():
        if getattr(source, option) != defaults[option] and kind not in kinds:
            said = _SAID.get(option, option)
            hint = f"Remove it; it is for {', '.join(kinds)}."
            yield Problem(SCHEMA, f"{said} is not an option of {kind}", (*place, said), hint)
    if source.live:
        yield from variable_problems(kind, source.where, (*place, kind))
        yield from _limits(source, place)
    else:
        yield from path_problems(source.where, (*place, kind))
    if kind == "amqp" and source.exchange is None:
        hint = "Add `exchange: ...`; a queue that is there is never read, as that takes its messages."
        yield Problem(SCHEMA, "amqp needs an exchange", place, hint)
    if kind == "kafka" and source.topic is None:
        yield Problem(SCHEMA, "kafka needs a topic", place, "Add `topic: ...`.")
    if source.start is not None and kind == "kafka" and not _is_start(source.start):
        hint = "Write earliest, latest, an offset such as 1200, or a moment such as 2026-11-20T00:00:00Z."
        yield Problem(SCHEMA, "from is no place in a topic", (*place, "from"), hint)
    if source.envelope is not None:
        yield from _envelope(source.envelope, (*place, "envelope"))


def _limits(source: EventSource, place: Place) -> Iterator[Problem]:
    for option in ("seconds", "idle"):
        length = seconds(getattr(source, option))
        if length is None or not 0 < length <= 86_400:
            said = _SAID.get(option, option)
            yield Problem(SCHEMA, f"{said} is no duration up to a day", (*place, said), "Write it such as 10m.")


def _is_start(text: str) -> bool:
    if text in _WORDS or (text.isascii() and text.isdecimal() and len(text) <= 18):
        return True
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _envelope(envelope: Envelope, place: Place) -> Iterator[Problem]:
    for one in fields(Envelope):
        text = getattr(envelope, one.name)
        if one.name != "format" and text is not None:
            yield from _path(text, (*place, one.name), attributes=False)
    if envelope.format == "cloudevents":
        for name in ("id", "time", "type"):
            if getattr(envelope, name) is not None:
                hint = "Remove it; a CloudEvent says it itself."
                yield Problem(SCHEMA, f"{name} is not an option of cloudevents", (*place, name), hint)


def _path(text: str, place: Place, *, attributes: bool) -> Iterator[Problem]:
    try:
        path: Path = parsed_path(text)
    except ValueError as error:
        yield Problem(
            SCHEMA, f"the path is not understood: {error}", place, 'Write it such as order.id or ["odd.name"].'
        )
        return
    if path.root == "attribute" and path.steps[0] not in ATTRIBUTES:
        hint = f"Write one of {', '.join(f'@{name}' for name in ATTRIBUTES)}, or @header.NAME."
        yield Problem(SCHEMA, "events have no such attribute", place, hint)
    elif path.root != "payload" and not attributes:
        yield Problem(SCHEMA, "a path of an envelope is one in the event itself", place, "Write it without @.")


def _names(plan: EventPlan, key: str) -> Iterator[Problem]:
    known = {field.name: field for field in plan.fields}
    for index, name in enumerate(getattr(plan, key)):
        place = (key, index)
        if name not in known:
            shown = name if name.isprintable() and len(name) <= 60 else "with a long or odd name"
            yield Problem(SCHEMA, f"there is no field {shown}", place, suggestion(name, known))
        elif key == "within" and name not in plan.identity:
            hint = "Name fields of the key, or add this one to the key."
            yield Problem(SCHEMA, f"{name} is no part of the key", place, hint)
    if key == "order_by" and plan.order_by and not plan.grouped_by:
        hint = "Add to the key what an event is about, such as order_id."
        yield Problem(SCHEMA, "the key has only what puts events in order", ("order_by",), hint)


def _lag(plan: EventPlan) -> Iterator[Problem]:
    if plan.lag is not None and seconds(plan.lag) is None:
        yield Problem(SCHEMA, "lag is no duration", ("lag",), "Write a duration such as 15m, 2h or 1d.")


def _gate(plan: EventPlan, gate: EventGate, place: Place) -> Iterator[Problem]:
    if gate.metric not in STREAM_METRICS:
        return
    if stream_limit(gate) is None:
        example = (
            "a duration such as 15m" if gate.metric in _DURATIONS else "a number such as 0, or a share such as 0.01%"
        )
        yield Problem(SCHEMA, f"the limit does not fit {gate.metric}", (*place, "limit"), f"Write {example}.")
    if gate.scope:
        yield Problem(
            SCHEMA, f"{gate.metric} is measured over the whole stream", (*place, "scope"), "Remove the scope."
        )
    if gate.metric == "late" and plan.lag is None:
        yield Problem(SCHEMA, "late needs to know how late is late", (*place, "metric"), "Add `lag: 15m`.")
    if gate.metric == "order" and not plan.grouped_by:
        hint = "Add `order_by: [...]`, or `within: [...]`."
        yield Problem(SCHEMA, "order needs to know which order", (*place, "metric"), hint)


def stream_limit(gate: EventGate) -> tuple[Decimal, bool] | None:
    """The limit of a gate that only streams have, and whether it is a share of the events; None where it is none."""
    if gate.metric in _DURATIONS:
        found = seconds(gate.limit)
        return None if found is None else (found, False)
    return count_or_share(gate.limit)


def _table(plan: EventPlan) -> Iterator[Problem]:
    """What is wrong in the plan of the rows, at its place in this file."""
    table = table_plan(plan)
    positions = [index for index, gate in enumerate(plan.gates) if gate.metric not in STREAM_METRICS]
    for problem in plan_problems(table):
        place = problem.path
        if place[:1] == ("gates",) and len(place) > 1 and isinstance(place[1], int):
            place = ("gates", positions[place[1]], *place[2:])
        elif place[:1] == ("key",) and len(place) > 1 and isinstance(place[1], int) and place[1] >= len(plan.key):
            place = ("order_by",)
        yield replace(problem, path=place)
