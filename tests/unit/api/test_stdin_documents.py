"""``-`` is one document on stdin, with a name of its own."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from retailctl.cli.main import main
from retailctl.workspace import input_codes as codes
from tests.unit.api.small_contracts import V1, V2, document, order, workspace, write

OLD, NEW = document(order()), document(order("id"), "2.0.0")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: object, *args: str
) -> tuple[int, dict[str, Any], str]:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    code = main(["contract", *args, "-f", "json", "--as-of", "2026-11-20"])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else {}, err


@pytest.mark.parametrize(("args", "data"), [(("old.json", "-"), NEW), (("-", "new.json"), OLD)])
def test_either_side_of_a_diff(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], args: tuple[str, ...], data: object
) -> None:
    write(here, {"old.json": OLD, "new.json": NEW})
    _, plain, _ = run(monkeypatch, capsys, b"", "diff", "old.json", "new.json")
    code, report, _ = run(monkeypatch, capsys, data, "diff", *args)
    assert code == 1
    assert [one["rule"] for one in report["findings"]] == [one["rule"] for one in plain["findings"]]
    paths = {place["path"] for one in report["findings"] for place in one["locations"]}
    assert "stdin.yaml" in paths or args[0] == "-"


def test_lint_reads_it_and_calls_it_by_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = {**OLD, "paths": {"/a/{id}": {"get": {"responses": {"200": {"description": "x"}}}}}}
    _, report, _ = run(monkeypatch, capsys, broken, "lint", "-", "--stdin-name", "api/mine.json")
    assert {place["path"] for one in report["findings"] for place in one["locations"]} == {"api/mine.json"}


def test_its_references_start_where_its_name_is(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, {"api/parts.json": {"Order": order()}})
    data = document({"$ref": "parts.json#/Order"})
    _, found, _ = run(monkeypatch, capsys, data, "lint", "-", "--stdin-name", "api/mine.json")
    _, lost, _ = run(monkeypatch, capsys, data, "lint", "-")
    assert "INP043" not in {one["rule"] for one in found["findings"]}
    assert "INP043" in {one["rule"] for one in lost["findings"]}


def test_it_stands_for_a_file_of_the_workspace(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An editor checks what is not saved yet: subject and owner are those of the contract."""
    workspace(here, OLD, OLD)
    _, report, _ = run(monkeypatch, capsys, NEW, "diff", V1, "-", "--stdin-name", V2)
    subjects = {one["subject"] for one in report["findings"] if one["rule"] == "request-property-became-required"}
    assert subjects == {"orders-api: POST /orders"}


def test_the_suffix_is_the_format(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, _ = run(monkeypatch, capsys, b"openapi: 3.1.0\n", "lint", "-", "--stdin-name", "x.json")
    assert code == 1
    _, report, _ = run(monkeypatch, capsys, b"{", "lint", "-")
    assert report["findings"][0]["rule"].startswith("INP")
    assert report["findings"][0]["locations"][0]["path"] == "stdin.yaml"


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("a.avsc", b'{"type": "record", "name": "A"}', "avro-missing-fields"),
        ("a.proto", b'syntax = "proto3";\nenum A {}', "proto-enum-empty"),
    ],
)
def test_a_schema_of_every_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, text: bytes, rule: str
) -> None:
    _, report, _ = run(monkeypatch, capsys, text, "lint", "-", "--stdin-name", name)
    assert [(one["rule"], one["locations"][0]["path"]) for one in report["findings"]] == [(rule, name)]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("diff", "-", "-"), "once"),
        (("lint", "-", "-"), "once"),
        (("lint", "-", "--stdin-name", "x.txt"), "no suffix"),
        (("lint", "-", "--stdin-name", "x"), "no suffix"),
        (("lint", "-", "--stdin-name", "../x.yaml"), "no path below"),
        (("lint", "-", "--stdin-name", "/etc/x.yaml"), "no path below"),
    ],
)
def test_usage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], args: tuple[str, ...], says: str
) -> None:
    code, _, err = run(monkeypatch, capsys, OLD, *args)
    assert code == 2
    assert says in err


def test_no_more_is_read_than_is_allowed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _, report, _ = run(monkeypatch, capsys, b" " * (33 * 1024 * 1024), "lint", "-")
    assert report["findings"][0]["rule"] == codes.SIZE


def test_a_terminal_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal(io.BytesIO(b"")))
    assert main(["contract", "lint", "-"]) == 2
    assert "terminal" in capsys.readouterr().err
