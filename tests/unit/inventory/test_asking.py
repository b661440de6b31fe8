"""The human loop through the command: what is asked, what an answer changes, and what is wrong in a reply."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from retailctl.api import AuditOptions, audit
from retailctl.inventory.asking.fields import askable, problem_of
from tests.unit.inventory.commands import Ended, run, workspace

INVENTORY = """\
# Kept by hand.
teams: [{id: team-web, active: true}, {id: team-erp, active: true}]
systems: [{id: odoo, kind: erp, layer: business}]
domains:
  - {id: order, owner: team-erp, steward: someone}
interfaces:
  - id: if-orders  # the one
    name: "Orders\\u2028# injected: true"
    provider: odoo
    owner: team-web
    classification: {latency: minutes}
    disposition: retain
  - {id: if-stock, provider: odoo, owner: team-web, disposition: retain, classification: {criticality: A, latency: minutes}}
  - {id: if-lost, provider: odoo, disposition: retain, classification: {criticality: C, latency: minutes}}
"""
OBSERVED = """\
coverage: [{source: register, scope: "*", window: {from: 2026-01-01, to: 2026-01-01}}]
interfaces:
  - id: if-stock
    sightings: [{source: register, at: 2026-01-01, ref: "r.csv#L2", fields: {owner: team-erp}}]
