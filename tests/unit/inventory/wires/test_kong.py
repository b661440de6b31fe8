"""Kong (decK): nested and flat, with and without a version, and which plug-ins are in force where."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.inventory.read import artefact, coverage, errors, kind_of, seen
from tests.unit.inventory.wires.rows import figures, read_text, refusal, rows, table

NESTED = """\
_format_version: "3.0"
plugins:
  - {name: prometheus, config: {per_consumer: false}}
  - {name: rate-limiting, enabled: false}
upstreams:
  - {name: crm-pool, targets: [{target: "crm-1.internal:8443"}]}
  - {name: stock-pool, targets: [{target: "10.1.0.4:80"}, {target: "10.1.0.5:80"}]}
services:
  - name: crm
    host: crm-pool
    protocol: https
    port: 443
    retries: 3
    plugins: [{name: correlation-id}]
    routes:
      - name: contacts
        paths: ["~/v2/contacts/(?<id>[^/]+)$", /v2/segments]
        methods: [GET]
        strip_path: false
        plugins: [{name: acl, config: {allow: [shops]}}, {name: key-auth}]
      - {name: root, paths: [/crm]}
  - name: stock
    url: http://stock-pool/api/v1
    routes:
      - {name: levels, paths: [/stock], hosts: [api.shop.example], protocols: [http, https]}
      - {name: feed, protocols: [tcp], destinations: [{port: 9000}]}
consumers:
  - username: web-shop
    acls: [{group: shops}]
    keyauth_credentials: [{key: Kq7planted-key}]
    plugins: [{name: rate-limiting}]
  - username: jan@shop.example
    basicauth_credentials: [{username: jan, password: "{vault://env/jan}"}]
"""
FLAT = """\
services: [{id: s-1, name: orders, url: "https://orders.internal"}]
routes:
  - {name: create, service: {id: s-1}, paths: [/orders], methods: [POST, PUT], strip_path: false}
  - {name: lost, service: {name: nowhere}, paths: [/x]}
plugins:
  - {name: jwt, service: orders}
  - {name: request-validator, route: {name: create}}
  - {name: bot-detection, consumer: app}
consumers: [{username: app, custom_id: "7", jwt_secrets: [{key: issuer, secret: Jw7planted-secret}]}]
"""


def test_nested(tmp_path: Path) -> None:
    found = read_text(tmp_path, "kong.yaml", "kong", NESTED, system="gateway")
    assert rows(found) == table(
        """
        L16 interface http crm-1.internal:8443 address=/v2/contacts/{id} method=GET v2 < web-shop(web-shop @shops)
        L16 interface http crm-1.internal:8443 address=/v2/segments method=GET v2 < web-shop(web-shop @shops)
        L21 interface http crm-1.internal:8443 address=/crm
        L25 interface http stock-pool address=/api/v1 v1
        L26 system stock-pool
        L28 credential web-shop
        L30 credential web-shop
        L32 credential anon-10917
        L33 credential anon-10917
    """.replace("anon-10917", next(one.name for one in seen(found, "credential") if "anon" in one.name))
    )
    assert [one.scope for one in coverage(found)] == ["gateway"]
    assert figures(found, 2)["prefix"] == "/", "the route strips its path: it reaches all of the provider"
    assert figures(found, 3)["prefix"] == "/api/v1"
    assert figures(found, 3)["targets"] == ["10.1.0.4:80", "10.1.0.5:80"]
    assert figures(found, 1)["match"] == "prefix"


def test_plugins_in_force(tmp_path: Path) -> None:
    found = read_text(tmp_path, "kong.yaml", "kong", NESTED)
    # Everybody whom the ACL lets in has the limit; without an ACL others may call without it.
    assert figures(found, 0)["plugins"] == ["acl", "correlation-id", "key-auth", "prometheus", "rate-limiting"]
    assert figures(found, 2)["plugins"] == ["correlation-id", "prometheus"]
    assert figures(found, 2)["consumer_plugins"] == ["rate-limiting"]
    assert figures(found, 3)["plugins"] == ["prometheus"]


def test_credentials_are_fingerprints_or_places_in_a_vault(tmp_path: Path) -> None:
    found = read_text(tmp_path, "kong.yaml", "kong", NESTED)
    kept = [(one.values.get("vault"), bool(one.secret)) for one in seen(found, "credential")]
    assert kept == [(None, False), ("none", True), (None, False), ("vault://env/jan", False)]
    assert "Kq7planted" not in repr(found)
    assert "jan@" not in repr(found)


def test_flat(tmp_path: Path) -> None:
    found = read_text(tmp_path, "gateway.yaml", "kong", FLAT)
    assert rows(found) == table("""
        L3 interface http orders.internal address=/orders method=POST
        L3 interface http orders.internal address=/orders method=PUT
        L9 credential app
        L9 credential app
    """)
    assert figures(found)["plugins"] == ["jwt", "request-validator"]
    assert figures(found)["consumer_plugins"] == ["bot-detection"]
    assert "Jw7planted" not in repr(found)


def test_global_plugins_alone_stand_on_the_gateway(tmp_path: Path) -> None:
    found = read_text(
        tmp_path, "p.yaml", "kong", "plugins: [{name: rate-limiting, config: {minute: 5}}]\n", system="gw"
    )
    assert rows(found) == ["L1 system gw"]
    assert figures(found, 0, "system") == {"plugins": ["rate-limiting"]}
    assert not coverage(found)


def test_secrets_of_plugins_and_certificates(tmp_path: Path) -> None:
    text = """\
