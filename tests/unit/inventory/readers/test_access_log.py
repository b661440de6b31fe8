"""Access logs: formats, providers, consumers, figures, and what is no interface."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from retailctl.inventory.path_templates import PathTemplates
from retailctl.inventory.reading import Found
from retailctl.model.interface_key import HttpKey
from retailctl.model.seen import Seen
from tests.unit.inventory.read import artefact, coverage, errors, kind_of, read, seen

CURL = "curl/8.5.0"


def line(
    path: str,
    method: str = "GET",
    *,
    client: str = "10.1.2.3",
    user: str = "-",
    at: str = "20/Nov/2026:16:04:33",
    status: int | str = 200,
    agent: str = CURL,
    host: str = "",
) -> str:
    start = f"{host} " if host else ""
    return f'{start}{client} - {user} [{at} +0100] "{method} {path} HTTP/1.1" {status} 512 "-" "{agent}"\n'


def shown(found: list[Found]) -> dict[str, int]:
    """Calls by method and template."""
    return {f"{one.key.method} {one.key.address}": one.figures["count"] for one in keyed(found)}


def keyed(found: list[Found]) -> list[Any]:
    return [one for one in seen(found) if isinstance(one.key, HttpKey)]


def totals(found: list[Found]) -> dict[str, Any]:
    (server,) = seen(found, "system")
    return dict(server.figures)


def log(tmp_path: Path, *lines: str, name: str = "access.log", **more: Any) -> list[Found]:
    return read(artefact(tmp_path, name, "".join(lines)), "access-log", **more)


COMMON = '10.1.2.3 - - [20/Nov/2026:16:04:33 +0100] "POST /api/orders HTTP/1.1" 201 12'
ALB = (
    "2026-11-20T16:04:33.186641Z app/shop/50dc6c495c0c9188 10.1.2.3:2817 10.0.0.1:80 0.000 0.001 0.000 201 201 34 366 "
    '"POST https://shop.example:443/api/orders?token=abc HTTP/1.1" "curl/8.5.0" ECDHE-RSA TLSv1.2 arn:aws:x "Root=1-58" '
    '"shop.example" "arn" 0 2026-11-20T16:04:33Z "forward" "-" "-" "10.0.0.1:80" "201" "-" "-"'
)


@pytest.mark.parametrize(
    ("text", "provider"),
    [
        (COMMON, "access.log"),
        (f'{COMMON} "-" "curl/8.5.0"', "access.log"),
        (f'{COMMON} "https://shop.example/cart" "curl/8.5.0" 0.004 0.003 .', "access.log"),
        (f'{COMMON} "-" "curl/8.5.0" "203.0.113.9" rt=0.1 uct="0.0"', "access.log"),
        (f'shop.example {COMMON} "-" "curl/8.5.0"', "shop.example"),
        (f'SHOP.example:443 {COMMON} "-" "curl/8.5.0"', "shop.example"),
        (f"shop.example:8080 {COMMON}", "shop.example:8080"),
        (f'Nov 20 16:04:33 web1 nginx[12]: {COMMON} "-" "curl/8.5.0"', "access.log"),
        (f"<190>Nov 20 16:04:33 web1 nginx: {COMMON}", "access.log"),
        (f"https {ALB}", "shop.example"),
        (ALB, "shop.example"),
    ],
)
def test_every_format_shows_the_same_call(tmp_path: Path, text: str, provider: str) -> None:
    one = artefact(tmp_path, "access.log", text + "\n")
    assert kind_of(one) == "access-log"
    found = read(one, "access-log")
    (call,) = keyed(found)
    assert (call.key.method, call.key.address, call.provider, call.key.provider) == (
        "POST", "/api/orders", provider, provider,
    )  # fmt: skip
    assert call.figures["count"] == 1 and call.at == date(2026, 11, 20) and call.ref == "access.log#L1"
    assert [consumer.name.startswith("anon-") for consumer in call.consumers] == [True]
    (window,) = coverage(found)
    assert (window.source, window.scope) == ("access-log", provider)
    assert errors(found) == []


JSON = [
    '{"time_iso8601":"2026-11-20T16:04:33+01:00","remote_addr":"10.1.2.3","remote_user":"","request":"POST /api/orders?k=v HTTP/1.1","status":"201","http_user_agent":"curl/8.5.0","host":"shop.example"}',
    '{"time_local":"20/Nov/2026:16:04:33 +0100","remote_addr":"10.1.2.3","request_method":"POST","request_uri":"/api/orders?k=v","status":201,"server_name":"shop.example"}',
    '{"msec": "1795187073.123", "client_ip": "10.1.2.3", "method": "POST", "uri": "/api/orders", "status": 201, "host": "shop.example"}',
    '{"level":"info","ts":1795187073.5,"request":{"remote_ip":"10.1.2.3","method":"POST","host":"shop.example","uri":"/api/orders?x=1","headers":{"User-Agent":["curl/8.5.0"]}},"status":201,"user_id":""}',
    '{"ClientHost":"10.1.2.3","RequestMethod":"POST","RequestPath":"/api/orders","RequestHost":"shop.example","DownstreamStatus":201,"StartUTC":"2026-11-20T15:04:33.1Z"}',
    '{"@timestamp":"2026-11-20T16:04:33.000Z","client":{"ip":"10.1.2.3"},"http":{"request":{"method":"POST"},"response":{"status_code":201}},"url":{"path":"/api/orders","domain":"shop.example"}}',
    '{"start_time":"2026-11-20T16:04:33.000Z","method":"POST","path":"/api/orders","authority":"shop.example","response_code":201,"downstream_remote_address":"10.1.2.3:51234"}',
    '{"requestTime":"20/Nov/2026:16:04:33 +0000","ip":"10.1.2.3","httpMethod":"POST","resourcePath":"/api/orders","status":"201","domainName":"shop.example"}',
]  # fmt: skip


@pytest.mark.parametrize("text", JSON)
def test_json_lines_in_the_usual_spellings(tmp_path: Path, text: str) -> None:
    odd = '{"note":"no call"}'
    one = artefact(tmp_path, "access.json.log", f"{text}\n{text}\n{odd}\n{text}\n")
    assert kind_of(one) == "access-log"
    found = read(one, "access-log")
    (call,) = keyed(found)
    assert (call.key.method, call.key.address, call.provider) == ("POST", "/api/orders", "shop.example")
    assert (call.figures["count"], call.figures["peak_per_minute"], call.at) == (3, 3, date(2026, 11, 20))
    assert call.ref.endswith("#L4") and len(call.consumers) == 1
    assert errors(found) == ["access.json.log:3: is no access log line; the others were used"]


def test_lines_of_json_that_differ_in_layout_are_all_counted(tmp_path: Path) -> None:
    other = '{"status": 500, "uri": "/api/orders", "method": "POST", "host": "shop.example", "note": "a \\"b\\"", "client_ip": "10.9.9.9", "msec": 1795187073.1}'
    found = log(tmp_path, *(f"{text}\n" for text in (JSON[2], other, JSON[0], JSON[2], other)))
    (call,) = keyed(found)
    assert (call.figures["count"], call.figures["errors"], len(call.consumers)) == (5, 2, 2)


def test_status_snapshots_of_nginx_plus_are_refused_with_a_place(tmp_path: Path) -> None:
    text = '{"version":6,"nginx_version":"1.9.4","server_zones":{"a":{"requests":1}},"upstreams":{}}\n'
    one = artefact(tmp_path, "status.json", text * 3)
    assert kind_of(one) == "access-log"
    found = read(one, "access-log")
    assert len(found) == 1 and "status.json:1: is a status snapshot of nginx Plus" in errors(found)[0]


def test_figures_and_days(tmp_path: Path) -> None:
    rows = [
        line("/api/orders/1", at="19/Nov/2026:23:59:59"),
        line("/api/orders/2", at="20/Nov/2026:10:00:01", status=404),
        line("/api/orders/3", at="20/Nov/2026:10:00:59", status=503, client="10.1.2.4"),
        line("/api/orders/4", "HEAD", at="22/Nov/2026:10:00:00"),
    ]
    found = log(tmp_path, *rows)
    (call,) = keyed(found)
    assert call.figures == {
        "count": 4, "errors": 1, "client_errors": 1, "clients": 2, "peak_per_minute": 2, "per_day": 1,
        "template": "learned", "first_seen": "2026-11-19", "last_seen": "2026-11-22", "agents": {"curl": 4},
    }  # fmt: skip
    by_name = {one.count: (one.first_seen, one.last_seen) for one in call.consumers}
    assert by_name == {3: (date(2026, 11, 19), date(2026, 11, 22)), 1: (date(2026, 11, 20), date(2026, 11, 20))}
    (window,) = coverage(found)
    assert window.window is not None and (window.window.start, window.window.end) == (date(2026, 11, 19), date(2026, 11, 22))  # fmt: skip


def test_who_calls_is_named_only_when_it_may_be(tmp_path: Path) -> None:
    rows = [
        line("/api", user="svc-magento"),
        line("/api", user="svc-magento", client="10.1.2.9"),
        line("/api", user="anna.jansen"),
        line("/api", user="a@shop.example"),
        line("/api", client="10.0.0.5"),
        line("/api", client="wms.internal", user="erika"),
        line("/api", client="10.77.1.1"),
    ]
    found = log(tmp_path, *rows, known=lambda name: name in ("10.0.0.5", "wms.internal", "erika"))
    (call,) = keyed(found)
    names = {(one.name, one.identity, one.count) for one in call.consumers}
    assert ("svc-magento", "svc-magento", 2) in names
    assert ("10.0.0.5", None, 1) in names and ("wms.internal", "erika", 1) in names
    rest = [(name, identity) for name, identity, _ in names if name.startswith("anon-")]
    assert len(rest) == 3 and sum(identity == name for name, identity in rest) == 2
    assert not any(hidden in repr(found) for hidden in ("anna", "a@shop", "10.77", "10.1.2"))


def test_many_strangers_are_counted_and_not_all_listed(tmp_path: Path) -> None:
    rows = [line("/api", client=f"10.2.{n // 200}.{n % 200}") for n in range(300)]
    rows += [line("/api", client="10.9.9.9")] * 5
    (call,) = keyed(log(tmp_path, *rows))
    assert len(call.consumers) == 20 and call.figures["clients"] == 301
    assert call.consumers[0].count == 5
    assert sum(one.count or 0 for one in call.consumers) + call.figures["calls_of_other_clients"] == 305


def test_parts_of_pages_and_paths_that_are_not_there_are_no_interfaces(tmp_path: Path) -> None:
    rows = [
        *(line(f"/{name}") for name in ("a.css", "img/b.PNG", "web/static/c.js?v=3", "favicon.ico", "robots.txt")),
        line("/wp-login.php", status=404),
        line("/.env", status=404),
        line("/api", "OPTIONS", status=204),
        line("/api", "PUT", status=405),
        line("/api"),
        line("/api", status=404),
        line("/private", status=401),
        '10.1.2.3 - - [20/Nov/2026:16:04:33 +0100] "\\x16\\x03\\x01" 400 0 "-" "-"\n',
        '10.1.2.3 - - [20/Nov/2026:16:04:33 +0100] "-" 408 0 "-" "-"\n',
    ]
    found = log(tmp_path, *rows)
    assert shown(found) == {"GET /api": 2, "GET /private": 1}
    assert totals(found) == {"absent": 3, "calls": 3, "nothing": 2, "preflight": 1, "static": 5}
    assert errors(found) == []


def test_known_templates_come_first_and_are_kept_even_if_nothing_is_there(tmp_path: Path) -> None:
    known = PathTemplates([("shop", "/api/{kind}/2024"), ("shop", "/api/orders/{number}"), ("*", "/legacy/export")])
    rows = [
        line("/api/orders/4711"), line("/api/orders/2024"), line("/api/orders/A-1?x"), line("/legacy/export", status=404),
        line("/api/stock/9"),
    ]  # fmt: skip
    found = log(tmp_path, *rows, system="shop", templates=known)
    assert shown(found) == {
        "GET /api/orders/{number}": 3, "GET /legacy/export": 1, "GET /api/stock/{id}": 1,
    }  # fmt: skip
    assert {one.figures["template"] for one in keyed(found) if "orders" in one.key.address} == {"known"}


def test_a_literal_of_a_template_that_looks_like_an_id_stays(tmp_path: Path) -> None:
    known = PathTemplates([("shop", "/report/2024"), ("shop", "/report/{year}")])
    found = log(tmp_path, line("/report/2024"), line("/report/2023"), system="shop", templates=known)
    assert shown(found) == {"GET /report/2024": 1, "GET /report/{year}": 1}


def test_hosts_are_providers_of_their_own(tmp_path: Path) -> None:
    rows = [line("/a/1", host="one.example"), line("/a/2", host="ONE.example:443"), line("/a/3", host="two.example")]
    found = log(tmp_path, *rows, line("/a/4", host="-"), system="edge")
    assert {one.provider: one.figures["count"] for one in keyed(found)} == {
        "one.example": 2, "two.example": 1, "edge": 1,
    }  # fmt: skip
    assert [one.scope for one in coverage(found)] == ["edge", "one.example", "two.example"]


def test_lines_that_are_none_are_told_once_and_the_rest_is_used(tmp_path: Path) -> None:
    rows = [
        "\n",
        line("/a"),
        "who wrote this\n",
        line("/a"),
        "x" * 70_000 + "\n",
        "\x00\x00\n",
        line("/a", agent='say "hi"'),
    ]
    found = log(tmp_path, *rows)
    assert shown(found) == {"GET /a": 3}
    assert errors(found) == [
        "access.log:3: is no access log line; 3 lines are not, this is the first (1 above 64 KiB); the others were used"
    ]
    (call,) = keyed(found)
    assert call.ref == "access.log#L7"


@pytest.mark.parametrize("content", ["nothing of the kind\n", "\n\n", '{"a": 1}\n'])
def test_a_file_without_a_single_line_is_refused(tmp_path: Path, content: str) -> None:
    one = artefact(tmp_path, "access.log", content)
    assert kind_of(one) == ""
    found = read(one, "access-log")
    assert len(found) == 1 and errors(found)[0].startswith("access.log:1: no line is an access log line")


def test_packed_files_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    rows = "".join(line(f"/api/{n}", client=f"10.{n % 251}.{n % 7}.1") for n in range(40_000)).encode()
    packed = gzip.compress(rows, mtime=0)
    whole = read(artefact(tmp_path, "access.log.1.gz", packed), "access-log")
    assert shown(whole) == {"GET /api/{id}": 40_000} and errors(whole) == []
    one = artefact(tmp_path, "cut.log.gz", packed[: len(packed) * 3 // 4])
    part = read(one, "access-log")
    assert 1_000 < shown(part)["GET /api/{id}"] < 40_000
    assert len(errors(part)) == 1 and "is a broken archive" in errors(part)[0]


HOSTILE = {
    "nul": line("/a/\x00b"),
    "escape": line("/a/\x1b[2Jb", agent="\x1b]0;owned\x07"),
    "bidi": line("/a/\u202eb"),
    "braces": line("/a/{id}{}b"),
    "deep": line("/a" * 5000),
    "long segment": line("/a/" + "b" * 5000),
    "no slash": line("a"),
    "only slashes": line("////"),
    "absolute": line("http://user:hunter2@evil.example:80/a/b"),
    "year": line("/a", at="99/Foo/2026:16:04:33"),
    "quotes": line("/a", agent='\\"' * 500),
    "brackets": "[" * 60_000 + "\n",
    "spaces": " " * 60_000 + "\n",
    "open quote": '1 - - [20/Nov/2026:16:04:33 +0100] "GET /' + "a" * 60_000 + "\n",
    "dots": "/".join("1." * 20_000) + "\n",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_lines_neither_stop_nor_slow_nor_colour_anything(tmp_path: Path, name: str) -> None:
    found = log(tmp_path, line("/ok"), HOSTILE[name], line("/ok"))
    assert shown(found)["GET /ok"] == 2
    text = repr(found)
    assert "\x1b" not in text and "\u202e" not in text and "\x00" not in text and "hunter2" not in text
    assert all(len(one.key.address) < 2000 for one in keyed(found))


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    raw = line("/a/ok").encode() + line("/a/XX").encode().replace(b"XX", b"\xff\xfe\xe9") + b"\xff\xfe\x00\n"
    found = read(artefact(tmp_path, "access.log", raw), "access-log")
    assert shown(found) == {"GET /a/ok": 1, "GET /a/%FF%FE%E9": 1}
    assert len(errors(found)) == 1


SECRET = "s3cr3tVALUE99"


@pytest.mark.parametrize(
    "path",
    [
        f"/api?access_token={SECRET}",
        f"/api;jsessionid={SECRET}",
        f"/api#{SECRET}",
        f"http://svc:{SECRET}@shop.example/api",
        f"/web/hook/{SECRET}",
        f"/web/hook/6a1f7f9c-1111-2222-3333-444455556666/{SECRET}",
        "/web/hook/6a1f7f9c-1111-2222-3333-444455556666",
        f"/reset/{SECRET}{SECRET}",
    ],
)
@pytest.mark.parametrize("form", ["combined", "json"])
def test_no_secret_of_an_address_is_kept(tmp_path: Path, path: str, form: str) -> None:
    text = line(path, user="svc-x")
    if form == "json":
        text = (
            f'{{"time":"2026-11-20T16:04:33","remote_addr":"10.0.0.1","request":"GET {path} HTTP/1.1","status":200}}\n'
        )
    found = log(tmp_path, text, text, f"junk {SECRET}\n")
    assert len(keyed(found)) == 1
    told = repr(found) + repr([str(one) for one in found])
    assert SECRET not in told and "6a1f7f9c" not in told and "10.0.0.1" not in told


def test_progress_tells_all_bytes(tmp_path: Path) -> None:
    steps: list[int] = []
    rows = [line(f"/api/{n}") for n in range(20_000)]
    log(tmp_path, *rows, progress=steps.append)
    assert sum(steps) == sum(map(len, rows)) and len(steps) > 1


def test_what_only_browsers_and_robots_read_may_be_a_page(tmp_path: Path) -> None:
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0"
    robot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    rows = [
        line("/about", agent=firefox), line("/about", agent=robot), line("/cart", "POST", agent=firefox), line("/feed"),
    ]  # fmt: skip
    sure = {one.key.address: one.confidence for one in keyed(log(tmp_path, *rows))}
    assert sure == {"/about": 0.5, "/cart": 1.0, "/feed": 1.0}


def test_calls_that_all_come_from_the_machine_itself(tmp_path: Path) -> None:
    assert totals(log(tmp_path, line("/a", client="127.0.0.1"), line("/b", client="::1"))).get("behind_proxy") is True
    assert "behind_proxy" not in totals(log(tmp_path, line("/a", client="127.0.0.1"), line("/b", client="10.0.0.1")))


def test_a_log_is_a_seen_of_its_own_kind(tmp_path: Path) -> None:
    found = log(tmp_path, line("/a"), environment="prod")
    assert {one.source for one in found if isinstance(one, Seen)} == {"access-log"}
    assert {one.environment for one in seen(found)} == {"prod"}
