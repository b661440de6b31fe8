"""The verbs for Python callers, on the reference estate and on small workspaces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from retailctl import api
from retailctl.errors import ConfigError, UsageError
from retailctl.model.report import Report
from tests.conftest import AS_OF
from tests.needs import ROOT

DAY = api.AuditOptions(as_of=AS_OF, use_cache=False)
INVENTORY = """
systems: [{id: erp}, {id: shop}]
teams: [{id: team-web}]
interfaces:
  - {id: if-a, provider: erp, consumers: [shop], owner: team-web, disposition: retain}
  - {id: if-b, provider: erp, consumers: [shop], disposition: undecided}
"""
ONLY = replace(DAY, rules=("OWN-01", "MIG-03"))


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """A workspace with one interface without owner and decision."""
    root = tmp_path / "estate"
    (root / "inventories").mkdir(parents=True)
    (root / "retailctl.yaml").write_text("name: small\n", "utf-8")
    (root / "inventories/all.yaml").write_text(INVENTORY, "utf-8")
    return root


def verdicts(report: Report) -> list[tuple[str, str, str]]:
    return [(f.rule, f.subject, f.verdict) for f in report.findings]


# -- inventory


def test_list_gives_rows_of_plain_values_with_their_place() -> None:
    rows = api.inventory_list(ROOT, "systems", options=DAY)
    assert len(rows) == 25
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    assert all(row["place"].startswith("inventories/") for row in rows)


@pytest.mark.parametrize(
    ("kind", "where", "count"),
    [
        ("interfaces", {"owner": "team-growth"}, 1),
        ("interfaces", {"id": "if-woo-coupons", "lifecycle": "active"}, 1),
        ("interfaces", {"classification.criticality": "Z"}, 0),
        ("credentials", {"used_by": "if-odoo-db-bi"}, 1),
        ("teams", {"active": "false"}, 1),
        ("consumptions", {"interface": "if-odoo-db-bi"}, 1),
        ("flows", {"id": "if-odoo-db-bi:out:order"}, 1),
    ],
)
def test_where_keeps_rows_by_text(kind: str, where: dict[str, str], count: int) -> None:
    assert len(api.inventory_list(ROOT, kind, where=where, options=DAY)) == count


def test_an_unknown_kind_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="unknown kind 'interface'") as caught:
        api.inventory_list(ROOT, "interface", options=DAY)
    assert caught.value.hint == "did you mean interfaces?"


def test_show_tells_all_that_is_known_of_an_entry() -> None:
    page = api.inventory_show(ROOT, "if-wms-asn", DAY)
    assert (page["kind"], page["owner"]) == ("interface", "team-fulfilment")
    assert page["derived"]["owner_status"] == "active"
    assert len(page["places"]) == 4
    assert page["conflicts"][0]["attribute"] == "owner"
    assert ("EST101", "fail") in {(row["rule"], row["verdict"]) for row in page["findings"]}
    assert {row["kind"] for row in page["named_by"]} >= {"credential"}


def test_show_of_an_unknown_id_names_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        api.inventory_show(ROOT, "if-wms-asm", DAY)
    assert caught.value.hint == "did you mean if-wms-asn?"


def test_check_judges_files_and_no_rules(estate: Path) -> None:
    assert api.inventory_check(estate, DAY).summary.exit_code == 0
    (estate / "inventories/bad.yaml").write_text("interfaces:\n  - {id: if-c, onwer: team-web}\n", "utf-8")
    report = api.inventory_check(estate, DAY)
    assert report.summary.exit_code == 1
    assert {f.rule[:3] for f in report.findings} == {"INP"}


# -- graph


def test_the_graph_of_the_estate() -> None:
    page = api.graph_show(ROOT, DAY)
    assert (page["systems"], page["interfaces"], page["direct_pairs"], page["possible_pairs"]) == (25, 183, 38, 210)
    assert page["hubs"][0]["system"] == "odoo"
    assert [row["domain"] for row in page["second_writers"]] == ["gift-card"]
    assert "svc-pos" in {row["credential"] for row in page["shared_credentials"]}
    assert len(page["duplicates"]) == 1


# -- rules


def test_explain_works_outside_a_workspace_and_in_any_case(tmp_path: Path) -> None:
    page = api.explain("sec-12", tmp_path, DAY)
    assert page["id"] == "SEC-12"
    assert page["reads"] == ["interface.insecure"]
    assert all(page[name] for name in ("why", "fix", "good", "bad", "how_to_waive"))


def test_explain_shows_the_parameters_in_force() -> None:
    assert api.explain("ARC-09", ROOT, DAY)["params"]["max_degree"] == 10


def test_explain_of_a_fingerprint_is_the_finding_with_its_evidence(reference_report: Report) -> None:
    (finding,) = (f for f in reference_report.findings if (f.rule, f.verdict) == ("ARC-03", "fail"))
    page = api.explain(finding.fingerprint, ROOT, DAY)
    assert (page["rule"], page["subject"]) == ("ARC-03 odoo-sole-broker", "loyalty")
    assert len(page["evidence"]) == 3
    with pytest.raises(UsageError, match="no finding"):
        api.explain("0123456789abcdef", ROOT, DAY)


def test_an_unknown_rule_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        api.explain("SEC-99", ROOT, DAY)
    assert "did you mean SEC-" in caught.value.hint


def test_every_rule_of_a_report_has_its_page(reference_report: Report) -> None:
    pages = {page["id"] for page in api.explain_all(ROOT)}
    assert {rule.id for rule in reference_report.rules} <= pages


def test_policy_list_has_the_rules_in_force() -> None:
    rows = {row["id"]: row for row in api.policy_list(ROOT, DAY)}
    assert len(rows) == 103
    assert (rows["ARC-22"]["severity"], rows["EST111"]["implements"]) == ("warn", "EVT-03")


def test_policy_test_runs_the_cases_of_all_packs() -> None:
    result = api.policy_test(ROOT)
    assert (result["ok"], result["failures"]) == (True, [])
    assert result["cases"] > 100
    assert api.policy_test(ROOT, ("fernhill",))["rules"] == 2
    with pytest.raises(UsageError, match="unknown pack"):
        api.policy_test(ROOT, ("nobody",))


def test_rules_can_be_chosen_and_skipped(estate: Path) -> None:
    assert {f.rule for f in api.audit(estate, ONLY).findings} == {"OWN-01", "MIG-03"}
    assert "MIG-03" not in {f.rule for f in api.audit(estate, replace(DAY, skip_rules=("MIG-03",))).findings}
    with pytest.raises(UsageError) as caught:
        api.audit(estate, replace(DAY, rules=("OWN-1",)))
    assert "did you mean" in caught.value.hint


# -- waivers


def add(root: Path, **more: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "rule": "OWN-01",
        "subject": "if-b",
        "reason": "the team is being founded",
        "owner": "team-web",
        "approved_by": "head-of-it",
        "expires": date(2027, 1, 31),
    }
    return api.waiver_add(root, **{**fields, **more}, options=DAY)


def test_a_waiver_is_written_listed_and_in_force(estate: Path) -> None:
    assert add(estate, id="wv-1", ticket="T-1")["path"] == "policies/waivers.yaml"
    (row,) = api.waiver_list(estate, DAY)
    assert (row["id"], row["status"], row["ticket"]) == ("wv-1", "active", "T-1")
    assert ("OWN-01", "if-b", "waived") in verdicts(api.audit(estate, ONLY))
    assert ("OWN-01", "if-b", "fail") in verdicts(api.audit(estate, replace(ONLY, no_waivers=True)))


def test_a_second_waiver_keeps_the_comments(estate: Path) -> None:
    add(estate, id="wv-1")
    path = estate / "policies/waivers.yaml"
    path.write_text(path.read_text("utf-8") + "  # seen by audit\n", "utf-8")
    add(estate, id="wv-2", rule="MIG-03")
    assert "# seen by audit" in path.read_text("utf-8")
    assert [row["id"] for row in api.waiver_list(estate, DAY)] == ["wv-1", "wv-2"]


@pytest.mark.parametrize(
    "more",
    [
        {"rule": "NOPE-1"},
        {"subject": "*"},
        {"expires": date(2028, 12, 31)},
        {"reason": ""},
    ],
)
def test_a_wrong_waiver_changes_nothing(estate: Path, more: dict[str, Any]) -> None:
    with pytest.raises((ConfigError, UsageError)):
        add(estate, **more)
    assert not (estate / "policies/waivers.yaml").exists()


@pytest.mark.parametrize(
    ("day", "status", "rule"),
    [
        (date(2026, 11, 20), "active", None),
        (date(2027, 1, 17), "expiring", "WAV003"),
        (date(2027, 1, 31), "expiring", "WAV003"),
        (date(2027, 2, 1), "expired", "WAV001"),
    ],
)
def test_the_last_day_of_a_waiver_is_its_own(estate: Path, day: date, status: str, rule: str | None) -> None:
    add(estate)
    options = replace(ONLY, as_of=day)
    assert api.waiver_list(estate, options)[0]["status"] == status
    found = verdicts(api.audit(estate, options))
    assert {name for name, _, _ in found if name.startswith("WAV")} == ({rule} if rule else set())
    assert ("OWN-01", "if-b", "fail" if status == "expired" else "waived") in found


# -- baseline


def test_the_baseline_is_a_ratchet(estate: Path) -> None:
    first = api.baseline_write(estate, options=ONLY)
    assert (first["added"], first["removed"], first["kept"]) == (2, 0, 0)
    report = api.audit(estate, ONLY)
    assert (report.summary.exit_code, report.summary.baselined) == (0, 2)
    change(estate, "\n  - {id: if-c, provider: erp, consumers: [shop], disposition: retain}\n")
    assert api.audit(estate, ONLY).summary.exit_code == 1
    with pytest.raises(ConfigError, match="would grow by 1: OWN-01 if-c"):
        api.baseline_write(estate, options=ONLY)
    assert api.baseline_write(estate, update=True, options=ONLY)["added"] == 1


def test_the_baseline_shrinks_for_free_and_shows_what_is_gone(estate: Path) -> None:
    api.baseline_write(estate, options=ONLY)
    path = estate / "inventories/all.yaml"
    path.write_text(path.read_text("utf-8").replace("disposition: undecided", "disposition: retire"), "utf-8")
    page = api.baseline_show(estate, ONLY)
    assert (page["entries"], page["stale"]) == (2, 1)
    assert "WAV004" in {f.rule for f in api.audit(estate, ONLY).findings}
    assert api.baseline_write(estate, options=ONLY)["removed"] == 1
    assert api.baseline_show(estate, ONLY)["stale"] == 0


def test_no_baseline_says_how_to_make_one(estate: Path) -> None:
    assert api.baseline_show(estate, ONLY)["entries"] == 0


def test_writing_the_same_baseline_twice_changes_no_byte(estate: Path) -> None:
    api.baseline_write(estate, options=ONLY)
    before = (estate / "policies/baseline.json").read_bytes()
    api.baseline_write(estate, options=ONLY)
    assert (estate / "policies/baseline.json").read_bytes() == before


# -- the report cache

Change = Callable[[Path], object]


def change(root: Path, more: str) -> None:
    path = root / "inventories/all.yaml"
    path.write_text(path.read_text("utf-8") + more, "utf-8")


def pack(severity: str) -> str:
    return f"schema: retailctl/policy/v1\nextends: retailctl:standard\nseverity: {{OWN-01: {severity}}}\n"


@pytest.fixture
def cached(estate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RETAILCTL_CACHE_DIR", str(tmp_path / "cache"))
    (estate / "policies").mkdir()
    (estate / "policies/own.yaml").write_text(pack("error"), "utf-8")
    (estate / "retailctl.yaml").write_text("name: small\npacks: [policies/own.yaml]\n", "utf-8")
    return estate


def fresh_and_kept(root: Path, options: api.AuditOptions) -> Report:
    """What the cache answers, which is what a run without it says."""
    kept = api.audit(root, replace(options, use_cache=True))
    assert kept == api.audit(root, replace(options, use_cache=False))
    return kept


CHANGES: dict[str, Change] = {
    "an inventory": lambda root: change(root, "\n# a comment moves no finding\n"),
    "a new file": lambda root: (root / "inventories/more.yaml").write_text("systems: [{id: wms}]\n", "utf-8"),
    "a file gone": lambda root: (root / "inventories/all.yaml").unlink(),
    "a pack": lambda root: (root / "policies/own.yaml").write_text(pack("warn"), "utf-8"),
    "the settings": lambda root: (root / "retailctl.yaml").write_text("name: other\n", "utf-8"),
    "a waiver": add,
}


@pytest.mark.parametrize("what", CHANGES)
def test_after_any_change_the_cache_says_what_a_fresh_run_says(cached: Path, what: str) -> None:
    options = replace(DAY, use_cache=True)
    before = fresh_and_kept(cached, options)
    assert before == fresh_and_kept(cached, options)
    CHANGES[what](cached)
    fresh_and_kept(cached, options)


@pytest.mark.parametrize(
    "more",
    [
        {"as_of": date(2027, 6, 1)},
        {"rules": ("OWN-01",)},
        {"skip_rules": ("OWN-01",)},
        {"tags": ("security",)},
        {"fail_on": "never"},
        {"fail_on_unknown": True},
        {"no_waivers": True},
        {"no_config": True},
        {"picture": True},
        {"jobs": 2},
    ],
    ids=str,
)
def test_every_option_has_its_own_entry(cached: Path, more: dict[str, Any]) -> None:
    fresh_and_kept(cached, DAY)
    fresh_and_kept(cached, replace(DAY, **more))
    fresh_and_kept(cached, DAY)


@pytest.mark.parametrize("damage", [b"", b"retailctl-cache 1\nforged", None], ids=["emptied", "forged", "deleted"])
def test_damaged_entries_are_misses(cached: Path, tmp_path: Path, damage: bytes | None) -> None:
    before = fresh_and_kept(cached, DAY)
    entries = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert any("reports" in path.parts for path in entries)
    for path in entries:
        path.unlink() if damage is None else path.write_bytes(damage)
    assert fresh_and_kept(cached, DAY) == before


def test_an_entry_of_another_workspace_is_a_miss(cached: Path, tmp_path: Path) -> None:
    """A valid entry, moved to the name of another one, as somebody with access to the folder could."""
    fresh_and_kept(cached, DAY)
    folder = tmp_path / "cache/reports"
    (first,) = folder.iterdir()
    change(cached, "\n  - {id: if-c}\n")
    fresh_and_kept(cached, DAY)
    (second,) = (path for path in folder.iterdir() if path != first)
    second.write_bytes(first.read_bytes())
    fresh_and_kept(cached, DAY)
