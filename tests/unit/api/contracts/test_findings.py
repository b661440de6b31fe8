"""A finding about a contract: where it is on both sides, which one it is next time, and what it tells of the case."""

from __future__ import annotations

import json
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from retailctl import api
from retailctl.model.finding import Finding
from retailctl.model.report import Report
from tests.unit.api.contracts.world import AS_OF, BREAKING, DOCUMENT, ONE, TWO, build, check, estate, interface, promise

OLD = """\
openapi: 3.1.0
info: {title: Orders, version: 1.0.0}
paths:
  /orders:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Order'
      responses:
        "201": {description: ok}
  /gone:
    get:
      responses:
        "200": {description: ok}
components:
  schemas:
    Order:
      type: object
      properties:
        id: {type: string}
        total:
          type: number
          maximum: 100
"""
NEW = """\
openapi: 3.1.0
info: {title: Orders, version: 1.0.0}
# a line more
paths:
  /orders:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Order'
      responses:
        "201": {description: ok}
components:
  schemas:
    Order:
      type: object
      required: [id]
      properties:
        id: {type: string}
        total:
          type: number
          maximum: 50
"""


def diff(folder: Path, old: str, new: str, name: str = "api.yaml", **more: Any) -> Report:
    """``contract diff`` of two texts."""
    for side, text in (("old", old), ("new", new)):
        (folder / side).mkdir(exist_ok=True)
        (folder / side / name).write_text(text, encoding="utf-8")
    run = api.AuditOptions(as_of=AS_OF, use_cache=False)
    with chdir(folder):
        return api.contract_diff(f"old/{name}", f"new/{name}", api.ContractOptions(run=run, **more))


def rows(report: Report) -> dict[str, Finding]:
    """The findings by rule."""
    return {one.rule: one for one in report.findings}


def places(finding: Finding) -> list[tuple[str, int, int, str]]:
    """(side, line, column, pointer), the primary place first."""
    found = [*finding.locations, *(one.location for one in finding.related)]
    return [(at.path.split("/")[-2], at.line, at.column, at.pointer) for at in found if at is not None]


@pytest.mark.parametrize("side", ["yaml", "json"])
def test_every_finding_has_its_place_on_both_sides(tmp_path: Path, side: str) -> None:
    import yaml

    texts = [OLD, NEW] if side == "yaml" else [json.dumps(yaml.safe_load(text), indent=2) for text in (OLD, NEW)]
    found = rows(diff(tmp_path, texts[0], texts[1], name=f"api.{side}"))
    total = places(found["request-property-max-decreased"])
    assert [(one[0], one[3]) for one in total] == [
        ("new", "/components/schemas/Order/properties/total/maximum"),
        ("old", "/components/schemas/Order/properties/total/maximum"),
    ]
    for (at, line, column, _), text in zip(total, reversed(texts), strict=True):
        assert "maximum" in text.splitlines()[line - 1][column - 1 :], at
    needed = places(found["request-property-became-required"])
    assert (needed[0][0], needed[0][3]) == ("new", "/components/schemas/Order/required")
    assert "required" in texts[1].splitlines()[needed[0][1] - 1]
    gone = places(found["api-path-removed-without-deprecation"])
    assert (gone[0][0], gone[0][3]) == ("old", "/paths/~1gone/get")
    assert "get" in texts[0].splitlines()[gone[0][1] - 1]


def prints(report: Report) -> set[tuple[str, str]]:
    """Rules with fingerprints, what a waiver and a baseline hold on to."""
    return {(one.rule, one.fingerprint) for one in report.findings}


def reordered(value: Any) -> Any:
    """The same with the keys of every object the other way round."""
    if isinstance(value, dict):
        return {key: reordered(item) for key, item in reversed(value.items())}
    return [reordered(item) for item in value] if isinstance(value, list) else value


def test_a_fingerprint_survives_what_means_nothing(tmp_path: Path) -> None:
    import yaml

    known = prints(diff(tmp_path, OLD, NEW))
    assert len(known) == len({one for _, one in known}) >= 3
    moved = NEW.replace("# a line more\n", "# one\n# two\n# three\n")
    told = NEW.replace("type: object\n", "type: object\n      description: an order\n")
    other = json.dumps(reordered(yaml.safe_load(NEW)))
    for text in (moved, told, other):
        assert prints(diff(tmp_path, OLD, text)) == known


