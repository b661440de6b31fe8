"""Contracts of a set held against their map: what is said, where, how often, and what is not said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from retailctl import api
from retailctl.errors import UsageError
from tests.unit.api.contracts.mapped import (
    API,
    API_2,
    EVENT_2,
    MAP,
    SCHEMA,
    Edit,
    Json,
    edited,
    openapi,
    options,
    rows,
    told,
    world,
)

ERR, WARN = "error", "warn"


def rename(old: str, new: str) -> Edit:
    """Another name for a property."""

    def edit(schema: Json) -> None:
        schema["properties"] = {new if name == old else name: one for name, one in schema["properties"].items()}

    return edit


def remove(name: str) -> Edit:
    return lambda schema: schema["properties"].pop(name)


def retype(name: str, **keywords: object) -> Edit:
    return lambda schema: schema["properties"].update({name: keywords})


def say(member: int, field: str, **entry: object) -> Edit:
    """An entry of a member in the map."""
    return lambda made: made["members"][member].setdefault("fields", {}).update({field: entry})


def test_documents_that_fit_their_map_give_no_finding(tmp_path: Path) -> None:
    page, report = told(world(tmp_path))
    assert rows(report) == []
    assert report.summary.exit_code == 0
    (one,) = page["maps"]
    assert (one["entity"], one["set"], one["path"]) == ("Order", "order", MAP)
    assert [member["member"] for member in one["members"]] == [
        "orders-api v1", "order-events v1", "order-log v1", "odoo sale.order",
    ]  # fmt: skip
    statuses = {row["status"] for field in one["fields"] for row in field["members"]}
    assert statuses == {"carried"}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param(
            {"event": remove("placed_at")},
            [("canonical-field-unmapped", "fail", WARN, "order: order-events v1: placed_at")],
            id="a field is missing",
        ),
        pytest.param(
            {"event": remove("placed_at"), "mapped": say(1, "placed_at", dropped="Nobody asks.")}, [], id="with a reason"
        ),
        pytest.param(
            {"event": remove("placed_at"), "mapped": say(1, "placed_at", derived="From occurred_at.")}, [], id="derived"
        ),
        pytest.param(
            {"event": rename("placed_at", "created"), "mapped": say(1, "placed_at", path="created")}, [], id="mapped"
        ),
        pytest.param(
            {"mapped": say(1, "placed_at", path="created")},
            [("canonical-field-path-gone", "fail", ERR, "order: order-events v1: placed_at")],
            id="a path that is not there",
        ),
        pytest.param(
            {"event": remove("lines")},
            [("canonical-field-unmapped", "fail", WARN, "order: order-events v1: lines[].sku, lines[].quantity")],
            id="one cause for two fields",
        ),
        pytest.param(
            {"event": remove("lines"), "mapped": say(1, "lines", dropped="Asked for by order_ref.")}, [], id="all of it"
        ),
        pytest.param(
            {"event": rename("lines", "rows"), "mapped": say(1, "lines", path="rows")}, [], id="all of it, mapped"
        ),
        pytest.param(
            {"mapped": say(1, "lines", path="rows")},
            [("canonical-field-path-gone", "fail", ERR, "order: order-events v1: lines[].sku, lines[].quantity")],
            id="all of it, mapped to nothing",
        ),
        pytest.param(
            {"event": retype("total", type="string")},
            [("canonical-field-type-differs", "fail", ERR, "order: order-events v1: total")],
            id="another type",
        ),
        pytest.param(
            {"event": retype("total", type="number", format="double")},
            [("canonical-field-type-differs", "fail", ERR, "order: order-events v1: total")],
            id="a binary number for cents",
        ),
        pytest.param(
            {"event": retype("total", type="string"), "mapped": say(1, "total", conversion="Decimal as text.")},
            [],
            id="with a conversion",
        ),
        pytest.param(
            {"event": retype("total")},
            [("canonical-field-type-unknown", "unknown", WARN, "order: order-events v1: total")],
            id="no type",
        ),
        pytest.param(
            {"event": retype("total"), "mapped": say(1, "total", type="decimal")}, [], id="the type is in the map"
        ),
        pytest.param(
            {"event": retype("total", **{"type": "number", "x-unit": "cent"})},
            [("canonical-field-unit-differs", "fail", ERR, "order: order-events v1: total")],
            id="another unit",
        ),
        pytest.param(
            {
                "event": retype("total", **{"type": "integer", "x-unit": "cent"}),
                "mapped": say(1, "total", scale=2),
            },
            [],
            id="with a scale",
        ),
        pytest.param(
            {"mapped": say(3, "total", path="amount_total", type="float", unit="EUR")},
            [("canonical-field-type-differs", "fail", ERR, "order: odoo sale.order: total")],
            id="a float of Odoo",
        ),
        pytest.param(
            {"mapped": lambda made: made["members"][3]["fields"].pop("total")},
            [("canonical-field-unmapped", "fail", WARN, "order: odoo sale.order: total")],
            id="Odoo without an entry",
        ),
        pytest.param(
            {"record": lambda made: made["fields"].pop(1)},
            [("canonical-field-unmapped", "fail", WARN, "order: order-log v1: placed_at")],
            id="Avro without the field",
        ),
        pytest.param(
            {"mapped": lambda made: made["fields"].update(gift={"type": "boolean"})},
            [("canonical-field-carried-by-nobody", "fail", WARN, "order: gift")],
            id="nobody",
        ),
        pytest.param(
            {"mapped": lambda made: made["members"].pop(2)},
            [("canonical-member-unlisted", "fail", WARN, "order: order-log")],
            id="not listed",
        ),
        pytest.param(
            {"mapped": lambda made: made["members"][0].update(at="Orders")},
            [("canonical-member-not-found", "fail", ERR, "order: orders-api v1")],
            id="no such schema",
        ),
        pytest.param(
            {"mapped": lambda made: made["members"][0].update(version="v7")},
            [("canonical-member-not-found", "fail", ERR, "order: orders-api v7")],
            id="no such version",
        ),
        pytest.param(
            {"more": {"contracts/order/order-xml/v1/order.xsd": "<schema/>"},
             "mapped": lambda made: made["members"].append({"contract": "order-xml"})},
            [("canonical-member-unread", "unknown", WARN, "order: order-xml v1")],
            id="a language that is not read",
        ),
    ],
)  # fmt: skip
def test_what_is_said_of_a_map(tmp_path: Path, parts: dict[str, Any], expected: list[tuple[str, ...]]) -> None:
    root = world(tmp_path, **parts)
    _, report = told(root)
    assert rows(report) == expected
    checked = [row for row in rows(api.contract_check(root, options())) if row[0].startswith("canonical")]
    assert checked == expected


NEW_NAME: dict[str, object] = {API_2: openapi(edited(SCHEMA, rename("placed_at", "ordered_on")), "2.0.0")}


def both(path: str) -> Edit:
    """Version 2 of the API calls the date so; version 1 is still served, and listed."""

    def edit(made: Json) -> None:
        made["members"][0] = {"contract": "orders-api", "version": "v1"}
        made["members"].insert(1, {"contract": "orders-api", "version": "v2", "fields": {"placed_at": path}})

    return edit


@pytest.mark.parametrize(
    ("more", "mapped", "expected"),
    [
        pytest.param(NEW_NAME, say(0, "placed_at", path="ordered_on"), ["canonical-field-renamed"], id="renamed"),
        pytest.param(NEW_NAME, both("ordered_on"), ["canonical-field-renamed"], id="both versions listed"),
        pytest.param(
            NEW_NAME, say(0, "placed_at", path="ordered_on", renamed="The law says so."), [], id="with a reason"
        ),
        pytest.param(NEW_NAME, None, ["canonical-field-dropped"], id="the map does not know"),
        pytest.param(NEW_NAME, say(0, "placed_at", dropped="No."), [], id="dropped with a reason"),
        pytest.param({API_2: openapi(SCHEMA, "2.0.0")}, None, [], id="nothing changed"),
        pytest.param(
            {**NEW_NAME, EVENT_2: edited(SCHEMA, rename("placed_at", "ordered_on"))},
            lambda made: [say(index, "placed_at", path="ordered_on")(made) for index in (0, 1)],
            [],
            id="two go together",
        ),
    ],
)
def test_what_changes_in_one_member_and_not_in_the_others(
    tmp_path: Path, more: dict[str, object], mapped: Edit | None, expected: list[str]
) -> None:
    found = rows(api.contract_check(world(tmp_path, mapped=mapped, more=more), options()))
    assert [row[0] for row in found if row[0].startswith("canonical")] == expected
    assert [row[0] for row in found if row[0] == "contract-set-out-of-step"] == []


def test_moving_to_the_name_of_the_entity_is_no_finding(tmp_path: Path) -> None:
    old = openapi(edited(SCHEMA, rename("placed_at", "ordered_on")))
    _, report = told(world(tmp_path, more={API: old, API_2: openapi(SCHEMA, "2.0.0")}, mapped=both("placed_at")))
    assert [row[0] for row in rows(report)] == ["canonical-field-unmapped"]  # of version 1, which is listed as well


@pytest.mark.parametrize("word", ["type", "unit"])
def test_without_a_word_in_the_entity_a_change_in_one_member_is_found(tmp_path: Path, word: str) -> None:
    later = {"type": "integer"} if word == "type" else {"type": "number", "x-unit": "cent"}
    changed = openapi(edited(SCHEMA, retype("total", **later)), "2.0.0")
    more: dict[str, object] = {API_2: changed}
    _, report = told(world(tmp_path, more=more, mapped=lambda made: made["fields"]["total"].pop(word)))
    assert [row[:3] for row in rows(report)] == [(f"canonical-field-{word}-changed", "fail", "error")]


def test_a_finding_shows_the_mapping_and_what_it_looks_like(tmp_path: Path) -> None:
    _, report = told(world(tmp_path, more=NEW_NAME))
    (finding,) = report.findings
    assert finding.message == (
        "orders-api v2 carries placed_at no more, which was placed_at, and others still do "
        "(order-events v1: placed_at, order-log v1: placedAt, odoo sale.order: date_order)"
    )
    assert finding.fix.startswith("It looks renamed to ordered_on. ")
    assert (finding.locations[0].path, finding.locations[0].pointer) == (MAP, "/members/0")
    assert [(one.text, one.location.path if one.location else "") for one in finding.related] == [
        ("before: orders-api v1: placed_at (datetime)", API),
        ("placed_at in order-events v1: placed_at (datetime)", "contracts/order/order-events/v1/order.schema.json"),
        ("placed_at in order-log v1: placedAt (datetime)", "contracts/order/order-log/v1/order.avsc"),
        ("placed_at in odoo sale.order: date_order (datetime)", MAP),
    ]
    assert all(one.location is not None and one.location.line for one in finding.related)
    assert finding.owner == "team-orders-api"


@pytest.mark.parametrize(
    ("edit", "code", "message", "pointer"),
    [
        (lambda made: made.update(entitty="x"), "INP021", "unknown key entitty", "/entitty"),
        (lambda made: made["fields"].update({"a..b": {}}), "INP020", "is no path", "/fields/a..b"),
        (lambda made: made["fields"].update(orderRef={}), "", "", ""),
        (lambda made: made["fields"].update({"total": {"type": "money"}}), "INP020", "", "/fields/total/type"),
        (say(0, "totl", path="total"), "INP021", "no field totl", "/members/0/fields/totl"),
        (say(0, "total", path="a[0]"), "INP020", "stands alone", "/members/0/fields/total/path"),
        (say(0, "total", path="total", dropped="No."), "INP020", "exclude each other", "/members/0/fields/total"),
        (lambda made: made["members"].append({"at": "x"}), "INP020", "contract is missing", "/members/4"),
        (lambda made: made["members"].append({"kind": "odoo"}), "INP020", "model is missing", "/members/4"),
        (lambda made: made["members"].append({"contract": "orders-api"}), "INP022", "same member", "/members/4"),
        (lambda made: made["members"][0].update(model="sale.order"), "INP020", "not both", "/members/0"),
        (lambda made: made.update(members=[]), "INP020", "is empty", "/members"),
    ],
)
def test_a_map_that_is_wrong_is_a_located_problem(
    tmp_path: Path, edit: Edit, code: str, message: str, pointer: str
) -> None:
    _, report = told(world(tmp_path, mapped=edit))
    found = [one for one in report.findings if one.rule.startswith("INP")]
    if not code:
        assert found == []
        return
    assert found[0].rule == code
    assert message in found[0].message
    assert (found[0].locations[0].path, found[0].locations[0].pointer) == (MAP, pointer)
    assert found[0].locations[0].line
    assert report.summary.exit_code == 1


@pytest.mark.parametrize("wanted", ["Order", "order", "orders-api", "order-log", MAP])
def test_a_map_is_found_by_entity_set_contract_or_path(tmp_path: Path, wanted: str) -> None:
    page, _ = told(world(tmp_path), wanted)
    assert [one["entity"] for one in page["maps"]] == ["Order"]


@pytest.mark.parametrize(("field", "count"), [("total", 1), ("orderRef", 1), ("lines[]", 2), ("lines[].sku", 1)])
def test_a_field_is_found_in_any_spelling_with_what_is_inside(tmp_path: Path, field: str, count: int) -> None:
    page, _ = told(world(tmp_path), field=field)
    assert len(page["maps"][0]["fields"]) == count


@pytest.mark.parametrize(
    ("wanted", "field", "hint"), [("ordr", None, "Did you mean"), (None, "totl", "total"), (None, "a..b", "such as")]
)
def test_what_is_in_no_map_is_a_usage_error(tmp_path: Path, wanted: str | None, field: str | None, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        told(world(tmp_path), wanted, field=field)
    assert hint in caught.value.hint


def test_a_set_without_a_map_says_how_to_make_one(tmp_path: Path) -> None:
    root = world(tmp_path)
    (root / MAP).unlink()
    with pytest.raises(UsageError) as caught:
        told(root, "order")
    assert "contract map init order-events order-log orders-api" in caught.value.hint


def test_a_finding_names_who_reads_the_member(tmp_path: Path) -> None:
    inventory = (
        "systems:\n  - {id: crm, owner: team-crm}\n  - {id: shop, owner: team-web}\ninterfaces:\n"
        f"  - {{id: if-orders, provider: shop, consumers: [crm], contract: {API}}}\n"
    )
    edit = say(0, "placed_at", path="created")
    _, report = told(world(tmp_path, mapped=edit, more={"inventories/estate.yaml": inventory}))
    (change,) = [one.change for one in report.findings]
    assert change is not None
    assert change.consumers_known
    assert [(one.system, one.interface) for one in change.consumers] == [("crm", "if-orders")]


def test_a_message_of_protobuf_with_an_import_is_a_member(tmp_path: Path) -> None:
    folder = "contracts/order/order-pb"
    more: dict[str, object] = {
        f"{folder}/v1/order.proto": 'syntax = "proto3";\nimport "common/line.proto";\n'
        "message Order {\n  string order_ref = 1;\n  int64 total = 2;\n  repeated Line lines = 3;\n}\n",
        f"{folder}/common/line.proto": 'syntax = "proto3";\nmessage Line {\n  string sku = 1;\n  int32 quantity = 2;\n}\n',
    }

    def mapped(made: Json) -> None:
        entries = {"placed_at": {"dropped": "No."}, "total": {"path": "total", "scale": 2}}
        made["members"].append({"contract": "order-pb", "version": "v1", "document": "order.proto", "fields": entries})

    page, report = told(world(tmp_path, mapped=mapped, more=more))
    assert rows(report) == []
    found = [row for field in page["maps"][0]["fields"] for row in field["members"] if row["member"] == "order-pb v1"]
    assert [(row["path"], row["place"]["path"], row["place"]["line"]) for row in found if row["place"]] == [
        ("order_ref", f"{folder}/v1/order.proto", 4),
        ("total", f"{folder}/v1/order.proto", 5),
        ("lines[].sku", f"{folder}/common/line.proto", 3),
        ("lines[].quantity", f"{folder}/common/line.proto", 4),
    ]


def test_a_finding_of_a_map_can_be_waived(tmp_path: Path) -> None:
    waiver = (
        "waivers:\n  - {id: wv-1, rule: canonical-field-path-gone, subject: 'order: order-events v1: placed_at',\n"
        "     reason: told everybody, owner: team-erp, approved-by: Lead, expires: 2026-12-31}\n"
    )
    root = world(tmp_path, mapped=say(1, "placed_at", path="created"), more={"policies/waivers.yaml": waiver})
    _, report = told(root)
    assert [(one.rule, one.verdict) for one in report.findings] == [("canonical-field-path-gone", "waived")]
    assert report.summary.exit_code == 0


def test_a_level_can_be_set_or_switched_off(tmp_path: Path) -> None:
    root = world(tmp_path, mapped=say(1, "placed_at", path="created"))
    for level, expected in (("warn", ["warn"]), ("none", [])):
        report = api.contract_check(root, options(levels={"canonical-field-path-gone": level}))
        assert [one.severity for one in report.findings] == expected
