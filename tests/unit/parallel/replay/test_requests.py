"""Recorded requests: what is taken, what is left out, what is never sent."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retailctl.model.http_exchange import HttpRequest, RecordedRequest
from retailctl.model.replay_plan import ReplayRoute
from retailctl.parallel.replay.requests import Recording, read_access_log, read_har, read_ndjson
from retailctl.parallel.replay.routes import Routes
from retailctl.parallel.replay.strip import safe_headers, safe_target


def lines(*records: Any) -> Recording:
    return read_ndjson(json.dumps(one).encode() for one in records)


def test_a_record_of_each_kind_is_the_same_request() -> None:
    headers = [{"name": "Accept", "value": "text/html"}, {"name": "Cookie", "value": "s=1"}]
    post = {"mimeType": "application/json", "text": "{}"}
    har = {"log": {"entries": [{
        "startedDateTime": "2026-11-20T10:00:00.500Z",
        "request": {"method": "post", "url": "https://a.example/x?y=1", "headers": headers, "postData": post},
        "response": {"content": {"text": "eyJpZCI6MX0=", "encoding": "base64"}},
    }]}}  # fmt: skip
    one = {"method": "POST", "url": "/x?y=1", "headers": {"Accept": "text/html", "Cookie": "s=1"}, "body": "{}",
           "timestamp": "2026-11-20T10:00:00.500Z", "response": {"body": {"id": 1}}}  # fmt: skip
    from_har, from_lines = read_har(har).requests[0], lines(one).requests[0]
    assert from_har == replace(from_lines, line=0), "an archive has entries, not lines"
    assert from_har.request == HttpRequest("POST", "/x?y=1", (("accept", "text/html"),), b"{}")
    assert from_har.answer == b'{"id":1}'


def test_an_access_log_gives_get_and_head_only() -> None:
    log = [
        b'10.0.0.1 - anna [20/Nov/2026:10:00:01 +0100] "GET /orders/1?x=1 HTTP/1.1" 200 51 "-" "curl/8"',
        b'10.0.0.1 - - [20/Nov/2026:10:00:02 +0100] "HEAD /orders/2 HTTP/2.0" 200 0 "-" "-"',
        b'10.0.0.1 - - [20/Nov/2026:10:00:03 +0100] "POST /orders HTTP/1.1" 201 5 "-" "-"',
        b'10.0.0.1 - - [20/Nov/2026:10:00:03 +0100] "GET /orders/\xff HTTP/1.1" 201 5 "-" "-"',
        b"", b"\x16\x03\x01", b'1 - - [x] "-" 400 0',
    ]  # fmt: skip
    made = read_access_log(log)
    assert [(one.request.method, one.request.target, one.line) for one in made.requests] == [
        ("GET", "/orders/1?x=1", 1), ("HEAD", "/orders/2", 2), ("GET", "/orders/%EF%BF%BD", 4),
    ]  # fmt: skip
    assert made.requests[1].time == pytest.approx((made.requests[0].time or 0) + 1)
    assert dict(made.unusable) == {"POST: a log has no bodies": 1, "not a line of an access log": 2}
    assert made.first["not a line of an access log"] == 6


@pytest.mark.parametrize(
    ("record", "reason"),
    [(b"{", "not JSON"), (b"[" * 100_000, "not JSON"), (b"[1]", "not a record"), (b"{}", "no usable method and url"),
     (b'{"url": 1}', "no usable method and url"), (b'{"url": "/../../etc"}', "no usable method and url"),
     (b'{"url": "/a/%2e%2E/b"}', "no usable method and url"), (b'{"url": "http://[::1"}', "no usable method and url"),
     (b'{"url": "/a", "method": "GET /x HTTP/1.1\\r\\nX:"}', "no usable method and url")],
)  # fmt: skip
def test_what_is_no_request_is_counted_with_its_place(record: bytes, reason: str) -> None:
    made = read_ndjson([b'{"url": "/fine"}\n', b"\n", record])
    assert (len(made.requests), dict(made.unusable), made.first) == (1, {reason: 1}, {reason: 3})


def test_headers_that_could_split_a_request_or_carry_a_secret_are_left_out() -> None:
    pairs = [("Accept", "a"), ("X-A\r\nB", "c"), ("X-A", "b\r\nC: d"), ("X-Auth-Token", "t"), ("Authorization", "t"),
             ("proxy-authorization", "t"), ("X-CSRF-Token", "t"), ("X-Api-Key", "k"), ("Host", "h"), (":authority", "h"),
             ("Content-Length", "9"), ("If-Modified-Since", "x"), ("X-Forwarded-For", "10.0.0.1"), ("X-Shop", "7")]  # fmt: skip
    assert safe_headers(pairs) == (("accept", "a"), ("x-shop", "7"))


@pytest.mark.parametrize(
    ("url", "target"),
    [("https://a.example/b?c=d#e", ("/b?c=d", False)), ("/b?token=x&c=d", ("/b?c=d", True)), ("/b?api_key=x", ("/b", True)),
     ("/b c/ü?q=a b", ("/b%20c/%C3%BC?q=a%20b", False)), ("https://a.example", ("/", False)), ("//evil.example/x", ("/x", False)),
     ("/a\r\nX: y", ("/aX:%20y", False)), ("a/b", None)],
)  # fmt: skip
def test_path_and_query_of_an_address(url: str, target: tuple[str, bool] | None) -> None:
    assert safe_target(url) == target


def recorded(number: int, target: str, method: str = "GET") -> RecordedRequest:
    return RecordedRequest(number, number, HttpRequest(method, target))


def test_routes_name_requests_and_decide_what_is_sent() -> None:
    allowed = ReplayRoute(method="POST", path="/o", allow_unsafe=True, sandbox=True, idempotency_header="k")
    routes = Routes([ReplayRoute(path="/o/{id}"), ReplayRoute(path="/s/*"), allowed])
    made = routes.route([
        recorded(1, "/o/1?x=1"), recorded(2, "/o/1/lines"), recorded(3, "/s/a/b/c"), recorded(4, "/o", "POST"),
        recorded(5, "/o/1", "DELETE"), recorded(6, "/o/1", "OPTIONS"), recorded(7, "/o", "QUERY"),
    ])  # fmt: skip
    assert [(one.route, not one.not_sent) for one in made] == [
        ("GET /o/{id}", True), ("GET /o/{}/lines", True), ("GET /s/*", True), ("POST /o", True),
        ("DELETE /o/{}", False), ("OPTIONS /o/{}", True), ("QUERY /o", False),
    ]  # fmt: skip


def test_a_path_that_no_route_names_shows_words_only() -> None:
    people = [recorded(number, f"/customers/{name}/orders") for number, name in enumerate("abcdefghijkl")]
    assert {one.route for one in Routes([]).route(people)} == {"GET /customers/{}/orders"}
    odd = [
        recorded(1, "/c/anna.meier@mail.example"),
        recorded(2, "/c/ANNA"),
        recorded(3, "/c/12"),
        recorded(4, "/v2/ab%20cd"),
    ]
    assert {one.route for one in Routes([]).route(odd)} == {"GET /c/{}", "GET /v2/{}"}


@given(st.lists(st.one_of(st.binary(max_size=80), st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(
        st.sampled_from(["method", "url", "headers", "body", "timestamp", "session", "response", "name", "value"]), inner, max_size=5)),
    max_leaves=8,
).map(lambda value: json.dumps(value).encode())), max_size=5))  # fmt: skip
@settings(max_examples=80)
def test_any_bytes_are_requests_or_counted(data: list[bytes]) -> None:
    for read in (read_ndjson, read_access_log):
        made = read(data)
        assert len(made.requests) + made.unusable.total() == sum(bool(one.strip()) for one in data)
    for one in data:
        try:
            read_har(json.loads(one))
        except (ValueError, RecursionError):
            continue
