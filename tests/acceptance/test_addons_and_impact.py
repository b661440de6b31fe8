"""``inventory addons`` and ``inventory odoo-impact`` as users run them, in a workspace of their own."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from retailctl.cli.main import main
from tests.unit.inventory.addons.test_whole_trees import TREE
from tests.unit.inventory.addons.trees import write
from tests.unit.inventory.upgrade.analyses import HUT_18, HUT_19

DAY = ("--as-of", "2026-11-20")
INVENTORY = """
systems: [{id: erp, aliases: [odoo]}, {id: shop}]
teams: [{id: team-web, active: true}]
interfaces:
  - id: if-hut-orders
    owner: team-web
    key: {protocol: rpc, database: erp, model: hut.order, method: search_read}
    provider: erp
    consumers: [{system: shop}]
    sightings:
      - {source: n8n, at: 2026-11-01, ref: "flows.json#L3", fields: {model: hut.order, fields: [name, tax_id, weight]}}
  - id: if-hut-crates
    key: {protocol: http, provider: erp, method: POST, address: /json/2/hut.crate/create}
    provider: erp
    consumers: [{system: shop}]
  - id: if-hut-fetch
    key: {protocol: cron, host: erp, unit: hut.cron_fetch}
    provider: erp
    consumers: []
"""
MAP = """entity: Order
owner: team-web
fields:
  number: {type: string}
  taxes: {type: array}
  lines[].quantity: {type: integer}
members:
  - kind: odoo
    model: hut.order
    fields:
      number: {path: ref, type: char}
      taxes: tax_id
      lines[].quantity: {dropped: not sent}
"""
CONTRACT = """openapi: 3.1.0
info: {title: Orders, version: 1.0.0}
paths:
  /json/2/hut.order/create:
    post:
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Create'}
      responses: {'200': {description: ok}}
components:
  schemas:
    Create:
      type: object
      properties:
        vals_list:
          type: array
          items: {$ref: '#/components/schemas/Order'}
    Order:
      type: object
      properties:
        due: {type: string}
        name: {type: string}
    Group:
      type: object
      x-odoo-model: hut.order
      properties:
        team: {type: string, x-odoo-field: group_id.name}
        domain: {type: string}
