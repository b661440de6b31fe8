"""Contracts on one business object: they move together, and the worst of them says how far."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retailctl.report.json_report import document
from tests.unit.api.contracts.world import BREAKING, DOCUMENT, PROMISE, TWO, build, check, promise, rows

BEHIND = ("contract-set-out-of-step", "fail", "warn")
EVENTS = "contracts/order/order-events"
EVENT_PROMISE = "id: order-events\nkind: jsonschema\nowner: team-events\nset: order\n"
SCHEMA = '{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}'
QUOTES = "contracts/order/quotes-api"
IN_SET = promise(more="set: order\n")
MAJOR = BREAKING.replace("1.0.0", "2.0.0")
COMPATIBLE = DOCUMENT.replace("maximum: 100", "maximum: 200").replace("1.0.0", "1.1.0")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({f"{EVENTS}/v1/o.schema.json": SCHEMA}, [BEHIND], id="events stayed behind"),
        pytest.param(
            {f"{EVENTS}/v1/o.schema.json": SCHEMA, f"{EVENTS}/v2/o.schema.json": SCHEMA}, [], id="events moved too"
        ),
        pytest.param(
            {PROMISE: promise(), f"{EVENTS}/v1/o.schema.json": SCHEMA}, [], id="no set of the one that breaks"
        ),
        pytest.param(
            {TWO: DOCUMENT.replace("1.0.0", "2.0.0"), f"{EVENTS}/v1/o.schema.json": SCHEMA}, [], id="no break"
        ),
    ],
)
def test_who_stays_behind(tmp_path: Path, files: dict[str, str], expected: list[tuple[str, str, str]]) -> None:
    world = {PROMISE: IN_SET, f"{EVENTS}/contract.yaml": EVENT_PROMISE, TWO: MAJOR, **files}
    found = [row for row in rows(check(build(tmp_path, world))) if row[0].startswith("contract-set")]
    assert found == expected


def test_the_finding_names_both_and_points_at_the_set(tmp_path: Path) -> None:
    world = {
        PROMISE: IN_SET, TWO: MAJOR, f"{EVENTS}/contract.yaml": EVENT_PROMISE, f"{EVENTS}/v1/o.schema.json": SCHEMA,
    }  # fmt: skip
    report = check(build(tmp_path, world))
    (finding,) = (one for one in report.findings if one.rule == BEHIND[0])
    assert finding.message == "orders-api breaks and order-events of the same set order did not move with it"
    assert (finding.locations[0].path, finding.locations[0].line) == (f"{EVENTS}/contract.yaml", 4)
    assert finding.owner == "team-events"


def test_the_bump_of_a_set_is_that_of_its_worst_member(tmp_path: Path) -> None:
    world = {
        PROMISE: IN_SET,
        TWO: MAJOR,
        f"{QUOTES}/contract.yaml": "id: quotes-api\nkind: openapi\nset: order\n",
        f"{QUOTES}/v1/openapi.yaml": DOCUMENT,
        f"{QUOTES}/v1.1/openapi.yaml": COMPATIBLE,
    }
    report = check(build(tmp_path, world))
    told = json.loads(json.dumps(document(report)))["summary"]
    bumps = {row["contract"]: row["required_bump"] for row in told["contracts"]}
    assert bumps["orders-api"] == "major"
    assert bumps["quotes-api"] in ("minor", "patch")
    assert told["sets"] == [{"set": "order", "required_bump": "major", "contracts": ["orders-api", "quotes-api"]}]
