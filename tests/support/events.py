"""Small workspaces with a plan over events, and runs of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from retailctl import api
from retailctl.model.report import Report

DAY = date(2026, 11, 20)
PLAN: dict[str, Any] = {
    "kind": "events",
    "entity": "order",
    "legacy": {"jsonl": "legacy.jsonl"},
    "new": {"jsonl": "new.jsonl"},
    "envelope": "cloudevents",
    "key": ["order"],
    "order_by": ["seq"],
    "lag": "1m",
    "fields": [
        {"name": "order", "pii": "none"},
        {"name": "seq", "type": "int", "pii": "none"},
        {"name": "total", "type": "decimal", "scale": 2, "pii": "none"},
        {"name": "mail", "severity": "customer"},
    ],
}


def plan(**changes: Any) -> dict[str, Any]:
    """The plan with other keys; None removes one."""
    return {key: value for key, value in {**PLAN, **changes}.items() if value is not None}


def cloud_event(
    order: str, seq: int, total: Any = "10.00", *, id: str = "", minute: float = 0, mail: str = "ada@shop.example", **more: Any
) -> dict[str, Any]:  # fmt: skip
    """A structured CloudEvent of one step of an order, so many minutes after ten o'clock."""
    whole, second = divmod(round(minute * 60), 60)
    return {
        "specversion": "1.0", "id": id or f"{order}-{seq}", "type": "order.changed", "source": "/shop",
        "time": f"2026-11-19T10:{whole:02}:{second:02}Z",
        "data": {"order": order, "seq": seq, "total": total, "mail": mail}, **more,
    }  # fmt: skip


def lines(events: Iterable[Any]) -> bytes:
    """Events as JSON lines; what is bytes already is a line as it is."""
    return b"".join((one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in events)


def workspace(root: Path, given: dict[str, Any], **files: bytes) -> Path:
    """A workspace with the plan ``orders`` and the captures ``legacy`` and ``new``."""
    folder = root / "migrations" / "w2-orders" / "parallel"
    folder.mkdir(parents=True, exist_ok=True)
    (root / "retailctl.yaml").write_text("name: shop\n", encoding="utf-8")
    (folder / "orders.yaml").write_text(json.dumps(given), encoding="utf-8")
    for name, content in files.items():
        (root / f"{name}.jsonl").write_bytes(content)
    return root


def run(root: Path, **more: Any) -> Report:
    """Run the plan."""
    options = api.RunOptions(**{"threads": 1, "memory": "256MB", **more})
    return api.parallel_run("orders", root, api.AuditOptions(as_of=DAY, use_cache=False), options)


def gates(report: Report) -> dict[str, tuple[str, str]]:
    """Verdict and measure of each gate."""
    assert report.summary.parallel is not None
    return {gate.gate: (gate.verdict, gate.measured) for gate in report.summary.parallel.gates}
