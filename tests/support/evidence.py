"""Waves, plans and sealed evidence as files of a small workspace."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from retailctl.api.parallel.sealing import digest
from retailctl.workspace.reader import parse_bytes

WAVE = "migrations/w1"


def wave_file(units: Sequence[str], **body: Any) -> tuple[str, str]:
    """Path and text of a wave that moves the units."""
    return f"{WAVE}/wave.yaml", json.dumps({"wave": {"id": "w1", "units": list(units), **body}})


def plan_file(name: str, covers: Sequence[str]) -> tuple[str, str]:
    """Path and text of a plan."""
    plan = {
        "entity": "order",
        "covers": list(covers),
        "key": ["id"],
        "sources": {"legacy": {"csv": "legacy.csv"}, "new": {"csv": "new.csv"}},
        "fields": [{"name": "id"}],
    }
    return f"{WAVE}/parallel/{name}.yaml", json.dumps(plan)


def run_body(plan_text: str, plan: str, day: str, **body: Any) -> dict[str, Any]:
    """The evidence of a run of that plan over one business day, sealed."""
    whole = {
        "id": f"ev-parallel-{plan}-{day}",
        "kind": "parallel_run",
        "plan": plan,
        "plan_sha256": digest(parse_bytes("plan.yaml", plan_text.encode()).data),
        "at": day,
        "last_day": day,
        "values": {},
        "verdict": "pass",
        **body,
    }
    return {**whole, "sha256": digest(whole)}


def lines_of(body: Mapping[str, Any]) -> str:
    """One key a line."""
    return "".join(f"{key}: {json.dumps(value, default=str)}\n" for key, value in body.items())


def evidence_files(
    moves: Sequence[str], runs: Sequence[Mapping[str, Any]], evidence: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    """A wave that moves the units, a plan per name in the runs that covers them unless a run says what, all evidence."""
    if moves or runs or evidence:
        yield wave_file(moves)
    for run in runs:
        body = {key: value for key, value in run.items() if key not in ("plan", "day", "covers")}
        name, day = str(run.get("plan", "orders")), str(run["day"])
        path, text = plan_file(name, run.get("covers", moves))
        yield path, text
        yield f"{WAVE}/evidence/run-{name}-{day}.yaml", lines_of(run_body(text, name, day, **body))
    for one in evidence:
        yield f"{WAVE}/evidence/{one['id']}.yaml", lines_of({key: _plain(value) for key, value in one.items()})


def _plain(value: Any) -> Any:
    """Dates of YAML as text."""
    return value if isinstance(value, str | int | float | list | dict) else str(value)
