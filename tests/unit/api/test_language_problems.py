"""Avro and Protobuf schemas that are not valid: located by ``contract lint`` and by ``contract diff``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from retailctl.cli.main import main

AVRO = '{"type": "record", "name": "A",\n "fields": [{"name": "n", "type": "int"}]}'
PROTO = 'syntax = "proto3";\nmessage A { int32 n = 1; }\n'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contract(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, dict[str, Any]]:
    code = main(["contract", *args, "-f", "json", "--as-of", "2026-11-20"])
    return code, json.loads(capsys.readouterr().out)


def told(report: dict[str, Any]) -> list[tuple[str, int]]:
    """Rule and line of what is wrong with the input."""
    rows = [one for one in report["findings"] if one["rule"].startswith("INP")]
    return [(one["rule"], one["locations"][0]["line"]) for one in rows]


CASES = [
    ("a.avsc", AVRO, []),
    ("a.avsc", '"string"', []),
    ("a.avsc", AVRO.replace('"int"', '"Nothing"'), [("INP020", 2)]),
    ("a.avsc", "null", [("INP020", 1)]),
    ("a.proto", PROTO, []),
    ("a.proto", "", []),
    ("a.proto", PROTO.replace("n = 1", "n = "), [("INP001", 2)]),
    ("a.proto", PROTO.replace("n = 1", "n = 1; string m = 1"), [("INP020", 2)]),
]


@pytest.mark.parametrize(("name", "text", "expected"), CASES)
def test_lint_tells_what_is_wrong_and_where(
    here: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, expected: list[tuple[str, int]]
) -> None:
    (here / name).write_text(text)
    code, report = contract(capsys, "lint", name)
    assert (code, told(report)) == (1 if expected else 0, expected)


@pytest.mark.parametrize("back", [False, True])
def test_a_proto_that_cannot_be_read_is_not_compared(
    here: Path, capsys: pytest.CaptureFixture[str], *, back: bool
) -> None:
    """What a file with an error of syntax does not declare was not removed."""
    names = ["a.proto", "b.proto"]
    (here / names[0]).write_text(PROTO)
    (here / names[1]).write_text(PROTO.replace("n = 1", "n = "))
    code, report = contract(capsys, "diff", *(reversed(names) if back else names))
    assert (code, told(report), len(report["findings"])) == (1, [("INP001", 2)], 1)


def test_an_avro_schema_that_is_not_valid_is_told_beside_the_changes(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "a.avsc").write_text(AVRO)
    (here / "b.avsc").write_text(AVRO.replace('"int"', '"Nothing"'))
    code, report = contract(capsys, "diff", "a.avsc", "b.avsc")
    assert (code, told(report)) == (1, [("INP020", 2)])


def test_a_schema_of_a_workspace_is_linted(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "retailctl.yaml").write_text("name: small\n")
    folder = here / "contracts" / "order" / "order-paid" / "v1"
    folder.mkdir(parents=True)
    (folder / "a.avsc").write_text(AVRO.replace('"int"', '"Nothing"'))
    assert told(contract(capsys, "lint")[1]) == [("INP020", 2)]