_format_version: "3.0"
_info: {select_tags: [team-a]}
services:
  - name: s
    url: http://h.example
    routes: [{name: r, paths: [/r], plugins: [{name: aws-lambda, config: {aws_secret: "Aw7planted", aws_key: "{vault://aws/key}", function_name: f}}]}]
    plugins: [{name: openid-connect, config: {client_secret: ["Oi7planted"], redis: {password: $REDIS}, token_endpoint: "https://login.example/token"}}]
certificates: [{id: c-1, cert: "-----BEGIN CERTIFICATE-----", key: "-----BEGIN RSA PRIVATE KEY-----\\nPk7planted"}]
"""
    found = read_text(tmp_path, "k.yaml", "kong", text)
    told = [(one.name, one.figures["setting"], one.values["vault"]) for one in seen(found, "credential")]
    assert sorted(told) == [
        ("aws-lambda", "aws-lambda.aws_secret", "none"),
        ("c-1", "certificates.key", "none"),
        ("openid-connect", "openid-connect.client_secret", "none"),
    ]
    assert "7planted" not in repr(found)
    assert not coverage(found), "a file cut by tags is a part of the gateway"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (NESTED, "kong"),
        (FLAT, "kong"),
        ("consumers: [{username: a, keyauth_credentials: [{key: b}]}]\n", "kong"),
        ("plugins: [{name: cors, config: {}}]\n", "kong"),
        ("routes: [{uri: /a, upstream: {nodes: {}}}]\n", ""),
        ("plugins: [eslint, prettier]\n", ""),
    ],
    ids=["nested", "flat", "consumers", "plugins", "another gateway", "another tool"],
)
def test_detection(tmp_path: Path, text: str, kind: str) -> None:
    assert kind_of(artefact(tmp_path, "a.yaml", text)) == kind


def test_compose_is_no_kong(tmp_path: Path) -> None:
    text = "services:\n  web: {image: nginx}\n"
    assert kind_of(artefact(tmp_path, "compose.yaml", text)) != "kong"
    assert "is no Kong (decK) file" in refusal(tmp_path, "a.yaml", "kong", "apiVersion: v1\n")
    wrong = errors(read_text(tmp_path, "compose.yaml", "kong", text))
    assert [error.partition(": ")[2] for error in wrong] == [
        "services is no list",
        "is no Kong (decK) file: nothing in it is written as Kong writes it",
    ]
