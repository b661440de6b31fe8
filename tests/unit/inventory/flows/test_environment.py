"""Which variables name another system, and which only look like it."""

from __future__ import annotations

import pytest

from retailctl.inventory.flows.environment import Environment, edges_of, wire_of_image


def _edges(**values: str) -> list[tuple[str, str, str]]:
    return [(edge.variable, edge.scheme, edge.target.url.name) for edge in edges_of(Environment(values, {}, {}), {})]


@pytest.mark.parametrize(
    ("name", "value", "scheme", "host"),
    [
        ("ERP_URL", "http://odoo:8069", "http", "odoo:8069"),
        ("erp.url", "https://erp.example/api", "https", "erp.example"),
        ("CART_SERVICE_ADDR", "cart:7070", "", "cart:7070"),
        ("SPRING_DATASOURCE_URL", "jdbc:postgresql://pg:5432/shop", "postgresql", "pg"),
        ("KAFKA_BROKERS", "k1:9092,k2:9092", "kafka", "k1:9092"),
        ("RABBITMQ_HOST", "rabbit", "amqp", "rabbit"),
        ("POSTGRES_HOST", "pg", "postgresql", "pg"),
        ("MQTT_SERVER", "broker:1883", "mqtt", "broker"),
        ("CONNECTION_STRING", "Server=sql1,1433;Database=shop;User Id=x;Password=y", "mssql", "sql1"),
        ("UPSTREAM", "https://prices.example", "https", "prices.example"),
    ],
)
def test_an_address_is_an_edge(name: str, value: str, scheme: str, host: str) -> None:
    assert _edges(**{name: value}) == [(name, scheme, host)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317"),
        ("JAEGER_ENDPOINT", "http://jaeger:14268"),
        ("SENTRY_DSN", "https://key@sentry.example/1"),
        ("PROMETHEUS_URL", "http://prometheus:9090"),
        ("PUBLIC_URL", "https://shop.example"),
        ("BASE_URL", "https://shop.example"),
        ("CORS_ALLOWED_ORIGINS", "https://shop.example"),
        ("OAUTH_REDIRECT_URI", "https://shop.example/back"),
        ("HTTP_PROXY", "http://proxy:3128"),
        ("SERVER_HOST", "0.0.0.0"),
        ("DB_HOST", "localhost"),
        ("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://k1:9092"),
        ("LOG_LEVEL", "info"),
        ("EMAIL_HOST", "true"),
        ("ENABLE_API", "yes"),
        ("GREETING", "see https://docs.example for more"),
        ("EMPTY_URL", ""),
    ],
)
def test_what_only_looks_like_one_is_none(name: str, value: str) -> None:
    assert _edges(**{name: value}) == []


def test_host_port_and_name_are_one_address() -> None:
    found = next(edges_of(Environment({"DB_HOST": "pg", "DB_PORT": "5432", "DB_NAME": "shop"}, {}, {}), {}))
    assert found.target.url.clean == "postgresql://pg/shop"


@pytest.mark.parametrize(
    ("image", "scheme"),
    [("postgres:16", "postgresql"), ("registry.example:5000/library/mysql@sha256:0", "mysql"), ("bitnami/kafka", "kafka"),
     ("kafka-ui", ""), ("postgres-exporter", ""), ("nginx", ""), ("", "")],
)  # fmt: skip
def test_a_well_known_image_tells_its_wire(image: str, scheme: str) -> None:
    assert wire_of_image(image) == scheme
