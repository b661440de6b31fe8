"""The broker: its definitions as RabbitMQ exports them."""

from __future__ import annotations

from typing import Any

from retailctl.model.estate import Estate
from retailctl.model.interface_key import EventKey
from tests.reference_estate.artefacts.made import UNDECLARED, Made, interfaces, json_list


def definitions(estate: Estate) -> Made:
    """``rabbitmq-definitions.json``: exchanges, queues, bindings and who may do what; cluster ``rabbitmq``."""
    made = Made("exports/rabbitmq/definitions.json")
    queues: list[tuple[str | None, Any]] = []
    bindings: list[tuple[str | None, Any]] = []
    writers: dict[str, set[str]] = {}
    readers: dict[str, set[str]] = {}
    keys: dict[tuple[str, str], set[str]] = {}
    exchanges: set[str] = set()
    bound: dict[str, tuple[str, str]] = {}
    published: dict[tuple[str, str], str] = {}
    for entry in estate.of("event").values():
        exchange, _, routing = (entry.noun.channel or "").partition("rabbitmq/")[2].partition("/")
        for consumption in entry.noun.consumers or ():
            if consumption.group:
                bound[consumption.group] = (exchange, routing)
    for one in interfaces(estate, "amqp"):
        assert isinstance(one.key, EventKey)
        who = {consumption.identity or consumption.system for consumption in one.consumers or ()}
        if one.key.exchange:
            exchanges.add(one.key.exchange)
            published[one.key.exchange, one.key.routing_key or ""] = one.id
            for account in who:
                writers.setdefault(account, set()).add(one.key.exchange)
                keys.setdefault((account, one.key.exchange), set()).add(one.key.routing_key or "")
            target = next((q for q, at in bound.items() if at == (one.key.exchange, one.key.routing_key)), None)
            bindings.append((one.id, _binding(one.key.exchange, target or "q.audit", one.key.routing_key or "")))
        elif one.key.queue:
            dead = {"x-dead-letter-exchange": "dead", "x-message-ttl": 1_209_600_000, "x-queue-type": "quorum"}
            queues.append((one.id, _queue(one.key.queue, dead)))
            for account in who:
                readers.setdefault(account, set()).add(one.key.queue)
    queues.append((UNDECLARED, _queue("q.reports.order-confirmed", {})))
    done = {(b["source"], b["destination"], b["routing_key"]) for _, b in bindings}
    for queue, (exchange, routing) in sorted(bound.items()):
        if (exchange, queue, routing) not in done:
            bindings.append((published.get((exchange, routing), UNDECLARED), _binding(exchange, queue, routing)))
    confirmed = ("order", "order.confirmed.v1")
    bindings.append((published[confirmed], _binding(confirmed[0], "q.reports.order-confirmed", confirmed[1])))
    accounts = sorted({*writers, *readers})
    rights = [
        {
            "user": account,
            "vhost": "/",
            "configure": "^$",
            "write": _any(writers.get(account, set())),
            "read": _any(readers.get(account, set())),
        }
        for account in accounts
    ]
    rights.append({"user": "svc-reports", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"})
    made.add(None, "{", '  "rabbit_version": "3.13.7",', '  "product_name": "RabbitMQ",', '  "users": [')
    users = [
        {"name": name, "password_hash": "aW52ZW50ZWQgbm90IGEgaGFzaA==", "tags": []}
        for name in (*accounts, "svc-reports")
    ]
    json_list(made, [(None, user) for user in users], 4)
    made.add(None, "  ],", '  "vhosts": [{"name": "/"}],', '  "permissions": [')
    json_list(made, [(None, right) for right in rights], 4)
    made.add(None, "  ],", '  "topic_permissions": [')
    json_list(made, [(None, right) for right in _topics(keys)], 4)
    made.add(None, "  ],", '  "policies": [],', '  "exchanges": [')
    kinds = [
        {"name": name, "vhost": "/", "type": "topic", "durable": True, "arguments": {}} for name in sorted(exchanges)
    ]
    json_list(made, [(None, kind) for kind in kinds], 4)
    made.add(None, "  ],", '  "queues": [')
    json_list(made, queues, 4)
    made.add(None, "  ],", '  "bindings": [')
    json_list(made, bindings, 4)
    made.add(None, "  ]", "}")
    return made


def _queue(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "vhost": "/", "durable": True, "auto_delete": False, "arguments": arguments}


def _binding(exchange: str, queue: str, routing: str) -> dict[str, Any]:
    return {"source": exchange, "vhost": "/", "destination": queue, "destination_type": "queue", "routing_key": routing,
            "arguments": {}}  # fmt: skip


def _topics(keys: dict[tuple[str, str], set[str]]) -> list[dict[str, str]]:
    """Who may publish which events: an exchange alone says too little."""
    return [
        {"user": account, "vhost": "/", "exchange": exchange, "write": _any(routing), "read": "^$"}
        for (account, exchange), routing in sorted(keys.items())
    ]


def _any(names: set[str]) -> str:
    return f"^({'|'.join(sorted(name.replace('.', '[.]') for name in names))})$" if names else "^$"
