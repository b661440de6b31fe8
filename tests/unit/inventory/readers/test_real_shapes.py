"""Shapes that files in the wild have, and what only looks like one of our kinds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.inventory.read import artefact, errors, kind_of, read, seen
from tests.unit.inventory.wires.rows import rows

MARK = b"\xef\xbb\xbf"
HAR = (
    '{"log": {"entries": [{"startedDateTime": "2026-11-19T10:00:00Z", "request": {"method": "GET",'
    ' "url": "https://erp.example/api/orders"}, "response": {"status": 200}}]}}'
)
LINE = '10.1.1.9 - - [19/Nov/2026:10:00:00 +0000] "GET /api/orders HTTP/1.1" 200 12 "-" "shop/1"\n'
SERVER = "server {\n  listen 80;\n  location / { proxy_pass http://erp:8069; }\n}\n"
UBL = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"


@pytest.mark.parametrize(
    ("name", "content", "kind", "told"),
    [
        ("capture.har", HAR, "har", "http erp.example address=/api/orders method=GET"),
        ("access.log", LINE, "access-log", "address=/api/orders method=GET"),
        ("crontab", "5 4 * * * curl https://erp.example/run\n", "cron", "http erp.example address=/run method=GET"),
    ],
)
def test_a_byte_order_mark_is_no_part_of_the_file(
    tmp_path: Path, name: str, content: str, kind: str, told: str
) -> None:
    one = artefact(tmp_path, name, MARK + content.encode())
    assert kind_of(one) == kind
    found = read(one, kind)
    assert not errors(found)
    assert any(told in row for row in rows(found)), rows(found)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("etc/fstab", "proc /proc proc defaults 0 0\ntmpfs /var/log tmpfs nodev,nosuid 0 0\n", ""),
        ("jobs", "0 6 * jan-mar mon-fri /opt/run\n*/5 * * * 0 /opt/poll\n", "cron"),
        ("jobs", "H/15 2 1,L * 5L /opt/run\n", "cron"),
        ("README.md", f"# How to\n\n{SERVER}", ""),
        ("nginx/README.md", f"# How to\n\n{SERVER}", ""),
        ("nginx/shop.conf", SERVER, "nginx"),
        ("ubl.xsl", f'<xsl:stylesheet xmlns:xsl="x" xmlns:u="{UBL}"/>', ""),
        ("ubl.xsd", f'<xs:schema xmlns:xs="x" xmlns="{UBL}"/>', ""),
        ("notes.xml", f"<syntax><about>{UBL}</about></syntax>", ""),
        ("invoice.xml", f'<u:Invoice xmlns:u="{UBL}"/>', "ubl"),
        ("hpa.yaml", "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}", "kubernetes"),
        ("pv.yaml", "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: a}", "kubernetes"),
        ("sc.yaml", "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: a}", "kubernetes"),
        ("own.yaml", "apiVersion: shop.example/v1\nkind: Basket\nmetadata: {name: a}", ""),
        ("own.yaml", "apiVersion: v1\nkind: Basket", ""),
        ("cluster.yaml", "apiVersion: kafka.strimzi.io/v1\nkind: KafkaTopic\nmetadata: {name: a}", "kafka"),
    ],
)
def test_which_reader_takes_a_file(tmp_path: Path, name: str, content: str, kind: str) -> None:
    assert kind_of(artefact(tmp_path, name, content)) == kind


COMPOSE = """\
services:
  shop:
    image: shop
    environment:
      DATABASE_URL: postgres://writer:h7Kp2wLq@localhost:5432/shop
      ASPNETCORE_URLS: http://+:8000
      SENTRY_URL: https://public:Zt81mmQx@sentry.example/4
      ERP_URL: http://api:Vb66ttRe@erp:8069
"""
CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: shop}
data:
  DATABASE_URL: postgres://writer:h7Kp2wLq@pg:5432/shop
"""
CRONTAB = "QUEUE_URL=amqp://worker:h7Kp2wLq@rabbit:5672/shop\n0 1 * * * /opt/run\n"
SECRETS = """\
resources:
  - "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
    name: token
    generic_secret: {secret: {inline_string: h7Kp2wLq}}
  - "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
    name: server
    tls_certificate:
      certificate_chain: {inline_string: public-certificate}
      private_key: {inline_string: Zt81mmQx}
"""


