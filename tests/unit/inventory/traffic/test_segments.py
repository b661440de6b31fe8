"""Which segments are values, and what they become."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.inventory.path_templates import PathTemplates
from retailctl.inventory.traffic.agents import BROWSER, family, is_reader
from retailctl.inventory.traffic.days import ordinal
from retailctl.inventory.traffic.routes import Routes, host_name
from retailctl.inventory.traffic.segments import is_static, segment

IDS = (
    *("1", "42", "4711", "4006381333931", "6a1f7f9c-1111-4222-8333-444455556666", "d41d8cd98f00b204e9800998ecf8427e"),
    *("507f1f77bcf86cd799439011", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "SO12345", "S00042", "INV-2024-0001", "ORD_10001"),
    *("cus_9sTq81mZ0Kd2", "eyJhbGciOiJIUzI1NiJ9", "a@shop.example", "a%40shop.example", "+31612345678", "x" * 80, "10.0.0.1"),
    *("cJZKeOuBrn4kERxqtaUH3aCWcynf_cDxXwCLxiixG1c", "12,13,14", "A1B2C3D4E5F6", "0xdeadbeef12345678"),
)  # fmt: skip
NAMES = (
    *("orders", "v1", "V2", "v2.1", "1.0", "2.31", "oauth2", "s3", "md5", "log4j", "kibana-dashboard3", "scale11x"),
    *("logstash-monitorama-2013", "week-of-unix-tools", "year-in-review", "call_kw", "sale.order", "search_read", "index"),
    *("is%20it%20done", "caf%C3%A9", "~user", "deadbeef", "face", "web_editor", "b2b-portal", "find-that-lost-session-2"),
)  # fmt: skip


@pytest.mark.parametrize("text", IDS)
def test_what_names_a_record_is_a_parameter(text: str) -> None:
    assert segment(text.encode(), b"orders") == "{id}"
    assert segment(text.encode() + b".json", b"orders") == "{id}.json"


@pytest.mark.parametrize("text", NAMES)
def test_what_names_a_thing_keeps_its_name(text: str) -> None:
    assert segment(text.encode(), b"orders") == text


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/json/2/sale.order/read", "/json/2/sale.order/read"),
        ("/xmlrpc/2/object", "/xmlrpc/2/object"),
        ("/rest/V1/orders/12", "/rest/V1/orders/{id}"),
        ("/api/2/orders", "/api/2/orders"),
        ("/api/2", "/api/{id}"),
        ("/api/17/orders", "/api/{id}/orders"),
        ("/admin/api/2024-01/orders.json", "/admin/api/2024-01/orders.json"),
        ("/admin/api/2024-01/orders/450789469.json", "/admin/api/2024-01/orders/{id}.json"),
        ("/orders/2024-01/x", "/orders/{date}/x"),
        ("/stock/2024-01-31", "/stock/{date}"),
        ("/archive/2024/01/31/", "/archive/{id}/{id}/{id}"),
        ("/odata/Customers(4711)/Orders('A 1')", "/odata/Customers({id})/Orders({id})"),
        ("/a//b/./c/", "/a/b/./c"),
        ("/", "/"),
        ("/orders/{id}", "/orders/{id}"),
        ("/" + "/".join("abcdefghijklmnopqrstuvw"), "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/{path}"),
    ],
)
def test_paths(path: str, template: str) -> None:
    routes = Routes(PathTemplates(), "")
    (key,) = routes.shorten(None, [b"GET " + path.encode()])
    assert "/" + "/".join(routes.use(key).segments) == template


@given(st.lists(st.sampled_from((*IDS, *NAMES, "api", "1", "rest", "12")), max_size=6))
def test_shortening_first_changes_nothing(parts: list[str]) -> None:
    raw = b" GET /" + "/".join(parts).encode()
    routes = Routes(PathTemplates(), "")
    (short,) = routes.shorten(None, [raw[1:]])
    assert routes.use(short) == routes.use(raw)


@given(st.binary(max_size=60).filter(lambda raw: b"\n" not in raw))
def test_no_bytes_break_a_route(raw: bytes) -> None:
    routes = Routes(PathTemplates([("*", "/a/{b}")]), "")
    (key,) = routes.shorten([b"h"], [b"GET /" + raw])
    text = "/".join(routes.use(key).segments)
    assert text.isascii() and text.isprintable()


@pytest.mark.parametrize(
    ("path", "kind"), [("a/b.css", "css"), ("a.PNG", "png"), ("robots.txt", "txt"), ("a.csv", ""), ("a", ""), ("", "")]
)
def test_parts_of_pages(path: str, kind: str) -> None:
    assert is_static([part for part in path.encode().split(b"/") if part]) == kind


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("", ""),
        ("-", ""),
        ("python-requests/2.31.0", "python-requests"),
        ("Shopify-Captain-Hook", "Shopify-Captain-Hook"),
        ("Odoo/17.0", "Odoo"),
        ("Apache-HttpClient/4.5.13 (Java/11.0.20)", "Apache-HttpClient"),
        ("Java/1.8.0_292", "Java"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0", BROWSER),
        ("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)", BROWSER),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot"),
        ("Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com)", "Slurp"),
        ("Mozilla/5.0 (compatible; SomeTool 1.0)", "SomeTool 1.0"),
        ("sk_live_abcdef123456", "other"),
        ("4711-internal", "other"),
        ("client 0612345678", "other"),
        ("\x1b]0;owned\x07", "other"),
    ],
)
def test_families_of_software(agent: str, name: str) -> None:
    assert family(agent.encode()) == name


def test_who_reads_pages() -> None:
    assert [is_reader(name) for name in (BROWSER, "Googlebot", "bingbot", "curl", "Odoo")] == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("minute", "day"),
    [
        (b"17/May/2015:10:05", "2015-05-17"),
        (b"17/mai/2015:10:05", ""),
        (b"2015-05-17T10:05", "2015-05-17"),
        (b"2015-05-17 10:05", "2015-05-17"),
        (b"99/May/2015:10:05", ""),
        (b"", ""),
        (b"\xff" * 17, ""),
    ],
)
def test_days(minute: bytes, day: str) -> None:
    from datetime import date

    assert ordinal(minute) == (date.fromisoformat(day).toordinal() if day else 0)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        (b"Shop.Example.", b"shop.example"), (b"shop:443", b"shop"), (b"shop:8069", b"shop:8069"), (b"-", b""),
        (b"[2001:db8::1]:443", b"[2001:db8::1]"), (b"<script>", b""), (b"a b", b""), (b"x" * 300, b""), (b"", b""),
    ],
)  # fmt: skip
def test_hosts(host: bytes, name: bytes) -> None:
    assert host_name(host) == name
