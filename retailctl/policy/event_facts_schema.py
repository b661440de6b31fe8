"""Derived facts of events (``graph/event_facts.py``): what inventory, contract and broker say together."""

from __future__ import annotations

from typing import Final

from retailctl.policy.fact import Fact

_EVENT_CONTRACT: Final = "event.contract as a document that is read"
_COMPARED: Final = "a comparison of both versions"

EVENT_FACTS: Final[dict[str, Fact]] = {
    "known_owner": Fact(
        "string",
        "Team that answers for it: event.owner, else x-owner or the owner in contract.yaml.",
        "event.owner, x-owner in the contract, owner in contract.yaml",
    ),
    "owner_status": Fact(
        "string",
        "active, inactive or missing: the owner as a team; absent without any team.",
        "event.known_owner, team.active",
    ),
    "known_kind": Fact(
        "string",
        "fact or command: event.kind, else x-event-kind, a tag, or contract.yaml.",
        "event.kind, x-event-kind in the contract, event.kind in contract.yaml",
    ),
    "consumer_count": Fact("int", "Number of systems that consume it.", "event.consumers"),
    "subscriptions": Fact(
        "strings",
        "How each consumer reads, as system: own_queue, shared_group, webhook or unknown.",
        "event.consumers",
    ),
    "criticality": Fact(
        "string",
        "A, B or C: the highest of the interfaces that carry the event.",
        "classification.criticality of the interfaces that carry the event",
    ),
    "contract_resolves": Fact("bool", "The contract path leads to a contract file.", "event.contract"),
    "described": Fact("bool", "The contract has a message that is this event.", f"{_EVENT_CONTRACT}, event.channel"),
    "typed": Fact("bool", "Its message has a schema that says something.", _EVENT_CONTRACT),
    "schema_language": Fact("string", "jsonschema, avro, protobuf, openapi or other.", _EVENT_CONTRACT),
    "compatibility": Fact("string", "Compatibility mode of the contract.", "compatibility in contract.yaml"),
    "successor": Fact("bool", "An earlier version of the contract stands beside it.", _EVENT_CONTRACT),
    "previous": Fact("string", "The version before it."),
    "new_major": Fact("bool", "Its major version is higher than that of the version before it."),
    "schema_breaking": Fact("bool", "It breaks the compatibility mode of its contract.", _COMPARED),
    "first_breaking": Fact("string", "What breaks first.", _COMPARED),
    "known_idempotency": Fact(
        "string",
        "Field that tells repeats apart: event.idempotency, else x-idempotency-key or contract.yaml.",
        "event.idempotency, x-idempotency-key in the contract, event.idempotency in contract.yaml",
    ),
    "idempotency_missing": Fact(
        "strings",
        "Fields of that key which a message may lack.",
        f"event.known_idempotency as names of fields, {_EVENT_CONTRACT}",
    ),
    "known_ordering": Fact(
        "string",
        "Ordering guarantee: event.ordering, else x-ordering or contract.yaml.",
        "event.ordering, x-ordering in the contract, event.ordering in contract.yaml",
    ),
    "ordering_fields": Fact(
        "strings",
        "Fields that the order is kept for; empty for none.",
        "event.known_ordering as names of fields, such as per order_ref",
    ),
    "ordering_missing": Fact(
        "strings",
        "Those of them that are not in the message.",
        f"event.known_ordering as names of fields, {_EVENT_CONTRACT}",
    ),
    "partitioned": Fact(
        "bool",
        "The broker keeps the order within a partition only (Kafka and its like).",
        "event.channel as an address with a scheme",
    ),
    "partition_key": Fact(
        "string",
        "Field that the broker partitions by.",
        "x-partition-key or the key in the Kafka binding, event.partition_key in contract.yaml",
    ),
    "partition_outside": Fact(
        "strings",
        "Fields of the partition key that the order is not kept for.",
        "event.known_ordering and event.partition_key as names of fields",
    ),
    "known_replay": Fact(
        "string",
        "How it is read again: event.replay, else x-replay or contract.yaml.",
        "event.replay, x-replay in the contract, event.replay in contract.yaml",
    ),
    "replay_drill": Fact(
        "string",
        "passed or failed: the last rehearsal of a replay.",
        "a dated sighting with replay_drill",
    ),
    "replay_drill_days": Fact("int", "Days since that rehearsal.", "a dated sighting with replay_drill"),
    "retention_minutes": Fact(
        "int",
        "Declared retention in minutes: event.retention, else the contract (x-retention, a binding).",
        "event.retention, x-retention or a binding in the contract, event.retention in contract.yaml",
    ),
    "replay_minutes": Fact(
        "int",
        "Horizon of the declared replay window in minutes.",
        "a duration in event.known_replay",
    ),
    "rpo_minutes": Fact(
        "int",
        "Longest recovery point of the interfaces that carry the event, in minutes.",
        "classification.rpo_minutes of an interface for each consumer of the event",
    ),
    "broker_retention_minutes": Fact(
        "int",
        "Retention that the broker is configured with, in minutes.",
        "a sighting of the broker with its retention",
    ),
    "dead_letter": Fact(
        "string",
        "named, none (declared as none) or observed-none (the broker has none).",
        "event.dlq, x-dead-letter or a binding in the contract, or a sighting of the broker",
    ),
}