@pytest.mark.parametrize(
    ("name", "content", "names", "hidden"),
    [
        ("compose.yaml", COMPOSE, ["api", "public", "writer"], ["h7Kp2wLq", "Zt81mmQx", "Vb66ttRe"]),
        ("map.yaml", CONFIG_MAP, ["shop/DATABASE_URL/writer"], ["h7Kp2wLq"]),
        ("crontab", CRONTAB, ["worker"], ["h7Kp2wLq"]),
        ("sds.yaml", SECRETS, ["sds.yaml private_key", "sds.yaml secret"], ["h7Kp2wLq", "Zt81mmQx"]),
    ],
)
def test_a_password_that_leads_nowhere_is_a_password_all_the_same(
    tmp_path: Path, name: str, content: str, names: list[str], hidden: list[str]
) -> None:
    one = artefact(tmp_path, name, content)
    found = read(one, kind_of(one))
    told = seen(found, "credential")
    assert not errors(found)
    assert sorted(one.name for one in told) == names
    assert all(one.secret and one.values["vault"] == "none" for one in told)
    assert len({one.secret for one in told}) == len(names)
    assert not [secret for secret in hidden if secret in repr(found)]


def test_an_address_to_listen_on_is_nobody_elses(tmp_path: Path) -> None:
    found = read(artefact(tmp_path, "compose.yaml", COMPOSE), "compose")
    assert [one.provider for one in seen(found)] == ["erp:8069"]


def test_the_timer_of_a_service_with_an_address_in_its_environment(tmp_path: Path) -> None:
    artefact(tmp_path, "sync.service", "[Service]\nEnvironment=DB=mysql://sync:h7Kp2wLq@db/shop\nExecStart=/opt/sync\n")
    found = read(artefact(tmp_path, "sync.timer", "[Timer]\nOnCalendar=daily\n"), "systemd")
    assert [one.name for one in seen(found, "credential")] == ["sync"]
    assert "h7Kp2wLq" not in repr(found)


def test_paths_with_a_colon_or_a_query_are_templates(tmp_path: Path) -> None:
    document = (
        "openapi: 3.0.0\ninfo: {title: Shop, version: '1'}\nservers: [{url: 'https://shop.example'}]\npaths:\n"
        "  /users/:user_id/orders: {get: {}}\n  '/orders?state={state}': {get: {}}\n  /orders:sync: {post: {}}\n"
    )
    found = read(artefact(tmp_path, "openapi.yaml", document), "openapi")
    assert [one.key.address for one in seen(found) if one.key is not None and one.key.protocol == "http"] == [
        "/users/{user_id}/orders",
        "/orders",
        "/orders:sync",
    ]


def test_a_path_in_another_file_is_told_by_its_line(tmp_path: Path) -> None:
    document = "openapi: 3.0.0\ninfo: {title: Shop, version: '1'}\npaths:\n  /pets:\n    $ref: paths/pets.yaml\n"
    found = read(artefact(tmp_path, "openapi.yaml", document), "openapi")
    assert errors(found) == ["openapi.yaml:4:3: a path item in another place was not followed"]


def test_a_filter_of_another_protocol_has_systems_behind_it(tmp_path: Path) -> None:
    listener = """\
static_resources:
  listeners:
    - address: {socket_address: {address: 0.0.0.0, port_value: 6379}}
      filter_chains:
        - filters:
            - name: envoy.filters.network.redis_proxy
              typed_config: {prefix_routes: {catch_all_route: {cluster: cache}}}
        - filters:
            - name: envoy.filters.network.tcp_proxy
              typed_config: {weighted_clusters: {clusters: [{name: blue, weight: 1}, {name: green, weight: 1}]}}
  clusters: []
"""
    found = read(artefact(tmp_path, "envoy.yaml", listener), "envoy")
    assert [one.name for one in seen(found, "system")] == ["cache", "blue", "green"]
