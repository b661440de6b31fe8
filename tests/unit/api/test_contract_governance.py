"""Severity, waivers and baseline hold for contract changes and lint rows as they do for the rules of the packs."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from retailctl.cli.main import main
from tests.needs import ROOT
from tests.unit.api.small_contracts import V1, V2, document, order, workspace, write

DAY = "2026-11-20"
CHANGE = "request-property-became-required"
SUBJECT = "orders-api: POST /orders"


@pytest.fixture(autouse=True)
def no_shared_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A break between two minor versions, and a name that lint misses."""
    root = workspace(tmp_path / "small", document(order()), document(order("id", "ghost"), "1.1.0"))
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "estate"
    for folder in ("contracts", "inventories", "migrations", "policies"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copy(ROOT / "retailctl.yaml", root)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*args: str, day: str = DAY) -> tuple[int, list[dict[str, Any]]]:
        code = main([*args, "-f", "json", "--as-of", day])
        out, err = capsys.readouterr()
        assert code in (0, 1), err
        found: list[dict[str, Any]] = json.loads(out).get("findings", [])
        return code, found

    return run


def of(findings: list[dict[str, Any]], rule: str) -> list[dict[str, Any]]:
    return [one for one in findings if one["rule"] == rule]


def waive(rule: str, subject: str, expires: str) -> int:
    return main(
        ["waiver", "add", "--rule", rule, "--subject", subject, "--reason", "All callers moved.", "--owner", "team-a",
         "--approved-by", "head-of-it", "--expires", expires, "--as-of", DAY]
    )  # fmt: skip


def test_one_break_of_the_estate_is_waived_until_the_day_has_passed(
    reference: Path, run: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    code, before = run("contract", "check")
    broken = [one for one in before if one["severity"] == "error" and one["verdict"] == "fail"]
    assert code == 1
    told = Counter((one["rule"], one["subject"]) for one in before)  # what a waiver covers
    one = next(one for one in broken if told[one["rule"], one["subject"]] == 1)
    assert waive(one["rule"], one["subject"], "2026-12-24") == 0
    capsys.readouterr()
    _, after = run("contract", "check")
    same = [now for now in after if now["fingerprint"] == one["fingerprint"]]
    assert [(now["verdict"], now["waiver"]) for now in same] == [("waived", f"{one['rule']}:{one['subject']}")]
    assert "All callers moved." in (reference / "policies/waivers.yaml").read_text()
    unwaived = [now for now in after if now["verdict"] != "waived"]
    assert len(unwaived) == len(before) - len(same)
    _, without = run("contract", "check", "--no-waivers")
    assert {now["verdict"] for now in without if now["fingerprint"] == one["fingerprint"]} == {"fail"}
    _, late = run("contract", "check", day="2026-12-25")
    assert {now["verdict"] for now in late if now["fingerprint"] == one["fingerprint"]} == {"fail"}
    assert of(late, "WAV001")


@pytest.mark.parametrize(
    "command", [("diff", V1, V2), ("check", "--against", "v1"), ("check", "--contract", "orders-api")]
)
def test_what_looks_at_a_part_waives_as_well_and_calls_nothing_idle(
    small: Path, run: Any, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    assert waive(CHANGE, SUBJECT, "2027-02-24") == 0
    assert waive(CHANGE, "orders-api: POST /nowhere", "2027-02-24") == 0
    capsys.readouterr()
    _, found = run("contract", *command)
    assert {one["verdict"] for one in of(found, CHANGE)} == {"waived"}
    assert not of(found, "WAV002")
    assert of(run("contract", "check")[1], "WAV002")
    assert not of(run("audit")[1], "WAV002")


@pytest.mark.parametrize("rule", ["request-property-became-requird", "reference-network", "WAV002"])
def test_a_waiver_for_no_rule_is_refused(small: Path, capsys: pytest.CaptureFixture[str], rule: str) -> None:
    assert waive(rule, SUBJECT, "2026-12-24") == 2
    assert rule in capsys.readouterr().err


@pytest.mark.parametrize("command", [("contract", "diff", V1, V2), ("contract", "check")])
def test_the_settings_say_how_grave_a_change_is(small: Path, run: Any, command: tuple[str, ...]) -> None:
    for word, expected in (("error", ["error"]), ("info", ["info"]), ("off", [])):
        write(small, {"retailctl.yaml": f"name: small\nseverity: {{{CHANGE}: {word}}}\n"})
        _, found = run(*command)
        assert sorted({one["severity"] for one in of(found, CHANGE)}) == expected, word


def test_a_flag_is_above_the_settings(small: Path, run: Any) -> None:
    write(small, {"retailctl.yaml": f"name: small\nseverity: {{{CHANGE}: off}}\n", "levels.txt": f"{CHANGE} info\n"})
    _, found = run("contract", "check", "--severity-levels", "levels.txt")
    assert {one["severity"] for one in of(found, CHANGE)} == {"info"}
    _, found = run("contract", "check", "--level", f"{CHANGE}=warn", "--severity-levels", "levels.txt")
    assert {one["severity"] for one in of(found, CHANGE)} == {"warn"}


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("request-property-became-requird", CHANGE),
        ("OWN-1", "OWN-01"),
        ("operation-id-duplicat", "operation-id-duplicate"),
    ],
)
@pytest.mark.parametrize(
    "command", [("audit",), ("contract", "check"), ("contract", "lint"), ("contract", "diff", V1, V2)]
)
def test_an_unknown_name_is_exit_2_with_the_nearest_of_all_tables(
    small: Path, capsys: pytest.CaptureFixture[str], name: str, near: str, command: tuple[str, ...]
) -> None:
    write(small, {"retailctl.yaml": f"name: small\nseverity: {{{name}: warn}}\n"})
    assert main([*command, "--as-of", DAY]) == 2
    err = capsys.readouterr().err
    assert f"unknown rule '{name}'" in err
    assert f"did you mean '{near}" in err


