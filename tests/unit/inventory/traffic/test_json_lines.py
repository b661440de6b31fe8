"""JSON lines: the expression for thousands of lines says what the parser says of each."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.inventory.traffic.clients import split
from retailctl.inventory.traffic.days import Minutes
from retailctl.inventory.traffic.json_layout import layout
from retailctl.inventory.traffic.json_lines import JsonLines
from retailctl.inventory.traffic.json_words import ACCESS, GATEWAY, Words
from retailctl.inventory.traffic.tally import Columns

TEXTS = st.sampled_from(("", "x", "a b", 'q"uote', "back\\slash", "caf\u00e9", "tab\t", "/a?b", "-"))
FLAT = st.fixed_dictionaries(
    {
        "time": st.sampled_from(("2026-11-20T16:04:33Z", "20/Nov/2026:16:04:33 +0100", "1795187073.5", "never")),
        "remote_addr": st.sampled_from(("10.0.0.1", "2001:db8::1", "")),
        "user": TEXTS,
        "method": st.sampled_from(("GET", "POST", "BREW")),
        "uri": st.sampled_from(("/", "/a/1?k=v", "/a;j=1", "/a#f", "/caf\u00e9", '/"', "a")),
        "status": st.sampled_from((200, "200", "404", 503, "-")),
        "http_user_agent": TEXTS,
        "host": st.sampled_from(("shop.example", "SHOP:443", "")),
        "extra": TEXTS | st.integers() | st.booleans() | st.none(),
    }
)


def nested(flat: dict[str, Any]) -> dict[str, Any]:
    return {
        "request": {"uri": flat["uri"], "method": flat["method"], "headers": {"host": flat["host"]}},
        "response": {"status": flat["status"]},
        "client_ip": flat["remote_addr"],
        "service": {"host": "odoo.internal", "name": "orders"},
        "upstream_uri": "/behind",
        "consumer": {"username": flat["user"]},
        "tries": [{"ip": "10.0.0.1", "text": flat["extra"]}, flat["user"]],
        "tags": ["a]b"] if flat["extra"] == "x" else [],
        "started_at": flat["time"],
    }


def rows(columns: Columns | None) -> list[tuple[Any, ...]]:
    if columns is None:
        return []
    hosts = columns.hosts or (b"",) * len(columns.requests)
    found = zip(
        columns.requests, columns.clients, columns.minutes, columns.statuses, hosts, columns.agents, strict=True
    )
    return [(request, *split(client), *rest) for request, client, *rest in found]


@pytest.mark.parametrize("words", [ACCESS, GATEWAY], ids=["access", "gateway"])
@given(st.lists(FLAT, min_size=1, max_size=8))
def test_a_line_is_read_alike_by_expression_and_by_parser(words: Words, flats: list[dict[str, Any]]) -> None:
    records = [nested(flat) for flat in flats] if words is GATEWAY else flats
    choose = (lambda host, server, service: host or server) if words is GATEWAY else None
    texts = [json.dumps(record, ensure_ascii=False) for record in records]
    fast, slow = JsonLines(words, texts, choose), JsonLines(words, texts, choose)
    slow._layout = None
    block = "".join(f"{text}\n" for text in texts).encode()
    quick, quick_numbers, quick_odd = fast.columns(block, 7)
    patient, patient_numbers, patient_odd = slow.columns(block, 7)
    assert sorted(zip(quick_numbers, rows(quick), strict=True)) == sorted(
        zip(patient_numbers, rows(patient), strict=True)
    )
    assert quick_odd == patient_odd


def test_most_lines_of_one_writer_are_read_by_the_expression() -> None:
    text = (
        '{"time": "2026-11-20T16:04:33Z", "n": {"a": 1.5e3, "b": null}, "request": "GET /a?b HTTP/1.1", "status": 200}'
    )
    other = text.replace("1.5e3", '"x"').replace("GET /a?b", "POST /longer/1").replace("null", "true")
    made = layout(text, {"time": "time", "request": "line", "status": "status"})
    assert made is not None
    pattern, order = made
    assert order == ("time", "line", "status")
    assert pattern.findall(f"{text}\n{other}\r\n".encode()) == [
        (b"2026-11-20T16:04:33Z", b"GET /a", b"200"), (b"2026-11-20T16:04:33Z", b"POST /longer/1", b"200"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ['{"a": [[1]]}', '{"a": [1]}', "{" * 500, '{"a": 1} x', '{"b": 1}', "", "[1]", '{"a"', '{"\\u00e9": 1}']
)
def test_lines_without_a_layout(text: str) -> None:
    assert layout(text, {"a": "line"}) is None


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("2026-11-20T16:04:33.123+01:00", "2026-11-20T16:04"),
        ("2026-11-20 16:04:33", "2026-11-20T16:04"),
        ("20/Nov/2026:16:04:33 +0100", "20/Nov/2026:16:04"),
        ("[20/Nov/2026:16:04:33 +0100]", "20/Nov/2026:16:04"),
        ("1795187073", "2026-11-20T15:04"),
        ("1795187073.123", "2026-11-20T15:04"),
        ("1795187073123", "2026-11-20T15:04"),
        ("1795187073123456", "2026-11-20T15:04"),
        ("9" * 400, ""),
        ("soon", ""),
        ("", ""),
    ],
)
def test_times(text: str, minute: str) -> None:
    minutes = Minutes()
    for _ in range(2):  # the second time it is remembered
        assert minutes.of(text.encode()) == minute.encode()
