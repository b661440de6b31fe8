"""Schemas of Avro and Protobuf that are none: lint names the place, and no comparison calls them compatible."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from retailctl.api.contracts.checking import contract_check
from retailctl.api.contracts.diffing import contract_diff
from retailctl.api.contracts.linting import contract_lint
from retailctl.api.contracts.options import ContractOptions

GOOD = '{"type": "record", "name": "A", "fields": [\n{"name": "a", "type": "int"}]}'
BAD = '{"type": "record", "name": "A", "fields": [\n{"name": "a", "type": "int"},\n{"name": "b", "type": "B"}]}'
WARNED = '{"type": "record", "name": "A", "fields": [\n{"name": "a", "type": "A"}]}'
PROTO = 'syntax = "proto3";\nmessage A { string a = 1; }\n'
CUT = 'syntax = "proto3";\nmessage A { string a = 1;\n'


def events(schema: object, format: str) -> str:
    payload = {"schemaFormat": format, "schema": schema}
    return json.dumps({
        "asyncapi": "3.0.0", "info": {"title": "T", "version": "1.0.0"},
        "channels": {"c": {"address": "c", "messages": {"M": {"payload": payload}}}},
        "operations": {"o": {"action": "send", "channel": {"$ref": "#/channels/c"}}},
    }, indent=1)  # fmt: skip


AVRO = "application/vnd.apache.avro;version=1.9.0"
PROTOBUF = "application/vnd.google.protobuf;version=3"


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def places(report: Any) -> list[tuple[str, str, int]]:
    return [(one.rule, at.path, at.line) for one in report.findings for at in one.locations[:1]]


@pytest.mark.parametrize(
    ("suffix", "old", "new", "expected"),
    [
        ("avsc", GOOD, BAD, ("INP020", 3)),
        ("avsc", BAD, BAD, ("INP020", 3)),
        ("avsc", GOOD, "\n3", ("INP001", 2)),
        ("proto", PROTO, CUT, ("INP001", 3)),
        ("proto", CUT, CUT, ("INP001", 3)),
        ("proto", PROTO, PROTO + 'import "b.proto";', ("INP044", 3)),
        ("json", events(json.loads(GOOD), AVRO), events(json.loads(BAD), AVRO), ("INP020", 0)),
        ("json", events(PROTO, PROTOBUF), events(CUT, PROTOBUF), ("INP001", 0)),
    ],
)
def test_no_silent_verdict(
    suffix: str, old: str, new: str, expected: tuple[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / f"a.{suffix}").write_text(old, encoding="utf-8")
    (tmp_path / f"b.{suffix}").write_text(new, encoding="utf-8")
    report = contract_diff(f"a.{suffix}", f"b.{suffix}", ContractOptions())
    rule, line = expected
    found = [(one, path, at) for one, path, at in places(report) if one == rule and path == f"b.{suffix}"]
    assert found and all(at == line if line else at > 1 for _, _, at in found)
    assert report.summary.contracts is not None and report.summary.contracts.compatible is not True
    assert report.summary.exit_code == 1
    assert all(one.fix and "limits." not in one.fix for one in report.findings if one.rule.startswith("INP"))
    if new is CUT:  # nothing is known of what stands behind the fault
        assert all(one.rule.startswith("INP") for one in report.findings)


@pytest.mark.parametrize(("suffix", "text"), [("avsc", GOOD), ("avsc", WARNED), ("proto", PROTO)])
def test_a_valid_schema_keeps_its_verdict(
    suffix: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / f"a.{suffix}").write_text(text, encoding="utf-8")
    report = contract_diff(f"a.{suffix}", f"a.{suffix}", ContractOptions())
    assert report.summary.contracts is not None and report.summary.contracts.compatible is True
    assert report.summary.exit_code == 0


def test_the_workspace(tmp_path: Path) -> None:
    write(tmp_path, retailctl_dot_yaml="name: shop\n", contracts__shop__orders__v1__a_dot_avsc=GOOD,
          contracts__shop__orders__v2__a_dot_avsc=BAD, contracts__shop__orders__v2__w_dot_avsc=WARNED,
          contracts__shop__stock__v1__a_dot_proto='syntax = "proto3";\nimport "b.proto";\nmessage A { B b = 1; }\n',
          contracts__shop__stock__v1__b_dot_proto='syntax = "proto3";\nmessage B { C c = 1; }\n')  # fmt: skip
    report = contract_lint((), ContractOptions(), tmp_path)
    assert sorted(places(report)) == [
        ("INP023", "contracts/shop/orders/v2/a.avsc", 3),
        ("INP023", "contracts/shop/stock/v1/b.proto", 2),
        ("avro-endless-record", "contracts/shop/orders/v2/w.avsc", 1),
    ]
    checked = contract_check(tmp_path, ContractOptions())
    assert ("INP020", "contracts/shop/orders/v2/a.avsc", 3) in places(checked)
    assert checked.summary.exit_code == 1
