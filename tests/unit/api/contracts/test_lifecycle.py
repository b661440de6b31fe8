"""What has ended, what is retired and what is undescribed, against what logs show."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.api.contracts.world import (
    AS_OF,
    DOCUMENT,
    INVENTORY,
    OBSERVED,
    ONE,
    PROMISE,
    build,
    check,
    estate,
    interface,
    observed,
    only,
    promise,
    rows,
    seen,
)

AFTER = ("api-called-after-sunset", "fail", "error")
NOT_OBSERVED = ("api-sunset-not-observed", "unknown", "warn")
NEAR = ("api-sunset-near", "fail", "warn")
RETIRED = ("api-retired-but-called", "fail", "error")
UNDESCRIBED = ("api-called-but-undocumented", "fail", "warn")

OWN_SUNSET = DOCUMENT.replace("    post:\n", "    post:\n      deprecated: true\n      x-sunset: '2026-11-01'\n")
CREATE = interface("if-create", "POST")


@pytest.mark.parametrize(
    ("sunset", "log", "expected"),
    [
        pytest.param("2026-11-01", observed(seen("2026-11-19")), [AFTER], id="called after it"),
        pytest.param("2026-11-01", observed(seen("2026-11-01")), [], id="last call on the last day"),
        pytest.param("2026-11-01", observed(), [], id="looked, and quiet"),
        pytest.param("2026-11-19", observed(seen("2026-11-19")), [NOT_OBSERVED], id="nobody looked after it"),
        pytest.param("2026-11-01", observed(until="2026-10-31"), [NOT_OBSERVED], id="looked only before it"),
        pytest.param("2026-11-01", "", [NOT_OBSERVED], id="no log at all"),
        pytest.param("2026-11-01", observed(scope="crm"), [NOT_OBSERVED], id="looked at somebody else"),
        pytest.param("2026-11-01", observed(source="register"), [NOT_OBSERVED], id="a register sees no calls"),
        pytest.param("2026-11-01", observed(source="credential-last-use", scope="'*'"), [NOT_OBSERVED], id="sign-ins"),
        pytest.param("2026-11-01", observed(seen("2026-11-19"), until=None), [AFTER], id="a call needs no coverage"),
        pytest.param("2026-11-20", observed(seen("2026-11-19")), [NEAR], id="today is the last day"),
        pytest.param("2026-12-20", observed(seen("2026-11-19")), [NEAR], id="in 30 days"),
        pytest.param("2026-12-21", observed(seen("2026-11-19")), [], id="in 31 days"),
        pytest.param("2026-12-01", "", [NEAR], id="near, declared consumers"),
    ],
)
def test_a_version_with_a_sunset(tmp_path: Path, sunset: str, log: str, expected: list[tuple[str, str, str]]) -> None:
    root = build(
        tmp_path,
        {PROMISE: promise(f", lifecycle: deprecated, sunset: {sunset}"), INVENTORY: estate(interface()), OBSERVED: log},
    )
    assert rows(check(root)) == expected


def test_a_caller_after_the_sunset_is_named_with_count_day_and_place(tmp_path: Path) -> None:
    late = observed(seen("2026-11-19"), seen("2026-10-25", "if-old", "shop", 7))
    files = {
        PROMISE: promise(", sunset: 2026-11-01"),
        INVENTORY: estate(interface(), interface("if-old", consumers="[shop]")),
        OBSERVED: late,
    }
    finding = only(check(build(tmp_path, files)))
    assert finding.subject == "orders-api: version v1"
    assert "crm on if-list, 12,300 calls until 2026-11-19" in finding.message
    assert "shop" not in finding.message
    assert finding.change is not None
    assert [(one.system, one.owner, one.version) for one in finding.change.consumers] == [("crm", "team-crm", "v1")]
    assert finding.locations[0].path == PROMISE
    assert finding.locations[0].line == 7
    assert [(one.location.path, one.location.line) for one in finding.related if one.location] == [(OBSERVED, 6)]
    assert check(tmp_path).summary.exit_code == 1


def test_an_operation_with_its_own_sunset_is_judged_by_it(tmp_path: Path) -> None:
    files = {
        ONE: OWN_SUNSET,
        INVENTORY: estate(interface(), CREATE),
        OBSERVED: observed(seen("2026-11-19"), seen("2026-11-19", "if-create")),
    }
    finding = only(check(build(tmp_path, files)))
    assert (finding.rule, finding.subject) == ("api-called-after-sunset", "orders-api: POST /orders")
    assert (finding.locations[0].path, finding.locations[0].line) == (ONE, 11)


def test_the_sunset_of_the_version_does_not_count_for_an_operation_that_has_its_own(tmp_path: Path) -> None:
    files = {
        ONE: OWN_SUNSET.replace("2026-11-01", "2027-11-01"),
        PROMISE: promise(", sunset: 2026-11-01"),
        INVENTORY: estate(interface(), CREATE),
        OBSERVED: observed(seen("2026-11-19", "if-create")),
    }
    assert rows(check(build(tmp_path, files))) == []


@pytest.mark.parametrize(
    ("version", "more", "log", "expected"),
    [
        pytest.param(", lifecycle: retired", "", observed(seen("2026-11-19")), [RETIRED], id="version"),
        pytest.param(", lifecycle: retired", "", observed(), [], id="version, quiet"),
        pytest.param(", lifecycle: retired, sunset: 2026-11-10", "", observed(seen("2026-11-09")), [], id="before it"),
        pytest.param(
            ", lifecycle: retired, sunset: 2026-11-10", "", observed(seen("2026-11-11")), [RETIRED], id="after"
        ),
        pytest.param("", "    lifecycle: retired\n", observed(seen("2026-11-19")), [RETIRED], id="interface"),
        pytest.param("", "    lifecycle: retired\n", observed(seen("2026-10-20")), [], id="interface, long ago"),
        pytest.param("", "    lifecycle: active\n", observed(seen("2026-11-19")), [], id="nothing is retired"),
    ],
)
def test_what_is_retired(
    tmp_path: Path, version: str, more: str, log: str, expected: list[tuple[str, str, str]]
) -> None:
    files = {PROMISE: promise(version), INVENTORY: estate(interface(more=more)), OBSERVED: log}
    assert rows(check(build(tmp_path, files))) == expected


@pytest.mark.parametrize(
    ("method", "address", "log", "expected"),
    [
        ("DELETE", "/api/orders", observed(seen("2026-11-19")), [UNDESCRIBED]),
        ("GET", "/api/orders/export", observed(seen("2026-11-19")), [UNDESCRIBED]),
        ("GET", "https://erp.shop.example/api/orders?limit=3", observed(seen("2026-11-19")), []),
        ("GET", "/api/orders/", observed(seen("2026-11-19")), []),
        ("get", "/api/orders", observed(seen("2026-11-19")), []),
        ("DELETE", "/api/orders", observed(), []),
        ("DELETE", "/api/orders", observed(seen("2026-11-19"), until=None), []),
        ("DELETE", "/api/customers", observed(seen("2026-11-19")), []),
    ],
)
def test_what_is_called_and_not_described(
    tmp_path: Path, method: str, address: str, log: str, expected: list[tuple[str, str, str]]
) -> None:
    unbound = interface(method=method, address=address).replace(f"    contract: {ONE}\n", "")
    assert rows(check(build(tmp_path, {INVENTORY: estate(unbound), OBSERVED: log}))) == expected


def test_an_interface_that_names_the_contract_is_under_it_whatever_its_path(tmp_path: Path) -> None:
    files = {INVENTORY: estate(interface(address="/elsewhere")), OBSERVED: observed(seen("2026-11-19"))}
    assert rows(check(build(tmp_path, files))) == [UNDESCRIBED]


def test_a_path_parameter_stands_for_any_value(tmp_path: Path) -> None:
    document = DOCUMENT.replace("/orders:", "/orders/{id}:")
    files = {
        ONE: document,
        INVENTORY: estate(interface(address="/api/orders/4711")),
        OBSERVED: observed(seen("2026-11-19")),
    }
    assert rows(check(build(tmp_path, files))) == []


def test_without_an_inventory_it_says_what_it_cannot_know(tmp_path: Path) -> None:
    report = check(build(tmp_path, {PROMISE: promise(", sunset: 2026-11-01")}))
    assert rows(report) == []
    assert any("without an inventory nobody can say who calls them" in notice for notice in report.notices)


def test_an_inventory_that_cannot_be_read_proves_no_silence(tmp_path: Path) -> None:
    files = {
        PROMISE: promise(", sunset: 2026-11-01"),
        INVENTORY: estate(interface()),
        OBSERVED: observed(),
        "inventories/broken.yaml": "interfaces: [{id: x, key: 3}]\n",
    }
    assert NOT_OBSERVED in rows(check(build(tmp_path, files)))


def test_levels_hold_for_these_rules_too(tmp_path: Path) -> None:
    files = {
        PROMISE: promise(", sunset: 2026-11-01"),
        INVENTORY: estate(interface()),
        OBSERVED: observed(seen("2026-11-19")),
    }
    root = build(tmp_path, files)
    assert rows(check(root, levels={"api-called-after-sunset": "none"})) == []
    assert rows(check(root, levels={"api-called-after-sunset": "warn"})) == [
        ("api-called-after-sunset", "fail", "warn")
    ]


def test_only_the_contracts_that_were_asked_for(tmp_path: Path) -> None:
    other = "contracts/order/quotes-api/v1/openapi.yaml"
    files = {
        PROMISE: promise(", sunset: 2026-11-01"),
        other: DOCUMENT.replace("/orders", "/quotes"),
        INVENTORY: estate(interface()),
        OBSERVED: observed(seen("2026-11-19")),
    }
    root = build(tmp_path, files)
    assert rows(check(root, contracts=("quotes-api",))) == []
    assert rows(check(root, contracts=("orders-api",))) == [AFTER]
    assert AS_OF.isoformat() == check(root).as_of
