"""A file that was not read in full: what may stand in it is unknown, never missing; and no baseline is made of it."""

from __future__ import annotations

import socket
from datetime import date
from pathlib import Path

import pytest

from retailctl.api.accepting import waiver_add
from retailctl.api.auditing import audit
from retailctl.api.freezing import baseline_write
from retailctl.api.options import AuditOptions
from retailctl.errors import ConfigError, IncompleteError, UsageError

DAY = AuditOptions(as_of=date(2026, 11, 20), use_cache=False)
BASE = """\
teams: [{id: team-a}]
systems: [{id: erp}]
domains: [{id: order, system_of_record: oms}]
coverage: [{source: rabbitmq, scope: "*", window: {from: 2026-10-20, to: 2026-11-19}}]
events: [{id: order.confirmed, publisher: erp, consumers: []}]
interfaces: [{id: if-a, owner: team-b, classification: {criticality: A}, contract: contracts/order/orders/api.yaml}]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "inventories").mkdir()
    (tmp_path / "contracts" / "order" / "orders").mkdir(parents=True)
    (tmp_path / "retailctl.yaml").write_text("name: t\n", encoding="utf-8")
    (tmp_path / "inventories" / "a.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "contracts/order/orders/api.yaml").write_text("info: {version: 1.0.0}\n", encoding="utf-8")
    return tmp_path


def verdicts(root: Path) -> dict[str, str]:
    asked = {("OWN-01", "if-a"), ("OWN-02", "order"), ("OWN-02", "finance"), ("EVT-14", "order.confirmed")}
    found = audit(root, DAY).findings
    return {f"{f.rule} {f.subject}": f.verdict for f in found if (f.rule, f.subject) in asked}


@pytest.mark.parametrize("text", ["teams: [\n", None])
def test_what_may_stand_in_a_file_that_was_not_read_is_unknown(root: Path, text: str | None) -> None:
    assert set(verdicts(root).values()) == {"fail"}
    path = root / "inventories" / "b.yaml"
    if text is None:
        unreadable(path)
    else:
        path.write_text(text, encoding="utf-8")
    assert verdicts(root) == dict.fromkeys(
        ("OWN-01 if-a", "OWN-02 order", "OWN-02 finance", "EVT-14 order.confirmed"), "unknown"
    )


def test_a_wrong_entry_hides_only_entries_of_its_kind(root: Path) -> None:
    (root / "inventories" / "b.yaml").write_text("teams: [{id: [team-b]}]\n", encoding="utf-8")
    assert {name for name, verdict in verdicts(root).items() if verdict == "unknown"} == {"OWN-01 if-a"}


@pytest.mark.parametrize(
    ("path", "text", "verdict"),
    [
        ("api.yaml", "info: {version: 1.0.0}\n", None),
        ("api.yaml", "info: {title: x}\n", "fail"),
        ("api.yaml", "info: [\n", "unknown"),
        ("contract.yaml", "id: orders\nversions: [{version: v1}]\n", None),
        ("contract.yaml", "id: orders\n", "fail"),
        ("gone.yaml", None, "fail"),
    ],
)
def test_a_contract_that_cannot_be_read_is_unknown(
    root: Path, path: str, text: str | None, verdict: str | None
) -> None:
    if text is not None:
        (root / "contracts/order/orders" / path).write_text(text, encoding="utf-8")
    (root / "inventories/a.yaml").write_text(BASE.replace("api.yaml", path), encoding="utf-8")
    found = {f.verdict for f in audit(root, DAY).findings if f.rule == "CON-01"}
    assert found == ({verdict} if verdict else set())


def test_an_unreadable_file_is_counted_and_named_in_one_line(root: Path) -> None:
    unreadable(root / "inventories" / "b.yaml")
    report = audit(root, DAY)
    assert (report.summary.exit_code, report.summary.skipped_files) == (3, 1)
    assert all("\n" not in notice for notice in report.notices)


def test_no_baseline_is_made_of_half_an_estate(root: Path) -> None:
    baseline_write(root, update=False, options=DAY)
    before = (root / "policies/baseline.json").read_bytes()
    (root / "inventories/a.yaml").rename(root / "a.yaml")
    unreadable(root / "inventories/b.yaml")
    with pytest.raises(IncompleteError, match=r"inventories/b\.yaml"):
        baseline_write(root, update=False, options=DAY)
    assert (root / "policies/baseline.json").read_bytes() == before


def test_the_same_risk_is_waived_once(root: Path) -> None:
    what = {"rule": "OWN-01", "subject": "if-a", "reason": "r", "owner": "team-a", "approved-by": "cio"}
    waiver_add(root, what, date(2027, 1, 1), {}, DAY)
    with pytest.raises(ConfigError, match="waived already, until 2027-01-01"):
        waiver_add(root, what, date(2027, 2, 1), {"id": "wv-2"}, DAY)
    waiver_add(root, {**what, "subject": "if-b"}, date(2027, 2, 1), {}, DAY)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (AuditOptions(tags=("secrity",)), "unknown tag 'secrity'"),
        (AuditOptions(rules=("own-01",)), "unknown rule 'own-01'"),
        (AuditOptions(rules=("OWN-01",), skip_rules=("OWN-01",)), "no rule is left"),
        (AuditOptions(rules=("OWN-01",), tags=("security",)), "no rule is left"),
    ],
)
def test_a_selection_that_judges_nothing_is_refused(root: Path, options: AuditOptions, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        audit(root, options)


def unreadable(path: Path) -> None:
    """A file that cannot be opened by anybody, root included: a bound socket."""
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))


def test_a_pack_that_nothing_names_is_said_to_be_unused(root: Path) -> None:
    (root / "policies").mkdir()
    (root / "policies/extra.yaml").write_text("schema: retailctl/policy/v1\nrules: {}\n", encoding="utf-8")
    report = audit(root, AuditOptions(as_of=date(2026, 11, 20), use_cache=False))
    assert report.notices == ("policies/extra.yaml is not used: packs: does not name it",)
