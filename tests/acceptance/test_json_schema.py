"""What we publish keeps to the schemas that we publish."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from retailctl import api
from retailctl.model.report import Report
from retailctl.report.formats import render
from retailctl.report.options import RenderOptions
from retailctl.workspace.discovery import list_files
from retailctl.workspace.reader import parse_bytes
from tests.needs import ROOT

FILES = [(kind, path) for kind, path in list_files(ROOT) if kind in api.SCHEMA_KINDS]
PACK = sorted((ROOT / "retailctl/policy/packs/standard").glob("[A-Z]*.yaml"))


@cache
def validator(kind: str) -> Draft202012Validator:
    schema = api.schema(kind)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def errors(kind: str, data: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator(kind).iter_errors(data)]


@pytest.mark.parametrize("kind", api.SCHEMA_KINDS)
def test_every_schema_is_one(kind: str) -> None:
    validator(kind)
    schema = api.schema(kind)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"]


def test_the_report_keeps_to_its_schema(reference_report: Report) -> None:
    data = json.loads("".join(render(reference_report, "json", RenderOptions())))
    assert errors("report", data) == []


def test_every_kind_of_file_is_among_the_shipped_ones() -> None:
    shipped = {kind for kind, _ in FILES} | {"report", "settings"}
    assert shipped | {"baseline", "events", "parallel", "replay"} == set(
        api.SCHEMA_KINDS
    )  # the estate shows all its findings, and no runs


@pytest.mark.parametrize(("kind", "path"), [*FILES, ("settings", "retailctl.yaml")], ids=str)
def test_every_shipped_file_keeps_to_its_schema(kind: str, path: str) -> None:
    data = parse_bytes(path, (ROOT / path).read_bytes()).data
    assert errors(kind, data) == []


def test_the_rules_of_the_standard_pack_keep_to_the_schema_of_a_pack() -> None:
    rules = {path.stem: parse_bytes(path.name, path.read_bytes()).data for path in PACK}
    assert errors("policy", {"schema": "retailctl/policy/v1", "rules": rules}) == []


def test_a_baseline_keeps_to_its_schema(reference_report: Report) -> None:
    from retailctl.policy.baseline import next_baseline, render_baseline
    from tests.conftest import AS_OF

    made = next_baseline(reference_report.findings, None, AS_OF, update=False)
    assert errors("baseline", json.loads(render_baseline(made))) == []


def test_a_typo_does_not_keep_to_a_schema() -> None:
    assert errors("inventory", {"interfaces": [{"id": "if-a", "onwer": "team-a"}]})
    assert errors("settings", {"pakcs": []})
