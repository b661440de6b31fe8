"""The fixtures of the flow readers, and what a reader saw in one as lines of a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Final

from retailctl.errors import InputError
from retailctl.inventory.reading import Found
from retailctl.model.seen import Seen, SeenConsumer
from retailctl.model.sighting import Coverage

FIXTURES: Final = Path(__file__).resolve().parents[1] / "fixtures" / "flows"
KINDS: Final = {
    "anacrontab": "cron",
    "compose/compose.yaml": "compose",
    "compose/legacy-compose.yml": "compose",
    "cron.d/erp": "cron",
    "crontab.txt": "cron",
    "har/checkout.har": "har",
    "kubernetes/shop.yaml": "kubernetes",
    "n8n/export.json": "n8n",
    "n8n/orders.json": "n8n",
    "node-red/flows.json": "node-red",
    "otlp/trace.json": "otlp",
    "otlp/traces.jsonl": "otlp",
    "postman/prod.postman_environment.json": "postman",
    "postman/shop.postman_collection.json": "postman",
    "spool/cron/odoo": "cron",
    "systemd/backup@.timer": "systemd",
    "systemd/empty.timer": "systemd",
    "systemd/once.timer": "systemd",
    "systemd/stock-push.timer": "systemd",
}
"""Path of every fixture that is read by itself, and the reader that it is for."""


def table(found: Iterable[Found]) -> str:
    """One block of lines for each thing seen, mistake and coverage statement, in order."""
    return "\n".join(_block(one) for one in found) + "\n"


def _block(found: Found) -> str:
    if isinstance(found, InputError):
        return f"mistake {found.at}: {found.message}"
    if isinstance(found, Coverage):
        window = found.window
        return f"coverage {found.scope} {window.start if window else ''} to {window.end if window else ''}"
    lines = [f"{found.kind} {found.ref.partition('#')[2] or '-'}{_shown(found)}"]
    if found.key is not None:
        pairs = ((part.name, getattr(found.key, part.name)) for part in fields(found.key))
        lines.append("  key " + " ".join(f"{name}={value}" for name, value in pairs if value is not None))
    lines += [f"  used by {_user(user)}" for user in found.consumers]
    lines += [f"  {name}: {value}" for name, value in found.values.items()]
    lines += [f"  ({name}: {value})" for name, value in found.figures.items()]
    return "\n".join(lines)


def _shown(seen: Seen) -> str:
    told = (seen.name, f"of {seen.provider}" if seen.provider else "", seen.secret, f"in {seen.environment}" if seen.environment else "", f"sure {seen.confidence:.2f}" if seen.confidence < 1 else "")  # fmt: skip
    return "".join(f" | {part}" for part in told if part)


def _user(user: SeenConsumer) -> str:
    days = f"{user.first_seen} to {user.last_seen}" if user.first_seen else ""
    told = (user.name, user.identity or "", user.secret or "", days, f"{user.count} times" if user.count else "")
    return ", ".join(part for part in told if part)
