"""The ERP: an hour of the log of the web server in front of it, and the crontab of its host."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from retailctl.model.estate import Estate
from retailctl.model.interface import Interface
from retailctl.model.interface_key import HttpKey
from tests.reference_estate.artefacts.made import UNDECLARED, Made, calls, concrete, interfaces

_START: Final = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
HOST: Final = "erp.fernhill.example"


def log(estate: Estate) -> Made:
    """``erp-access.log``: combined format with the virtual host in front; the account stands where HTTP puts it."""
    made = Made("exports/logs/erp-access.log")
    rows: list[tuple[datetime, str, str]] = []
    for one in interfaces(estate, "http"):
        if one.provider == "odoo":
            rows.extend(_lines(one))
    at = _START + timedelta(minutes=7)
    # Nobody declared these: a notebook of the finance team on the old order API, and a path of a project that ended.
    # The path does not tell the major version: it may be either.
    either = "if-odoo-orders-v1-status if-odoo-orders-v2-status"
    rows.append((at, either, _line(at, "GET", "/api/orders/SO-401221", "svc-finance-notebook")))
    for step in range(9):
        at = _START + timedelta(minutes=6 * step + 1)
        rows.append((at, UNDECLARED, _line(at, "POST", f"/api/labels/{7000 + step}/print", "svc-label-tool")))
    for _, id_, line in sorted(rows):
        made.add(id_, line)
    return made


def crontab() -> Made:
    """``esb.crontab``: jobs of the old bus that stand in no inventory."""
    made = Made("exports/cron/esb.crontab")
    made.add(None, "# m h dom mon dow command", "MAILTO=integration@fernhill.example")
    made.add(UNDECLARED, "15 2 * * * /opt/esb/bin/export-pricelist --target sftp://files.fernhill.example/pricing")
    made.add(UNDECLARED, "*/10 * * * * curl -s -u svc-legacy:Winter2019 https://pim.fernhill.example/feeds/suppliers")
    return made


def _lines(one: Interface) -> list[tuple[datetime, str, str]]:
    assert isinstance(one.key, HttpKey)
    found = []
    for consumption in one.consumers or ():
        number = calls(one)
        for step in range(number):
            at = _START + timedelta(seconds=3600 * (step + 0.25) / number)
            path = concrete(one.key.address or "/", step)
            found.append((at, one.id, _line(at, one.key.method or "GET", path, consumption.identity or "-")))
    return found


def _line(at: datetime, method: str, path: str, account: str) -> str:
    stamp = at.strftime("%d/%b/%Y:%H:%M:%S +0000")
    return f'{HOST} 10.20.0.31 - {account} [{stamp}] "{method} {path} HTTP/1.1" 200 512 "-" "integration/1.0"'
