"""Sources by kind, and which kind is trusted for which attribute (estate.md sections 4 and 5). Data, not code."""

from __future__ import annotations

KIND_OF_SOURCE: dict[str, str] = {
    "access-log": "runtime",
    "odoo-log": "runtime",
    "gateway-log": "runtime",
    "otlp": "runtime",
    "har": "runtime",
    "credential-last-use": "runtime",
    "broker-statistics": "runtime",
    "rabbitmq": "configuration",
    "kafka": "configuration",
    "kafka-connect": "configuration",
    "n8n": "configuration",
    "node-red": "configuration",
    "compose": "configuration",
    "kubernetes": "configuration",
    "cron": "configuration",
    "systemd": "configuration",
    "odoo": "configuration",
    "odoo-addons": "configuration",
    "nginx": "configuration",
    "envoy": "configuration",
    "kong": "configuration",
    "sftp": "configuration",
    "edifact": "runtime",
    "x12": "runtime",
    "ubl": "runtime",
    "openapi": "contract",
    "asyncapi": "contract",
    "wsdl": "contract",
    "register": "register",
    "inventory": "register",
    "answer": "answer",
    "backstage": "catalog",
    "codeowners": "catalog",
}

_USE = ("runtime", "configuration", "contract", "register", "answer", "catalog", "guess")
_SHAPE = ("contract", "runtime", "configuration", "register", "answer", "catalog", "guess")
_DUTY = ("register", "answer", "catalog", "configuration", "contract", "runtime", "guess")

_SHAPE_ATTRIBUTES = frozenset({"contract", "mapping", "operations", "key"})
_USE_ATTRIBUTES = frozenset({"consumers", "schedule", "endpoints", "queue", "worker", "channel", "dlq", "last_used"})


def trust(attribute: str) -> tuple[str, ...]:
    """Kinds of source in order of trust for an attribute (its first dotted part counts)."""
    head = attribute.partition(".")[0]
    if head in _SHAPE_ATTRIBUTES:
        return _SHAPE
    if head in _USE_ATTRIBUTES:
        return _USE
    return _DUTY


def level(attribute: str, kind: str) -> int:
    """How much a kind of source is trusted for an attribute, 0 most. A register and an answer are trusted alike."""
    return trust(attribute).index("register" if kind == "answer" else kind)


def kind_of(source: str, declared: str | None = None) -> str:
    """Kind of a source: as declared, else from the table, else ``guess``."""
    return declared or KIND_OF_SOURCE.get(source.lower(), "guess")
