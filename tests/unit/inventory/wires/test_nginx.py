"""nginx: who is behind which location, by which address, and what is in force there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.inventory.read import artefact, coverage, kind_of, seen
from tests.unit.inventory.wires.rows import figures, read_text, refusal, rows, table

CONF = """\
user www-data;
events { worker_connections 768; }
http {
  include mime.types;
  log_format json '{"uri": "$uri"}';   # braces in a string
  limit_req_zone $binary_remote_addr zone=api:10m rate=5r/s;
  upstream erp { server 10.0.0.5:8069 weight=1; keepalive 8; }
  upstream chat { server chat-1:8072; server chat-2:8072; }
  server { listen 80; server_name erp.shop.example; return 301 https://$host$request_uri; }
  server {
    listen 443 ssl http2;
    server_name erp.shop.example www.erp.shop.example;
    auth_basic "staff";
    location / { proxy_pass http://erp; }
    location /websocket { proxy_pass http://chat; limit_req zone=api burst=5; auth_basic off; }
    location ^~ /api/v2/ { proxy_pass https://orders.internal:8443/v2/; proxy_set_header X-Api-Key "Ng7planted"; }
    location = /health { proxy_pass http://erp/web/health; }
    location ~* ^/img/(?<id>\\d+)$ { set $images "http://img.internal"; proxy_pass $images$request_uri; }
    location ~ \\.php$ { fastcgi_pass unix:/run/php.sock; }
    location @app { uwsgi_pass app:3031; }
    location /static { try_files $uri @app; }
    location /lua { content_by_lua_block { ngx.say("}{") } }
    location /files { root /srv; }
  }
}
stream { server { listen 5432; proxy_pass db-1:5432; } }
"""


def test_what_is_passed_on(tmp_path: Path) -> None:
    found = read_text(tmp_path, "nginx.conf", "nginx", CONF, system="edge")
    assert rows(found) == table("""
        L14 interface http 10.0.0.5:8069 address=/
        L15 interface http chat address=/websocket
        L16 interface http orders.internal:8443 address=/v2 v2
        L17 interface http 10.0.0.5:8069 address=/web/health
        L18 interface http img.internal address=/img/{id}
        L19 interface http edge address=/.php
        L20 interface http app:3031 address=/static
        L16 credential nginx.conf X-Api-Key
        L26 system db-1:5432
    """)
    assert [one.scope for one in coverage(found)] == ["edge"]
    assert "Ng7planted" not in repr(found)


def test_figures(tmp_path: Path) -> None:
    found = read_text(tmp_path, "nginx.conf", "nginx", CONF)
    assert [figures(found, index)["plugins"] for index in range(3)] == [["auth_basic"], ["limit_req"], ["auth_basic"]]
    assert [figures(found, index)["match"] for index in (0, 3, 4)] == ["prefix", "exact", "regex"]
    assert figures(found, 2)["prefix"] == "/v2"
    assert "prefix" not in figures(found, 3)
    assert figures(found)["tls"] is True
    assert figures(found)["server_names"] == ["erp.shop.example", "www.erp.shop.example"]


def test_includes_leave_open_what_is_in_force(tmp_path: Path) -> None:
    text = "server { listen 80; include snippets/limits.conf; location / { proxy_pass http://a.example; } }\n"
    found = read_text(tmp_path, "site.conf", "nginx", text)
    assert "plugins" not in figures(found)
    assert figures(found)["tls"] is False
    whole = read_text(
        tmp_path,
        "nginx.conf",
        "nginx",
        "http { include /etc/nginx/conf.d/*.conf; server { location / { proxy_pass http://a.example; } } }\n",
    )
    assert len(rows(whole)) == 1
    assert not coverage(whole)


def test_variables(tmp_path: Path) -> None:
    text = "server { location /a/ { proxy_pass http://${BACKEND}:8080/; } location /b { proxy_pass http://$host; } }\n"
    assert rows(read_text(tmp_path, "a.conf", "nginx", text, variables={"BACKEND": "erp"})) == table("""
        L1 interface http erp:8080 address=/a/
        L1 interface http $host address=/b
    """)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("server { listen 80;", "the block of line 1 is not closed"),
        ("}\n", "a } that closes nothing"),
        ("{ }\n", "a block without a name"),
        ("a { " * 70, "blocks deeper than 60"),
        ("hello world", "it has no server, location or upstream"),
        ("listen 80;\n", "it has no server, location or upstream"),
        ('location "a', "it has no server"),
    ],
)
def test_what_is_no_nginx_is_refused(tmp_path: Path, text: str, told: str) -> None:
    assert told in refusal(tmp_path, "a.conf", "nginx", text)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("nginx.conf", CONF, "nginx"),
        ("shop", "server {\n  listen 80;\n  location / {\n    proxy_pass http://a;\n  }\n}\n", "nginx"),
        ("shop.conf", "upstream a {\n server b;\n}\nserver {\n}\n", "nginx"),
        ("my.conf", "[mysqld]\nport = 3306\n", ""),
        ("main.go", "package main\nfunc main() {\n}\n", ""),
    ],
)
def test_detection(tmp_path: Path, name: str, text: str, kind: str) -> None:
    assert kind_of(artefact(tmp_path, name, text)) == kind


def test_a_location_of_a_named_one_without_a_caller(tmp_path: Path) -> None:
    found = read_text(tmp_path, "a.conf", "nginx", "server { location @x { proxy_pass http://a.example; } }\n")
    assert [one.key.address for one in seen(found) if one.key] == ["/"]
