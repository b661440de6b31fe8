"""Webhooks: outbound ones are server actions, inbound ones are automations behind a public address."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from retailctl.inventory.odoo.calls import called, hidden, single
from retailctl.inventory.odoo.crons import ACTION
from retailctl.inventory.odoo.database import Database
from retailctl.inventory.odoo.secrets import marked, parameters_of, parts_of
from retailctl.inventory.odoo.values import ident, moment, text
from retailctl.inventory.urls import Url, url_of
from retailctl.model.interface_key import HttpKey
from retailctl.model.seen import Seen

AUTOMATION: Final = "base.automation"
_PATH: Final = re.compile(r"base_automation\((\d{1,12})\)")
# Up to this version the action posts once, with a second to answer, and nobody sees it fail.
_LOOKED_AT: Final = (20, 0)
_ERRORS: Final = frozenset({"ERROR", "CRITICAL"})
# Words of paths that are no secret for sure: of all others a webhook shows a print.
_WORDS: Final = frozenset({
    "api", "rest", "hook", "hooks", "webhook", "webhooks", "callback", "callbacks", "notify", "notification",
    "notifications", "event", "events", "in", "inbound", "incoming", "odoo", "erp", "order", "orders", "sale",
    "sales", "product", "products", "stock", "inventory", "price", "prices", "customer", "customers", "partner",
    "partners", "invoice", "invoices", "payment", "payments", "delivery", "deliveries", "shipment", "shipments",
    "return", "returns", "refund", "refunds", "purchase", "purchases", "create", "created", "update", "updated",
    "services", "service",
})  # fmt: skip


def outbound(database: Database) -> Iterator[Seen]:
    """Server actions of state webhook: Odoo posts, waits for a second and never tries again."""
    for id_, row in database.rows(ACTION):
        if row.get("state") != "webhook" or row.get("usage") == "ir_cron":
            continue
        address = text(row.get("webhook_url"))
        url = url_of(address)
        if url is None:
            continue
        fingerprint = database.fingerprint
        path, rest = public_path(url.path)
        secrets = [url.secret] if url.secret else []
        secrets += [*parameters_of(address), *parts_of(url.path)[1]]
        prints = tuple(sorted({fingerprint(secret) for secret in secrets}))
        shown = Url(url.scheme, url.host, url.port, f"{path}/{marked(fingerprint(rest))}" if rest else path)
        yield from hidden(database, prints, ACTION, id_, "webhook_url")
        yield from called(
            database,
            single(shown, "POST", prints[0] if prints else ""),
            ACTION,
            id_,
            mechanism="webhook",
            values={"mode": "async", "pattern": "webhook"},
            figures={"fire_and_forget": database.version < _LOOKED_AT or None},
        )


def inbound(database: Database) -> Iterator[Seen]:
    """Automations that a public address triggers, by GET and POST; nothing but the UUID in it keeps others out.

    The UUID is never read, so an address is known by the record.
    """
    calls = _calls(database)
    for id_, row in database.rows(AUTOMATION):
        if row.get("trigger") != "on_webhook":
            continue
        logged = row.get("log_webhook_calls")
        known = calls.get(id_)
        model = ident(row.get("model_id"))
        yield database.seen(
            AUTOMATION,
            id_,
            mechanism="webhook",
            key=HttpKey(
                protocol="http",
                provider=database.name,
                address=f"/web/hook/{database.records.database}:{AUTOMATION}:{id_}",
            ),
            provider=database.name,
            values={"mode": "async", "pattern": "webhook", "direction": "in"},
            figures={
                "guard": "uuid",
                "webhook_active": row["active"] if isinstance(row.get("active"), bool) else None,
                "model": database.models.get(model) if model is not None else None,
                "calls_logged": known[0] if known else 0 if logged is True else None,
                "failures": known[1] if known else 0 if logged is True else None,
                "last_logged": known[2] if known else None,
            },
        )


def _calls(database: Database) -> dict[int, tuple[int, int, str]]:
    """Automation -> (calls, failed ones, last day), as ``ir.logging`` has them."""
    counted: Counter[int] = Counter()
    failed: Counter[int] = Counter()
    last: dict[int, str] = {}
    for _, row in database.rows("ir.logging"):
        found = _PATH.search(text(row.get("path")))
        if found is None:
            continue
        id_ = int(found[1])
        counted[id_] += 1
        failed[id_] += text(row.get("level")).upper() in _ERRORS
        if (at := moment(row.get("create_date"))) is not None:
            last[id_] = max(last.get(id_, ""), at.date().isoformat())
    return {id_: (count, failed[id_], last.get(id_, "")) for id_, count in counted.items()}


def public_path(path: str) -> tuple[str, str]:
    """The known words a path begins with, and the rest of it."""
    parts = path.strip("/").split("/") if path.strip("/") else []
    known = 0
    while known < len(parts) and (parts[known].lower() in _WORDS or re.fullmatch(r"v\d{1,2}", parts[known])):
        known += 1
    return "".join(f"/{part}" for part in parts[:known]), "/".join(parts[known:])
