"""Whom a change breaks: declared use with what was observed beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from retailctl.model.contract_change import AffectedConsumer
from tests.unit.api.contracts.world import (
    BREAKING,
    DOCUMENT,
    INVENTORY,
    OBSERVED,
    TWO,
    build,
    check,
    estate,
    interface,
    observed,
    seen,
)

BOTH = estate(interface(), interface("if-create", "POST"))


def consumers(root: Path) -> list[AffectedConsumer]:
    """The consumers of the change of ``limit``, on the list operation."""
    (found,) = (one for one in check(root).findings if one.rule.startswith("request-parameter-max"))
    assert found.change is not None
    return list(found.change.consumers)


@pytest.mark.parametrize(
    ("log", "uses", "evidence"),
    [
        ("", "yes", "declared: GET /api/orders"),
        (observed(seen("2026-11-19")), "yes", "declared: GET /api/orders; observed: 12,300 calls until 2026-11-19"),
        (
            observed(),
            "yes",
            "declared: GET /api/orders; not observed (access-log from 2026-10-20 to 2026-11-19)",
        ),
        (
            observed(seen("2026-11-18", "if-create")),
            "no",
            (
                "declared: GET /api/orders; observed: if-create until 2026-11-18, and never on this one "
                "(access-log from 2026-10-20 to 2026-11-19)"
            ),
        ),
        (observed(seen("2026-11-18", "if-create"), until=None), "yes", "declared: GET /api/orders"),
        (
            observed(seen("2026-09-18", "if-create")),
            "yes",
            "declared: GET /api/orders; not observed (access-log from 2026-10-20 to 2026-11-19)",
        ),
    ],
    ids=["declared", "seen", "not seen at all", "seen elsewhere", "no coverage", "seen elsewhere long before"],
)
def test_what_is_observed_stands_beside_what_is_declared(tmp_path: Path, log: str, uses: str, evidence: str) -> None:
    root = build(tmp_path, {TWO: BREAKING.replace("1.0.0", "2.0.0"), INVENTORY: BOTH, OBSERVED: log})
    one = next(one for one in consumers(root) if one.interface == "if-list")
    assert (one.system, one.uses, one.evidence) == ("crm", uses, evidence)


def test_a_consumer_who_was_not_seen_where_others_were_is_set_apart(tmp_path: Path) -> None:
    declared = estate(
        interface(consumers="[crm, shop]"),
        interface("if-create", "POST", consumers="[shop]"),
    )
    log = observed(seen("2026-11-19"), seen("2026-11-18", "if-create", "shop"))
    root = build(tmp_path, {TWO: BREAKING.replace("1.0.0", "2.0.0"), INVENTORY: declared, OBSERVED: log})
    assert {one.system: one.uses for one in consumers(root) if one.interface == "if-list"} == {
        "crm": "yes",
        "shop": "no",
    }


def test_an_operation_that_moved_is_consumed_under_its_old_url(tmp_path: Path) -> None:
    one = DOCUMENT.replace("/orders:", "/v1/orders:")
    two = BREAKING.replace("/orders:", "/v2/orders:").replace("1.0.0", "2.0.0")
    files = {
        "contracts/order/orders-api/v1/openapi.yaml": one,
        TWO: two,
        INVENTORY: estate(interface(address="/api/v1/orders")),
    }
    assert [(one.system, one.uses) for one in consumers(build(tmp_path, files))] == [("crm", "yes")]