def test_a_break_shows_its_case(tmp_path: Path) -> None:
    found = rows(diff(tmp_path, OLD, NEW))
    case = found["request-property-max-decreased"].change
    assert case is not None
    assert case.witness is not None
    assert (case.witness.accepted_by, case.witness.rejected_by) == ("old", "new")
    assert 50 < case.witness.value["total"] <= 100
    assert case.witness.pointer == "/total"
    assert case.witness.place == "POST /orders application/json"
    missing = found["request-property-became-required"].change
    assert missing is not None
    assert missing.witness is not None
    assert "id" not in missing.witness.value


def test_the_report_says_what_it_comes_to(tmp_path: Path) -> None:
    report = diff(tmp_path, OLD, NEW)
    verdict = report.summary.contracts
    assert verdict is not None
    assert (verdict.compatible, verdict.required_bump, verdict.declared_bump) == (False, "major", "none")
    assert report.summary.exit_code == 1
    same = diff(tmp_path, OLD, OLD)
    assert same.summary.contracts is not None
    assert (same.findings, same.summary.contracts.compatible, same.summary.exit_code) == ((), True, 0)


def test_findings_are_ordered_by_level(tmp_path: Path) -> None:
    severities = [one.severity for one in diff(tmp_path, OLD, NEW).findings]
    assert severities == sorted(severities, key=["error", "warn", "info", "hint"].index)


def test_a_reference_that_leads_nowhere_is_a_finding_with_its_place(tmp_path: Path) -> None:
    report = diff(tmp_path, OLD, NEW.replace("$ref: '#/components/schemas/Order'", "$ref: '#/components/schemas/Lost'"))
    (lost,) = (one for one in report.findings if one.rule in ("INP023", "INP043"))
    assert places(lost)[0][1] == 12


def test_an_unknown_version_is_one_finding_with_its_place(tmp_path: Path) -> None:
    report = diff(tmp_path, OLD, NEW.replace("openapi: 3.1.0", "openapi: 9.9.9"))
    (one,) = report.findings
    assert (one.rule, places(one)[0][:2]) == ("INP041", ("new", 1))
    assert report.summary.exit_code == 1


def test_levels_from_a_file_and_from_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "levels.txt").write_text(
        "request-property-max-decreased info\napi-path-removed-without-deprecation none\n"
    )
    report = diff(
        tmp_path, OLD, NEW, severity_levels=tmp_path / "levels.txt", levels={"request-property-became-required": "warn"}
    )
    found = {rule: one.severity for rule, one in rows(report).items() if not rule.startswith("api-version")}
    assert found == {"request-property-max-decreased": "info", "request-property-became-required": "warn"}


@pytest.mark.parametrize(
    ("method", "address", "uses"),
    [("GET", "/api/orders", "yes"), ("POST", "/api/orders", "no"), ("GET", "/api/other", "no")],
)
def test_who_uses_the_changed_part_is_set_apart_from_who_does_not(
    tmp_path: Path, method: str, address: str, uses: str
) -> None:
    files = {"inventories/estate.yaml": estate(interface(method=method, address=address)), TWO: BREAKING,
             "contracts/order/orders-api/contract.yaml": promise() + "  - {version: v2}\n"}  # fmt: skip
    report = check(build(tmp_path, files))
    (one,) = (one for one in report.findings if one.rule == "request-parameter-max-decreased")
    assert one.change is not None
    assert one.change.consumers_known
    assert [(each.system, each.owner, each.uses) for each in one.change.consumers] == [("crm", "team-crm", uses)]


def test_a_consumer_comes_with_its_wave_and_its_processes(tmp_path: Path) -> None:
    process = "processes:\n  - id: order-to-cash\n    owner: team-erp\n    steps: [{id: take, interface: if-list}]\n"
    wave = "wave: {id: w1, name: First, capability: sell, units: [if-list]}\n"
    files = {"inventories/estate.yaml": estate(interface()) + process, TWO: BREAKING,
             "contracts/order/orders-api/contract.yaml": promise() + "  - {version: v2}\n",
             "migrations/w1/wave.yaml": wave}  # fmt: skip
    report = check(build(tmp_path, files))
    (one,) = (one for one in report.findings if one.rule == "request-parameter-max-decreased")
    assert one.change is not None
    assert [(each.processes, each.wave) for each in one.change.consumers] == [(("order-to-cash",), "w1")]


def test_without_an_inventory_nobody_is_known(tmp_path: Path) -> None:
    report = diff(tmp_path, DOCUMENT, BREAKING)
    assert [one.change.consumers_known for one in report.findings if one.change] == [False] * len(report.findings)
    assert report.notices == ("no inventory was read: consumers are not known",)
    assert ONE
