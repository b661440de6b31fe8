"""Envoy: listeners, routes and clusters in the shapes of v3 and v2, whole or as files of resources."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.inventory.read import artefact, coverage, kind_of, seen
from tests.unit.inventory.wires.rows import figures, read_text, refusal, rows, table

THIRD = """\
static_resources:
  listeners:
    - name: ingress
      address: {socket_address: {address: 0.0.0.0, port_value: 8080}}
      filter_chains:
        - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                route_config:
                  virtual_hosts:
                    - name: shop
                      domains: ["api.shop.example"]
                      routes:
                        - match: {path: /old}
                          redirect: {path_redirect: /new}
                        - match: {prefix: /orders/}
                          route: {cluster: orders, prefix_rewrite: /api/v2/, timeout: 3s, retry_policy: {num_retries: 2}}
                        - match: {safe_regex: {regex: "/stock/[^/]+"}, headers: [{name: ":method", exact_match: GET}]}
                          route: {weighted_clusters: {clusters: [{name: stock-a, weight: 90}, {name: stock-b, weight: 10}]}}
                          typed_per_filter_config: {envoy.filters.http.jwt_authn: {disabled: true}}
                        - match: {prefix: /}
                          route: {cluster: nowhere, prefix_rewrite: /}
                http_filters:
                  - name: envoy.filters.http.jwt_authn
                  - name: envoy.filters.http.local_ratelimit
                  - name: envoy.filters.http.router
    - name: db
      filter_chains: [{filters: [{name: envoy.filters.network.tcp_proxy, typed_config: {cluster: postgres}}]}]
  clusters:
    - name: orders
      circuit_breakers: {}
      transport_socket: {name: envoy.transport_sockets.tls}
      load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: "${ORDERS_HOST}", port_value: 443}}}}]}]}
    - name: stock-a
      load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: a1, port_value: 80}}}}, {endpoint: {address: {socket_address: {address: a2, port_value: 80}}}}]}]}
    - name: postgres
      load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: db.internal, port_value: 5432}}}}]}]}
"""
SECOND = {
    "static_resources": {
        "listeners": [
            {
                "filter_chains": [
                    {
                        "filters": [
                            {
                                "name": "envoy.http_connection_manager",
                                "config": {
                                    "route_config": {
                                        "virtual_hosts": [
                                            {
                                                "domains": ["*"],
                                                "routes": [{"match": {"prefix": "/v1/"}, "route": {"cluster": "erp"}}],
                                            }
                                        ]
                                    },
                                    "http_filters": [{"name": "envoy.rate_limit"}, {"name": "envoy.router"}],
                                },
                            }
                        ]
                    }
                ]
            }
        ],
        "clusters": [{"name": "erp", "hosts": [{"socket_address": {"address": "erp.internal", "port_value": 8069}}]}],
    }
}


def test_v3(tmp_path: Path) -> None:
    found = read_text(tmp_path, "envoy.yaml", "envoy", THIRD, variables={"ORDERS_HOST": "orders.internal"})
    assert rows(found) == table("""
        L29 system db.internal:5432
        L17 interface http orders.internal address=/api/v2 v2
        L19 interface http stock-a address=/stock/{} method=GET
        L19 interface http stock-b address=/stock/{} method=GET
        L22 interface http nowhere address=/
    """)
    assert figures(found)["plugins"] == ["jwt_authn", "local_ratelimit"]
    assert figures(found, 1)["plugins"] == ["local_ratelimit"]
    assert (figures(found)["retries"], figures(found)["timeout"], figures(found)["circuit_breaker"]) == (2, "3s", True)
    assert figures(found)["prefix"] == "/api/v2"
    assert "prefix" not in figures(found, 1)
    assert figures(found, 1)["hosts"] == ["a1", "a2"]
    assert not any(name.startswith("resilience") for one in seen(found) for name in one.values)
    assert len(coverage(found)) == 1


def test_v2_as_json(tmp_path: Path) -> None:
    found = read_text(tmp_path, "envoy.json", "envoy", json.dumps(SECOND))
    assert rows(found) == ["L1 interface http erp.internal:8069 address=/v1/ v1"]
    assert figures(found)["plugins"] == ["rate_limit"]


def test_unknown_variables_stay(tmp_path: Path) -> None:
    assert "http ${ORDERS_HOST} address=/api/v2" in rows(read_text(tmp_path, "envoy.yaml", "envoy", THIRD))[1]


def test_resources_in_files_of_their_own(tmp_path: Path) -> None:
    text = """\
resources:
  - "@type": type.googleapis.com/envoy.config.route.v3.RouteConfiguration
    virtual_hosts: [{domains: ["*"], routes: [{match: {prefix: /a}, route: {cluster: c}}]}]
  - "@type": type.googleapis.com/envoy.config.cluster.v3.Cluster
    name: c
    load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: h, port_value: 80}}}}]}]}
"""
    assert kind_of(artefact(tmp_path, "rds.yaml", text)) == "envoy"
    found = read_text(tmp_path, "rds.yaml", "envoy", text)
    assert rows(found) == ["L3 interface http h address=/a"]
    assert not coverage(found)


def test_routes_from_a_server_leave_no_coverage(tmp_path: Path) -> None:
    text = "static_resources: {listeners: [{filter_chains: [{filters: [{typed_config: {rds: {}}}]}]}], clusters: [{name: a}]}\n"
    assert not coverage(read_text(tmp_path, "e.yaml", "envoy", text))


def test_wrong_types_and_refusals(tmp_path: Path) -> None:
    assert "is no Envoy configuration" in refusal(tmp_path, "a.yaml", "envoy", "a: 1\n")
    text = "static_resources: {listeners: 3, clusters: [4, {name: [x]}]}\n"
    assert "listeners is no list" in refusal(tmp_path, "a.yaml", "envoy", text)
    assert kind_of(artefact(tmp_path, "envoy.tmpl.yaml", THIRD)) == "envoy"