"""


class Ended(NamedTuple):
    """How a run ended."""

    code: int
    out: str
    err: str


Cli = Callable[..., Ended]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """A workspace with addons and analyses in it, and the command in that folder."""
    write(tmp_path, {"retailctl.yaml": "name: hut\n", "inventories/hut.yaml": INVENTORY})
    write(tmp_path / "addons", TREE)
    write(tmp_path, {"analyses/hut/19.0.1/upgrade_analysis.txt": HUT_19, "contracts/order/order.map.yaml": MAP})
    write(tmp_path, {"contracts/order/hut-orders/v1/openapi.yaml": CONTRACT})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("RETAILCTL_KEY", "a key for tests, long enough")

    def run(*args: str) -> Ended:
        code = main([*args, *DAY])
        return Ended(code, *capsys.readouterr())

    return run


def findings(ended: Ended) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(ended.out)["findings"]
    return found


def test_figures_as_text_json_and_csv(cli: Cli) -> None:
    text = cli("inventory", "addons", "addons")
    assert text.code == 0 and "till    4       2      2" in text.out and "bare overrides:" in text.out
    assert "addons/till/broken.py:1: is no Python that can be parsed" in text.err
    page = json.loads(cli("inventory", "addons", "addons", "-f", "json").out)
    assert page["totals"]["modules"] == 2 and page["totals"]["unresolved_paths"] == 1 and "details" not in page
    assert page["problems"][0]["code"] == "INP001" and page["problems"][0]["hint"]
    rows = list(csv.DictReader(io.StringIO(cli("inventory", "addons", "addons", "-f", "csv").out)))
    assert [(row["module"], row["routes"]) for row in rows] == [("quiet", "0"), ("till", "4")]


def test_details_name_the_place_of_everything(cli: Cli) -> None:
    page = json.loads(cli("inventory", "addons", "addons", "-f", "json", "--details").out)
    told = {(one["what"], one["place"]) for one in page["details"]}
    assert ("route", "addons/till/controllers/pay.py:6") in told
    assert ("bare override", "addons/till/controllers/pay.py:12") in told
    assert ("direct call", "addons/till/models/client.py:4") in told
    assert ("record", "addons/till/data/crons.xml:2") in told
    (unresolved,) = [
        one for one in page["details"] if one["what"] == "route" and "unresolved at line 9" in one["paths"]
    ]
    assert unresolved["auth"] == "user"


@pytest.mark.parametrize(
    "more", [(), ("--details", "-f", "json"), ("-f", "csv"), ("--observe",), ("--observe", "--literals", "-vv")]
)
def test_no_secret_reaches_an_output_or_a_file(cli: Cli, tmp_path: Path, more: tuple[str, ...]) -> None:
    ended = cli("inventory", "addons", "addons", *more)
    assert ended.code == 0 and "MARK" not in ended.out + ended.err
    for path in [*(tmp_path / "inventories").rglob("*"), *(tmp_path / "cache").rglob("*")]:
        assert path.is_dir() or b"MARK" not in path.read_bytes(), path.name


def test_observed_files_hold_routes_hosts_and_jobs(cli: Cli, tmp_path: Path) -> None:
    ended = cli("inventory", "addons", "addons", "--observe", "--system", "odoo")
    assert ended.code == 0 and "wrote inventories/observed/odoo-addons.yaml" in ended.err
    text = (tmp_path / "inventories/observed/odoo-addons.yaml").read_text(encoding="utf-8")
    for part in ("/pay/webhook", "api.pay.io", "till.fetch", "addons/till/controllers/pay.py#L5", "provider: erp"):
        assert part in text
    again = cli("inventory", "addons", "addons", "--observe", "--system", "odoo")
    assert again.code == 0 and (tmp_path / "inventories/observed/odoo-addons.yaml").read_text(encoding="utf-8") == text
    assert cli("inventory", "check").code == 0


def test_observed_files_elsewhere_need_no_inventory_folder(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "inventories/hut.yaml").unlink()
    (tmp_path / "inventories").rmdir()
    ended = cli("inventory", "addons", "addons", "--observe", "--out", "seen")
    assert ended.code == 0 and (tmp_path / "seen/odoo-addons.yaml").is_file()
    assert (tmp_path / "inventories/ids.lock.yaml").is_file()


def test_a_scan_of_a_folder_reads_the_addons_in_it(cli: Cli, tmp_path: Path) -> None:
    ended = cli("inventory", "scan", "addons", "--system", "odoo")
    text = (tmp_path / "inventories/observed/odoo-addons.yaml").read_text(encoding="utf-8")
    assert ended.code in (0, 1) and "/pay/webhook" in text and "till.fetch" in text


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("nowhere",), "is not there"),
        (("retailctl.yaml",), "is a file"),
        (("inventories",), "no module of Odoo"),
        ((), "PATH..."),
        (("addons", "--literals"), "goes with --observe"),
        (("addons", "--dry-run"), "goes with --observe"),
    ],
)
def test_paths_without_addons_are_usage_errors(cli: Cli, args: tuple[str, ...], message: str) -> None:
    ended = cli("inventory", "addons", *args)
    assert ended.code == 2 and message in ended.err


def test_a_folder_without_addons_leaves_the_observed_inventory_alone(cli: Cli, tmp_path: Path) -> None:
    assert cli("inventory", "addons", "inventories", "--observe").code == 2
    assert not (tmp_path / "inventories/observed").exists()


def test_names_of_folders_cannot_write_to_the_terminal(cli: Cli, tmp_path: Path) -> None:
    odd = "esc\x1b[2J\nline\u202e"
    write(
        tmp_path,
        {f"odd/{odd}/__manifest__.py": "{", f"odd/{odd}/a.py": "import requests\nrequests.get('https://a.shop.io')\n"},
    )
    for form in ("text", "json", "csv"):
        ended = cli("inventory", "addons", "odd", "-f", form)
        assert ended.code == 0 and "\x1b" not in ended.out + ended.err and "\u202e" not in ended.out + ended.err
        assert "requests.get" not in ended.err


def test_an_upgrade_is_held_against_everything_that_uses_odoo(cli: Cli) -> None:
    ended = cli("inventory", "odoo-impact", "--analysis", "analyses", "--from", "18.0", "--to", "19.0", "-f", "json")
    assert ended.code == 1
    told = {(one["rule"], one["subject"]) for one in findings(ended)}
    assert told == {
        ("UPG-03", "hut.order.tax_id in interface if-hut-orders"),
        ("UPG-04", "hut.crate in interface if-hut-crates"),
        ("UPG-07", "hut.cron_fetch in interface if-hut-fetch"),
        ("UPG-03", "hut.order.ref in map order"),
        ("UPG-03", "hut.order.tax_id in map order"),
        ("UPG-05", "hut.order.due in contract contracts/order/hut-orders/v1/openapi.yaml"),
        ("UPG-01", "hut.order.group_id in contract contracts/order/hut-orders/v1/openapi.yaml"),
        ("UPG-02", "hut.order.domain in contract contracts/order/hut-orders/v1/openapi.yaml"),
    }


def test_findings_have_places_on_both_sides_and_a_next_step(cli: Cli) -> None:
    ended = cli("inventory", "odoo-impact", "--analysis", "analyses", "--from", "18.0", "--to", "19.0", "-f", "json")
    (found,) = [one for one in json.loads(ended.out)["findings"] if one["subject"] == "hut.order.tax_id in map order"]
    assert found["message"] == "map order uses hut.order.tax_id: probably renamed to tax_ids in 19.0"
    assert (found["locations"][0]["path"], found["locations"][0]["line"]) == ("contracts/order/order.map.yaml", 12)
    related = found["related"][0]["location"]
    assert (related["path"], related["line"]) == ("analyses/hut/19.0.1/upgrade_analysis.txt", 17)
    assert "tax_ids" in found["fix"] and found["owner"] == "team-web"
    assert found["evidence"][0]["text"] == "a person wrote: DONE: renamed in pre-migration"


def test_lines_of_no_known_form_are_counted_with_a_place(cli: Cli) -> None:
    ended = cli("inventory", "odoo-impact", "--analysis", "analyses", "--from", "18.0", "--to", "19.0", "-f", "json")
    (told,) = [notice for notice in json.loads(ended.out)["notices"] if "form" in notice]
    assert told == (
        "1 line of the analyses has a form that is not known, and nothing was held against it: "
        "analyses/hut/19.0.1/upgrade_analysis.txt:47"
    )


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "github", "gitlab", "markdown", "html", "csv"])
def test_every_format_tells_the_same_verdict(cli: Cli, form: str) -> None:
    ended = cli("inventory", "odoo-impact", "--analysis", "analyses", "--from", "18.0", "--to", "19.0", "-f", form)
    assert ended.code == 1 and "tax_ids" in ended.out.replace("\\", "")


def test_a_step_that_nobody_analysed_is_unknown_and_incomplete(cli: Cli) -> None:
    args = ("inventory", "odoo-impact", "--analysis", "analyses", "--from", "17.0", "--to", "19.0", "-f", "json")
    ended = cli(*args)
    assert ended.code == 3
    (unknown,) = [one for one in json.loads(ended.out)["findings"] if one["rule"] == "UPG-06"]
    assert unknown["verdict"] == "unknown" and "18.0" in unknown["message"]
    assert cli(*args, "--allow-partial").code == 1


def test_both_steps_are_followed_when_both_are_there(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {"analyses/hut/18.0.1/upgrade_analysis.txt": HUT_18})
    ended = cli("inventory", "odoo-impact", "--analysis", "analyses", "--from", "17", "--to", "19", "-f", "json")
    assert ended.code == 1 and not [one for one in findings(ended) if one["rule"] == "UPG-06"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--analysis", "analyses", "--from", "19.0", "--to", "18.0"), "not before"),
        (("--analysis", "analyses", "--from", "x", "--to", "19.0"), "no version of Odoo"),
        (("--analysis", "nowhere", "--from", "18.0", "--to", "19.0"), "no folder"),
        (("--analysis", "inventories", "--from", "18.0", "--to", "19.0"), "no analysis"),
        (("--from", "18.0", "--to", "19.0"), "--analysis"),
    ],
)
def test_what_cannot_be_asked(cli: Cli, args: tuple[str, ...], message: str) -> None:
    ended = cli("inventory", "odoo-impact", *args)
    assert ended.code == 2 and message in ended.err


def test_own_modules_count_as_users(cli: Cli, tmp_path: Path) -> None:
    code = "class A(models.Model):\n    _inherit = 'hut.order'\n    def f(self):\n        return self.tax_id, self.tax_id.name\n"
    write(tmp_path, {"custom/mine/__manifest__.py": "{'name': 'Mine'}", "custom/mine/models/order.py": code})
    args = ("inventory", "odoo-impact", "--analysis", "analyses", "--from", "18.0", "--to", "19.0", "-f", "json")
    (found,) = [
        one for one in json.loads(cli(*args, "--addons", "custom").out)["findings"] if "module" in str(one["subject"])
    ]
    assert found["subject"] == "hut.order.tax_id in module mine" and found["rule"] == "UPG-03"
    assert [(one["path"], one["line"]) for one in found["locations"]] == [("custom/mine/models/order.py", 4)]
    assert cli(*args, "--addons", "nowhere").code == 2


def test_fields_that_a_flow_names_are_found_by_a_scan_and_held_against_the_upgrade(cli: Cli, tmp_path: Path) -> None:
    node = {
        "id": "1", "name": "Odoo", "type": "n8n-nodes-base.odoo", "typeVersion": 1, "position": [0, 0],
        "parameters": {
            "resource": "custom", "customResource": "hut.order", "operation": "getAll",
            "options": {"fieldsList": ["name", "memo", "={{ $json.x }}"]},
            "filterRequest": {"filter": [{"fieldName": "note", "operator": "equal", "value": "MARK"}]},
        },
    }  # fmt: skip
    flow = {"name": "Orders", "active": True, "nodes": [node], "connections": {}}
    write(tmp_path, {"exports/orders.json": json.dumps(flow)})
    assert cli("inventory", "scan", "exports").code in (0, 1)
    args = ("inventory", "odoo-impact", "--analysis", "analyses", "--from", "18.0", "--to", "19.0", "-f", "json")
    ended = cli(*args)
    about = [
        (one["rule"], str(one["subject"]).partition(" ")[0])
        for one in findings(ended)
        if "hut-order" in str(one["subject"]) or "search-read" in str(one["subject"])
    ]
    assert ("UPG-03", "hut.order.memo") in about and ("UPG-01", "hut.order.note") in about and "MARK" not in ended.out


def test_columns_of_parallel_plans_count(cli: Cli, tmp_path: Path) -> None:
    plan = """version: 1
