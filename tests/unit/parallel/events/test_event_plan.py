"""Plans over events: what is wrong in them, and what they say in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from retailctl import api
from retailctl.errors import ConfigError
from retailctl.model.events_plan import EventPlan
from retailctl.parallel.events.checking import event_plan_problems
from retailctl.workspace.boundary import validate
from tests.support.events import PLAN, cloud_event, lines, plan, run, workspace

FIELDS = PLAN["fields"]


def problems(given: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    checked = validate(given, EventPlan)
    if checked.value is None:
        return [(problem.path, problem.message) for problem in checked.problems]
    found = list(event_plan_problems(checked.value))
    assert all(problem.hint for problem in found)
    return [(problem.path, problem.message) for problem in found]


def test_a_right_plan_has_no_problems() -> None:
    assert problems(PLAN) == []
    live = {
        "kafka": "B",
        "topic": "t",
        "from": "2026-11-20T00:00:00Z",
        "until": "end",
        "for": "5m",
        "idle": "10s",
        "count": 5,
    }
    assert problems(plan(new=live, legacy={"amqp": "A", "exchange": "x"}, envelope={"id": "a.b", "body": "c"})) == []
    gates = [{"metric": "order", "limit": "0"}, {"metric": "missing", "limit": "0"}, {"metric": "late_p99", "limit": "1m"},
             {"metric": "late", "limit": "0.1%"}, {"metric": "redelivered", "limit": "50ppm"}]  # fmt: skip
    assert problems(plan(gates=gates, key="order", order_by="seq", within="order", types=["order.paid"])) == []


@pytest.mark.parametrize(
    ("changes", "place", "message"),
    [
        ({"legacy": {}}, ("legacy",), "does not say where it is read"),
        ({"legacy": {"jsonl": "a", "avro": "b"}}, ("legacy",), "jsonl and avro are two sources"),
        ({"legacy": {"jsonl": "../a.jsonl"}}, ("legacy", "jsonl"), "leaves the workspace"),
        ({"new": {"jsonl": "a", "exchange": "x"}}, ("new", "exchange"), "exchange is not an option of jsonl"),
        ({"new": {"jsonl": "a", "for": "1m"}}, ("new", "for"), "for is not an option of jsonl"),
        ({"new": {"amqp": "A"}}, ("new",), "amqp needs an exchange"),
        ({"new": {"amqp": "amqp://u:p@host/", "exchange": "x"}}, ("new", "amqp"), "takes the name of a variable"),
        ({"new": {"kafka": "A"}}, ("new",), "kafka needs a topic"),
        ({"new": {"kafka": "A", "topic": "t", "from": "yesterday"}}, ("new", "from"), "no place in a topic"),
        ({"new": {"kafka": "A", "topic": "t", "from": "2026-11-20T00:00:00"}}, ("new", "from"), "no place in a topic"),
        ({"new": {"kafka": "A", "topic": "t", "for": "2w"}}, ("new", "for"), "for is no duration up to a day"),
        ({"new": {"kafka": "A", "topic": "t", "idle": "soon"}}, ("new", "idle"), "idle is no duration"),
        ({"envelope": {"id": "a..b"}}, ("envelope", "id"), "the path is not understood"),
        ({"envelope": {"id": "@type"}}, ("envelope", "id"), "one in the event itself"),
        ({"envelope": {"format": "cloudevents", "id": "a"}}, ("envelope", "id"), "not an option of cloudevents"),
        ({"new": {"jsonl": "a", "envelope": {"time": "["}}}, ("new", "envelope", "time"), "the path is not understood"),
        ({"order_by": ["gone"]}, ("order_by", 0), "there is no field gone"),
        ({"within": ["total"]}, ("within", 0), "total is no part of the key"),
        ({"key": ["seq"]}, ("order_by",), "only what puts events in order"),
        ({"lag": "soon"}, ("lag",), "lag is no duration"),
        ({"window": "1d"}, ("window",), "window needs to know when"),
        ({"gates": [{"metric": "order", "limit": "x"}]}, ("gates", 0, "limit"), "the limit does not fit order"),
        ({"gates": [{"metric": "lag_p50", "limit": "5"}]}, ("gates", 0, "limit"), "the limit does not fit lag_p50"),
        ({"gates": [{"metric": "late", "limit": "0", "scope": {"field": "total"}}]}, ("gates", 0, "scope"), "whole stream"),
        ({"lag": None, "gates": [{"metric": "late", "limit": "0"}]}, ("gates", 0, "metric"), "how late is late"),
        ({"order_by": None, "gates": [{"metric": "order", "limit": "0"}]}, ("gates", 0, "metric"), "which order"),
        (
            {"gates": [{"metric": "order", "limit": "0"}, {"metric": "missing", "limit": "x"}]},
            ("gates", 1, "limit"), "the limit does not fit missing",
        ),
        ({"fields": [*FIELDS, {"name": "x", "new": "a..b"}]}, ("fields", 4, "new", "col"), "the path is not understood"),
        ({"fields": [*FIELDS, {"name": "x", "new": "@gone"}]}, ("fields", 4, "new", "col"), "no such attribute"),
        ({"fields": [*FIELDS, {"name": "x", "type": "decimal"}]}, ("fields", 4), "a decimal needs its scale"),
        ({"colour": "red"}, ("colour",), "unknown key colour"),
    ],
)  # fmt: skip
def test_what_is_wrong_has_its_place(changes: dict[str, Any], place: tuple[str | int, ...], message: str) -> None:
    found = problems(plan(**changes))
    assert any(where == place and message in text for where, text in found), found


def test_a_wrong_plan_is_told_by_run_and_found_by_the_audit(tmp_path: Path) -> None:
    root = workspace(tmp_path, plan(lag="soon"), legacy=b"", new=b"")
    with pytest.raises(ConfigError, match="lag is no duration") as caught:
        run(root)
    assert caught.value.at is not None and caught.value.at.path.endswith("orders.yaml")
    report = api.audit(root, api.AuditOptions(use_cache=False))
    assert any("lag is no duration" in finding.message for finding in report.findings)


def test_the_evidence_of_a_run_is_that_of_what_the_plan_covers(tmp_path: Path) -> None:
    events = lines([cloud_event("o1", 1)])
    root = workspace(tmp_path, plan(covers=["if-gone"]), legacy=events, new=events)
    (root / "inventories").mkdir()
    inventory = "interfaces:\n  - {id: if-orders, name: Orders}\n"
    (root / "inventories" / "a.yaml").write_text(inventory, encoding="utf-8")
    run(root)
    messages = [finding.message for finding in api.audit(root, api.AuditOptions(use_cache=False)).findings]
    assert any("covers names if-gone" in message for message in messages)
    assert not any("has no plan" in message for message in messages)


def test_a_plan_of_requests_is_for_replay(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="kind: http") as caught:
        run(workspace(tmp_path, {"kind": "http"}))
    assert "parallel replay" in caught.value.hint


def test_a_plan_in_words_looks_at_its_captures_and_asks_no_broker(tmp_path: Path) -> None:
    new = {"kafka": "BROKER", "topic": "orders", "from": "earliest", "until": "end"}
    events = [cloud_event("o1", 1), b"rubbish", cloud_event("o1", 2, "x")]
    root = workspace(tmp_path, plan(new=new, types=["order.changed"]), legacy=lines(events))
    page = api.parallel_plan_check("orders", root)
    assert page["problems"] == []
    assert page["sources"]["legacy"] == "jsonl legacy.jsonl, as CloudEvents"
    assert page["sources"]["new"].startswith("kafka BROKER, topic orders from earliest")
    assert page["key"] == ["order", "seq"]
    assert "events of one order come in the order of seq" in page["time"]
    assert [(row["field"], row["reason"], row["rows"]) for row in page["rejected"]] == [
        ("event", "NOT_JSON", 1), ("total", "NOT_A_NUMBER", 1)
    ]  # fmt: skip
    assert any("kafka is a server" in notice for notice in page["notices"])
    assert page["samples"]["legacy"][0][0] == {"field": "order", "before": "o1", "after": "o1"}
    assert "ada@shop" not in str(page)
