"""``contract check --against REF`` of mapped contracts: what left the others since a revision."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retailctl import api
from tests.unit.api.contracts.mapped import (
    API,
    AVRO,
    EVENT,
    MAP,
    RECORD,
    SCHEMA,
    THE_MAP,
    Edit,
    Json,
    edited,
    openapi,
    options,
    rows,
    world,
)
from tests.unit.api.contracts.test_against_git import git
from tests.unit.api.contracts.test_maps import remove, rename, retype, say

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace as released; every test changes files and puts them back."""
    root = world(tmp_path_factory.mktemp("shop"), mapped=say(1, "total", conversion="Rounded to cents."))
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "m")
    git(root, "tag", "released")
    return root


def mapped(*edits: Edit) -> Json:
    def all_of(made: Json) -> None:
        for edit in (say(1, "total", conversion="Rounded to cents."), *edits):
            edit(made)

    return edited(THE_MAP, all_of)


def rename_record(made: Json) -> None:
    made["fields"][1]["name"] = "bookedAt"


def rename_in_odoo(made: Json) -> None:
    made["members"][3]["fields"]["placed_at"] = {"path": "commitment_date", "type": "datetime"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param(
            {EVENT: edited(SCHEMA, rename("placed_at", "ordered_on"))},
            [("canonical-field-dropped", "warn", "order: order-events v1: placed_at")],
            id="renamed behind the back of the map",
        ),
        pytest.param(
            {
                EVENT: edited(SCHEMA, rename("placed_at", "ordered_on")),
                MAP: mapped(say(1, "placed_at", path="ordered_on")),
            },
            [("canonical-field-renamed", "warn", "order: order-events v1: placed_at")],
            id="renamed",
        ),
        pytest.param(
            {AVRO: edited(RECORD, rename_record), MAP: mapped(say(2, "placed_at", path="bookedAt"))},
            [("canonical-field-renamed", "warn", "order: order-log v1: placed_at")],
            id="renamed in Avro",
        ),
        pytest.param(
            {MAP: mapped(rename_in_odoo)},
            [("canonical-field-renamed", "warn", "order: odoo sale.order: placed_at")],
            id="renamed in Odoo, where only the map can tell",
        ),
        pytest.param(
            {API: openapi(edited(SCHEMA, remove("lines")))},
            [("canonical-field-dropped", "warn", "order: orders-api v1: lines[].sku, lines[].quantity")],
            id="one cause for two fields",
        ),
        pytest.param(
            {EVENT: edited(SCHEMA, retype("total", type="string"))},
            [("canonical-field-type-changed", "error", "order: order-events v1: total")],
            id="a conversion that was written for another type",
        ),
        pytest.param(
            {
                EVENT: edited(SCHEMA, retype("total", type="string")),
                MAP: mapped(say(1, "total", conversion="Decimal as text.")),
            },
            [],
            id="with a new conversion",
        ),
        pytest.param(
            {
                path: edited(SCHEMA, rename("placed_at", "ordered_on"))
                if path == EVENT
                else openapi(edited(SCHEMA, rename("placed_at", "ordered_on")))
                for path in (EVENT, API)
            }
            | {MAP: mapped(say(1, "placed_at", path="ordered_on"), say(0, "placed_at", path="ordered_on"))},
            [],
            id="two go together",
        ),
    ],
)
def test_what_left_the_others_since_a_revision(
    repository: Path, files: dict[str, Json], expected: list[tuple[str, str, str]]
) -> None:
    before = {path: (repository / path).read_text() for path in files}
    try:
        for path, content in files.items():
            (repository / path).write_text(json.dumps(content))
        found = rows(api.contract_check(repository, options(against="released", witnesses=False)))
    finally:
        for path, text in before.items():
            (repository / path).write_text(text)
    assert [(rule, level, subject) for rule, _, level, subject in found if rule.startswith("canonical")] == expected


def test_a_map_is_no_contract_document_at_a_revision(repository: Path) -> None:
    (repository / MAP).rename(repository / "order.map.yaml")
    try:
        report = api.contract_check(repository, options(against="released"))
    finally:
        (repository / "order.map.yaml").rename(repository / MAP)
    assert rows(report) == []
