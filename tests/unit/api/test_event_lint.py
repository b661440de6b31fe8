"""``contract lint`` of event contracts, as a command: located findings, and what counts as a contract of a workspace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from retailctl.cli.main import main
from tests.support.asyncapi import full

SCHEMA = "https://json-schema.org/draft/2020-12/schema"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lint(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, dict[str, Any]]:
    code = main(["contract", "lint", *args, "-f", "json", "--as-of", "2026-11-20"])
    out, _ = capsys.readouterr()
    return code, json.loads(out)


def test_a_valid_document_passes(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "events.json").write_text(json.dumps(full("3.1.0")))
    code, report = lint(capsys, "events.json")
    assert (code, report["findings"]) == (0, [])


def test_findings_have_a_line(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "events.yaml").write_text(
        "asyncapi: 3.0.0\ninfo: {title: a, version: '1'}\nchannels:\n  paid:\n    adress: orders.paid\n"
    )
    code, report = lint(capsys, "events.yaml")
    [found] = report["findings"]
    place = found["locations"][0]
    assert (code, found["rule"], place["path"], place["line"]) == (1, "structure-unknown-key", "events.yaml", 5)
    assert "did you mean address?" in found["message"]


@pytest.mark.parametrize("written", ["3.0", "4.0.0", "[]", "{}"])
def test_versions(here: Path, capsys: pytest.CaptureFixture[str], written: str) -> None:
    (here / "events.yaml").write_text(f"info: {{title: a, version: '1'}}\nasyncapi: {written}\n")
    code, report = lint(capsys, "events.yaml")
    [found] = report["findings"]
    assert (code, found["rule"], found["locations"][0]["line"]) == (1, "INP041", 2)


def test_what_a_workspace_counts_as_a_contract(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {"type": "string", "default": 1}
    files: dict[str, Any] = {
        "contracts/a/asyncapi.json": {**full("2.6.0"), "extra": 1},
        "contracts/a/order.schema.json": {"$schema": SCHEMA, **wrong},
        "contracts/a/named.json": {"$schema": SCHEMA, **wrong},
        "contracts/a/data.json": {"type": "object", "properties": {"a": wrong}},
    }
    for name, content in files.items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text(json.dumps(content))
    (here / "retailctl.yaml").write_text("name: shop\n")
    _, report = lint(capsys)
    assert sorted((one["locations"][0]["path"], one["rule"]) for one in report["findings"]) == [
        ("contracts/a/asyncapi.json", "structure-unknown-key"),
        ("contracts/a/named.json", "default-invalid"),
        ("contracts/a/order.schema.json", "default-invalid"),
    ]
    _, alone = lint(capsys, "contracts/a/data.json")
    assert [one["rule"] for one in alone["findings"]] == ["default-invalid"]
