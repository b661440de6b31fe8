"""What single formats promise beyond being well-formed: limits, levels, thresholds, schemas."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from retailctl.errors import UsageError
from retailctl.model.report import Report, RuleCount
from retailctl.model.rule import Rule
from retailctl.report.formats import FORMATS, render, renderer
from retailctl.report.json_report import document
from retailctl.report.json_schema import report_schema
from retailctl.report.options import RenderOptions
from retailctl.report.parallel_schema import run_properties
from retailctl.report.text import STYLES, lines
from tests.unit.report.build import everywhere, finding, report
from tests.unit.report.contract_sample import sample_contract_report
from tests.unit.report.sample import sample_report
from tests.unit.report.test_hostile import HOSTILE

ROOT = Path(__file__).parents[3]
CORPUS = Path(os.environ.get("RETAILCTL_CORPUS") or ROOT.parent / "shared" / "corpus")
SARIF_SCHEMA = CORPUS / "schemas" / "sarif-2.1.0.json"


def text_of(name: str, sample: Report, options: RenderOptions | None = None) -> str:
    return "".join(render(sample, name, options or RenderOptions()))


def sarif_run(sample: Report, **options: Any) -> Any:
    return json.loads(text_of("sarif", sample, RenderOptions(**options)))["runs"][0]


def test_an_unknown_format_names_the_near_one() -> None:
    with pytest.raises(UsageError, match="did you mean json"):
        renderer("jsn")


def test_the_index_imports_no_renderer() -> None:
    code = "import sys, retailctl.report.formats; print([m for m in sys.modules if 'report.' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not any(module in done.stdout for module in FORMATS.values())


# --- text


def test_text_says_the_verdict_first_and_never_hides_a_number() -> None:
    text = text_of("text", sample_report())
    assert text.startswith("FAIL  9 errors, 25 warnings, 5 unknown  (exit 1, fails on error)")
    assert "5 unknown, 1 waived, 1 baselined, 3 not applicable; skipped 1 rule and 1 file" in text
    assert "… 4 more (use -f json)" in text
    assert all(len(line) <= 100 for line in text.splitlines())


def test_text_lists_no_unknown_but_counts_them_per_rule() -> None:
    text = text_of("text", report(*(finding(f"s{n}", f"s{n} unseen", verdict="unknown") for n in range(30))))
    assert "30 subjects; e.g. s0 unseen" in text
    assert "s1 unseen" not in text


def test_quiet_text_is_one_line_per_finding() -> None:
    rows = list(lines(report(finding()), RenderOptions(quiet=True)))
    assert [row.text for row in rows] == ["inventories/pos.yaml:3:5: error OWN-01 pos-sales: has no owner"]


def test_every_style_is_one_the_console_knows() -> None:
    seen = {row.style for text in ("x", *HOSTILE.values()) for row in lines(everywhere(text))}
    seen |= {row.style for row in lines(sample_report())}
    assert seen <= set(STYLES)


@pytest.mark.parametrize("width", [50, 60, 80, 120])
def test_text_fits_the_terminal(width: int) -> None:
    rows = list(lines(sample_report(), RenderOptions(width=width)))
    assert all(len(row.text) <= width for row in rows if not row.style.startswith(("verdict", "error", "warn")))


# --- json


@pytest.mark.parametrize(
    "sample", [sample_report(), sample_contract_report(), report(), *map(everywhere, HOSTILE.values())]
)
def test_json_fits_its_schema(sample: Report) -> None:
    schema = report_schema()
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(text_of("json", sample)))
    Draft202012Validator(schema).validate(schema["examples"][0])


def test_the_schema_knows_every_key() -> None:
    def keys(node: dict[str, Any]) -> set[str]:
        return set(node["properties"])

    schema, row = report_schema(), document(sample_report())
    changed = document(sample_contract_report())
    assert keys(schema) == set(row)
    of_runs = {"replay", "scan", *run_properties()}
    assert keys(schema["$defs"]["summary"]) == {*changed["summary"], *of_runs} > set(row["summary"])
    assert set(schema["$defs"]["summary"]["required"]) == set(row["summary"])
    assert keys(schema["$defs"]["rule_count"]) == set(row["summary"]["rules"][0])
    assert keys(schema["$defs"]["finding"]) == {"samples", *(key for finding in changed["findings"] for key in finding)}
    assert set(schema["$defs"]["finding"]["required"]) == set(row["findings"][0])
    assert keys(schema["$defs"]["priority"]) == set(row["priorities"][0])
    assert keys(schema["$defs"]["coverage"]) == set(row["coverage"][0])
    assert keys(schema["$defs"]["plan_state"]) == set(row["runs"][0])


# --- sarif


@pytest.mark.skipif(not SARIF_SCHEMA.exists(), reason="the corpus with the OASIS schema is not here")
@pytest.mark.parametrize(
    "sample", [sample_report(), sample_contract_report(), report(), *map(everywhere, HOSTILE.values())]
)
def test_sarif_fits_the_oasis_schema(sample: Report) -> None:
    validator = jsonschema_rs.validator_for(json.loads(SARIF_SCHEMA.read_text()))
    for waived in (False, True):
        log = json.loads(text_of("sarif", sample, options=RenderOptions(include_waived=waived)))
        assert not [str(error) for error in validator.iter_errors(log)]


def test_sarif_lists_all_rules_and_leaves_accepted_findings_out() -> None:
    sample = report(finding(), finding("a", verdict="waived", waiver="W-1"), finding("b", baselined=True))
    run = sarif_run(sample)
    assert len(run["results"]) == 1
    results = sarif_run(sample, include_waived=True)["results"]
    assert [row.get("suppressions", [{}])[0].get("justification") for row in results] == [
        None, "in the baseline", "waiver W-1",
    ]  # fmt: skip
    assert run["automationDetails"] == {"id": "retailctl/audit/"}


def test_sarif_counts_equal_fingerprints_and_drops_the_mildest() -> None:
    rows = [finding("a", severity="info"), finding("a"), finding("a", verdict="unknown")]
    run = sarif_run(report(*rows), sarif_results=2)
    assert [row["level"] for row in run["results"]] == ["error", "note"]
    prints = [row["partialFingerprints"]["primaryLocationLineHash"] for row in run["results"]]
    assert [text[-2:] for text in prints] == [":1", ":2"]
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert "1 mildest result left out" in notes[0]["message"]["text"]


def test_sarif_security_severity_only_for_security_rules() -> None:
    rules = (
        Rule(id="A", name="a", title="A.", applies_to="x", tags=("security",)),
        Rule(id="B", name="b", title="B.", applies_to="x"),
    )
    driver = sarif_run(report(rules=rules))["tool"]["driver"]
    assert ["security-severity" in row["properties"] for row in driver["rules"]] == [True, False]


def test_code_hosts_get_paths_from_the_repository_root() -> None:
    options = RenderOptions(path_prefix="estate/")
    for name in ("sarif", "gitlab", "github"):
        assert "estate/inventories/pos.yaml" in text_of(name, report(finding()), options=options)
        assert (
            "estate/retailctl.yaml" in text_of(name, report(finding(locations=())), options=options) or name == "github"
        )


# --- the other CI formats


def test_junit_fails_only_what_decides_the_exit_code() -> None:
    rows = (
        finding(),
        finding("w", severity="warn"),
        finding("u", verdict="unknown"),
        finding("b", baselined=True),
    )
    root = ET.fromstring(text_of("junit", report(*rows)))
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("4", "1", "3")


def test_junit_gives_a_clean_rule_a_passing_case_unless_it_judged_nothing() -> None:
    root = ET.fromstring(text_of("junit", report()))
    assert (root.get("tests"), root.get("skipped")) == ("1", "0")
    silent = report()
    nothing = replace(silent.summary, rules=(RuleCount(rule="OWN-01", not_applicable=3),))
    root = ET.fromstring(text_of("junit", replace(silent, summary=nothing)))
    assert (root.get("tests"), root.get("skipped")) == ("1", "1")


def test_junit_reports_an_incomplete_run_as_an_error() -> None:
    whole = report(notices=("inventories/x.yaml is not readable",))
    root = ET.fromstring(text_of("junit", replace(whole, summary=replace(whole.summary, exit_code=3))))
    assert root.get("errors") == "1"
    assert [row.get("message") for row in root.iter("error")] == ["inventories/x.yaml is not readable"]


def test_github_shows_ten_per_level_and_counts_all() -> None:
    rows = [finding(f"s{n}") for n in range(25)] + [finding(f"w{n}", severity="warn") for n in range(3)]
    out = text_of("github", report(*rows)).splitlines()
    assert [sum(line.startswith(f"::{level} ") for line in out) for level in ("error", "warning")] == [10, 3]
    assert out[-1].startswith("retailctl: 25 errors, 3 warnings, 0 notices; 13 of 28 annotated")


def test_gitlab_fingerprints_are_unique() -> None:
    rows = json.loads(text_of("gitlab", report(finding(), finding(), finding())))
    assert len({row["fingerprint"] for row in rows}) == 3


def test_markdown_fits_into_a_comment() -> None:
    rows = [finding(f"s{n}", "m" * 300, rule=f"R-{n % 300:03}") for n in range(6000)]
    text = text_of("markdown", report(*rows))
    assert 30_000 < len(text) <= 65_536
    assert "left out: the comment is full" in text


# --- html


def test_html_allows_exactly_its_own_script() -> None:
    page = text_of("html", sample_report())
    script = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    assert len(script) == 1
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in page
    assert len(script[0]) < 10_000
    assert "innerHTML" not in script[0]
    assert not re.search(r"https?://", page)


def test_html_draws_every_system_and_connection_with_a_table_to_fall_back_on() -> None:
    page = text_of("html", sample_report())
    assert (page.count("data-n="), page.count("data-e=")) == (25, 61)
    assert "The map as a table" in page
    assert 'aria-label="Odoo Sales, layer business, owner team-business, 3 errors, 1 warning"' in page


def test_html_is_bounded() -> None:
    rows = [finding(f"s{n}", f"interface s{n} has no owner at all", owner=f"team-{n % 40}") for n in range(10_000)]
    page = text_of("html", report(*rows))
    assert page.count("data-v=") == 2_000
    assert "8,000 less urgent findings not listed here" in page
    assert len(page) < 1_500_000


def test_unknown_is_never_green() -> None:
    css = (ROOT / "retailctl/report/html/report.css").read_text()
    green = [selector for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css) if "var(--pass)" in body]
    assert len(green) == 3
    assert not [selector for selector in green if "unknown" in selector]
    assert '<section class="verdict is-unknown">' in text_of("html", report(finding(verdict="unknown")))
