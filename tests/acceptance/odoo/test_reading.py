"""What an account sees, what it does not, and that the difference is said: traps T3, T4 and T9, on a server of ours."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.connect.odoo.errors import OdooError
from tests.acceptance.odoo.reading import coverage, opened, read
from tests.support.fake_odoo.calls import Failure
from tests.support.fake_odoo.recording import Recording
from tests.support.fake_odoo.server import serving
from tests.support.fake_odoo.synthetic import ADMIN, DEMO, MARK, SECRETS, synthetic

VERSIONS = ("16.0", "17.0", "18.0", "19.0", "20.0")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("oca", [False, True])
def test_an_administrator_sees_everything_but_secrets(version: str, oca: bool) -> None:
    recording = synthetic(version, oca=oca)
    with serving(recording) as server:
        records, calls = read(server)
    assert calls <= 60
    assert {one.readable for one in records.coverage} == {"read", "absent"}
    assert records.account == ADMIN
    assert (records.companies, records.all_companies) == ((1, 2), (1, 2))
    for model, names in SECRETS.items():
        for row in records.of(model):
            assert not set(names) & set(row), model
    assert coverage(records, "edi.backend").readable == "absent"
    assert (coverage(records, "queue.job").readable == "read") is oca


def test_archived_records_are_there() -> None:
    with serving(synthetic()) as server:
        records, _ = read(server)
    assert [row["id"] for row in records.of("ir.cron")] == [1, 2, 3]
    assert 8 in [row["id"] for row in records.of("res.users")]


def test_both_transports_read_the_same() -> None:
    with serving(synthetic("19.0", oca=True)) as server:
        one, _ = read(server, "jsonrpc")
        two, _ = read(server, "json2")
    assert (one.records, one.coverage, one.companies) == (two.records, two.coverage, two.companies)
    assert (one.transport, two.transport) == ("jsonrpc", "json2")


def test_an_account_without_rights_says_what_it_does_not_see() -> None:
    with serving(synthetic()) as server:
        records, calls = read(server, login="demo")
    assert calls <= 75
    for model, readable, reason in (
        ("ir.cron", "blocked", "may not read the model"),
        ("res.users.apikeys", "partial", "rows of the account only"),
        ("res.company", "partial", "companies of the account only"),
        ("delivery.carrier", "partial", "rows of other companies are hidden"),
        ("res.users", "read", ""),
        ("queue.job", "absent", "no such model"),
    ):
        one = coverage(records, model)
        assert one.readable == readable, model
        assert reason in one.reason, model
    assert records.account == DEMO
    assert records.all_companies == ()


def auditor(recording: Recording) -> Recording:
    """An account with every model right, Access Rights among them, but not in the group that may read code."""
    recording.rights["demo"] = dict.fromkeys(recording.models, True)
    del recording.rules["res.users.apikeys"]
    del recording.rules["res.company"]
    return recording


def test_a_field_that_only_a_group_may_read_is_left_out_and_told() -> None:
    with serving(auditor(synthetic())) as server:
        records, calls = read(server, login="demo")
    assert calls <= 60
    crons = coverage(records, "ir.cron")
    assert (crons.readable, crons.rows, crons.left_out) == ("read", 3, ("code",))
    assert all("code" not in row for row in records.of("ir.cron"))
    assert coverage(records, "res.users.apikeys").readable == "read", "the rule is lifted: keys of others are there"
    assert records.all_companies == (1, 2)
    carriers = coverage(records, "delivery.carrier")
    assert (carriers.readable, carriers.reason) == (
        "partial",
        "the account does not work in company 2: their rows are hidden",
    )


def test_without_access_rights_the_fields_of_each_model_are_asked_for() -> None:
    recording = auditor(synthetic())
    recording.rights["demo"]["ir.model.fields"] = False
    with serving(recording) as server:
        records, calls = read(server, login="demo")
    assert calls <= 75
    assert coverage(records, "ir.cron").left_out == ("code",)
    assert coverage(records, "ir.actions.server").left_out == ("code",)


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (Failure("odoo.exceptions.UserError", "RPC call is not allowed"), "forbids calls to the model from outside"),
        (
            Failure("builtins.AttributeError", "no attribute '_get_rpc_config'"),
            "forbids calls to the model from outside",
        ),
        (Failure("builtins.ValueError", "Expected singleton: ir.model(1, 2)"), "the server failed"),
        (Failure("builtins.ZeroDivisionError", "division by zero"), "the server failed"),
    ],
)
def test_one_model_that_cannot_be_read_does_not_end_the_inventory(failure: Failure, reason: str) -> None:
    with serving(synthetic()) as server:
        server.calls.broken["ir.cron"] = failure
        records, _ = read(server)
    one = coverage(records, "ir.cron")
    assert (one.readable, one.rows) == ("blocked", 0)
    assert reason in one.reason
    assert len(records.of("ir.actions.server")) == 1


def test_a_server_on_which_every_model_fails_is_an_error() -> None:
    with serving(synthetic()) as server:
        server.calls.broken = {name: Failure("X", "no") for name in server.recording.models}
        with pytest.raises(OdooError, match="the server failed"):
            read(server)


def test_of_a_long_log_the_newest_rows_are_read() -> None:
    recording = synthetic()
    recording.models["ir.logging"].rows = [{"id": number, "name": "Webhook Log"} for number in range(1, 6_002)]
    with serving(recording) as server:
        records, _ = read(server)
    one, rows = coverage(records, "ir.logging"), records.of("ir.logging")
    assert (one.readable, one.reason) == ("partial", "the newest 5,000 of 6,001 rows")
    assert (len(rows), rows[0]["id"], rows[-1]["id"]) == (5_000, 1_002, 6_001)


def test_more_rows_than_an_inventory_has_are_not_all_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retailctl.inventory.odoo.reading.MOST", 1_500)
    recording = synthetic()
    recording.models["ir.rule"].rows = [{"id": number, "name": "r"} for number in range(1, 4_000)]
    with serving(recording) as server:
        records, _ = read(server)
        assert sum(call.model == "ir.rule" for call in server.calls.made) == 2
    one = coverage(records, "ir.rule")
    assert (one.readable, one.rows, one.reason) == ("partial", 1_500, "the first 1,500 rows, and there are more")


def test_accounts_of_customers_are_not_read_but_for_those_that_own_a_key() -> None:
    recording = synthetic()
    recording.models["res.users"].rows += [
        {"id": number, "login": f"{number}@customer.example", "share": True, "active": True} for number in (6, 100, 101)
    ]
    recording.models["res.users.apikeys"].rows += [{"id": 9, "name": "feed", "user_id": [100, "Ada"], "scope": "rpc"}]
    with serving(recording) as server:
        records, _ = read(server)
    assert [row["id"] for row in records.of("res.users")] == [2, 5, 7, 8, 100]
    assert coverage(records, "res.users").rows == 5


def test_rows_come_in_batches_by_id() -> None:
    recording = synthetic()
    recording.models["ir.rule"].rows = [{"id": 3 * number, "name": "r"} for number in range(1, 2_502)]
    with serving(recording) as server:
        records, _ = read(server)
        asked = [call.named for call in server.calls.made if call.model == "ir.rule"]
    assert [row["id"] for row in records.of("ir.rule")] == [3 * number for number in range(1, 2_502)]
    assert [named["domain"][-1] for named in asked] == [["id", ">", 0], ["id", ">", 3_000], ["id", ">", 6_000]]
    assert {(named["limit"], named["order"]) for named in asked} == {(1_000, "id")}


def test_the_query_of_a_called_address_is_not_kept() -> None:
    with serving(synthetic(oca=True)) as server:
        records, _ = read(server)
    assert [row["request_url"] for row in records.of("rest.log")] == ["https://erp.example/rest/orders"]
    assert MARK not in str(records.of("rest.log"))


def test_at_most_so_many_calls_per_second() -> None:
    import time

    with serving(synthetic()) as server:
        start = time.monotonic()
        wire, _source = opened(server, "jsonrpc", max_rps=20.0)
        wire.close()
        assert time.monotonic() - start >= 0.1, "three calls, so two pauses of a twentieth of a second"


def test_more_fields_than_asked_for_are_dropped() -> None:
    def fault(wire: Any, path: str, body: Any) -> Any:
        from tests.support.fake_odoo.server import Raw

        if "ir.config_parameter" not in str(body):
            return None
        return Raw(b'{"jsonrpc": "2.0", "id": 1, "result": [{"id": 1, "key": "a", "value": "MARKED"}]}')

    with serving(synthetic()) as server:
        wire, source = opened(server, "jsonrpc")
        server.fault = fault
        rows = source.search_read("ir.config_parameter", [], ("key",), limit=5, order="id")
        wire.close()
    assert rows == [{"id": 1, "key": "a"}]
