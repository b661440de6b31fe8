"""The ERP as its own records tell it: what ``inventory odoo --save`` of the production database writes."""

from __future__ import annotations

import json
from typing import Any

from retailctl.graph.estate_graph import direction_of
from retailctl.inventory.urls import url_of
from retailctl.model.estate import Estate
from retailctl.model.interface import Interface
from tests.reference_estate.artefacts.made import Made, interfaces

_FIRST_CRON, _FIRST_USER = 40, 20


def records(estate: Estate) -> Made:
    """``fernhill_prod.json``: jobs that call out, accounts and keys of the systems that call in, mail, payment."""
    made = Made("exports/odoo/fernhill_prod.json")
    crons = [_cron(number, one) for number, one in enumerate(_polled(estate))]
    accounts = _accounts(estate)
    users = [
        {"id": 1, "login": "__system__", "name": "OdooBot", "active": False, "share": False, "group_ids": [1, 4]},
        {"id": 2, "login": "admin", "name": "Administrator", "active": True, "share": False, "group_ids": [1, 4]},
    ]
    keys = []
    for number, (login, scopes) in enumerate(accounts):
        id_ = _FIRST_USER + number
        groups = [1, 4] if "*" in scopes else [1]
        users.append({"id": id_, "login": login, "name": login, "active": True, "share": False, "group_ids": groups})
        # One key was made before keys had to end, and nobody has looked at it since.
        expires: Any = False if login == "svc-woo-odoo" else "2027-01-31 00:00:00"
        keys.append({"id": 60 + number, "name": f"{login} 2026", "user_id": [id_, login], "scope": "rpc",
                     "create_date": "2026-11-02 09:00:00", "expiration_date": expires})  # fmt: skip
    rows: dict[str, list[dict[str, Any]]] = {
        "ir.module.module": [{"id": 1, "name": "base", "state": "installed", "author": "Odoo S.A."}],
        "ir.model.data": [
            {"id": 1, "module": "base", "name": "group_user", "model": "res.groups", "res_id": 1},
            {"id": 2, "module": "base", "name": "group_system", "model": "res.groups", "res_id": 4},
        ],
        "res.groups": [
            {"id": 1, "name": "User", "implied_ids": []},
            {"id": 4, "name": "Role / Administrator", "implied_ids": [1]},
        ],
        "res.users": users,
        "res.users.apikeys": keys,
        "ir.cron": crons,
        "ir.mail_server": [
            {"id": 1, "name": "Relay", "active": True, "smtp_host": "mail.fernhill.example", "smtp_port": 587,
             "smtp_encryption": "starttls"},
        ],
        "payment.provider": [{"id": 1, "name": "Stripe", "code": "stripe", "state": "enabled", "is_published": True}],
    }  # fmt: skip
    coverage = [
        {"model": model, "readable": "read", "reason": "", "fields": sorted({n for row in some for n in row}),
         "left_out": [], "rows": len(some)}
        for model, some in rows.items()
    ]  # fmt: skip
    whole = {
        "retailctl": "odoo-records/v1",
        "url": "https://erp.fernhill.example",
        "database": "fernhill_prod",
        "version": "19.0",
        "transport": "json2",
        "taken": "2026-11-19T18:00:00+00:00",
        "account": 2,
        "companies": [1, 2],
        "all_companies": [1, 2],
        "coverage": coverage,
        "records": rows,
    }
    made.add(None, *json.dumps(whole, indent=1).split("\n"))
    return made


def _polled(estate: Estate) -> list[Interface]:
    """Interfaces that the ERP asks by the clock."""
    return [
        one
        for one in interfaces(estate, "http")
        if one.schedule and direction_of(one) == "out" and any(c.system == "odoo" for c in one.consumers or ())
    ]


def _cron(number: int, one: Interface) -> dict[str, Any]:
    url = next(url for url in (url_of(e.url) for e in one.endpoints or ()) if url is not None)
    return {
        "id": _FIRST_CRON + number,
        "name": f"Fetch {number + 1}",
        "active": True,
        "interval_number": 1,
        "interval_type": "days",
        "nextcall": "2026-11-20 02:00:00",
        "lastcall": "2026-11-19 02:00:00",
        "user_id": [1, "OdooBot"],
        "state": "code",
        "code": f"model._fetch(requests.get('{url.clean}', timeout=20))",
        "failure_count": 0,
    }


def _accounts(estate: Estate) -> list[tuple[str, tuple[str, ...]]]:
    """(account, scopes) of the systems that call the ERP over HTTP."""
    used = {
        consumption.identity
        for one in interfaces(estate, "http")
        if one.provider == "odoo"
        for consumption in one.consumers or ()
        if consumption.identity
    }
    declared = estate.of("credential")
    return [(id_, declared[id_].noun.scopes or ()) for id_ in sorted(used) if id_ in declared]
