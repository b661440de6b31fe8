"""``contract map init``: what is proposed is a map, and says of each doubt what it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl import api
from retailctl.api.contracts.map_proposal import _text
from retailctl.cli.main import main
from retailctl.errors import UsageError
from retailctl.workspace.reader import parse_bytes
from tests.unit.api.contracts.mapped import API, MAP, SCHEMA, edited, openapi, options, rows, told, world
from tests.unit.api.contracts.test_maps import remove, retype

PROPOSED = """\
# Made by `retailctl contract map init`. To be added: units of amounts, and why a member lacks a field.
entity: Order
set: order
fields:
  order_ref: {type: string}
  placed_at: {type: datetime}  # not in order-events v1
  total: {unit: EUR}  # types: orders-api v1 integer, order-events v1 number, order-log v1 decimal
  lines: {type: array}
  lines[].sku: {type: string}
  lines[].quantity: {type: integer}
members:
  - contract: orders-api
    version: v1
    at: Order
  - contract: order-events
    version: v1
  - contract: order-log
    version: v1
    # not in the entity: gift
"""


def test_a_proposal_has_the_shared_fields_and_the_doubts(tmp_path: Path) -> None:
    root = world(
        tmp_path,
        schema=retype("total", **{"type": "integer", "x-unit": "EUR"}),
        event=remove("placed_at"),
        record=lambda made: made["fields"].append({"name": "gift", "type": "boolean"}),
    )
    text = api.contract_map_init(["orders-api", "order-events", "order-log"], root, options())
    assert text == PROPOSED
    (root / MAP).write_text(text)
    _, report = told(root)
    assert [(row[0], row[3]) for row in rows(report)] == [
        ("canonical-field-unmapped", "order: order-events v1: placed_at")
    ]


def test_a_proposal_of_documents_that_agree_is_a_map_without_findings(tmp_path: Path) -> None:
    root = world(tmp_path)
    names = ["order-log:Order", "orders-api@v1", "order-events"]
    (root / MAP).write_text(api.contract_map_init(names, root, options()))
    assert rows(told(root)[1]) == []


@pytest.mark.parametrize(
    ("names", "said", "hint"),
    [
        ([], "two contracts", "such as"),
        (["orders-api"], "two contracts", "such as"),
        (["orders-api", "order-event"], "no contract", "order-events"),
        (["orders-api@v9", "order-events"], "no version", "v1"),
        (["orders-api:Invoice", "order-events"], "no schema", "name one"),
        (["big-api", "orders-api"], "several schemas", "Address, Order"),
        (["orders-api", "big-api"], "shares no field", "Address, Order"),
    ],
)
def test_what_cannot_be_proposed_says_why(tmp_path: Path, names: list[str], said: str, hint: str) -> None:
    other = {"type": "object", "properties": {"x": {}}}
    big = openapi(other)
    big["components"]["schemas"]["Address"] = other
    root = world(tmp_path, more={"contracts/order/big-api/v1/openapi.json": big})
    with pytest.raises(UsageError) as caught:
        api.contract_map_init(names, root, options())
    assert said in caught.value.message
    assert hint in caught.value.hint


def test_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(world(tmp_path, more={API: openapi(edited(SCHEMA, None))}))
    assert main(["contract", "map", "init", "orders-api", "order-events"]) == 0
    assert parse_bytes("a.map.yaml", capsys.readouterr().out.encode()).data["entity"] == "Order"
    assert main(["contract", "map", "init", "orders-api"]) == 2
    assert main(["contract", "map", "one", "two"]) == 2


@given(st.text(min_size=1).filter(str.strip))
def test_whatever_a_name_is_it_is_read_back(name: str) -> None:
    if any(0xD800 <= ord(char) <= 0xDFFF for char in name):
        return
    data = parse_bytes("a.yaml", f"{_text(name)}: {_text(name)}\n".encode()).data
    assert list(data.items()) == [(name, name)]