def test_the_audit_takes_no_notice_of_the_levels_of_contracts(small: Path, run: Any) -> None:
    _, before = run("audit")
    write(small, {"retailctl.yaml": f"name: small\nseverity: {{{CHANGE}: off, required-undeclared: off}}\n"})
    assert run("audit")[1] == before


LINT = "required-undeclared"


def test_the_settings_say_how_grave_a_row_of_lint_is(small: Path, run: Any) -> None:
    for word, expected in (("error", ["error"]), ("info", ["info"]), ("off", [])):
        write(small, {"retailctl.yaml": f"name: small\nseverity: {{{LINT}: {word}}}\n"})
        for command in (("contract", "lint"), ("contract", "lint", V2)):
            code, found = run(*command)
            assert [one["severity"] for one in of(found, LINT)] == expected, word
            assert code == int(word == "error")


def test_fail_on_of_the_settings_holds_for_a_document_of_the_workspace(small: Path, run: Any) -> None:
    assert run("contract", "lint", V2)[0] == 0
    write(small, {"retailctl.yaml": "name: small\nfail-on: warn\n"})
    assert run("contract", "lint", V2)[0] == 1


def test_a_row_of_lint_is_waived_by_the_path_of_its_document(
    small: Path, run: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert waive(LINT, V2, "2027-02-24") == 0
    assert waive(LINT, V1, "2027-02-24") == 0
    capsys.readouterr()
    for command in (("contract", "lint"), ("contract", "lint", V2)):
        assert [one["verdict"] for one in of(run(*command)[1], LINT)] == ["waived"]
    assert of(run("contract", "lint")[1], "WAV002")
    assert not of(run("contract", "lint", V2)[1], "WAV002")
    assert [one["verdict"] for one in of(run("contract", "lint", day="2027-02-25")[1], LINT)] == ["fail"]


def test_each_command_owns_its_part_of_the_baseline(small: Path, run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    def write_one(*args: str) -> int:
        code = main(["baseline", "write", "--as-of", DAY, *args])
        capsys.readouterr()
        return code

    def entries() -> set[str]:
        return set(json.loads((small / "policies/baseline.json").read_text())["findings"].values())

    assert write_one() == 0
    audited = entries()
    assert not any(CHANGE in text for text in audited)
    assert write_one("--command", "contract-check") == 0
    assert f"{CHANGE} {SUBJECT}" in entries()
    assert write_one("--command", "contract-lint") == 0
    assert {text for text in entries() if text.startswith(LINT)} == {f"{LINT} {V2}"}
    assert audited < entries()
    both = entries()
    assert write_one() == 0
    assert entries() == both

    code, found = run("contract", "check")
    assert (code, {one["baselined"] for one in of(found, CHANGE)}) == (0, {True})
    assert {one["baselined"] for one in of(run("contract", "lint", V2)[1], LINT)} == {True}
    assert not of(run("audit")[1], "WAV004")

    assert main(["baseline", "show", "-f", "json", "--as-of", DAY]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert {row["status"] for row in shown["findings"]} == {"occurs"}
    assert {row["command"] for row in shown["findings"]} >= {"contract-check", "contract-lint"}

    write(small, {V2: document(order("id", "note"), "1.1.0")})
    assert write_one("--command", "contract-check") == 2  # it would grow
    assert run("contract", "check")[0] == 1
    write(small, {V2: document(order(), "1.1.0")})
    main(["baseline", "show", "-f", "json", "--as-of", DAY])
    shown = json.loads(capsys.readouterr().out)
    assert {row["command"] for row in shown["findings"] if row["status"] == "stale"} >= {
        "contract-check",
        "contract-lint",
    }
    assert write_one("--command", "contract-check") == 0
    assert write_one("--command", "contract-lint") == 0
    assert entries() == audited


def test_against_goes_with_contract_check_only(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["baseline", "write", "--against", "v1", "--as-of", DAY]) == 2
    assert "contract-check" in capsys.readouterr().err
    assert main(["baseline", "write", "--command", "contract-check", "--against", "v1", "--as-of", DAY]) == 0


def test_explain_knows_what_lint_reports(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "pattern-invalid"]) == 0
    assert "is not a regular expression" in capsys.readouterr().out
