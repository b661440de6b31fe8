"""Derived facts: set when they follow from what is declared, left out when they do not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from retailctl.graph.estate_graph import EstateGraph
from retailctl.graph.facts import facts
from retailctl.inventory.assemble import estate_of

AS_OF = date(2026, 11, 20)


def fact(kind: str, id_: str, **sections: Any) -> dict[str, Any]:
    return facts(EstateGraph(estate_of(sections)), AS_OF)[kind][id_]


@pytest.mark.parametrize(
    ("teams", "expected"),
    [
        ([{"id": "team-web"}], "active"),
        ([{"id": "team-web", "active": False}], "inactive"),
        ([{"id": "team-erp"}], "missing"),
        ([], None),
    ],
)
def test_owner_status_needs_a_list_of_teams(teams: list[dict[str, Any]], expected: str | None) -> None:
    found = fact("interface", "if-a", teams=teams, interfaces=[{"id": "if-a", "owner": "team-web"}])
    assert found.get("owner_status") == expected


@pytest.mark.parametrize(
    ("interface", "expected"),
    [
        ({"endpoints": [{"url": "https://a.example"}]}, []),
        ({"endpoints": [{"url": "https://a.example"}, {"url": "http://u:p@b.example:80/x"}]}, ["http://b.example"]),
        ({"key": {"protocol": "ftp", "host": "files.example"}}, ["ftp://files.example"]),
        ({"key": {"protocol": "ftp"}, "endpoints": [{"url": "ftps://files.example"}]}, []),
        ({"key": {"protocol": "sftp"}}, []),
        ({"key": {"protocol": "http"}}, None),
        ({"endpoints": [{"url": "${BASE}/x"}]}, None),
        ({"endpoints": [{"url": "https://a.example"}, {"url": "${BASE}/x"}]}, None),
        ({"endpoints": [{"url": "postgresql://db.example/x?sslmode=verify-full"}]}, []),
        ({"endpoints": [{"url": "postgresql://db.example/x?a=b&sslmode=disable"}]}, ["postgresql://db.example"]),
        ({"endpoints": [{"url": "postgresql://db.example/x?sslmode=prefer"}]}, None),
        ({"endpoints": [{"url": "postgresql://db.example/x"}]}, None),
        ({}, None),
    ],
)
def test_transport_is_judged_by_scheme_and_never_guessed(interface: dict[str, Any], expected: list[str] | None) -> None:
    found = fact("interface", "if-a", interfaces=[{"id": "if-a", **interface}])
    assert found.get("cleartext_urls") == expected
    assert found.get("insecure") == (None if expected is None else bool(expected))


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([{"id": "e", "publisher": "shop", "domain": "order"}], True),
        ([{"id": "e", "publisher": "shop", "domain": "stock"}], False),
        ([{"id": "e", "publisher": "shop"}], None),
        ([{"id": "e", "publisher": "wms", "domain": "order"}], None),
    ],
)
def test_an_event_alternative_is_only_denied_when_something_is_known(
    events: list[dict[str, Any]], expected: bool | None
) -> None:
    interface = {"id": "if-a", "provider": "shop", "domain": "order", "mode": "poll"}
    assert fact("interface", "if-a", events=events, interfaces=[interface]).get("event_alternative") is expected


def test_a_credential_is_shared_by_the_systems_that_sign_in_with_it() -> None:
    interfaces = [
        {
            "id": "if-a",
            "owner": "t1",
            "consumers": [{"system": "shop", "identity": "svc"}, "bi"],
            "operations": ["read"],
        },
        {"id": "if-b", "owner": "t2", "consumers": [{"system": "pos", "identity": "svc"}], "operations": ["create"]},
    ]
    credential = {"id": "svc", "used_by": ["if-a", "if-b"], "scopes": ["order:create", "order:delete", "order:read"]}
    found = fact("credential", "svc", interfaces=interfaces, credentials=[{**credential, "last_rotated": "2026-11-10"}])
    assert found["systems"] == ["pos", "shop"]
    assert found["owners"] == ["t1", "t2"]
    assert found["excess_operations"] == ["delete"]
    assert found["rotated_days"] == 10


def test_excess_is_left_out_when_one_interface_does_not_say_what_it_does() -> None:
    interfaces = [{"id": "if-a", "consumers": [{"system": "shop", "identity": "svc"}]}]
    found = fact("credential", "svc", interfaces=interfaces, credentials=[{"id": "svc", "scopes": ["order:read"]}])
    assert "excess_operations" not in found
    assert found["granted_operations"] == ["read"]


@pytest.mark.parametrize("scope", ["*", ".*", "admin", "base.group_system", "product:*", "orders/.*"])
def test_wildcards_and_admin_groups_are_named(scope: str) -> None:
    found = fact("credential", "svc", credentials=[{"id": "svc", "scopes": ["order:read", scope]}])
    assert found["wildcard_scopes"] == [scope]


def test_second_writers_are_those_without_a_sync_rule() -> None:
    domain = {
        "id": "stock",
        "system_of_record": "wms",
        "writers": ["wms", "odoo", "shop"],
        "sync": {"from": "wms", "priority": ["wms", "odoo"]},
    }
    assert fact("domain", "stock", domains=[domain])["second_writers"] == ["shop"]
    assert "second_writers" not in fact("domain", "stock", domains=[{"id": "stock", "writers": ["shop"]}])


def test_a_direct_database_writer_is_a_writer_even_if_nobody_lists_it() -> None:
    domain = {"id": "stock", "system_of_record": "odoo", "writers": ["odoo"]}
    sql = {
        "id": "if-sql",
        "domain": "stock",
        "provider": "odoo",
        "consumers": ["wms"],
        "key": {"protocol": "sql", "access": "write"},
    }
    assert fact("domain", "stock", domains=[domain], interfaces=[sql])["second_writers"] == ["wms"]


def test_event_facts_read_durations_and_the_broker() -> None:
    event = {
        "id": "e",
        "retention": "2d",
        "replay": "window 7d",
        "dlq": "none",
        "sightings": [{"source": "rabbitmq", "fields": {"x-message-ttl": 3600000}}],
    }
    found = fact("event", "e", events=[event])
    assert found == {
        "moving": False,
        "retention_minutes": 2880,
        "known_replay": "window 7d",
        "replay_minutes": 10080,
        "broker_retention_minutes": 60,
        "dead_letter": "none",
    }


def test_flows_exist_once_per_direction_and_only_with_a_domain() -> None:
    interfaces = [
        {"id": "if-a", "domain": "order", "direction": "both", "classification": {"data": ["payment", "customer"]}},
        {"id": "if-b", "direction": "in"},
    ]
    found = facts(EstateGraph(estate_of({"interfaces": interfaces})), AS_OF)["flow"]
    assert sorted(found) == ["if-a:in:order", "if-a:out:order"]
    assert found["if-a:in:order"]["data_classes"] == ["customer", "payment"]


def test_a_rotation_on_a_day_to_come_proves_nothing() -> None:
    found = fact("credential", "svc", credentials=[{"id": "svc", "last_rotated": "2027-01-01"}])
    assert "rotated_days" not in found