entity: order
key: [number]
sources:
  legacy: {odoo: {model: hut.order, url: "https://erp.example.com", database: hut, domain: [[note, "=", x]]}}
  new: {csv: new.csv}
fields:
  - {name: number, legacy: ref}
  - {name: memo}
  - {name: due}
"""
    write(tmp_path, {"migrations/w1/parallel/orders.yaml": plan})
    args = ("inventory", "odoo-impact", "--analysis", "analyses", "--from", "18.0", "--to", "19.0", "-f", "json")
    told = {(one["rule"], one["subject"]) for one in findings(cli(*args)) if "plan" in str(one["subject"])}
    assert told == {
        ("UPG-03", "hut.order.ref in plan orders"),
        ("UPG-03", "hut.order.memo in plan orders"),
        ("UPG-01", "hut.order.note in plan orders"),
    }


def test_broken_analyses_are_findings(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {"analyses/bad/19.0.1/upgrade_analysis.txt": "hello"})
    ended = cli("inventory", "odoo-impact", "--analysis", "analyses", "--from", "18.0", "--to", "19.0", "-f", "json")
    assert [one["rule"] for one in findings(ended) if str(one["rule"]).startswith("INP")] == ["INP001"]


@pytest.mark.parametrize("rule", [f"UPG-0{number}" for number in range(1, 8)])
def test_the_rules_are_explained(cli: Cli, rule: str) -> None:
    ended = Ended(main(["explain", rule]), "", "")
    assert ended.code == 0
