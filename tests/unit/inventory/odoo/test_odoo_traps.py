"""The traps of a scanner of Odoo: what looks like a finding and is none, and what cannot be told at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from retailctl.inventory.odoo.database import Database
from retailctl.inventory.odoo.records import ModelCoverage, OdooRecords
from retailctl.inventory.odoo.seen import found
from retailctl.inventory.odoo.system import connector_modules
from retailctl.model.seen import Seen
from retailctl.model.sighting import Coverage
from tests.support.odoo_estate import READING, Rows, at, audit, healthy, records, seen, without
from tests.support.odoo_mess import messy


def only(given: OdooRecords, model: str, id_: int) -> Seen:
    (one,) = at(given, model, id_)
    return one


def verdicts(root: Path, given: OdooRecords, rule: str) -> list[str]:
    return sorted(finding.verdict for finding in audit(root, given, rule).findings if finding.rule == rule)


def changed(model: str, id_: int, **values: Any) -> Rows:
    """The messy rows with some values of one record changed; None takes the field away."""
    rows = messy()
    rows[model] = [_changed(row, values) if row["id"] == id_ else row for row in rows[model]]
    return rows


def _changed(row: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (row | values).items() if value is not None}


def test_t3_own_keys_only_prove_nothing_of_the_keys_of_others(tmp_path: Path) -> None:
    given = without(records(messy()), "res.users.apikeys", "partial")
    account = only(given, "res.users", 22)
    assert account.figures["keys_known"] is False and "keys" not in account.figures
    assert verdicts(tmp_path, given, "ODO115") == ["unknown"]


def test_t3_rows_of_other_companies_are_no_coverage_of_the_whole() -> None:
    given = without(records(healthy()), "payment.provider", "partial")
    scopes = [one.scope for one in found(given, READING) if isinstance(one, Coverage)]
    assert "erp.shop.example ir.cron" in scopes
    assert "erp.shop.example" not in scopes and "erp.shop.example payment.provider" not in scopes
    assert seen(given)[0].figures["models_partial"] == ["payment.provider"]


def test_t4_archived_users_and_inactive_crons_are_seen() -> None:
    given = records(messy())
    assert only(given, "res.users.apikeys", 54).figures["owner_active"] is False
    assert at(given, "ir.cron", 103)[0].figures["job_state"] == "inactive"


def test_t4_a_key_whose_user_was_not_read_is_no_orphan(tmp_path: Path) -> None:
    rows = messy()
    rows["res.users"] = [row for row in rows["res.users"] if row["id"] != 21]
    given = records(rows)
    assert "owner_active" not in only(given, "res.users.apikeys", 54).figures
    assert verdicts(tmp_path, given, "ODO114") == ["unknown"]


def test_t5_modules_are_told_by_whole_words() -> None:
    database = Database(records=records(healthy()), reading=READING)
    assert connector_modules(database) == ["shop_edi_connector"]


@pytest.mark.parametrize(
    ("module", "origin"),
    [
        ("shop_edi_connector", "shop_edi_connector"),
        ("__export__", "hand"),
        ("studio_customization", "hand"),
        (None, "hand"),
    ],
)
def test_t6_what_no_module_made_is_made_by_hand(module: str | None, origin: str) -> None:
    rows = messy()
    if module:
        rows["ir.model.data"].append({"id": 99, "module": module, "name": "x", "model": "ir.cron", "res_id": 101})
    assert at(records(rows), "ir.cron", 101)[0].figures["origin"] == origin


def test_t6_without_external_ids_nobody_knows_the_origin(tmp_path: Path) -> None:
    given = without(records(messy(), version="16.0"), "ir.model.data", "blocked")
    assert "origin" not in at(given, "ir.cron", 101)[0].figures
    assert verdicts(tmp_path, given, "ODO121") == ["unknown"]  # before 18 Odoo ships such rows itself


def test_t6_of_what_code_makes_for_each_company_the_origin_is_not_told() -> None:
    assert "origin" not in only(records(messy()), "payment.provider", 13).figures


def test_t9_a_model_that_the_server_forbids_is_blocked_and_not_none() -> None:
    blocked = ModelCoverage(model="endpoint.endpoint", readable="blocked", reason="the server forbids RPC on it")
    given = records(healthy(), coverage={"endpoint.endpoint": blocked})
    assert seen(given)[0].figures["models_blocked"] == ["endpoint.endpoint"]


def test_t10_suspicious_stock_records_are_silent() -> None:
    given = records(healthy())
    assert at(given, "payment.provider", 1) == []  # the demo provider: in test mode and published by design
    assert at(given, "ir.cron", 3) == []  # the mail fetcher: every five minutes, and off
    assert at(given, "ir.config_parameter", 3) == []


def test_t10_an_address_in_a_comment_is_no_call() -> None:
    keys = [str(one.key) for one in at(records(healthy()), "ir.cron", 8)]
    assert len(keys) == 1 and "bi.example" in keys[0]


def test_t11_of_sign_in_only_that_it_is_enabled_is_told() -> None:
    given = records(changed("auth.oauth.provider", 1, client_id="0b1d-uuid-of-the-database"))
    assert "uuid-of-the-database" not in repr(seen(given))


def test_t12_while_no_cron_has_run_none_is_called_dead(tmp_path: Path) -> None:
    rows = messy()
    rows["ir.cron"] = [{**row, "lastcall": False} for row in rows["ir.cron"] if row["id"] in (1, 104)]
    given = records(rows)
    assert "job_state" not in at(given, "ir.cron", 104)[0].figures
    assert verdicts(tmp_path, given, "ODO102") == ["unknown"]


def test_t12_a_mailbox_is_not_called_silent_either() -> None:
    rows = messy()
    rows["ir.cron"] = [{**row, "lastcall": False} for row in rows["ir.cron"]]
    assert "mailbox_state" not in only(records(rows), "fetchmail.server", 11).figures
    assert only(records(rows), "fetchmail.server", 1).figures["mailbox_state"] == "fetches"


def test_a_cron_whose_code_cannot_be_read_is_an_interface_that_nobody_can_judge(tmp_path: Path) -> None:
    given = records(changed("ir.cron", 101, code=None))
    job = only(given, "ir.cron", 101)
    assert job.key is not None and job.key.protocol == "cron" and "calls_out" not in job.figures
    assert "unknown" in verdicts(tmp_path, given, "ODO101")


@pytest.mark.parametrize(("version", "expected"), [("17.0", "unknown"), ("18.0", "fail"), ("19.0", "fail")])
def test_keys_can_expire_since_18(tmp_path: Path, version: str, expected: str) -> None:
    assert set(verdicts(tmp_path, records(messy(), version=version), "ODO113")) == {expected}


@pytest.mark.parametrize(
    ("version", "transport", "expected"),
    [("18.0", "jsonrpc", []), ("19.0", "jsonrpc", ["fail"]), ("19.0", "json2", []), ("", "jsonrpc", ["unknown"])],
)
def test_the_transport_of_the_scan_ends_where_the_server_warns(
    tmp_path: Path, version: str, transport: Any, expected: list[str]
) -> None:
    assert verdicts(tmp_path, records(healthy(), version=version, transport=transport), "ODO125") == expected


def test_groups_are_those_implied_too_whatever_the_field_is_called() -> None:
    rows = healthy()
    rows["res.groups"].append({"id": 12, "name": "Boss", "implied_ids": [4]})
    rows["res.users"] = [
        {"id": 6, "login": "svc-wms", "active": True, "share": False, "group_ids": [12], "name": "WMS"}
    ]
    assert only(records(rows, version="19.0"), "res.users", 6).values["scopes"] == ["base.group_system"]


def test_a_declared_service_account_is_shown_by_its_login_and_a_person_never() -> None:
    anna = next(row["login"] for row in healthy()["res.users"] if row["id"] == 7)
    reading = replace(READING, known=lambda name: name in ("svc-wms", anna))
    names = {one.name for one in found(records(messy()), reading) if isinstance(one, Seen) and one.name}
    assert "svc-wms" in names and "res.users:7" in names and "res.users:6" not in names
    assert not any("anna" in name.lower() for name in names)


def test_several_addresses_of_one_cron_tell_its_facts_once(tmp_path: Path) -> None:
    code = "requests.get('https://a.example/x')\nrequests.get('https://b.example/y')"
    given = records(changed("ir.cron", 103, code=code))
    assert len(at(given, "ir.cron", 103)) == 2
    told = [one.message for one in audit(tmp_path, given, "ODO102").findings if "ir.cron:103" in one.message]
    assert len(told) == 1


def test_no_figure_is_taken_for_an_attribute() -> None:
    from dataclasses import fields

    from retailctl.model.estate_nouns import Credential, System
    from retailctl.model.interface import Interface

    nouns = {"interface": Interface, "credential": Credential, "system": System}
    for one in seen(records(messy())):
        attributes = {field.name for field in fields(nouns[one.kind])}
        assert not attributes & set(one.figures), one.ref
        assert {name.partition(".")[0] for name in one.values} <= attributes, one.ref


@pytest.mark.parametrize(
    ("login", "name", "machine"),
    [
        ("svc-wms", "WMS", True),
        ("api@shop.example", "x", True),
        ("shop1@shop.example", "Shopify Connector", True),
        ("n8n", "x", True),
        ("anna.berg@api.example", "Anna Berg", False),
        ("pos.paris@shop.example", "Till Paris", False),
        ("service@shop.example", "Service desk", False),
        ("wmsmith", "Will Smith", False),
    ],
)
def test_an_account_is_a_machine_by_whole_words(login: str, name: str, machine: bool) -> None:
    rows = healthy()
    rows["res.users"] = [{"id": 6, "login": login, "name": name, "active": True, "share": False, "groups_id": [1]}]
    assert only(records(rows), "res.users", 6).figures["machine"] is machine


@pytest.mark.parametrize(
    ("names", "tools"),
    [(["WMS 2025", "wms (new)", "WMS prod"], 1), (["WMS", "Shopify"], 2), (["key 1", "key 2"], 0)],
)
def test_keys_of_one_tool_are_one_tool(names: list[str], tools: int) -> None:
    rows = healthy()
    rows["res.users.apikeys"] = [{"id": n, "name": name, "user_id": [6, "x"]} for n, name in enumerate(names, 1)]
    assert only(records(rows), "res.users", 6).figures["tools"] == tools


@pytest.mark.parametrize("trouble", ["partial", "blocked"])
def test_statements_about_a_part_make_no_dangling_names(tmp_path: Path, trouble: str) -> None:
    report = audit(tmp_path, without(records(messy()), "ir.cron", trouble))
    assert [finding.message for finding in report.findings if finding.rule.startswith("INP")] == []


@pytest.mark.parametrize(
    ("values", "calls_out"),
    [
        ({"code": "requests.get('https://x.example/a')"}, True),
        ({"code": "requests.get(f'https://{host}/a')"}, True),
        ({"code": "model.action_done()"}, False),
        ({"code": False, "state": "multi"}, None),
        ({"code": None}, None),
    ],
)
def test_whether_a_cron_calls_outside(values: dict[str, Any], calls_out: bool | None) -> None:
    assert at(records(changed("ir.cron", 103, **values)), "ir.cron", 103)[0].figures.get("calls_out") is calls_out


@pytest.mark.parametrize(
    ("author", "is_interface"),
    [
        ("Odoo S.A.", False),
        ("Odoo", False),
        ("Odoo S.A., Acme", False),
        ("Odoo Mates", True),
        ("Odoo S.A., Odoo Community Association (OCA)", True),
        ("Acme", True),
    ],
)
def test_a_cron_of_a_module_that_odoo_does_not_ship_is_an_interface(author: str, is_interface: bool) -> None:
    rows = healthy()
    rows["ir.module.module"][0]["author"] = author
    assert bool(at(records(rows), "ir.cron", 3)) is is_interface


def test_times_at_the_end_of_time_are_no_times() -> None:
    rows = healthy()
    rows["ir.cron"] = [row | {"nextcall": "0001-01-01T00:00:00+14:00"} for row in rows["ir.cron"]]
    assert "job_state" not in at(records(rows), "ir.cron", 8)[0].figures
