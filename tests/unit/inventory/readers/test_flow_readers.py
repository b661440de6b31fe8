"""What the tables of fixtures do not show: other real shapes of each kind, and what is no flow at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from retailctl.inventory.flows.graph import schedules
from retailctl.inventory.flows.n8n_times import schedule_of
from retailctl.model.interface_key import EventKey, HttpKey, JobKey, SqlKey
from tests.unit.inventory.read import artefact, coverage, errors, kind_of, read, seen


def _n8n(*nodes: dict[str, Any], **more: Any) -> str:
    made = [{"name": f"n{number}", "parameters": {}, **node} for number, node in enumerate(nodes)]
    return json.dumps({"nodes": made, "connections": {}, **more})


def _request(**parameters: Any) -> dict[str, Any]:
    return {"type": "n8n-nodes-base.httpRequest", "parameters": parameters}


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.json", _n8n({"type": "n8n-nodes-base.if"}), "n8n"),
        ("a.json", f"[{_n8n({'type': 'n8n-nodes-base.if'})}]", "n8n"),
        ("a.json", f'{{"data": [{_n8n({"type": "n8n-nodes-base.if"})}], "nextCursor": null}}', "n8n"),
        ("a.json", f'{{"id": 1, "workflow": {_n8n({"type": "n8n-nodes-base.if"})}}}', "n8n"),
        ("graph.json", '{"nodes": [{"id": 1}], "connections": {}}', ""),
        ("flows.json", '[{"id": "a", "type": "inject", "wires": [[]]}]', "node-red"),
        ("flows.json", '{"flows": [{"id": "a", "type": "tab"}, {"id": "b", "type": "inject", "wires": []}], "rev": "1"}', "node-red"),
        ("flows_cred.json", '{"$": "0123456789abcdef"}', ""),
        ("list.json", '[{"id": "a", "type": "x"}]', ""),
        ("docker-compose.prod.yml", "services: {a: {image: x}}", "compose"),
        ("stack.yaml", "services: {a: {image: x, environment: {}}}", "compose"),
        ("kong.yml", "_format_version: '3.0'\nservices: [{name: a, url: 'http://a'}]", "kong"),
        ("settings.yaml", "services: {a: {name: x}}", ""),
        ("k.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: a}", "kubernetes"),
        ("k.yaml", "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a}", "backstage"),
        ("k.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\napiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: a}", "backstage"),
        ("c.json", '{"info": {"schema": "https://schema.getpostman.com/json/collection/v2.0.0/collection.json"}, "item": []}', "postman"),
        ("c.json", '{"info": {"title": "x"}, "item": []}', ""),
        ("x.har", '{"log": {"entries": []}}', "har"),
        ("t.json", '{"resourceSpans": []}', "otlp"),
        ("a.timer", "[Timer]\nOnCalendar=daily\n", "systemd"),
        ("a.timer", "hello", ""),
        ("crontab", "0 1 * * * root /x\n", "cron"),
        ("notes.txt", "five short words in a row here\n", ""),
        ("notes.txt", "0 1 * * * /x\n", "cron"),
    ],
)  # fmt: skip
def test_a_file_is_taken_for_what_it_is(tmp_path: Path, name: str, content: str, kind: str) -> None:
    assert kind_of(artefact(tmp_path, name, content)) == kind


@pytest.mark.parametrize(
    ("kind", "parameters", "schedule"),
    [
        ("scheduleTrigger", {"rule": {"interval": [{}]}}, "0 0 * * *"),
        ("scheduleTrigger", {}, "0 0 * * *"),
        ("scheduleTrigger", {"rule": {"interval": [{"field": "minutes", "minutesInterval": 10}]}}, "10m"),
        ("scheduleTrigger", {"rule": {"interval": [{"field": "weeks", "triggerAtDay": [1, 3], "triggerAtHour": 7}]}}, "0 7 * * 1,3"),
        ("scheduleTrigger", {"rule": {"interval": [{"field": "months", "triggerAtDayOfMonth": 2}]}}, "0 0 2 * *"),
        ("scheduleTrigger", {"rule": {"interval": [{"field": "cronExpression", "expression": "*/5 * * * *"}, 7]}}, "*/5 * * * *; 0 0 * * *"),
        ("cron", {"triggerTimes": {"item": [{"mode": "everyMinute"}, {"mode": "custom", "cronExpression": "0 4 * * *"}]}}, "* * * * *; 0 4 * * *"),
        ("cron", {"triggerTimes": {"item": [{"mode": "everyWeek", "weekday": "5", "hour": 6}]}}, "0 6 * * 5"),
        ("cron", {"triggerTimes": []}, ""),
        ("interval", {"interval": 20, "unit": "minutes"}, "20m"),
        ("gmailTrigger", {"pollTimes": {"item": [{"mode": "everyX", "value": 5, "unit": "minutes"}]}}, "5m"),
        ("webhook", {"path": "x"}, ""),
    ],
)  # fmt: skip
def test_n8n_schedules_in_words_of_cron(kind: str, parameters: dict[str, Any], schedule: str) -> None:
    assert schedule_of(kind, parameters) == schedule


@pytest.mark.parametrize(
    ("parameters", "method", "mode"),
    [
        ({"url": "https://a.example/x"}, "GET", None),
        ({"url": "https://a.example/x", "requestMethod": "DELETE"}, "DELETE", None),
        ({"url": "https://a.example/x", "method": "={{ $json.m }}"}, None, None),
    ],
)
def test_methods_of_all_versions(tmp_path: Path, parameters: dict[str, Any], method: str | None, mode: None) -> None:
    (call,) = seen(read(artefact(tmp_path, "a.json", _n8n(_request(**parameters))), "n8n"))
    assert isinstance(call.key, HttpKey)
    assert (call.key.method, call.key.address, call.values.get("mode")) == (method, "/x", mode)


def test_a_workflow_of_an_inactive_n8n_is_less_sure_and_named_by_the_user(tmp_path: Path) -> None:
    one = artefact(tmp_path, "a.json", _n8n(_request(url="https://a.example/x"), active=False, name="W"))
    found = read(one, "n8n", system="n8n", environment="prod")
    (call,) = seen(found)
    assert (call.consumers[0].name, call.environment, call.confidence) == ("n8n", "prod", 0.4)
    assert coverage(found)[0].scope == "n8n"
    assert seen(found, "system")[0].figures["error_workflow"] is False


def test_variables_of_the_user_resolve_hosts(tmp_path: Path) -> None:
    one = artefact(tmp_path, "a.json", _n8n(_request(url="={{ $env.ERP }}/api")))
    (call,) = seen(read(one, "n8n", variables={"ERP": "https://erp.example"}))
    assert (call.provider, call.values["endpoints"]) == ("erp.example", [{"url": "https://erp.example/api"}])


def test_a_workflow_that_is_none_is_told(tmp_path: Path) -> None:
    assert errors(read(artefact(tmp_path, "a.json", "[]"), "n8n")) == ["a.json: holds no n8n workflow"]
    assert errors(read(artefact(tmp_path, "a.json", "{"), "n8n"))
    many = _n8n(*({} for _ in range(30)))
    assert errors(read(artefact(tmp_path, "a.json", many), "n8n"))[-1].endswith("and 20 more of the kind")


def test_only_what_scheduled_triggers_alone_lead_to_has_a_schedule() -> None:
    edges = [("a", "x"), ("x", "y"), ("b", "z"), ("a", "z"), ("y", "x"), ("c", "z")]
    assert schedules(edges, {"a": "1h", "b": "2h"}) == {"a": "1h", "x": "1h", "y": "1h", "b": "2h", "z": "1h; 2h"}
    assert "z" not in schedules(edges, {"a": "1h", "c": ""})
    assert schedules(edges, {}) == {}


def test_node_red_variables_of_a_tab_are_not_those_of_another(tmp_path: Path) -> None:
    def node(name: str, tab: str) -> dict[str, Any]:
        return {"id": name, "type": "http request", "z": tab, "url": "https://$" + "{HOST}/x", "wires": [[]]}

    flows = [{"id": "t1", "type": "tab", "env": [{"name": "HOST", "value": "a.example", "type": "str"}]},
             {"id": "t2", "type": "tab"}, node("one", "t1"), node("two", "t2")]  # fmt: skip
    found = seen(read(artefact(tmp_path, "f.json", json.dumps(flows)), "node-red"))
    assert [one.provider for one in found] == ["a.example", "${HOST}"]


@pytest.mark.parametrize(
    ("repeat", "schedule"),
    [("0.5", "0.5s"), ("90", "90s"), ("3600", "1h"), ("86400", "1d"), ("", None), ("x", None), ("-5", None)],
)
def test_intervals_of_inject(tmp_path: Path, repeat: str, schedule: str | None) -> None:
    flows = [{"id": "a", "type": "inject", "repeat": repeat, "wires": [[]]}]
    found = seen(read(artefact(tmp_path, "f.json", json.dumps(flows)), "node-red"))
    assert [one.values["schedule"] for one in found] == ([schedule] if schedule else [])


def test_compose_extends_itself_without_end(tmp_path: Path) -> None:
    text = "services:\n  a: {image: x, extends: {service: b}}\n  b: {image: x, extends: {service: a}, environment: {ERP_URL: 'http://erp.example/x'}}\n"
    found = seen(read(artefact(tmp_path, "compose.yaml", text), "compose"))
    assert {(one.consumers[0].name, one.provider) for one in found} == {("a", "erp.example"), ("b", "erp.example")}


def test_compose_reads_nothing_above_what_is_scanned(tmp_path: Path) -> None:
    (tmp_path / "secret.env").write_text("ERP_URL=http://outside.example/x\n", encoding="utf-8")
    inside = tmp_path / "in"
    text = "services: {a: {image: x, env_file: [../secret.env, /etc/passwd, 'http://x/y', ../../../etc/passwd]}}"
    assert seen(read(artefact(inside, "compose.yaml", text), "compose")) == []


def test_a_pair_has_one_sighting_of_each_kind_of_evidence_at_most(tmp_path: Path) -> None:
    text = "services:\n  a: {image: x, depends_on: [b, c], environment: {B_URL: 'http://b:80/x'}}\n  b: {image: x}\n  c: {image: x}\n"
    found = seen(read(artefact(tmp_path, "compose.yaml", text), "compose"))
    told = [(one.provider, one.figures["evidence"], one.figures.get("depends_on", False)) for one in found]
    assert told == [("b", "variable", True), ("c", "depends_on", False)]


def test_kubernetes_services_are_found_across_namespaces(tmp_path: Path) -> None:
    text = """
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Pod, metadata: {name: till, namespace: a}, spec: {containers: [{name: t, env: [{name: X_URL, value: "http://erp.b.svc.cluster.local:8069/x"}, {name: Y_URL, value: "http://erp/y"}]}]}}
- {apiVersion: v1, kind: Service, metadata: {name: erp, namespace: b}, spec: {selector: {app: odoo}}}
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: odoo, namespace: b}, spec: {template: {metadata: {labels: {app: odoo}}, spec: {containers: []}}}}
"""
    found = seen(read(artefact(tmp_path, "k.yaml", text), "kubernetes"))
    assert [(one.provider, one.consumers[0].name) for one in found] == [("odoo", "till"), ("erp", "till")]


def test_a_secret_that_is_filled_in_later_is_none(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {password: '{{ .Values.pw }}', token: '%%%', user: YWJj}\nstringData: {key: '${KEY}'}\n"
    assert [one.name for one in seen(read(artefact(tmp_path, "k.yaml", text), "kubernetes"), "credential")] == []


def test_har_counts_by_known_templates_and_names_the_client_of_the_user(tmp_path: Path) -> None:
    from retailctl.inventory.path_templates import PathTemplates

    entries = [
        {
            "startedDateTime": f"2026-11-{day}T08:00:00Z",
            "request": {"method": "GET", "url": f"https://erp.example/items/red-{day}"},
        }
        for day in (17, 19, 18)
    ]
    one = artefact(tmp_path, "x.har", json.dumps({"log": {"entries": entries}}))
    known = PathTemplates([("erp.example", "/items/{slug}")])
    (call,) = seen(read(one, "har", templates=known, system="till"))
    (user,) = call.consumers
    assert isinstance(call.key, HttpKey) and call.key.address == "/items/{slug}"
    assert (user.name, user.count, str(user.first_seen), str(user.last_seen)) == ("till", 3, "2026-11-17", "2026-11-19")


def _trace(*spans: dict[str, Any], service: str = "a") -> dict[str, Any]:
    def told(values: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"key": key, "value": {"stringValue": value}} for key, value in values.items()]

    made = [{"traceId": "t", **span, "attributes": told(span.get("attributes", {}))} for span in spans]
    return {"resource": {"attributes": told({"service.name": service})}, "scopeSpans": [{"spans": made}]}


def test_both_generations_of_attributes_tell_the_same_edge(tmp_path: Path) -> None:
    old = {"http.method": "GET", "http.url": "https://erp.example:8443/api/orders/17?x=1"}
    new = {
        "http.request.method": "GET",
        "url.full": "https://erp.example:8443/api/orders/18",
        "server.address": "other",
    }
    split = {
        "http.request.method": "GET",
        "url.path": "/api/orders/19",
        "server.address": "erp.example",
        "server.port": "8443",
    }
    spans = [{"spanId": str(number), "kind": 3, "attributes": told} for number, told in enumerate((old, new, split))]
    (call,) = seen(read(artefact(tmp_path, "t.json", json.dumps({"resourceSpans": [_trace(*spans)]})), "otlp"))
    assert isinstance(call.key, HttpKey)
    assert (call.provider, call.key.method, call.key.address, call.figures["count"]) == (
        "erp.example:8443",
        "GET",
        "/api/orders/{id}",
        3,
    )


def test_an_answered_client_span_is_one_call_in_whatever_order(tmp_path: Path) -> None:
    client = _trace({"spanId": "1", "kind": 3, "attributes": {"http.method": "GET", "http.url": "http://b/x"}})
    server = _trace(
        {"spanId": "2", "parentSpanId": "1", "kind": 2, "attributes": {"http.method": "GET", "http.route": "/x"}},
        service="b",
    )
    for order in ([client, server], [server, client]):
        found = read(artefact(tmp_path, "t.json", json.dumps({"resourceSpans": order})), "otlp")
        (call,) = seen(found)
        assert (call.provider, [user.name for user in call.consumers]) == ("b", ["a"])
        assert coverage(found) == []


@pytest.mark.parametrize(
    ("attributes", "kind", "key"),
    [
        ({"messaging.system": "kafka", "messaging.destination.name": "t"}, 4, EventKey(protocol="kafka", topic="t")),
        ({"messaging.system": "rabbitmq", "messaging.destination": "x", "messaging.rabbitmq.destination.routing_key": "r"}, 4,
         EventKey(protocol="amqp", exchange="x", routing_key="r")),
        ({"messaging.system": "rabbitmq", "messaging.destination.name": "x:r:q"}, 5, EventKey(protocol="amqp", queue="q")),
        ({"db.system.name": "postgresql", "db.namespace": "shop", "db.collection.name": "orders", "db.operation.name": "INSERT", "server.address": "pg"}, 3,
         SqlKey(protocol="sql", provider="pg", database="pg/shop", table="orders", access="write")),
        ({"http.method": "GET", "http.target": "/a/1?b=2"}, 2, HttpKey(protocol="http", provider="a", method="GET", address="/a/{id}")),
    ],
)  # fmt: skip
def test_a_span_is_a_key(tmp_path: Path, attributes: dict[str, str], kind: int, key: object) -> None:
    body = {"resourceSpans": [_trace({"spanId": "1", "kind": kind, "attributes": attributes})]}
    assert [one.key for one in seen(read(artefact(tmp_path, "t.json", json.dumps(body)), "otlp"))] == [key]


def test_lines_of_traces_report_their_progress_and_their_mistakes(tmp_path: Path) -> None:
    line = json.dumps({"resourceSpans": [_trace({"spanId": "1", "kind": 2, "attributes": {"http.route": "/x"}})]})
    one = artefact(tmp_path, "t.jsonl", f"{line}\n{{\n{line}\n")
    bytes_read: list[int] = []
    found = read(one, "otlp", progress=bytes_read.append)
    assert sum(bytes_read) == len(f"{line}\n{{\n{line}\n")
    assert [text.partition(": ")[0] for text in errors(found)] == ["t.jsonl:2"]
    assert seen(found)[0].figures["count"] == 2


def test_a_crontab_line_ends_at_a_percent_sign_and_its_unit_does_not_know_the_secret(tmp_path: Path) -> None:
    def unit(command: str) -> str | None:
        (job,) = [
            one
            for one in seen(read(artefact(tmp_path, "crontab.txt", f"0 1 * * * {command}\n"), "cron"))
            if isinstance(one.key, JobKey)
        ]
        return job.key.unit if isinstance(job.key, JobKey) else None

    assert unit("mail -s x y%hello") == unit("mail -s x y%other")
    assert unit("/x --token=abc-123") == unit("/x --token=def-456") != unit("/x --other=abc-123")


def test_a_timer_without_its_service_is_a_job_all_the_same(tmp_path: Path) -> None:
    found = read(
        artefact(tmp_path, "units/a.timer", "[Timer]\nOnCalendar=daily\nUnit=../../etc/passwd\n"),
        "systemd",
        system="erp-1",
    )
    (job,) = seen(found)
    assert job.key == JobKey(protocol="cron", provider="erp-1", host="erp-1", unit="a.timer")
    assert "command" not in job.figures


def test_a_variable_without_a_value_is_told_by_its_namesake(tmp_path: Path) -> None:
    text = """
