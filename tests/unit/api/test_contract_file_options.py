"""``content_model`` and ``strip_prefix`` of contract.yaml: what a team says once instead of in every pipeline."""

from __future__ import annotations

import json
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from retailctl import api
from retailctl.cli.main import main
from tests.unit.api.small_contracts import V1, V2, document, order, workspace, write

OPEN = {"type": "object", "properties": {"id": {"type": "string"}}}
CLOSED = {**OPEN, "additionalProperties": False}


@pytest.fixture
def verb(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def run(name: str, root: Path, *args: str) -> dict[str, str]:
        monkeypatch.chdir(root)
        main(["contract", name, *args, "-f", "json", "--as-of", "2026-11-20"])
        return {one["rule"]: one["severity"] for one in json.loads(capsys.readouterr().out)["findings"]}

    return run


@pytest.fixture
def check(verb: Any) -> Any:
    return partial(verb, "check")


@pytest.fixture
def diff(verb: Any) -> Any:
    return partial(verb, "diff")


@pytest.mark.parametrize(
    ("said", "flags", "strict"),
    [
        ("", (), False),
        ("content_model: declared", (), False),
        ("content_model: all", (), True),
        ("content_model: all", ("--content-model", "declared"), False),
        ("", ("--content-model", "all"), True),
    ],
)
def test_the_content_model_of_a_contract(
    tmp_path: Path, check: Any, said: str, flags: tuple[str, ...], strict: bool
) -> None:
    """Whoever sent more than the contract names, because nothing forbade it, is refused now."""
    root = workspace(tmp_path, document(OPEN), document(CLOSED, "1.1.0"), contract=f"{said}\n")
    assert ("error" in check(root, *flags).values()) is strict


def test_prefixes_are_cut_from_versions(tmp_path: Path, check: Any) -> None:
    old, new = document(order(), "1.0.0", "/v1/orders"), document(order(), "2.0.0", "/v2/orders")
    root = workspace(tmp_path, old, new)
    assert "base-path-changed" in check(root)
    workspace(tmp_path, old, new, contract="strip_prefix: {base: /v1, revision: /v2}\n")
    assert not {"base-path-changed", "operation-moved"} & check(root).keys()


def test_prefixes_are_not_cut_from_one_version_over_time(tmp_path: Path, check: Any) -> None:
    old, new = document(order(), "1.0.0", "/v1/orders"), document(order(), "2.0.0", "/v2/orders")
    root = workspace(tmp_path, old, new, contract="strip_prefix: {base: /v1, revision: /v2}\n")
    for command in (
        ("init", "-q"),
        ("add", "-A"),
        ("-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", "x"),
    ):
        subprocess.run(["git", *command], cwd=root, check=True)
    assert check(root, "--against", "HEAD") == {}
    write(root, {V2: document(order("id"), "2.0.0", "/v2/orders")})
    assert "request-property-became-required" in check(root, "--against", "HEAD")


@pytest.mark.parametrize("wrong", ["content_model: most", "strip_prefix: /v1", "strip_prefix: {old: /v1}"])
def test_what_the_file_may_not_say(tmp_path: Path, check: Any, wrong: str) -> None:
    root = workspace(tmp_path, document(OPEN), document(OPEN, "1.1.0"), contract=f"{wrong}\n")
    assert any(rule.startswith("INP") for rule in _rules(root))


def _rules(root: Path) -> set[str]:
    return {finding.rule for finding in api.inventory_check(root).findings}


def test_the_schema_knows_both() -> None:
    found = api.schema("contract")
    assert "content_model" in found["properties"]
    assert "/v1" in json.dumps(found)


_EVENTS = "contracts/order/order-paid"


def _versions(root: Path, promise: str) -> tuple[str, str]:
    """Two versions of an Avro event: the new one reads what the old one wrote, and not the other way round."""
    names = f"{_EVENTS}/v1/paid.avsc", f"{_EVENTS}/v1.1/paid.avsc"
    write(root, {
        "retailctl.yaml": "name: small\n",
        f"{_EVENTS}/contract.yaml": f"id: order-paid\nkind: avro\nowner: team-orders\n{promise}\n",
        **{name: {"type": "record", "name": "Paid", "fields": [{"name": "n", "type": kind}]}
           for name, kind in zip(names, ("int", "long"), strict=True)},
    })  # fmt: skip
    return names


@pytest.mark.parametrize(
    ("promise", "flags", "mode", "compatible"),
    [
        ("", (), "BACKWARD", True),
        ("compatibility: FULL", (), "FULL", False),
        ("compatibility: FORWARD_TRANSITIVE", (), "FORWARD_TRANSITIVE", False),
        ("compatibility: NONE", (), "NONE", True),
        ("compatibility: FULL", ("--mode", "BACKWARD"), "BACKWARD", True),
    ],
)
def test_a_diff_inside_a_workspace_is_judged_by_the_mode_of_its_contract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    promise: str, flags: tuple[str, ...], mode: str, compatible: bool,
) -> None:  # fmt: skip
    names = _versions(tmp_path, promise)
    monkeypatch.chdir(tmp_path)
    main(["contract", "diff", *names, *flags, "-f", "json"])
    told = json.loads(capsys.readouterr().out)["summary"]
    assert (told["mode"], told["compatible"]) == (mode, compatible)


def test_a_diff_inside_a_workspace_cuts_the_prefixes_of_its_contract(tmp_path: Path, diff: Any) -> None:
    old, new = document(order(), "1.0.0", "/v1/orders"), document(order(), "2.0.0", "/v2/orders")
    root = workspace(tmp_path, old, new, contract="strip_prefix: {base: /v1, revision: /v2}\n")
    assert not {"base-path-changed", "operation-moved"} & diff(root, V1, V2).keys()