"""
DAY = ("--as-of", "2026-11-20")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(
        workspace(tmp_path, {"inventories/a.yaml": INVENTORY, "inventories/observed/register.yaml": OBSERVED})
    )
    return tmp_path


def asked(capsys: pytest.CaptureFixture[str], owner: str, *more: str, day: tuple[str, str] = DAY) -> dict[str, Any]:
    ended = run(capsys, "inventory", "ask", "--owner", owner, *more, *day)
    assert ended.code == 0, ended
    page: dict[str, Any] = yaml.safe_load(ended.out)
    return page


def fields(page: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["id"], one["field"]) for one in page["questions"]]


def reply(path: Path, page: dict[str, Any], answers: dict[tuple[str, str], Any]) -> Path:
    for one in page["questions"]:
        one["answer"] = answers.get((one["id"], one["field"]))
    path.write_text(yaml.safe_dump(page, sort_keys=False))
    return path


def answered(capsys: pytest.CaptureFixture[str], path: Path, *more: str, day: tuple[str, str] = DAY) -> Ended:
    return run(capsys, "inventory", "answer", str(path), *more, *day)


def verdicts(root: Path, rule: str) -> set[tuple[str, str]]:
    report = audit(root, AuditOptions(rules=(rule,), use_cache=False))
    return {(one.subject, one.verdict) for one in report.findings}


def test_only_what_is_unknown_or_contradicted_is_asked(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ended = run(capsys, "inventory", "ask", "--owner", "team-web", *DAY)
    page = yaml.safe_load(ended.out)
    assert ("if-orders", "classification.criticality") in fields(page)
    assert ("if-stock", "owner") in fields(page)
    assert not {("if-orders", "owner"), ("if-stock", "classification.latency"), ("if-lost", "owner")} & set(
        fields(page)
    )
    assert {"if-orders", "if-stock"} == {id_ for id_, _ in fields(page)}
    contradicted = next(one for one in page["questions"] if one["field"] == "owner")
    assert contradicted["now"] == ["team-web", "team-erp"] and contradicted["answer"] is None
    assert "# now: register says team-erp (inventories/observed/register.yaml:4:" in ended.out
    assert "# CLS-01: Every flow has a business criticality." in ended.out and "answer:  # one of A, B, C" in ended.out
    assert "injected" not in page and "\n# injected" not in ended.out  # a name cannot add a line
    assert ("if-lost", "owner") in fields(asked(capsys, "unowned"))


def test_an_answer_is_a_dated_sighting_and_is_not_asked_again(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (root / "inventories/a.yaml").read_text()
    assert ("if-orders", "fail") in verdicts(root, "CLS-01") and ("if-stock", "fail") in verdicts(root, "EST101")
    page = asked(capsys, "team-web")
    answers = {("if-orders", "classification.criticality"): "B", ("if-stock", "owner"): "team-erp"}
    ended = answered(capsys, reply(root / "r.yaml", page, answers))
    assert (ended.code, ended.out.splitlines()) == (
        0,
        [f"team-web: 2 answers, {len(page['questions']) - 2} still open"],
    )
    written = yaml.safe_load((root / "inventories/observed/answers/team-web-2026-11-20.yaml").read_text())
    orders, stock = written["interfaces"]
    assert orders["classification"] == {"criticality": "B"} and stock["owner"] == "team-erp"
    assert str(orders["sightings"][0]["at"]) == "2026-11-20" and orders["sightings"][0]["ref"].startswith("r.yaml#L")
    assert stock["sightings"][0]["fields"] == {"instead_of": {"owner": ["team-web"]}}
    assert ("if-orders", "fail") not in verdicts(root, "CLS-01")
    assert not {one for one in verdicts(root, "EST101") if one[1] == "fail"}
    assert (root / "inventories/a.yaml").read_text() == before
    again = fields(asked(capsys, "team-web")) + fields(asked(capsys, "team-erp"))
    assert not set(answers) & set(again)


def test_an_answer_ages(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = asked(capsys, "team-web")
    answered(capsys, reply(root / "r.yaml", page, {("if-orders", "classification.criticality"): "B"}))
    later = ("--as-of", "2027-12-01")
    again = asked(capsys, "team-web", day=later)
    assert ("if-orders", "classification.criticality") in fields(again)
    assert next(one for one in again["questions"] if one["field"] == "classification.criticality")["now"] == ["B"]
    assert ("if-orders", "classification.criticality") not in fields(
        asked(capsys, "team-web", "--max-age", "900", day=later)
    )
    confirmed = reply(root / "r.yaml", again, {("if-orders", "classification.criticality"): "B"})
    assert answered(capsys, confirmed, day=later).code == 0
    assert ("if-orders", "classification.criticality") not in fields(asked(capsys, "team-web", day=later))


def test_with_write_the_answer_goes_into_the_file_and_comments_stay(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = asked(capsys, "team-web")
    answers = {("if-orders", "classification.criticality"): "B", ("if-stock", "owner"): "team-erp"}
    ended = answered(capsys, reply(root / "r.yaml", page, answers), "--write")
    assert ended.code == 0, ended
    expected = INVENTORY.replace("{latency: minutes}\n    disp", "{latency: minutes, criticality: B}\n    disp")
    expected = expected.replace(
        "{id: if-stock, provider: odoo, owner: team-web", "{id: if-stock, provider: odoo, owner: team-erp"
    )
    assert (root / "inventories/a.yaml").read_text() == expected
    assert not {one for one in verdicts(root, "EST101") if one[1] == "fail"}


def test_a_second_reply_of_the_day_adds_to_the_first(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = asked(capsys, "team-web")
    answered(capsys, reply(root / "r.yaml", page, {("if-orders", "classification.criticality"): "B"}))
    answered(capsys, reply(root / "r.yaml", page, {("if-stock", "owner"): "team-erp"}))
    answered(capsys, reply(root / "r.yaml", page, {("if-orders", "classification.criticality"): "C"}))
    (path,) = (root / "inventories/observed/answers").iterdir()
    written = yaml.safe_load(path.read_text())["interfaces"]
    assert [(one["id"], one.get("classification"), one.get("owner")) for one in written] == [
        ("if-orders", {"criticality": "C"}, None), ("if-stock", None, "team-erp")
    ]  # fmt: skip


def test_an_answer_about_a_domain_is_kept_with_its_day(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = {"owner": "team-erp", "questions": [{"kind": "domain", "id": "order", "field": "system_of_record", "answer": "odoo"},
                                               {"kind": "domain", "id": "order", "field": "writers", "answer": ["odoo"]}]}  # fmt: skip
    (root / "r.yaml").write_text(yaml.safe_dump(page))
    assert answered(capsys, root / "r.yaml").code == 0
    ended = run(capsys, "inventory", "show", "order", "-f", "json", *DAY)
    shown = json.loads(ended.out)
    assert (shown["system_of_record"], shown["writers"], shown["sightings"][0]["source"]) == (
        "odoo",
        ["odoo"],
        "answer",
    )


QUESTION = {"kind": "interface", "id": "if-orders", "field": "classification.criticality"}


@pytest.mark.parametrize(
    ("change", "said", "hint"),
    [
        ({"answer": "high"}, "classification.criticality: 'high' is not one of A, B, C", "one of A, B, C; leave it empty if you do not know"),
        ({"id": "if-order", "answer": "A"}, "no interface 'if-order' in the inventory", "did you mean if-orders?"),
        ({"kind": "thing", "answer": "A"}, "there is no kind 'thing'", "one of system, interface"),
        ({"field": "classification.colour", "answer": "A"}, "a interface has no field 'classification.colour' to answer", "keep the field"),
        ({"field": "sightings", "answer": []}, "a interface has no field 'sightings' to answer", "keep the field"),
        ({"field": "id", "answer": "if-x"}, "a interface has no field 'id' to answer", "keep the field"),
        ({"answr": "A", "answer": "A"}, "'answr' is no key of a question", "remove it"),
        ({"field": "access_policy", "answer": "password=Planted-secret-1"}, "access_policy: the answer holds a secret", "never the secret"),
        ({"field": "slo", "answer": [{"sli": "x"}]}, "slo: \"[{'sli': 'x'}]\" is not a list of a mapping with sli, objective, window", "a list"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_told_with_its_line_and_nothing_is_written(
    root: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any], said: str, hint: str
) -> None:
    good = {**QUESTION, "answer": "A"}
    (root / "r.yaml").write_text(
        yaml.safe_dump({"owner": "t", "questions": [good, {**QUESTION, **change}]}, sort_keys=False)
    )
    ended = answered(capsys, root / "r.yaml")
    assert ended.code == 1 and said in ended.out and hint in ended.out
    assert ended.out.startswith("r.yaml:") and "nothing was written" in ended.out
    assert "Planted-secret" not in ended.out + ended.err
    assert not (root / "inventories/observed/answers").exists()


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("a: [", 1, "r.yaml:1"),
        ("- x\n", 1, "expected a mapping at the top"),
        ("owner: t\n", 1, "questions is not a list"),
        ("owner: t\nquestions: [1]\n", 1, "is no question"),
        ("owner: t\ncolour: red\nquestions: []\n", 1, "'colour' is no key of a questionnaire"),
        ("owner: t\nquestions: []\n", 0, "t: 0 answers, 0 still open"),
    ],
)
def test_any_file_ends_in_words(
    root: Path, capsys: pytest.CaptureFixture[str], text: str, code: int, said: str
) -> None:
    (root / "r.yaml").write_text(text)
    ended = answered(capsys, root / "r.yaml")
    assert ended.code == code and said in ended.out + ended.err and "Traceback" not in ended.err


def test_all_owners_get_a_file_each(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ended = run(capsys, "inventory", "ask", "--all", "-o", "q", *DAY)
    assert ended.code == 0 and {"team-web.yaml", "unowned.yaml"} <= {path.name for path in (root / "q").iterdir()}
    one = run(capsys, "inventory", "ask", "--owner", "team-web", "-o", "web.yaml", *DAY)
    assert one.out == "" and (root / "web.yaml").read_text() == (root / "q/team-web.yaml").read_text()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "inventory ask needs one of --owner and --all"),
        (("--owner", "team-web", "--all"), "inventory ask needs one of --owner and --all"),
        (("--all",), "--all needs -o DIR"),
        (("--all", "-o", "../q"), "../q is outside the working folder"),
        (("--all", "-o", "inventories/a.yaml"), "inventories/a.yaml is no folder"),
        (("--owner", "team-web", "-o", "/q.yaml"), "/q.yaml is outside the working folder"),
        (("--owner", "team-wep"), "nothing in the inventory is owned by 'team-wep'\n  hint: did you mean team-web?"),
        (("--owner", "team-web", "--max-age", "-1"), "--max-age: a number of days"),
    ],
)
def test_a_wrong_command_is_explained(
    root: Path, capsys: pytest.CaptureFixture[str], args: tuple[str, ...], said: str
) -> None:
    ended = run(capsys, "inventory", "ask", *args)
    assert ended.code == 2 and said in ended.err


def test_fields_say_what_may_be_answered() -> None:
    def allowed(kind: str, path: str) -> str:
        found = askable(kind, path)
        return found.allowed if found is not None else ""

    assert allowed("interface", "lifecycle") == "one of planned, active, deprecated, retiring, retired"
    assert allowed("interface", "operations").startswith("a list of one of read, create")
    assert allowed("credential", "human") == "true or false"
    assert allowed("credential", "last_rotated") == "a day, YYYY-MM-DD"
    assert allowed("domain", "sync.source") == "text" and allowed("interface", "schedule").startswith("text, such as")
    assert (
        allowed("interface", "nothing") == "" and allowed("nothing", "owner") == "" and allowed("interface", "") == ""
    )
    human = askable("credential", "human")
    assert (
        human is not None and problem_of(human, True) == "" and problem_of(human, "perhaps") == "is not true or false"
    )
