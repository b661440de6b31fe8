"""The same shop as ``odoo_estate.healthy``, with one of each kind of mess; secrets and persons are marked."""

from __future__ import annotations

from typing import Any

from tests.support.odoo_estate import MARK, Rows, healthy

# What has to be found: (rule, what its message or its place names).
EXPECTED: tuple[tuple[str, str], ...] = (
    ("ODO101", "odoo:shop:ir.cron:101"),
    ("ODO101", "odoo:shop:ir.cron:102"),
    ("ODO102", "odoo:shop:ir.cron:103 (inactive)"),
    ("ODO102", "odoo:shop:ir.cron:104 (overdue)"),
    ("ODO102", "odoo:shop:ir.cron:105 (archived-owner)"),
    ("ODO103", "odoo:shop:base.automation:120"),
    ("ODO104", "odoo:shop:fetchmail.server:11 (silent)"),
    ("ODO104", "odoo:shop:fetchmail.server:12 (unconfirmed)"),
    ("ODO105", "odoo:shop:payment.provider:13 (test)"),
    ("ODO105", "odoo:shop:delivery.carrier:12"),
    ("ODO105", "odoo:shop:pos.payment.method:12"),
    ("ODO106", "odoo:shop:ir.cron:101 (4)"),
    ("ODO106", "odoo:shop:base.automation:120 (1)"),
    ("ODO111", "odoo:shop:res.users:20 (2)"),
    ("ODO112", "odoo:shop:res.users:7 (second factor)"),
    ("ODO113", "odoo:shop:res.users.apikeys:51 (res.users:20)"),
    ("ODO113", "odoo:shop:res.users.apikeys:53 (res.users:7)"),
    ("ODO114", "odoo:shop:res.users.apikeys:54 (res.users:21)"),
    ("ODO115", "odoo:shop:res.users:22"),
    ("ODO121", "odoo:shop:ir.model.access:41"),
    ("ODO122", "odoo:shop:ir.model.access:42 (x_orders)"),
    ("ODO123", "odoo:shop:res.groups:30"),
    ("ODO124", "odoo:shop:mail.activity:44 (19)"),
    ("ARC-06", "if-files-example-in"),
    ("ODO108", "odoo:shop:ir.actions.server:110"),
    ("SEC-04", "res-users-20"),
    ("SEC-04", "res-users-22"),
    ("SEC-06", "ir-config-parameter-31"),
    ("SEC-06", "cred-ir-cron-102"),
    ("SEC-12", "http://wms.example"),
    ("SEC-12", "ftp://files.example"),
    ("SEC-12", "http://hooks.example"),
    ("SEC-12", "imap://old.example"),
    ("SEC-12", "smtp://relay.example"),
    ("SEC-12", "http://sso.example"),
)


def messy() -> Rows:
    """A row or more for each kind that odoo.md lists, beside the healthy ones."""
    rows = healthy()
    for model, more in _MORE.items():
        rows[model] = [*rows.get(model, []), *more]
    return rows


def _cron(id_: int, code: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id_, "name": f"Sync {MARK}", "active": True, "interval_number": 5, "interval_type": "minutes",
        "state": "code", "nextcall": "2026-11-20 16:05:00", "lastcall": "2026-11-20 16:00:00", "user_id": [2, "Admin"],
        "code": code, "failure_count": 0,
    } | more  # fmt: skip


