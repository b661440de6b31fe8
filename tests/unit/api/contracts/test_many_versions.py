"""Many versions of one schema under a transitive promise: what is told of the newest and of those long before it."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import Any

import pytest

from retailctl import api
from retailctl.api.memory import without_collection
from retailctl.model.contract_change import ComparedContract
from retailctl.model.report import Report
from tests.unit.api.small_contracts import write

KINDS = {"schema.json": "jsonschema", "proto": "protobuf", "avsc": "avro"}
FOLDER = "contracts/order/order-placed"
FIRST, ADDED, AGAIN = ({"name": name, "type": "long"} for name in ("id", "sum", "tax"))


def versions(root: Path, mode: str, *fields: list[dict[str, Any]]) -> Report:
    """The check of Avro records, one list of fields for each version."""
    files: dict[str, object] = {
        "retailctl.yaml": "name: shop\n",
        f"{FOLDER}/contract.yaml": f"id: order-placed\nkind: avro\ncompatibility: {mode}\n",
    }
    for number, one in enumerate(fields, 1):
        record = {"type": "record", "name": "OrderPlaced", "fields": one}
        files[f"{FOLDER}/v{number}/order.avsc"] = json.dumps(record)
    return api.contract_check(write(root, files), api.ContractOptions(run=api.AuditOptions(use_cache=False)))


def rows(report: Report) -> dict[tuple[str, str], ComparedContract]:
    assert report.summary.contracts is not None
    return {(row.base, row.revision): row for row in report.summary.contracts.contracts}


def later(field: dict[str, Any]) -> dict[str, Any]:
    return {**field, "default": 0}


def test_what_was_added_on_the_way_is_told_once(tmp_path: Path) -> None:
    report = versions(
        tmp_path, "FULL_TRANSITIVE", [FIRST], [FIRST, later(ADDED)], [FIRST, later(ADDED), later(AGAIN)]
    )  # fmt: skip
    assert [(one.rule, one.severity) for one in report.findings] == [("avro-field-added", "info")] * 2
    found = rows(report)
    assert set(found) == {("v1", "v2"), ("v2", "v3"), ("v1", "v3")}
    assert all(row.compatible and row.required_bump == "minor" and not row.breaking for row in found.values())


def test_a_break_with_a_version_long_before_is_told_with_its_case(tmp_path: Path) -> None:
    """Neither step breaks: the field goes, and comes back as something else."""
    text = {"name": "sum", "type": "string", "default": ""}
    report = versions(tmp_path, "BACKWARD_TRANSITIVE", [FIRST, ADDED], [FIRST], [FIRST, text])
    found = rows(report)
    assert {pair: row.compatible for pair, row in found.items()} == {
        ("v1", "v2"): True, ("v2", "v3"): True, ("v1", "v3"): False,
    }  # fmt: skip
    broken = [one for one in report.findings if one.severity == "error"]
    assert [one.rule for one in broken] == ["avro-type-changed"]
    assert broken[0].change is not None and broken[0].change.witness is not None
    assert "/v1/" in str(broken[0].related)


@pytest.mark.parametrize(("mode", "pairs"), [("BACKWARD", 2), ("BACKWARD_TRANSITIVE", 3)])
def test_only_a_transitive_promise_goes_further_back(tmp_path: Path, mode: str, pairs: int) -> None:
    assert len(rows(versions(tmp_path, mode, [FIRST], [FIRST], [FIRST]))) == pairs


def test_versions_that_say_the_same_ask_for_nothing(tmp_path: Path) -> None:
    report = versions(tmp_path, "FULL_TRANSITIVE", [FIRST], [FIRST], [FIRST])
    assert report.findings == ()
    assert {row.required_bump for row in rows(report).values()} == {"none"}


def test_a_team_that_minds_additions_is_told_of_them_from_every_version(tmp_path: Path) -> None:
    versions(tmp_path, "FULL_TRANSITIVE", [FIRST], [FIRST], [FIRST, later(ADDED)])
    options = api.ContractOptions(levels={"avro-field-added": "WARN"}, run=api.AuditOptions(use_cache=False))
    found = api.contract_check(tmp_path, options).findings
    assert [(one.rule, one.severity) for one in found] == [("avro-field-added", "warn")] * 2


def test_a_schema_that_is_none_makes_every_answer_uncertain(tmp_path: Path) -> None:
    report = versions(tmp_path, "FULL_TRANSITIVE", [FIRST], [FIRST], [FIRST, {"name": "sum", "type": "Gone"}])
    assert {pair: row.compatible for pair, row in rows(report).items() if pair[1] == "v3"} == {
        ("v1", "v3"): False, ("v2", "v3"): False,
    }  # fmt: skip
    assert any(one.rule.startswith("INP") for one in report.findings)


def schemas(root: Path, suffix: str, *texts: str) -> Report:
    """The check of versions under BACKWARD_TRANSITIVE."""
    files: dict[str, object] = {
        "retailctl.yaml": "name: shop\n",
        f"{FOLDER}/contract.yaml": f"id: order-placed\nkind: {KINDS[suffix]}\ncompatibility: BACKWARD_TRANSITIVE\n",
    }
    files |= {f"{FOLDER}/v{number}/order.{suffix}": text for number, text in enumerate(texts, 1)}
    return api.contract_check(write(root, files), api.ContractOptions(run=api.AuditOptions(use_cache=False)))


def json_schema(about: str, kind: str = "string", **more: Any) -> str:
    properties = {"id": {"type": "string"}, "sum": {"type": kind, "description": about, **more}}
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps({"$schema": dialect, "type": "object", "required": ["sum"], "properties": properties}, indent=1)


def proto(about: str, kind: str = "string") -> str:
    return f'syntax = "proto3";\n// {about}\nmessage OrderPlaced {{\n  {kind} sum = 1;\n}}\n'


def avro(about: str, kind: str = "string") -> str:
    fields = [{"name": "sum", "type": kind, "doc": about}]
    return json.dumps({"type": "record", "name": "OrderPlaced", "fields": fields}, indent=1)


@pytest.mark.parametrize(
    ("suffix", "write_one", "other"),
    [("schema.json", json_schema, "integer"), ("proto", proto, "bool"), ("avsc", avro, "boolean")],
)
def test_versions_that_differ_for_people_break_alike_each_at_its_own_place(
    tmp_path: Path, suffix: str, write_one: Any, other: str
) -> None:
    """What is known of one older version is told of the next as if it had been compared."""
    last = write_one("last", other)
    texts = [
        write_one("first"),
        write_one("second\nand third" if suffix != "proto" else "second"),
        write_one("x"),
        last,
    ]
    breaks = [one for one in schemas(tmp_path / "all", suffix, *texts).findings if one.severity == "error"]
    assert [path for path in ("/v1/", "/v2/", "/v3/") if any(path in str(one.related) for one in breaks)] == [
        "/v1/", "/v2/", "/v3/",
    ]  # fmt: skip
    for number, text in enumerate(texts[:3], 1):
        root = tmp_path / str(number)
        mine = [one for one in breaks if f"/v{number}/" in str(one.related)]
        alone = [one for one in schemas(root, suffix, text, last).findings if one.severity == "error"]
        assert len(mine) == len(alone) == 1
        assert (mine[0].message, mine[0].change) == (alone[0].message, alone[0].change)
        places = [
            (one.location.line, one.location.column) for one in (*mine[0].related, *alone[0].related) if one.location
        ]
        assert len(set(places)) == 1


def test_what_a_run_left_is_for_the_oldest_generation() -> None:
    with without_collection():
        assert not gc.isenabled()
        left: list[object] = []
        left.append(left)
    assert gc.isenabled() and gc.get_freeze_count() == 0
    assert any(one is left for one in gc.get_objects(generation=2))
