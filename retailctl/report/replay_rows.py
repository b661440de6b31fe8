"""A replay in JSON, and the schema of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from retailctl.model.parallel_run import GateResult
from retailctl.model.replay_run import REPLAY_CLASSES, Latency, ReplayRun, RouteRun

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_MILLISECONDS: Schema = {"type": "number", "minimum": 0, "description": "Milliseconds."}


def replay_row(run: ReplayRun) -> dict[str, Any]:
    """The run under the names of the schema."""
    return {
        "plan": run.plan,
        "plan_sha256": run.plan_sha256,
        "verdict": run.verdict,
        "requests": run.requests,
        "sent": run.sent,
        "compared": run.compared,
        "pairs": run.pairs,
        "rows": dict(run.rows),
        "classes": dict(run.classes),
        "gates": [_gate_row(gate) for gate in run.gates],
        "values": dict(run.values),
        "learned": run.learned,
        "not_sent": dict(run.not_sent),
        "unusable": dict(run.unusable),
        "bound": run.bound,
        "routes": [_route_row(route) for route in run.routes],
    }


def _gate_row(gate: GateResult) -> dict[str, Any]:
    return {name: value for name, value in asdict(gate).items() if name != "alone"}


def _route_row(route: RouteRun) -> dict[str, Any]:
    return {
        "route": route.route,
        "verdict": route.verdict,
        "requests": route.requests,
        "pairs": route.pairs,
        "classes": dict(route.classes),
        "noisy": list(route.noisy),
        "bound": route.bound,
        "latency": {"legacy": _latency_row(route.legacy), "new": _latency_row(route.new)},
    }


def _latency_row(latency: Latency) -> dict[str, float]:
    return {"p50": latency.p50, "p95": latency.p95}


def definitions(make: Callable[..., Schema]) -> dict[str, Schema]:
    """The schemas of both; ``make`` describes an object in which every key is always there."""
    classes = {"type": "object", "propertyNames": {"enum": list(REPLAY_CLASSES)}, "additionalProperties": _COUNT}
    verdict = {"enum": ["pass", "fail", "unknown"]}
    reasons = {"type": "object", "additionalProperties": _COUNT}
    bound = {
        "type": ["number", "null"],
        "description": "Upper 95 % bound of the share that may differ unseen (3/n); null where something differs.",
    }
    latency = make("From sending a request to the last byte of its answer.", p50=_MILLISECONDS, p95=_MILLISECONDS)
    return {
        "replay": make(
            "One replay of recorded requests to legacy and new.",
            plan=_TEXT,
            plan_sha256=_TEXT,
            verdict=verdict,
            requests=_COUNT,
            sent=_COUNT,
            compared=_COUNT,
            pairs={**_COUNT, "description": "Requests that legacy was asked twice, to learn its noise."},
            rows={**reasons, "description": "Requests to which a side answers with something, by side."},
            classes=classes,
            gates={"type": "array", "items": {"$ref": "#/$defs/gate"}},
            values={
                "type": "object",
                "description": "What a gate of a cutover may require, by name.",
                "additionalProperties": _TEXT,
            },
            learned={**_TEXT, "description": "When and of how many pairs the noise was learned, if by an earlier run."},
            not_sent=reasons,
            unusable=reasons,
            bound=bound,
            routes={"type": "array", "items": {"$ref": "#/$defs/replay_route"}},
        ),
        "replay_route": make(
            "One route of a replay.",
            route=_TEXT,
            verdict=verdict,
            requests=_COUNT,
            pairs=_COUNT,
            classes=classes,
            noisy={"type": "array", "items": _TEXT},
            bound=bound,
            latency=make("By side.", legacy=latency, new=latency),
        ),
    }
