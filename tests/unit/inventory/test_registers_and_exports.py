"""Through the command: a register with secrets and people in it, exports, and the way back into a scan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from openpyxl import Workbook, load_workbook

from tests.unit.inventory.commands import run, workspace

SECRET, PERSON = "Tr0ub4dor-planted", "jan.devries@acme.example"
INVENTORY = """\
systems: [{id: odoo, aliases: [erp.acme.example]}, {id: shop}]
teams: [{id: team-web, active: true}]
interfaces:
  - id: if-orders
    name: "=cmd|' /C calc'!A1"
    provider: odoo
    owner: team-web
    consumers: [shop]
    key: {protocol: http, provider: odoo, method: POST, address: /api/orders, version: v1}
    sightings: [{source: access-log, at: 2026-11-19, fields: {count: 3}}]
  - {id: if-stock, provider: odoo, key: {protocol: kafka, topic: stock}}
"""
REGISTER = f"""\
Interface,Source,Target,Owner,Status,URL,Method,Password,Notes
Orders,shop,odoo,{PERSON} (left),retired?,https://svc-shop:{SECRET}@erp.acme.example/api/orders?token={SECRET},POST,,
Returns,shop,odoo,team-web,live,,,{SECRET},call {PERSON}; password={SECRET}
"""
DAY = ("--as-of", "2026-11-20")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RETAILCTL_KEY", "k" * 32)
    monkeypatch.chdir(workspace(tmp_path, {"inventories/a.yaml": INVENTORY}))
    return tmp_path


def everything(root: Path) -> str:
    return "".join(path.read_text(errors="replace") for path in (root / "inventories").rglob("*") if path.is_file())


def test_secrets_and_people_of_a_register_reach_no_output(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "flows.csv").write_text(REGISTER)
    told = ""
    for format in ("text", "json", "sarif", "markdown", "csv", "html", "junit"):
        ended = run(capsys, "inventory", "scan", "flows.csv", "-f", format, "-vv", *DAY)
        assert ended.code == 1, ended.err
        told += ended.out + ended.err
    assert "SEC-06" in told and "EST104" in told
    assert SECRET not in told + everything(root) and PERSON not in told + everything(root)
    observed = yaml.safe_load((root / "inventories/observed/register.yaml").read_text())
    orders = next(one for one in observed["interfaces"] if one["id"] == "if-orders")
    assert orders["sightings"][0]["ref"] == "flows.csv#L2"
    fields = orders["sightings"][0]["fields"]
    assert (fields["lifecycle"], fields["doubt"], fields["owner_left"]) == ("retired", ["lifecycle"], True)
    assert [consumer["system"] for consumer in orders["consumers"]] == ["shop"]
    assert len(observed["credentials"]) == 1  # one secret, whoever it belongs to


def test_a_workbook_and_a_column_map(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = Workbook()
    for line in (["Ding", "Van", "Naar"], ["Orders", "shop", "odoo"], ["Returns", "shop", "odoo"]):
        book.active.append(line)
    book.save(root / "flows.xlsx")
    (root / "columns.yaml").write_text("name: Ding\nsource: Van\ntarget: Naar\n")
    ended = run(capsys, "inventory", "scan", "flows.xlsx", "--column-map", "columns.yaml", "--as", "register", *DAY)
    assert "Traceback" not in ended.err and ended.code in (0, 1)
    observed = yaml.safe_load((root / "inventories/observed/register.yaml").read_text())
    assert [one["sightings"][0]["ref"] for one in observed["interfaces"]] == [
        "flows.xlsx!Sheet!A2",
        "flows.xlsx!Sheet!A3",
    ]
    (root / "columns.yaml").write_text("nam: Ding\n")
    ended = run(capsys, "inventory", "scan", "flows.xlsx", "--column-map", "columns.yaml", "--as", "register", *DAY)
    assert ended.code == 2 and "no field 'nam'" in ended.err and "did you mean name?" in ended.err


def test_a_relation_that_leads_nowhere_is_a_finding(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entity = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: shop}\nspec:\n  owner: team-x\n  consumesApis: [orders]\n"
    workspace(
        root,
        {
            "cat/a.yaml": entity,
            "cat/b.yaml": entity.replace("Component", "API").replace("{name: shop}", "{name: orders}"),
        },
    )
    ended = run(capsys, "inventory", "scan", "cat", "-f", "json", *DAY)
    found = [one for one in json.loads(ended.out)["findings"] if one["rule"] == "INP023"]
    assert [(one["locations"][0]["path"], one["locations"][0]["line"]) for one in found] == [
        ("cat/a.yaml", 5),
        ("cat/b.yaml", 5),
    ]


@pytest.mark.parametrize(
    ("format", "name"), [("csv", "interfaces.csv"), ("xlsx", "interfaces.xlsx"), ("backstage", "catalog-info.yaml")]
)
def test_an_export_is_scanned_as_what_is_declared(
    root: Path, capsys: pytest.CaptureFixture[str], format: str, name: str
) -> None:
    (root / "out").mkdir()
    ended = run(capsys, "inventory", "export", "--format", format, "-o", "out", *DAY)
    assert (ended.code, ended.out) == (0, "") and f"wrote out/{name}" in ended.err
    scanned = run(capsys, "inventory", "scan", "out", "--dry-run", "-f", "json", *DAY)
    summary = json.loads(scanned.out)["summary"]["scan"]
    assert (summary["declared"], summary["seen_declared"], summary["observed_interfaces"]) == (2, 2, 0)


def test_exports_go_to_stdout_and_to_named_files(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ended = run(capsys, "inventory", "export", "--format", "calm", *DAY)
    assert json.loads(ended.out)["relationships"][0]["unique-id"] == "if-orders--shop"
    assert run(capsys, "inventory", "export", "--format", "csv", *DAY).out.count("\n") == 3
    assert run(capsys, "inventory", "export", "--format", "xlsx", "-o", "a.xlsx", *DAY).code == 0
    assert load_workbook(root / "a.xlsx")["Interfaces"]["A2"].value == "if-orders"


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("--format", "xlsx"), 2, "--format xlsx needs -o FILE"),
        (("--format", "docx"), 2, "docx"),
        (("--format", "csv", "-o", "nowhere/a.csv"), 2, "there is no folder nowhere"),
        (("--format", "csv", "-o", "../a.csv"), 2, "../a.csv is outside the working folder"),
    ],
)
def test_a_wrong_export_is_explained(
    root: Path, capsys: pytest.CaptureFixture[str], args: tuple[str, ...], code: int, said: str
) -> None:
    ended = run(capsys, "inventory", "export", *args)
    assert ended.code == code and said in ended.err


def test_half_an_inventory_is_not_exported(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "inventories/b.yaml").write_text("interfaces: [{id: [}\n")
    ended = run(capsys, "inventory", "export", "--format", "csv")
    assert ended.code == 3 and "inventories/b.yaml cannot be read in full" in ended.err
    assert run(capsys, "inventory", "export", "--format", "csv", "--allow-partial").code == 0