services:
  web: {image: x, environment: [CART_ADDR, PRODUCT_CATALOG_ADDR, OTEL_COLLECTOR_HOST, NOBODY_ADDR, WEB_HOST, "QUOTE_ADDR=${QUOTE_ADDR}"]}
  cart: {image: x}
  product-catalog: {image: x}
  otel-collector: {image: x}
  quote: {image: x}
"""
    found = read(artefact(tmp_path, "compose.yaml", text), "compose")
    told = [(one.figures["variable"], one.provider, one.confidence) for one in seen(found)]
    assert told == [
        ("CART_ADDR", "cart", 0.5),
        ("PRODUCT_CATALOG_ADDR", "product-catalog", 0.5),
        ("QUOTE_ADDR", "quote", 0.5),
    ]
    (web,) = [one for one in seen(found, "system") if one.name == "web"]
    assert web.figures["telemetry"] == ["OTEL_COLLECTOR_HOST"]


@pytest.mark.parametrize(
    ("lines", "users"),
    [
        (["17 * * * * root cd / && run-parts x", "5 * * * * root command -v sa1 1 1"], ["root", "root"]),
        (["17 * * * * shop /opt/a.sh", "5 * * * * shop /opt/b.sh"], ["shop", "shop"]),
        (["17 * * * * cd /opt && ./a.sh", "5 * * * * /opt/b.sh"], [None, None]),
        (["17 * * * * backup-all now"], [None]),
    ],
)
def test_a_user_column_is_told_by_what_stands_in_it(tmp_path: Path, lines: list[str], users: list[str | None]) -> None:
    found = seen(read(artefact(tmp_path, "server__crontab.txt", "\n".join(lines)), "cron"))
    assert [one.figures.get("user") for one in found] == users


def test_a_command_of_node_red_is_read(tmp_path: Path) -> None:
    flows = [
        {"id": "a", "type": "inject", "repeat": "60", "wires": [["b"]]},
        {"id": "b", "type": "exec", "command": "curl https://a.example/x", "wires": [[]]},
    ]
    _, call = seen(read(artefact(tmp_path, "f.json", json.dumps(flows)), "node-red"))
    assert (call.provider, call.values["schedule"], call.values["mode"]) == ("a.example", "1m", "poll")
