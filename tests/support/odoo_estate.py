"""A small Odoo database of our own for tests of what its records mean: healthy, and messy in every way we look for.

``MARK`` stands wherever a secret or a name of a person could stand: whoever searches what comes out must not find it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from retailctl import api
from retailctl.api.scanning.options import ScanOptions
from retailctl.api.scanning.readings import reading_of
from retailctl.api.scanning.taking import Taken, take_in
from retailctl.api.session import open_session
from retailctl.inventory.odoo.records import ModelCoverage, OdooRecords, Transport
from retailctl.inventory.odoo.seen import found
from retailctl.inventory.reading import Reading
from retailctl.model.report import Report
from retailctl.model.seen import Seen

AS_OF = date(2026, 11, 20)
TAKEN = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
MARK = "Zx9MARKzx9"
DATABASE = "shop"
Rows = dict[str, list[dict[str, Any]]]

READING = Reading(as_of=AS_OF, fingerprint=lambda secret: f"hmac:k:{len(secret):016d}", pseudonym=lambda _: "anon-1")


def healthy() -> Rows:
    """A database with one of each kind that we look at, and nothing wrong with any."""
    return {
        "ir.module.module": [
            {"id": 1, "name": "base", "state": "installed", "author": "Odoo S.A."},
            {"id": 2, "name": "html_editor", "state": "installed", "author": "Odoo S.A."},
            {"id": 3, "name": "pos_restaurant", "state": "installed", "author": "Odoo S.A."},
            {"id": 4, "name": "social_media", "state": "installed", "author": "Odoo S.A."},
            {"id": 5, "name": "shop_edi_connector", "state": "installed", "author": "Acme"},
            {"id": 6, "name": "edi_unused", "state": "uninstalled", "author": "Acme"},
        ],
        "ir.model.data": [
            {"id": 1, "module": "base", "name": "group_user", "model": "res.groups", "res_id": 1},
            {"id": 2, "module": "base", "name": "group_system", "model": "res.groups", "res_id": 4},
            {"id": 3, "module": "base", "name": "autovacuum", "model": "ir.cron", "res_id": 1},
            {"id": 4, "module": "base", "name": "user_admin", "model": "res.users", "res_id": 2},
            {"id": 5, "module": "base", "name": "access_partner", "model": "ir.model.access", "res_id": 1},
            {"id": 6, "module": "base", "name": "fetch", "model": "ir.cron", "res_id": 3},
        ],
        "ir.model": [{"id": 90, "name": "Orders", "model": "x_orders", "state": "manual"}],
        "ir.model.access": [
            {"id": 1, "model_id": [10, "Partner"], "group_id": [1, "User"], "perm_read": True, "perm_write": True},
            {"id": 2, "model_id": [90, "Orders"], "group_id": [1, "User"], "perm_read": True, "perm_write": True},
        ],
        "res.groups": [
            {"id": 1, "name": "User", "implied_ids": []},
            {"id": 4, "name": "Settings", "implied_ids": [1]},
            {"id": 9, "name": "Connector", "implied_ids": [1]},
        ],
        "res.users": [
            {"id": 1, "login": "__system__", "name": "Bot", "active": False, "share": False, "groups_id": [1, 4]},
            {"id": 2, "login": "admin", "name": "Admin", "active": True, "share": False, "groups_id": [1, 4]},
            {"id": 6, "login": "svc-wms", "name": "WMS", "active": True, "share": False, "groups_id": [1, 9]},
            {"id": 7, "login": f"anna.{MARK}@shop.example", "name": f"Anna {MARK}", "active": True, "share": False,
             "totp_enabled": True, "groups_id": [1]},
        ],
        "res.users.apikeys": [
            {"id": 50, "name": "wms 2026", "user_id": [6, "WMS"], "scope": "rpc", "create_date": "2026-10-30 08:00:00",
             "expiration_date": "2027-01-20 00:00:00"},
        ],
        "ir.cron": [
            {"id": 1, "name": "Vacuum", "active": True, "interval_number": 1, "interval_type": "days", "state": "code",
             "nextcall": "2026-11-21 02:00:00", "lastcall": "2026-11-20 02:00:00", "user_id": [1, "Bot"],
             "code": "model._run_vacuum_cleaner()", "failure_count": 0},
            {"id": 3, "name": "Mail: Fetchmail Service", "active": False, "interval_number": 5, "state": "code",
             "interval_type": "minutes", "nextcall": "2026-01-01 00:00:00", "lastcall": False, "user_id": [1, "Bot"],
             "code": "model._fetch_mails()", "failure_count": 0},
            {"id": 8, "name": f"Weekly {MARK}", "active": True, "interval_number": 1, "interval_type": "weeks",
             "nextcall": "2026-11-23 02:00:00", "lastcall": "2026-11-16 02:00:00", "user_id": [2, "Admin"],
             "code": "# http://old.example/never\nrequests.get('https://bi.example/api/v2/refresh', timeout=5)",
             "state": "code", "failure_count": 0},
        ],
        "ir.actions.server": [
            {"id": 30, "name": "Post", "state": "code", "usage": "ir_actions_server", "code": "records.action_post()"},
        ],
        "base.automation": [
            {"id": 20, "name": "Stock rule", "trigger": "on_create", "active": True, "log_webhook_calls": False},
        ],
        "ir.config_parameter": [
            {"id": 1, "key": "database.secret"}, {"id": 2, "key": "database.uuid"}, {"id": 3, "key": "web.base.url"},
            {"id": 4, "key": "auth_signup.reset_password"}, {"id": 5, "key": "payment.token_url"},
        ],
        "fetchmail.server": [
            {"id": 1, "name": "Orders", "active": True, "server": "imap.shop.example", "port": 993, "is_ssl": True,
             "server_type": "imap", "state": "done", "date": "2026-11-20 15:55:00", "object_id": [12, "Order"]},
        ],
        "ir.mail_server": [
            {"id": 1, "name": "Relay", "active": True, "smtp_host": "mail.shop.example", "smtp_port": 587,
             "smtp_encryption": "starttls"},
        ],
        "mail.alias": [{"id": 1, "alias_name": "sales", "alias_model_id": [12, "Order"], "alias_contact": "everyone"}],
        "mail.activity": [
            {"id": 1, "res_model": "sale.order", "summary": f"Call {MARK}", "date_deadline": "2026-10-01",
             "user_id": [2, "Admin"]},
            {"id": 2, "res_model": "sale.order", "summary": "Renew API token", "date_deadline": "2026-12-01",
             "user_id": [2, "Admin"]},
        ],
        "payment.provider": [
            {"id": 1, "name": "Demo", "code": "demo", "state": "test", "is_published": True},
            {"id": 2, "name": "Wire", "code": "custom", "state": "enabled", "is_published": True},
            {"id": 3, "name": "Adyen", "code": "adyen", "state": "enabled", "is_published": True},
            {"id": 4, "name": "Stripe", "code": "stripe", "state": "test", "is_published": False},
            {"id": 5, "name": "PayPal", "code": "paypal", "state": "disabled", "is_published": False},
        ],
        "delivery.carrier": [
            {"id": 1, "name": "Flat", "delivery_type": "fixed", "active": True, "prod_environment": False},
            {"id": 2, "name": "Sendcloud", "delivery_type": "sendcloud", "active": True, "prod_environment": True},
        ],
        "pos.payment.method": [
            {"id": 1, "name": "Cash", "use_payment_terminal": False, "adyen_test_mode": False, "active": True},
            {"id": 2, "name": "Card", "use_payment_terminal": "adyen", "adyen_test_mode": False, "active": True},
        ],
        "pos.config": [{"id": 1, "name": "Shop", "active": True, "is_posbox": True, "proxy_ip": "10.1.0.7"}],
        "auth.oauth.provider": [
            {"id": 1, "name": "Odoo.com Accounts", "enabled": True,
             "auth_endpoint": "https://accounts.odoo.example/oauth2/auth",
             "validation_endpoint": "https://accounts.odoo.example/oauth2/tokeninfo"},
            {"id": 2, "name": "Old", "enabled": False, "auth_endpoint": "http://sso.old.example/auth"},
        ],
        "ir.logging": [],
    }  # fmt: skip


def records(
    rows: Mapping[str, list[dict[str, Any]]],
    *,
    version: str = "18.0",
    transport: Transport = "jsonrpc",
    coverage: Mapping[str, ModelCoverage] | None = None,
) -> OdooRecords:
    """The rows as an account that sees everything read them; ``coverage`` replaces what is said of some models."""
    covered = {model: _covered(model, found_) for model, found_ in rows.items()} | dict(coverage or {})
    kept = {model: tuple(found_) for model, found_ in rows.items() if covered[model].readable in ("read", "partial")}
    return OdooRecords(
        url="https://erp.shop.example",
        database=DATABASE,
        version=version,
        transport=transport,
        taken=TAKEN,
        account=2,
        companies=(1,),
        all_companies=(1,),
        coverage=tuple(covered[model] for model in sorted(covered)),
        records=kept,
    )


def _covered(model: str, rows: list[dict[str, Any]]) -> ModelCoverage:
    fields = tuple(sorted({name for row in rows for name in row}))
    return ModelCoverage(model=model, readable="read", fields=fields, rows=len(rows))


def without(given: OdooRecords, model: str, readable: str) -> OdooRecords:
    """The same records, of which a model could not be read in full."""
    coverage = tuple(
        replace(one, readable=readable, reason="for the test") if one.model == model else one  # type: ignore[arg-type]
        for one in given.coverage
    )
    kept = {name: rows for name, rows in given.records.items() if name != model or readable == "partial"}
    return replace(given, coverage=coverage, records=kept)


def seen(given: OdooRecords) -> list[Seen]:
    """All sightings, in order."""
    return [one for one in found(given, READING) if isinstance(one, Seen)]


def at(given: OdooRecords, model: str, id_: int) -> list[Seen]:
    """The sightings of one record."""
    return [one for one in seen(given) if one.ref == f"odoo:{DATABASE}:{model}:{id_}"]


def audit(root: Path, given: OdooRecords, *rules: str) -> Report:
    """The audit of a workspace that knows nothing but this database: identity, merge and files as in a scan."""
    (root / "retailctl.yaml").write_text("name: case\n", "utf-8")
    options = api.AuditOptions(as_of=AS_OF, use_cache=False)
    session = open_session(root, options)
    taken = Taken()
    taken.take(found(given, reading_of(session, ScanOptions())))
    take_in(session, taken, command="inventory odoo")
    return api.audit(root, replace(options, rules=rules))
