"""The human loop on the reference estate, through the command: what is answered is known, and is not asked again."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from retailctl import api
from tests.needs import ROOT
from tests.unit.inventory.commands import run

DAY = ("--as-of", "2026-11-20")
RULES = ("ARC-03", "CLS-01", "CLS-02", "CLS-04", "CLS-05", "EST101", "MIG-03", "OWN-01", "OWN-03")
ANSWERS: dict[tuple[str, str], Any] = {
    ("pricing", "system_of_record"): "odoo",
    ("pricing", "writers"): ["odoo"],
    ("if-woo-coupons", "classification.criticality"): "B",
    ("if-pos-telemetry", "classification.latency"): "hours",
    ("if-parcelway-rates", "disposition"): "retain",
    ("if-wms-asn", "owner"): "team-supply",
    ("if-heavyhaul-tracking", "owner"): "team-fulfilment",
    ("if-odoo-soap-order-import", "lifecycle"): "active",
}
SUBJECTS = {id_ for id_, _ in ANSWERS}


def open_verdicts(root: Path) -> set[tuple[str, str]]:
    options = api.AuditOptions(as_of=date(2026, 11, 20), rules=RULES)
    findings = api.audit(root, options).findings
    return {
        (one.rule, one.subject) for one in findings if one.subject in SUBJECTS and one.verdict in ("unknown", "fail")
    }


def questions(folder: Path) -> set[tuple[str, str]]:
    pages = (yaml.safe_load(path.read_text()) for path in sorted(folder.iterdir()))
    return {(one["id"], one["field"]) for page in pages for one in page["questions"]}


def test_every_answer_is_known_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("inventories", "contracts", "policies", "migrations"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "retailctl.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    before = open_verdicts(tmp_path)
    assert {subject for _, subject in before} >= SUBJECTS
    assert run(capsys, "inventory", "ask", "--all", "-o", "q", *DAY).code == 0
    assert set(ANSWERS) <= questions(tmp_path / "q")
    for path in sorted((tmp_path / "q").iterdir()):
        page = yaml.safe_load(path.read_text())
        for one in page["questions"]:
            one["answer"] = ANSWERS.get((one["id"], one["field"]))
        path.write_text(yaml.safe_dump(page, sort_keys=False))
        if any(one["answer"] is not None for one in page["questions"]):
            ended = run(capsys, "inventory", "answer", str(path), *DAY)
            assert ended.code == 0, ended
    after = open_verdicts(tmp_path)
    # ARC-03 asks for more now that it knows the record: the domain of a queue that the broker showed.
    assert after <= before and {rule for rule, _ in after} <= {"ARC-03"}
    assert run(capsys, "inventory", "ask", "--all", "-o", "again", *DAY).code == 0
    again = questions(tmp_path / "again")
    assert not set(ANSWERS) & again and ("if-rabbitmq-q-tmp-order-replay", "domain") in again
