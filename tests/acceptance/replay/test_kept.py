"""What stays of a replay: evidence, history and streaks, learned noise; and what a wrong recording is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from retailctl import api
from retailctl.cli.main import main
from retailctl.errors import ConfigError
from retailctl.model.report import Report
from tests.support.replay import Asked, Behaviour, Reply, service, workspace

GET: list[dict[str, Any]] = [{"url": f"/orders/{number}"} for number in range(60)]
ROUTES = [{"method": "GET", "path": "/orders/{id}"}]
FIRST = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETAILCTL_KEY", "k" * 32)


def on(day: int, root: Path, **options: Any) -> Report:
    """A replay so many days after the first one."""
    audit = api.AuditOptions(as_of=FIRST + timedelta(days=day))
    return api.parallel_replay("orders", root, api.ReplayOptions(run=audit, **options))


def answering(wrong: set[str]) -> Behaviour:
    """Orders, of which those that are wrong have one piece too many."""
    return lambda asked: Reply({"qty": 1 + (asked.path[8:] in wrong)})


def evidence(root: Path) -> list[dict[str, Any]]:
    files = sorted((root / "migrations/w1/evidence").glob("*.yaml"))
    return [yaml.safe_load(file.read_text()) for file in files]


def test_each_run_leaves_evidence_and_a_line_of_history(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong: set[str] = set()
    with service(answering(set())) as legacy, service(answering(wrong)) as new:
        workspace(
            tmp_path,
            legacy.url,
            new.url,
            GET,
            routes=ROUTES,
            gates=[{"metric": "unexplained", "limit": "0", "streak": 2}],
        )
        assert on(0, tmp_path).summary.exit_code == 3, "one day is not two"
        assert on(1, tmp_path).summary.exit_code == 0
        wrong.add("7")
        bad = on(2, tmp_path)
        assert on(2, tmp_path).notices == bad.notices, "the same again is the same run"
    assert any(text.startswith("wrote migrations/w1/evidence/ev-parallel-orders-2026-11-18-") for text in bad.notices)
    first, second, third = evidence(tmp_path)
    assert first["kind"] == "parallel_run"
    usual = {"matched_ratio": "1.000000", "unexplained": "0", "coverage": "1.0000", "duplicates": 0}
    assert first["values"] == {"days": 1, **usual}
    assert [one["verdict"] for one in (first, second)] == ["unknown", "pass"]
    assert (second["values"]["days"], second["gates"]["unexplained"]["streak"]) == (2, 2)
    assert third["values"] == {**usual, "days": 3, "matched_ratio": "0.983333", "unexplained": "1"}
    assert (third["rows"], third["classes"]) == ({"legacy": 60, "new": 60}, {"EQUAL": 59, "FIELD": 1})
    assert (third["verdict"], third["inputs"]["requests"]["files"], third["engine"]) == ("fail", 1, "http")
    assert {name: gate["verdict"] for name, gate in third["gates"].items()} == {
        "unexplained": "fail", "undecided": "pass", "rejected": "pass", "coverage": "pass", "requests": "pass", "completed": "pass",
    }  # fmt: skip
    assert all(len(one["sha256"]) == len(one["plan_sha256"]) == 64 for one in (first, second, third))
    capsys.readouterr()
    assert main(["parallel", "trend", "orders", "--root", str(tmp_path), "-f", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["day"], row["verdict"], row["red"]) for row in rows] == [
        ("2026-11-16", "unknown", []), ("2026-11-17", "pass", []), ("2026-11-18", "fail", ["unexplained"]),
    ]  # fmt: skip
    assert rows[2]["ppm"] == {"FIELD": 8333}


def test_gates_of_the_plan_decide(tmp_path: Path) -> None:
    wrong = {str(number) for number in range(0, 60, 20)}
    with service(answering(set())) as legacy, service(answering(wrong)) as new:
        for gates, verdict in (
            ([{"metric": "field", "limit": "3"}], "pass"),
            ([{"metric": "field", "limit": "2"}], "fail"),
            ([{"metric": "unexplained", "limit": "5%"}], "pass"),
            ([{"metric": "unexplained", "limit": "4.9%", "route": "GET /orders/{id}"}], "fail"),
            ([{"metric": "matched_ratio", "limit": "0.95"}], "pass"),
            ([{"metric": "matched_ratio", "limit": "95.1%"}], "fail"),
            ([{"metric": "missing", "limit": "0"}, {"metric": "coverage", "limit": "100%"}], "pass"),
            ([{"metric": "status", "limit": "0", "route": "GET /other"}], "unknown"),
        ):
            workspace(tmp_path, legacy.url, new.url, GET, routes=ROUTES, gates=gates)
            report = on(0, tmp_path, record=False)
            assert report.summary.verdict == verdict, gates
            severities = {one.severity for one in report.findings}
            assert severities == ({"error"} if verdict == "fail" else {"warn"}), gates
    assert not (tmp_path / "migrations/w1/evidence").exists()


@pytest.mark.parametrize(
    ("metric", "limit"),
    [("field", "few"), ("field", "101%"), ("coverage", "2"), ("matched_ratio", "-1"), ("field", "")],
)
def test_a_gate_without_a_usable_limit_is_a_wrong_plan(metric: str, limit: str, tmp_path: Path) -> None:
    workspace(tmp_path, "http://127.0.0.1:1", "http://127.0.0.1:2", GET[:1], gates=[{"metric": metric, "limit": limit}])
    with pytest.raises(ConfigError, match="limit"):
        on(0, tmp_path)


def test_the_budget_of_an_accepted_difference_is_for_all_that_it_covers(tmp_path: Path) -> None:
    row = {"path": "qty", "reason": "packs", "owner": "team-stock", "expires": "2026-12-31", "max_requests": 3}
    requests = [{"url": f"/{kind}/{number}"} for kind in ("orders", "quotes") for number in range(2)]
    with service(answering(set())) as legacy, service(lambda asked: Reply({"qty": 9})) as new:
        workspace(tmp_path, legacy.url, new.url, requests, accepted=[row], noise={"pairs": 0})
        over = on(0, tmp_path)
        workspace(tmp_path, legacy.url, new.url, requests[:3], accepted=[row], noise={"pairs": 0})
        within = on(0, tmp_path)
    assert (over.summary.verdict, within.summary.verdict) == ("fail", "pass")
    assert any("4 of 3 requests; counts again" in text for text in over.notices)
    assert "accepted by team-stock: packs (3 of 3 requests; until 2026-12-31)" in within.notices


def noisy(qty: int) -> Behaviour:
    numbers = iter(range(10**6))
    return lambda asked: Reply({"qty": qty, "at": next(numbers), "customer": {"Anna Meier": 1}})


def test_learned_noise_is_kept_for_as_long_as_the_plan_says(tmp_path: Path) -> None:
    def asked(day: int) -> int:
        before = len(legacy.asked)
        reports.append(on(day, tmp_path))
        return len(legacy.asked) - before

    reports: list[Report] = []
    with service(noisy(1)) as legacy, service(noisy(1)) as new, service(noisy(2)) as other:
        plan: dict[str, Any] = {"routes": ROUTES, "noise": {"keep": "2d"}}
        workspace(tmp_path, legacy.url, new.url, GET, **plan)
        assert [asked(day) for day in (0, 1, 2, 3)] == [120, 60, 60, 120]
        runs = [report.summary.replay for report in reports]
        assert [run.verdict for run in runs if run] == ["pass"] * 4
        assert [run.learned for run in runs if run] == ["", *["as of 2026-11-16, of 60 pairs"] * 2, ""]
        assert [run.routes[0].noisy for run in runs if run] == [("at",)] * 4
        workspace(tmp_path, legacy.url, other.url, GET, **plan)
        assert asked(4) == 120, "another plan has learned nothing"
        assert asked(4) == 60
    (finding,) = reports[-1].findings
    assert finding.subject == "GET /orders/{id} qty"
    assert "in 60 pairs, as learned on 2026-11-20" in finding.message
    (kept,) = (tmp_path / ".retailctl/replay").iterdir()
    assert kept.stat().st_mode & 0o077 == 0
    assert json.loads(kept.read_text())["routes"] == {
        "GET /orders/{id}": {"at": "2026-11-20", "pairs": 60, "spots": [["at", "VALUE", 60]]}
    }


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"plan_sha256": "S", "routes": {"GET /orders/{id}": {"pairs": 0}}}',
                                  '{"plan_sha256": "S", "routes": 7}'])  # fmt: skip
def test_learned_noise_that_cannot_be_used_is_learned_anew(text: str, tmp_path: Path) -> None:
    with service(noisy(1)) as legacy, service(noisy(1)) as new:
        workspace(tmp_path, legacy.url, new.url, GET[:2], noise={"keep": "1d", "pairs": 50})
        on(0, tmp_path)
        (kept,) = (tmp_path / ".retailctl/replay").iterdir()
        kept.write_text(text.replace('"S"', json.dumps(json.loads(kept.read_text())["plan_sha256"])))
        report = on(0, tmp_path)
    assert len(legacy.asked) == 8
    assert any("cannot be used" in notice for notice in report.notices)


def test_bodies_that_are_not_taken_apart_and_always_differ_leave_the_route_open(tmp_path: Path) -> None:
    def page(asked: Asked) -> Reply:
        return Reply([next(numbers), "x" * 2000])

    numbers: Iterator[int] = iter(range(10**6))
    with service(page) as legacy, service(page) as new:
        workspace(tmp_path, legacy.url, new.url, GET, routes=ROUTES, max_parsed_kib=1)
        report = on(0, tmp_path)
    assert (report.summary.verdict, [one.rule for one in report.findings]) == ("unknown", ["RPL-12"])
    assert "which always differs" in report.findings[0].message
    assert "compared by its digest p:" in report.findings[0].evidence[0].text
    assert "(more than 1 KiB)" in report.findings[0].evidence[0].text


@pytest.mark.parametrize(
    ("name", "content", "code", "told"),
    [
        ("a.ndjson", b"not json\n{}\n", 2, "none of 2 records is a request: not JSON"),
        ("a.ndjson", b"\xff\xfe\x00", 2, "not JSON"),
        ("a.har", b"{", 2, "not an HTTP archive: not valid JSON"),
        ("a.har", b"[]", 2, "not an HTTP archive: it has no log.entries"),
        ("a.har", b'{"log": {"entries": 7}}', 2, "log.entries is no list"),
        ("a.har", b'{"log": {"entries": [7]}}', 2, "none of 1 records is a request: no request"),
        ("a.log", b"hello\n", 2, "not a line of an access log"),
        ("a.log", b'h - - [20/Nov/2026:10:00:00 +0000] "POST /o HTTP/1.1" 200 1 "-" "-"\n', 3, ""),
        ("a.ndjson", b"", 3, ""),
        ("a.ndjson", None, 2, "there is no file captures/a.ndjson"),
    ],
)
@pytest.mark.parametrize("by_plan", [True, False], ids=["plan", "flag"])
def test_a_recording_that_is_none_is_a_mistake_of_who_names_it(
    name: str, content: bytes | None, code: int, told: str, by_plan: bool, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    kind = {"ndjson": "ndjson", "har": "har", "log": "access_log"}[name.partition(".")[2]]
    named: dict[str, Any] = {"requests": {kind: f"captures/{name}"}} if by_plan else {}
    workspace(tmp_path, "http://127.0.0.1:1", "http://127.0.0.1:2", GET[:1], **named)
    file = tmp_path / "captures" / name
    if content is not None:
        file.write_bytes(content)
    flag = [] if by_plan else ["--requests", str(file)]
    assert main(["parallel", "replay", "orders", "--root", str(tmp_path), "-q", *flag]) == code
    shown = capsys.readouterr().err
    assert (told if by_plan else told.replace("captures/", "")) in shown.replace(str(tmp_path / "captures") + "/", "")
    assert not told or "hint:" in shown
