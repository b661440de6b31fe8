"""A parallel run as keys of the JSON report's summary."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from retailctl.model.parallel_run import Bridge, GateResult, Masked, ParallelSummary


def parallel_row(told: ParallelSummary) -> dict[str, Any]:
    """The totals under the names of the schema."""
    return {
        "sides": {"legacy": told.legacy, "new": told.new},
        "key": list(told.key),
        "rows": dict(told.rows),
        "classes": dict(told.classes),
        "duplicates": {side: dict(kinds) for side, kinds in told.duplicates.items()},
        "fields": {name: dict(classes) for name, classes in told.fields.items()},
        "bridge": {currency: _bridge_row(bridge) for currency, bridge in told.bridge.items()},
        "gates": [_gate_row(gate) for gate in told.gates],
        **(_run_row(told) if told.gates else {}),
        "not_compared": {side: list(names) for side, names in told.not_compared.items()},
        "engine": told.engine,
    }


def _run_row(told: ParallelSummary) -> dict[str, Any]:
    """What only the run of a plan has."""
    return {
        "totals": list(told.totals),
        "values": dict(told.values),
        "clusters": [asdict(cluster) for cluster in told.clusters],
        "late": None if told.late is None else asdict(told.late),
        "heat": None if told.heat is None else asdict(told.heat),
        "trend": [asdict(day) for day in told.trend],
        "accepted": [asdict(use) for use in told.accepted],
    }


def samples_row(rows: tuple[Masked, ...]) -> list[dict[str, Any]]:
    """Differing rows as they may be shown."""
    return [
        {"key": dict(row.key), "values": {name: {"legacy": old, "new": new} for name, old, new in row.values}}
        for row in rows
    ]


def _bridge_row(bridge: Bridge) -> dict[str, Any]:
    lines = [{"name": line.name, "rows": line.rows, "amount": line.amount} for line in bridge.lines]
    return {"legacy": bridge.legacy, "new": bridge.new, "lines": lines, "remainder": bridge.remainder}


def _gate_row(gate: GateResult) -> dict[str, Any]:
    return {
        "gate": gate.gate,
        "verdict": gate.verdict,
        "measured": gate.measured,
        "limit": gate.limit,
        "streak": gate.streak,
        "needed": gate.needed,
        "first_red": gate.first_red,
        "note": gate.note,
    }