_MORE: Rows = {
    "ir.cron": [
        _cron(101, "r = requests.get('http://wms.example/stock', timeout=9)", failure_count=4),
        _cron(
            102,
            f"ftp = ftplib.FTP('files.example')\nftp.login('bob', '{MARK}-ftp')\nurl = 'ftp://files.example/in'",
            interval_number=1,
            interval_type="days",
        ),
        _cron(103, "requests.post('https://pim.example/a')", active=False),
        _cron(104, "requests.post('https://pim.example/b')", nextcall="2026-10-01 00:00:00"),
        _cron(105, "requests.post('https://pim.example/c')", user_id=[21, f"Left {MARK}"]),
    ],
    "ir.actions.server": [
        {"id": 110, "name": f"Hook {MARK}", "state": "webhook", "usage": "base_automation",
         "webhook_url": f"http://hooks.example/orders/{MARK}-path-12345?token={MARK}-query"},
        {"id": 111, "name": "Notify", "state": "code", "usage": "ir_actions_server",
         "code": f"requests.post('https://chat.example/api', headers={{'X-Api-Key': '{MARK}-header'}})"},
        {"id": 112, "name": "Cron", "state": "code", "usage": "ir_cron",
         "code": "requests.get('http://wms.example/stock')"},
    ],
    "base.automation": [
        {"id": 120, "name": f"In {MARK}", "trigger": "on_webhook", "active": True, "log_webhook_calls": True},
        {"id": 121, "name": "Old", "trigger": "on_webhook", "active": False, "log_webhook_calls": True},
    ],
    "ir.logging": [
        {"id": 1, "name": "Webhook Log", "level": "INFO", "path": "base_automation(120)",
         "create_date": "2026-11-19 10:00:00"},
        {"id": 2, "name": "Webhook Log", "level": "ERROR", "path": "base_automation(120)",
         "create_date": "2026-11-20 10:00:00", "func": MARK},
    ],
    "res.users": [
        {"id": 20, "login": "svc-middleware", "name": MARK, "active": True, "share": False, "groups_id": [1, 4]},
        {"id": 21, "login": f"left.{MARK}@shop.example", "name": MARK, "active": False, "share": False,
         "groups_id": [1]},
        {"id": 22, "login": f"api@{MARK}.example", "name": MARK, "active": True, "share": False, "groups_id": [4]},
    ],
    "res.users.apikeys": [
        {"id": 51, "name": "Shopify", "user_id": [20, "M"], "create_date": "2026-11-01", "expiration_date": False},
        {"id": 52, "name": "WMS 2026", "user_id": [20, "M"], "create_date": "2026-11-01",
         "expiration_date": "2027-01-01 00:00:00"},
        {"id": 53, "name": f"n8n {MARK}", "user_id": [7, MARK], "create_date": "2026-11-01", "expiration_date": False},
        {"id": 54, "name": "old", "user_id": [21, MARK], "create_date": "2026-11-01", "expiration_date": False},
    ],
    "res.groups": [{"id": 30, "name": f"All {MARK}", "implied_ids": [1]}],
    "ir.model.access": [
        {"id": 41, "model_id": [10, "Partner"], "group_id": False, "perm_read": True, "perm_write": True},
        {"id": 42, "model_id": [90, "Orders"], "group_id": False, "perm_read": True, "perm_write": False},
        {"id": 43, "model_id": [10, "Partner"], "group_id": False, "perm_read": True, "perm_write": False},
        *(
            {"id": 200 + n, "model_id": [200 + n, "M"], "group_id": [30, "All"], "perm_read": True, "perm_write": True}
            for n in range(20)
        ),
    ],
    "ir.config_parameter": [{"id": 31, "key": "wms.api_key"}, {"id": 32, "key": "wms.endpoint_url"}],
    "fetchmail.server": [
        {"id": 11, "name": MARK, "active": True, "server": "old.example", "port": 143, "is_ssl": False,
         "server_type": "imap", "state": "done", "date": "2026-09-01 00:00:00"},
        {"id": 12, "name": MARK, "active": True, "server": "new.example", "port": 993, "is_ssl": True,
         "server_type": "imap", "state": "draft", "date": False},
    ],
    "ir.mail_server": [
        {"id": 11, "name": MARK, "active": True, "smtp_host": "relay.example", "smtp_port": 25,
         "smtp_encryption": "none"},
    ],
    "mail.alias": [{"id": 11, "alias_name": f"anna.{MARK}", "alias_model_id": [12, "Order"], "alias_contact": "all"}],
    "mail.activity": [
        {"id": 44, "res_model": "sale.order", "summary": f"Renew API token {MARK}", "date_deadline": "2026-11-01",
         "user_id": [2, "Admin"]},
    ],
    "payment.provider": [
        {"id": 13, "name": f"Mollie {MARK}", "code": "mollie", "state": "test", "is_published": True},
    ],
    "delivery.carrier": [
        {"id": 12, "name": MARK, "delivery_type": "dhl", "active": True, "prod_environment": False,
         "debug_logging": True},
    ],
    "pos.payment.method": [
        {"id": 12, "name": MARK, "use_payment_terminal": "viva_wallet", "viva_wallet_test_mode": True, "active": True},
    ],
    "auth.oauth.provider": [
        {"id": 13, "name": MARK, "enabled": True, "auth_endpoint": "http://sso.example/auth",
         "validation_endpoint": "http://sso.example/check"},
    ],
}  # fmt: skip
