"""A workspace with one provider, one contract and its callers, written file by file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from retailctl import api
from retailctl.model.finding import Finding
from retailctl.model.report import Report

AS_OF = date(2026, 11, 20)
ONE = "contracts/order/orders-api/v1/openapi.yaml"
TWO = "contracts/order/orders-api/v2/openapi.yaml"
PROMISE = "contracts/order/orders-api/contract.yaml"
INVENTORY = "inventories/estate.yaml"
OBSERVED = "inventories/observed/access-log.yaml"

DOCUMENT = """\
openapi: 3.1.0
info: {title: Orders, version: 1.0.0}
servers: [{url: "https://erp.shop.example/api"}]
paths:
  /orders:
    get:
      parameters: [{name: limit, in: query, schema: {type: integer, maximum: 100}}]
      responses: {"200": {description: ok}}
    post:
      responses: {"201": {description: ok}}
"""
BREAKING = DOCUMENT.replace("maximum: 100", "maximum: 50")


def promise(version: str = "", more: str = "") -> str:
    """A ``contract.yaml``; ``version`` is added to the entry of v1."""
    return (
        "id: orders-api\nkind: openapi\ndomain: order\nowner: team-erp\nprovider: erp\n" + more +
        f"versions:\n  - {{version: v1{version}}}\n"
    )  # fmt: skip


def interface(
    id_: str = "if-list", method: str = "GET", address: str = "/api/orders", more: str = "", consumers: str = "[crm]"
) -> str:
    """An entry of an inventory: an interface of the contract."""
    return (
        f"  - id: {id_}\n    key: {{protocol: http, provider: erp, method: {method}, address: {address}}}\n"
        f"    provider: erp\n    consumers: {consumers}\n    contract: {ONE}\n{more}"
    )


def estate(*interfaces: str) -> str:
    """An inventory with these interfaces and their systems."""
    systems = "".join(f"  - {{id: {name}, owner: team-{name}}}\n" for name in ("crm", "erp", "shop"))
    return f"systems:\n{systems}interfaces:\n{''.join(interfaces) or '  []'}\n"


def seen(day: str, id_: str = "if-list", system: str | None = "crm", count: int = 12_300) -> str:
    """What a log says: a caller, its last day and how many calls."""
    consumers = f"[{{system: {system}, last_seen: {day}}}]" if system else "[]"
    return (
        f"  - id: {id_}\n    consumers: {consumers}\n    sightings:\n"
        f"      - {{source: access-log, at: {day}, ref: 'erp.log#L1', fields: {{count: {count}}}}}\n"
    )


def observed(*entries: str, until: str | None = "2026-11-19", scope: str = "erp", source: str = "access-log") -> str:
    """An observed inventory, with its coverage."""
    told = f"coverage:\n  - {{source: {source}, scope: {scope}, window: {{from: 2026-10-20, to: {until}}}}}\n"
    return (told if until else "") + (f"interfaces:\n{''.join(entries)}" if entries else "")


def build(root: Path, files: dict[str, str]) -> Path:
    """Write a workspace. A document, its promise and one interface are there unless said otherwise ("" = no file)."""
    for name, text in {"retailctl.yaml": "name: Shop\n", ONE: DOCUMENT, PROMISE: promise(), **files}.items():
        if text:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
    return root


def check(root: Path, against: str | None = None, **more: object) -> Report:
    """``contract check`` on the fixed day."""
    run = api.AuditOptions(as_of=AS_OF, use_cache=False)
    return api.contract_check(root, api.ContractOptions(run=run, against=against, **more))  # type: ignore[arg-type]


def rows(report: Report) -> list[tuple[str, str, str]]:
    """(rule, verdict, severity) of all findings above info."""
    return [(one.rule, one.verdict, one.severity) for one in report.findings if one.severity != "info"]


def only(report: Report) -> Finding:
    """The one finding above info."""
    (found,) = (one for one in report.findings if one.severity != "info")
    return found
