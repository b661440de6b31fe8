"""Every command: what it asks of the api, what it prints, and its exit code."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Cli
from tests.unit.cli.fakes import NASTY, SECRET, FakeApi

SPELLED = "pos\\x1b]0;owned\\x07 [red]x[/red] \\u202eevil"
LISTS = (["inventory", "list"], ["policy", "list"], ["waiver", "list"])
PAGES = (
    *(["inventory", "show", "x"], ["graph", "show"], ["explain", "OWN-01"], ["baseline", "show"], ["doctor"]),
    *(["explain", "--all"], ["policy", "test"], ["baseline", "write"], ["init"]),
)


def test_audit_passes_every_flag_on(cli: Cli, api: FakeApi) -> None:
    rules = ("--rule", "OWN-01", "--rule", "SEC-06", "--skip-rule", "DOC-01", "--tag", "security")
    judged = (
        "--fail-on",
        "warn",
        "--fail-on-unknown",
        "--no-waivers",
        "--baseline",
        "b.json",
        "--allow-partial",
    )
    rest = ("--as-of", "2026-02-28", "-j", "4", "--config", "c.yaml", "--no-cache", "--offline")
    cli("audit", "estate", *rules, *judged, *rest)
    (name, (root, options), _) = api.calls[0]
    assert (name, root) == ("audit", Path("estate"))
    assert options == api.AuditOptions(
        as_of=date(2026, 2, 28),
        rules=("OWN-01", "SEC-06"),
        skip_rules=("DOC-01",),
        tags=("security",),
        fail_on="warn",
        fail_on_unknown=True,
        no_waivers=True,
        baseline=Path("b.json"),
        jobs=4,
        config=Path("c.yaml"),
        allow_partial=True,
        use_cache=False,
    )


def test_flags_that_are_not_given_leave_the_decision_to_the_settings(cli: Cli, api: FakeApi) -> None:
    cli("audit")
    assert api.calls[0][1] == (None, api.AuditOptions())
    cli("audit", "--root", "there", "--no-fail-on-unknown", "--no-config")
    assert api.calls[1][1] == (Path("there"), api.AuditOptions(fail_on_unknown=False, no_config=True))


@pytest.mark.parametrize("format", ["text", "json", "sarif", "github", "gitlab", "markdown", "html", "csv"])
@pytest.mark.parametrize("code", [0, 1, 3])
def test_the_exit_code_is_the_same_for_every_format(cli: Cli, api: FakeApi, format: str, code: int) -> None:
    api.exit_code = code
    ended = cli("audit", "-f", format)
    assert ended.code == code
    assert ended.out and not ended.err
    assert api.calls[0][1][1].picture == (format == "html")
    assert cli("inventory", "check", "-f", format, "-o", "html=x.html").code == code
    assert api.calls[1][1][1].picture


def test_exit_zero_forgives_findings_and_nothing_else(cli: Cli, api: FakeApi) -> None:
    assert cli("audit", "--exit-zero").code == 0
    api.exit_code = 3
    assert cli("audit", "--exit-zero").code == 3


def test_quiet_shows_findings_and_more_quiet_nothing(cli: Cli) -> None:
    assert "FAIL" in cli("audit").out
    quiet = cli("audit", "-q")
    assert "FAIL" not in quiet.out and "OWN-01" in quiet.out
    assert cli("audit", "-qq") == (1, "", "")
    assert cli("inventory", "list", "-qq") == (0, "", "")


@pytest.mark.parametrize("format", ["text", "json", "sarif", "markdown", "csv", "html"])
def test_no_secret_and_no_control_character_gets_out(cli: Cli, format: str) -> None:
    ended = cli("audit", "-vv", "-f", format, "-o", f"{format}=report")
    for text in (ended.out, ended.err, Path("report").read_text("utf-8")):
        assert SECRET not in text and "hunter2" not in text and "\x1b" not in text
    assert "***" in ended.out
    if format in ("json", "sarif"):
        assert json.loads(ended.out)["count"] == 3


def test_hostile_names_are_printed_literally(cli: Cli) -> None:
    for args in (["audit"], ["inventory", "list"], ["inventory", "show", "x"], ["explain", "OWN-01"]):
        ended = cli(*args)
        assert SPELLED in ended.out
        assert not {"\x1b", "\u202e", "\x07"} & set(ended.out + ended.err)


@pytest.mark.parametrize("args", LISTS, ids=" ".join)
def test_lists_come_as_text_json_and_csv(cli: Cli, args: list[str]) -> None:
    assert cli(*args).code == 0
    rows = json.loads(cli(*args, "-f", "json").out)
    assert isinstance(rows, list)
    assert len(list(csv.DictReader(io.StringIO(cli(*args, "-f", "csv").out)))) == len(rows)


@pytest.mark.parametrize("args", PAGES, ids=" ".join)
def test_pages_come_as_text_and_json(cli: Cli, api: FakeApi, args: list[str]) -> None:
    api.exit_code = 0
    text = cli(*args)
    assert text.code == 0 and text.out.strip()
    assert json.loads(cli(*args, "-f", "json").out)


def test_a_table_is_aligned_under_its_header(cli: Cli) -> None:
    head, first, second = cli("inventory", "list").out.splitlines()
    assert head.split() == ["ID", "OWNER"]
    assert first.index("team-stores") == head.index("OWNER") == second.index("=HYPERLINK")


def test_csv_cells_are_no_formulas_and_numbers_stay_numbers(cli: Cli) -> None:
    nasty = list(csv.DictReader(io.StringIO(cli("inventory", "list", "-f", "csv").out)))[1]
    assert nasty["owner"] == "'=HYPERLINK(1)"
    assert nasty["calls"] == "-12.5"


def test_json_rows_hold_every_field_and_escape_what_could_act(cli: Cli) -> None:
    out = cli("inventory", "list", "-f", "json").out
    assert "\x1b" not in out and "\u202e" not in out
    assert json.loads(out)[1]["id"] == NASTY
    assert json.loads(out)[0] == {
        "id": "pos-sales",
        "owner": "team-stores",
        "tags": ["a", "b"],
        "as_of": "2026-01-02",
    }


def test_list_passes_kind_and_conditions(cli: Cli, api: FakeApi) -> None:
    assert cli("inventory", "list", "systems", "--where", "owner=a=b", "-w", "kind=pos").code == 0
    name, (root, kind), more = api.calls[0]
    assert (name, root, kind, more["where"]) == (
        "inventory_list",
        None,
        "systems",
        {"owner": "a=b", "kind": "pos"},
    )
    assert cli("inventory", "list", "--where", "owner").code == 2


def test_an_empty_list_says_so_on_stderr(cli: Cli, api: FakeApi) -> None:
    assert cli("waiver", "list") == (0, "", "no waivers\n")
    assert json.loads(cli("waiver", "list", "-f", "json").out) == []


def test_show_leaves_absent_values_out_and_makes_sections(cli: Cli) -> None:
    out = cli("inventory", "show", "pos-sales").out
    assert "gone" not in out
    assert "Sightings\n  SOURCE" in out


def test_policy_test_fails_when_a_case_does(cli: Cli, api: FakeApi) -> None:
    ended = cli("policy", "test", "--pack", "p")
    assert ended.code == 1 and "7 cases, 1 failed" in ended.out and "expected:" in ended.out
    assert api.calls[0][1] == (None, ("p",))


def test_waiver_add_names_all_that_is_missing_and_never_asks(cli: Cli, api: FakeApi) -> None:
    ended = cli("waiver", "add", "--rule", "OWN-01", "--reason", " ")
    assert ended.code == 2 and not api.calls
    assert "needs --subject, --reason, --owner, --approved-by, --expires" in ended.err


def test_waiver_add_hands_over_a_date(cli: Cli, api: FakeApi) -> None:
    needed = ("--rule", "OWN-01", "--subject", "x", "--reason", "r", "--owner", "o", "--approved-by", "a")
    ended = cli("waiver", "add", *needed, "--expires", "2026-12-31", "--ticket", "T-1", "--as-of", "2026-11-20")
    assert ended == (0, "w-1\n", "waived in policies/waivers.yaml\n")
    asked = api.calls[0][2]
    assert asked["expires"] == date(2026, 12, 31) and asked["approved_by"] == "a" and asked["id"] is None
    assert asked["options"].as_of == date(2026, 11, 20)
    assert cli("waiver", "add", *needed, "--expires", "2024-02-30").code == 2


def test_baseline_write(cli: Cli, api: FakeApi) -> None:
    assert cli("baseline", "write", "--update") == (
        0,
        "1 added, 1 removed, 3 kept\n",
        "wrote policies/baseline.json\n",
    )
    assert api.calls[0][2]["update"] is True


def test_schema_prints_json_and_without_a_kind_the_list(cli: Cli) -> None:
    assert cli("schema").out == "inventory\nwaivers\n"
    assert json.loads(cli("schema", "inventory").out)["title"] == "inventory"
    ended = cli("schema", "inventroy")
    assert ended.code == 2 and "did you mean inventory?" in ended.err


def test_init_and_doctor(cli: Cli, api: FakeApi) -> None:
    assert cli("init", "here", "--name", "Acme").out.splitlines() == [
        "retailctl.yaml",
        "inventories/systems.yaml",
    ]
    assert api.calls[0][1] == (Path("here"), "Acme")
    assert cli("doctor", "--config-only").code == 0
    assert api.calls[1][1][2] is True


def test_explain_needs_one_thing(cli: Cli) -> None:
    assert cli("explain").code == 2
    assert cli("explain", "OWN-01", "--all").code == 2
