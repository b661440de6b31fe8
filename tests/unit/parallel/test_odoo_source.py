"""A model of an Odoo as a side of a parallel run: only the columns of the plan are read, and never a secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from retailctl import api
from retailctl.cli.main import main
from retailctl.errors import ConfigError, IncompleteError, UsageError
from retailctl.model.report import Report
from tests.support.fake_odoo.recording import Model, Recording
from tests.support.fake_odoo.server import FakeOdoo, serving
from tests.support.fake_odoo.synthetic import MARK, synthetic
from tests.unit.parallel.running import DAY

LINES = 1_200
TYPES = {
    "id": "integer", "name": "char", "partner_id": "many2one", "tag_ids": "many2many", "amount": "monetary", "paid": "boolean",
    "date_order": "datetime", "note": "text", "active": "boolean", "state": "selection", "access_token": "char", "margin": "float",
}  # fmt: skip


def shop(version: str = "18.0") -> Recording:
    """An Odoo with orders: every tenth is archived, every seventh has no customer."""
    made = synthetic(version)
    fields = {name: {"type": kind, "store": True} for name, kind in TYPES.items()}
    rows: list[dict[str, Any]] = [
        {
            "id": number, "name": f"S{number:05}", "partner_id": [number % 50 + 1, "Ada Lovelace"] if number % 7 else False,
            "tag_ids": [3, 1] if number % 2 else [], "amount": number / 4, "paid": bool(number % 3),
            "date_order": "2026-11-18 10:00:00", "note": False, "active": number % 10 != 0,
            "state": "sale" if number % 5 else "draft", "access_token": f"{MARK}-{number}", "margin": 1.5,
        }
        for number in range(1, LINES + 1)
    ]  # fmt: skip
    made.models["sale.order"] = Model(fields, [name for name in TYPES if name not in ("access_token", "margin")], rows)
    for rights in made.rights.values():
        rights["sale.order"] = True
    return made


FIELDS: list[dict[str, Any]] = [
    {"name": "name", "type": "text", "pii": "none"},
    {"name": "customer", "type": "int", "legacy": "customer", "new": "partner_id", "pii": "none"},
    {"name": "tags", "type": "text", "new": "tag_ids", "pii": "none"},
    {"name": "amount", "type": "decimal", "scale": 2, "pii": "none"},
    {"name": "paid", "type": "bool", "pii": "none"},
    {"name": "ordered", "type": "timestamp", "new": "date_order", "pii": "none"},
    {"name": "note", "type": "text"},
]


def legacy(recording: Recording, *, archived: bool, state: str = "") -> str:
    """The same orders as the old system exports them."""
    rows = ["name,customer,tags,amount,paid,ordered,note"]
    for row in recording.models["sale.order"].rows:
        if (archived or row["active"]) and (not state or row["state"] == state):
            customer = row["partner_id"][0] if row["partner_id"] else ""
            tags = '"1,3"' if row["tag_ids"] else '""'
            paid = str(row["paid"]).lower()
            rows.append(f"{row['name']},{customer},{tags},{row['amount']:.2f},{paid},{row['date_order']},")
    return "\n".join(rows) + "\n"


def workspace(
    root: Path, server: FakeOdoo, export: str, fields: list[dict[str, Any]] | None = None, **more: Any
) -> Path:
    folder = root / "migrations/w1/parallel"
    folder.mkdir(parents=True)
    (root / "retailctl.yaml").write_text("name: shop\n", encoding="utf-8")
    (root / "legacy.csv").write_text(export, encoding="utf-8")
    odoo = {"model": "sale.order", "url": server.url, "database": server.recording.database, **more}
    plan = {
        "version": 1, "entity": "order", "key": ["name"], "fields": fields or FIELDS,
        "sources": {"legacy": {"csv": "legacy.csv"}, "new": {"odoo": odoo}},
    }  # fmt: skip
    (folder / "orders.yaml").write_text(json.dumps(plan), encoding="utf-8")
    return root


def run(root: Path, **more: Any) -> Report:
    return api.parallel_run(
        "orders", root, api.AuditOptions(as_of=DAY, use_cache=False), api.RunOptions(threads=1, **more)
    )


def classes(report: Report) -> dict[str, int]:
    assert report.summary.parallel is not None
    return {name: count for name, count in report.summary.parallel.classes.items() if count}


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETAILCTL_ODOO_LOGIN", "admin")
    for name in ("PASSWORD", "API_KEY"):
        monkeypatch.delenv(f"RETAILCTL_ODOO_{name}", raising=False)


@pytest.mark.parametrize(
    ("version", "more", "archived", "state"),
    [
        ("18.0", {}, False, ""),
        ("19.0", {"archived": True}, True, ""),
        ("18.0", {"domain": [["state", "=", "sale"]]}, False, "sale"),
    ],
)
def test_equal_orders_are_equal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, more: dict[str, Any], archived: bool, state: str
) -> None:
    with serving(shop(version)) as server:
        monkeypatch.setenv("RETAILCTL_ODOO_API_KEY" if version == "19.0" else "RETAILCTL_ODOO_PASSWORD",
                           server.key if version == "19.0" else server.password)  # fmt: skip
        root = workspace(tmp_path, server, legacy(server.recording, archived=archived, state=state), **more)
        found = classes(run(root, record=False))
        asked = [call for call in server.calls.made if call.method == "search_read"]
    assert set(found) == {"EQUAL"}, found
    assert len(asked) == found["EQUAL"] // 1_000 + 1
    assert {tuple(call.named["fields"]) for call in asked} == {
        ("name", "partner_id", "tag_ids", "amount", "paid", "date_order", "note")
    }, "the columns of the plan are the allow-list"


def test_what_differs_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(shop()) as server:
        monkeypatch.setenv("RETAILCTL_ODOO_PASSWORD", server.password)
        export = (
            legacy(server.recording, archived=False).replace("S00001,2,", "S00001,3,").replace("S00002,", "X00002,")
        )
        found = classes(run(workspace(tmp_path, server, export), record=False))
    assert found.pop("EQUAL") == 1_078
    assert sum(found.values()) == 3, found


@pytest.mark.parametrize(
    ("fields", "more", "told"),
    [
        ([*FIELDS, {"name": "token", "type": "text", "new": "access_token"}], {}, "access_token may hold a secret"),
        (
            [*FIELDS, {"name": "city", "type": "text", "new": "partner_id.city"}],
            {},
            "partner_id.city is no field of a model",
        ),
        (FIELDS, {"domain": [["access_token", "=like", "a%"]]}, "access_token may hold a secret"),
        (FIELDS, {"domain": ["active"]}, "domain is not in the notation of Odoo"),
        (FIELDS, {"url": "https://a:b@erp.example"}, "holds a user or password"),
        (FIELDS, {"url": "http://erp.example"}, "plain http"),
        (FIELDS, {"model": "Sale Order"}, "model is no technical name"),
        (FIELDS, {"ca-bundle": "../ca.pem"}, "leaves the workspace"),
        (FIELDS, {"password": "x"}, "password"),
    ],
)
def test_a_plan_that_asks_for_what_it_must_not(
    tmp_path: Path, fields: list[dict[str, Any]], more: dict[str, Any], told: str
) -> None:
    with serving(shop()) as server:
        root = workspace(tmp_path, server, "name\n", fields, **more)
        with pytest.raises(ConfigError) as caught:
            run(root)
        assert server.paths == []
    assert told in str(caught.value)


def test_a_run_that_must_stay_offline(tmp_path: Path) -> None:
    with serving(shop()) as server:
        with pytest.raises(UsageError, match="needs the network"):
            run(workspace(tmp_path, server, "name\n"), offline=True)
        assert server.paths == []


def test_no_account(tmp_path: Path) -> None:
    with serving(shop()) as server, pytest.raises(UsageError, match=r"sale\.order of odoo18: no password or API key"):
        run(workspace(tmp_path, server, "name\n"))


def test_a_server_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(shop()) as server:
        monkeypatch.setenv("ERP_LOGIN", "admin")
        monkeypatch.setenv("ERP_PASSWORD", "MARKED-wrong")
        root = workspace(tmp_path, server, "name\n", env="ERP")
        with pytest.raises(IncompleteError, match="refuses the login"):
            run(root)


def test_plan_check_looks_at_some_rows_and_shows_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(shop()) as server:
        monkeypatch.setenv("RETAILCTL_ODOO_PASSWORD", server.password)
        root = workspace(tmp_path, server, legacy(server.recording, archived=False))
        code = main(["parallel", "plan", "check", "orders", "--root", str(root), "-f", "json"])
        said = "".join(capsys.readouterr())
    assert code == 0, said
    assert "odoo sale.order of odoo18" in said
    for never in (MARK, server.password, "Ada Lovelace"):
        assert never not in said
