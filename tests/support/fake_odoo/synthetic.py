"""A small Odoo of our own: a shop with two companies, one service account, one cron that calls out, and planted secrets.

Every model of the allow-list has a row or more. What must never be asked stands in the rows as well, marked, so that a
search of all that comes out finds it.
"""

from __future__ import annotations

from typing import Any

from retailctl.inventory.odoo.allow_list import allow_list
from tests.support.fake_odoo.recording import Model, Recording, Row

MARK = "MARKED-SECRET"
ADMIN, DEMO, SERVICE = 2, 5, 7
SECRETS = {
    "base.automation": ("url", "webhook_uuid"),
    "ir.config_parameter": ("value",),
    "fetchmail.server": ("user", "password"),
    "ir.mail_server": ("smtp_user", "smtp_pass", "smtp_ssl_private_key"),
    "payment.provider": ("adyen_api_key", "adyen_hmac_key", "stripe_publishable_key", "paypal_client_secret"),
    "pos.payment.method": ("adyen_api_key", "stripe_serial_number"),
    "iap.account": ("account_token",),
    "auth.oauth.provider": ("client_id",),
    "ir.logging": ("message",),
    "product.feed": ("access_token", "url"),
    "res.users": ("password", "oauth_access_token", "totp_secret"),
    "res.users.apikeys": ("key",),
    "website": ("google_maps_api_key",),
    "webservice.backend": ("username", "password", "api_key", "oauth2_client_secret", "password_env_default"),
    "queue.job": ("args", "kwargs", "records", "exc_info"),
    "auth.api.key": ("key",),
    "edi.exchange.record": ("exchange_file",),
    "rest.log": ("headers", "params"),
}
EXTRA = frozenset(
    {"queue.job", "queue.job.channel", "queue.job.function", "webservice.backend", "auth.api.key", "rest.log"}
)
_FOREIGN = ("edi.", "fastapi.", "endpoint.", "fs.", "storage.", "account.edi.", "payment.acquirer")
_OPEN = {
    *("ir.module.module", "res.company", "res.users", "res.groups", "res.users.apikeys", "res.users.log"),
    *("res.device.log", "mail.alias", "mail.activity", "iap.account", "website", "delivery.carrier"),
}
_GROUP = "groups_id"


def synthetic(version: str = "18.0", *, oca: bool = False) -> Recording:
    """The shop as an Odoo of a version; with ``oca`` it has modules of the OCA too."""
    rows = _rows(version)
    models = {}
    for allowed in allow_list(version):
        if allowed.model.startswith(_FOREIGN) or (allowed.model in EXTRA and not oca):
            continue
        models[allowed.model] = _model(
            allowed.model, allowed.fields, allowed.limited, rows.get(allowed.model, [{"id": 1}])
        )
    models["ir.model.data"] = _model(
        "ir.model.data", ("module", "name", "model", "res_id"), frozenset(), rows["ir.model.data"]
    )
    if oca:
        models["ir.module.module"].rows += [
            {"id": number, "name": name, "state": "installed"}
            for number, name in enumerate(("queue_job", "webservice", "auth_api_key", "rest_log"), 50)
        ]
    rights = {"admin": dict.fromkeys(models, True), "demo": {name: name in _OPEN for name in models}}
    made = Recording(version, models, rights, {"admin": ADMIN, "demo": DEMO})
    made.rules["res.users.apikeys"] = lambda row, uid: bool(row["user_id"][0] == uid)
    made.rules["res.users.log"] = lambda row, uid: bool(row["create_uid"][0] == uid)
    made.rules["res.company"] = lambda row, uid: bool(row["id"] == 1)
    made.rules["delivery.carrier"] = lambda row, uid: bool(row["company_id"][0] == 1)
    return made.with_fields_model()


