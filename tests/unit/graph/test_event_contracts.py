"""An event and its contract: which message it is, whose word counts, and what may be known of its keys."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.api.rules import _estate
from retailctl.graph.estate_graph import EstateGraph
from retailctl.graph.facts import PLACES_OF_EVENTS, facts
from retailctl.model.event_words import FOREVER, fields_named, kept_minutes
from tests.conftest import AS_OF

PATH = "contracts/order/order-events/v1/asyncapi.yaml"


def document(address: str, message: dict[str, Any], **channel: Any) -> dict[str, Any]:
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Orders", "version": "1.0.0", "x-owner": "team-default", "x-retention": "1d"},
        "channels": {"c": {"address": address, "messages": {"OrderConfirmed": message}, **channel}},
        "operations": {"o": {"action": "send", "channel": {"$ref": "#/channels/c"}, "x-owner": "team-operation"}},
    }


def told(event: dict[str, Any], contracts: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    inventory = {"events": [{"id": "order.confirmed.v1", "contract": PATH, **event}]}
    found = facts(EstateGraph(_estate(inventory, contracts, {})), AS_OF)
    return found["event"]["order.confirmed.v1"], found[PLACES_OF_EVENTS]["order.confirmed.v1"]


@pytest.mark.parametrize(
    ("address", "event", "is_it"),
    [
        ("order.confirmed.v1", {}, True),
        ("order.confirmed", {}, True),
        ("Order.Confirmed.v2", {}, True),
        ("prod/orders", {"channel": "kafka://cluster/prod/orders"}, True),
        ("orders", {"channel": "orders"}, True),
        ("order.{what}.v1", {}, True),
        ("order.con{what}d", {}, True),
        ("{a}.{b}", {}, True),
        ("{a}", {}, False),
        ("order.can{what}", {}, False),
        ("order.cancelled.v1", {}, False),
        ("orders", {"name": "OrderConfirmed"}, True),
    ],
)
def test_an_event_is_the_message_on_its_address_or_of_its_name(address: str, event: Any, is_it: bool) -> None:
    found, _ = told({"channel": "amqp://b/x.y.z", **event}, {PATH: document(address, {"payload": {"type": "object"}})})
    assert found["described"] is is_it


def test_many_parameters_in_an_address_are_matched_step_by_step() -> None:
    found, _ = told(
        {"name": "a" * 500, "channel": "x"}, {PATH: document("{a}-" * 200 + "x", {"payload": {"type": "object"}})}
    )
    assert found["described"] is False


@pytest.mark.parametrize(
    ("event", "message", "owner", "place"),
    [
        ({"owner": "team-inventory"}, {"x-owner": "team-message"}, "team-inventory", "/events/0/owner"),
        ({}, {"x-owner": "team-message"}, "team-message", "/channels/c/messages/OrderConfirmed/x-owner"),
        ({}, {}, "team-operation", "/operations/o/x-owner"),
    ],
)
def test_the_nearer_statement_counts_and_says_where_it_stands(event: Any, message: Any, owner: str, place: str) -> None:
    found, places = told(event, {PATH: document("order.confirmed", message)})
    assert (found["known_owner"], places["known_owner"][0].pointer) == (owner, place)


def test_a_default_of_the_document_and_contract_yaml_come_last() -> None:
    promise = {
        "id": "order-events",
        "kind": "asyncapi",
        "owner": "team-promise",
        "event": {"retention": "3d", "kind": "fact"},
    }
    contracts = {PATH: document("order.confirmed", {}), "contracts/order/order-events/contract.yaml": promise}
    found, places = told({}, contracts)
    assert (found["retention_minutes"], found["known_kind"]) == (3 * 1440, "fact")
    assert places["known_kind"][0].pointer == "/event/kind"
    del contracts["contracts/order/order-events/contract.yaml"]
    assert told({}, contracts)[0]["retention_minutes"] == 1440


def test_a_topic_of_one_partition_keeps_its_order() -> None:
    bindings = {"kafka": {"partitions": 1}}
    found, _ = told(
        {"channel": "kafka://c/order.confirmed"}, {PATH: document("order.confirmed", {}, bindings=bindings)}
    )
    assert found["partitioned"] is False


def test_nothing_is_missing_behind_a_reference_that_leads_nowhere() -> None:
    message = {"payload": {"$ref": "#/components/schemas/Gone"}}
    found, _ = told(
        {"idempotency": "event_id", "ordering": "per order_ref"}, {PATH: document("order.confirmed", message)}
    )
    assert not found.keys() & {"idempotency_missing", "ordering_missing"}
    assert found["typed"] is True


def test_how_each_consumer_reads() -> None:
    consumers = [
        {"system": "wms", "group": "q1"},
        {"system": "crm", "group": "q2"},
        {"system": "bi", "group": "q2"},
        "pos",
    ]
    found, _ = told({"consumers": consumers}, {})
    assert found["subscriptions"] == ["bi: shared_group", "crm: shared_group", "pos: unknown", "wms: own_queue"]
    assert found["consumer_count"] == 4
    called, _ = told({"consumers": ["crm"], "channel": "https://crm.example/hooks"}, {})
    assert called["subscriptions"] == ["crm: webhook"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("event_id", ("event_id",)),
        ("per sku and location_code", ("sku", "location_code")),
        ("order.order_ref, lines[].sku", ("order_ref", "sku")),
        ("$message.payload#/meta/event_id", ("event_id",)),
        ("none", ()),
        ("", ()),
        ("as they come", None),
        ("sku" + " " * 100_000 + "site", ("sku",)),
    ],
)
def test_words_name_fields(text: str, names: tuple[str, ...] | None) -> None:
    assert fields_named(text) == names


@pytest.mark.parametrize(
    ("text", "minutes"), [("14d", 20160), ("Forever", FOREVER), ("window 7d", 10080), ("long", None)]
)
def test_words_name_times(text: str, minutes: int | None) -> None:
    assert kept_minutes(text) == minutes