def _model(name: str, fields: tuple[str, ...], limited: frozenset[str], rows: list[Row]) -> Model:
    told: dict[str, dict[str, Any]] = {"id": {"type": "integer", "store": True}}
    for field in (*fields, *SECRETS.get(name, ())):
        told[field] = {"type": "char", "string": field, "required": False, "readonly": False, "store": True}
        if field in limited:
            told[field]["groups"] = "base.group_system"
    planted = {field: f"{MARK}-{name}-{field}" for field in SECRETS.get(name, ())}
    full = [{**dict.fromkeys(fields, False), **({"active": True} if "active" in fields else {}), **row} for row in rows]
    return Model(told, ["id", *fields], [{**row, **planted} for row in full])


def _rows(version: str) -> dict[str, list[Row]]:
    group = "group_ids" if version >= "19" else _GROUP
    return {
        "ir.module.module": [
            {"id": number, "name": name, "state": "installed" if number < 9 else "uninstalled", "author": "Odoo S.A."}
            for number, name in enumerate(
                (
                    "base",
                    "mail",
                    "payment",
                    "delivery",
                    "point_of_sale",
                    "base_automation",
                    "auth_oauth",
                    "website",
                    "hr",
                ),
                1,
            )
        ],
        "res.company": [{"id": 1, "name": "Shop France"}, {"id": 2, "name": "Shop Spain"}],
        "res.users": [
            {"id": ADMIN, "login": "admin", "name": "Administrator", "company_ids": [1, 2], group: [1, 3, 4]},
            {"id": DEMO, "login": "demo", "name": "Marc Demo", "company_ids": [1], group: [1]},
            {"id": SERVICE, "login": "svc-shop", "name": "Shop connector", "company_ids": [1], group: [1, 3, 4]},
            {"id": 8, "login": "gone", "name": "Left", "active": False, "company_ids": [1], group: [1]},
        ],
        "res.groups": [
            {"id": 1, "name": "Internal"},
            {"id": 3, "name": "Access Rights"},
            {"id": 4, "name": "Settings"},
        ],
        "ir.model.data": [
            {"id": 11, "module": "base", "name": "group_user", "model": "res.groups", "res_id": 1},
            {"id": 12, "module": "base", "name": "group_erp_manager", "model": "res.groups", "res_id": 3},
            {"id": 13, "module": "base", "name": "group_system", "model": "res.groups", "res_id": 4},
            {"id": 14, "module": "base", "name": "autovacuum", "model": "ir.cron", "res_id": 1},
            {"id": 15, "module": "website", "name": "page", "model": "website.page", "res_id": 1},
        ],
        "res.users.apikeys": [
            {"id": 1, "name": "shop", "user_id": [SERVICE, "Shop connector"], "scope": "rpc"},
            {"id": 2, "name": "old", "user_id": [8, "Left"], "scope": "rpc"},
        ],
        "res.users.log": [{"id": number, "create_uid": [ADMIN, "Administrator"]} for number in (1, 2)],
        "ir.cron": [
            {"id": 1, "name": "Vacuum", "user_id": [1, "Bot"], "interval_number": 1, "interval_type": "days"},
            {
                "id": 2,
                "name": "Fetch orders",
                "user_id": [SERVICE, "Shop connector"],
                "interval_number": 5,
                "interval_type": "minutes",
                "code": f"requests.get('https://api.shop.example/orders', headers={{'token': '{MARK}-in-code'}})",
            },
            {"id": 3, "name": "Old export", "active": False, "user_id": [8, "Left"]},
        ],
        "ir.actions.server": [
            {
                "id": 4,
                "name": "Notify",
                "state": "webhook",
                "webhook_url": f"http://hook.example/in/{MARK}-path1?t={MARK}-query",
            },
        ],
        "delivery.carrier": [
            {"id": 1, "name": "Post", "delivery_type": "fixed", "company_id": [1, "Shop France"]},
            {"id": 2, "name": "Correo", "delivery_type": "fixed", "company_id": [2, "Shop Spain"]},
        ],
        "rest.log": [
            {"id": 1, "request_url": f"https://erp.example/rest/orders?token={MARK}-query", "request_method": "GET"}
        ],
        "ir.logging": [{"id": 1, "name": "Webhook Log", "path": "base_automation(3)"}, {"id": 2, "name": "other"}],
    }
