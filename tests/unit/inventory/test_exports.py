"""Exports: what goes out comes back as the same interfaces, and nothing in it acts on who opens it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from retailctl.inventory.assemble import estate_of
from retailctl.inventory.exports.backstage import as_backstage
from retailctl.inventory.exports.calm import as_calm
from retailctl.inventory.exports.names import entity_names
from retailctl.inventory.exports.register import as_csv, as_xlsx, guarded, table
from retailctl.inventory.registers.tables import unguarded
from retailctl.model.interface_key import canonical
from tests.unit.inventory.read import artefact, errors, read, seen

AS_OF = date(2026, 11, 20)
ESTATE: dict[str, Any] = {
    "systems": [
        {"id": "odoo", "name": "Odoo", "kind": "erp", "owner": "team-erp", "lifecycle": "active", "environment": "prod"},
        {"id": "psp", "kind": "psp"},
    ],
    "teams": [{"id": "team-erp", "name": "ERP"}],
    "domains": [{"id": "order", "owner": "team-erp"}],
    "processes": [{"id": "sell", "name": "Sell", "steps": [{"id": "pay", "interface": "if-pay"}, {"id": "pick", "human": "x"}]}],
    "interfaces": [
        {
            "id": "if-orders", "name": "Orders", "provider": "odoo", "consumers": ["shop", "lake"], "owner": "team-erp",
            "domain": "order", "lifecycle": "active", "mode": "sync", "disposition": "retain", "schedule": "5m",
            "key": {"protocol": "http", "provider": "odoo", "method": "POST", "address": "/api/orders/{id}", "version": "v1"},
            "classification": {"criticality": "A", "latency": "minutes", "volume_per_day": 9000, "data": ["customer", "order"]},
            "endpoints": [{"environment": "prod", "url": "https://svc:planted-pw@erp.acme.example/api/orders"}],
        },
        {"id": "if-pay", "provider": "psp", "consumers": ["odoo"], "key": {"protocol": "amqp", "cluster": "mq", "exchange": "pay", "routing_key": "a.b"}},
        {"id": "if-orders-file", "name": "=HYPERLINK(\"http://evil\")", "lifecycle": "retiring",
         "key": {"protocol": "sftp", "host": "ftp", "directory": "/in", "pattern": "*.csv"}},
        {"id": "if-keyless", "name": "Nightly -> stock", "owner": "team-gone", "provider": "odoo"},
    ],
}  # fmt: skip


def back(folder: Path, name: str, content: bytes, kind: str) -> dict[str, Any]:
    """What a scan of the export sees: identity -> what was seen."""
    found = read(artefact(folder, name, content), kind)
    assert errors(found) == []
    return {str(canonical(one.key)) if one.key is not None else one.name: one for one in seen(found)}


def identities(estate: Any) -> set[str]:
    interfaces = (entry.noun for entry in estate.of("interface").values())
    return {str(canonical(one.key)) if one.key is not None else one.id for one in interfaces}


@pytest.mark.parametrize(
    ("name", "kind", "write"),
    [
        ("interfaces.csv", "register", as_csv),
        ("interfaces.xlsx", "register", lambda estate: as_xlsx(estate, AS_OF)),
        ("catalog-info.yaml", "backstage", as_backstage),
    ],
)
def test_an_export_is_read_back_as_the_same_interfaces(tmp_path: Path, name: str, kind: str, write: Any) -> None:
    estate = estate_of(ESTATE)
    content = write(estate)
    assert content == write(estate)
    assert b"planted-pw" not in content
    known = back(tmp_path, name, content, kind)
    assert set(known) == identities(estate)
    orders = next(one for one in known.values() if one.key is not None and one.key.protocol == "http")
    told = dict(orders.values)
    expected = {"owner": "team-erp", "lifecycle": "active", "mode": "sync", "disposition": "retain", "schedule": "5m",
                "domain": "order", "classification.criticality": "A", "classification.latency": "minutes"}  # fmt: skip
    assert {path: told.get(path) for path in expected} == expected
    assert (orders.provider, [c.name for c in orders.consumers]) == ("odoo", ["shop", "lake"]) or kind == "backstage"
    assert {c.name for c in orders.consumers} == {"shop", "lake"}
    assert next(one for one in known.values() if one.name == "if-keyless").values["owner"] == "team-gone"


names = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)
segments = st.sampled_from(["orders", "{id}", "stock", "-x", "=1+1", "+a"])
keys = st.one_of(
    st.builds(lambda p, m, a: {"protocol": "http", "provider": p, "method": m, "address": "/" + "/".join(a)},
              names, st.sampled_from(["GET", "POST"]), st.lists(segments, max_size=3)),
    st.builds(lambda t: {"protocol": "kafka", "topic": t}, names),
    st.builds(lambda d, t: {"protocol": "sql", "database": d, "table": t, "access": "read"}, names, names),
)  # fmt: skip
interfaces = st.lists(
    st.fixed_dictionaries({"key": keys}, optional={"name": names, "owner": st.sampled_from(["team-a", "team-b"])}),
    min_size=1,
    max_size=4,
)


@settings(max_examples=25, deadline=None)
@given(interfaces)
def test_keys_survive_the_way_out_and_back(
    tmp_path_factory: pytest.TempPathFactory, given_: list[dict[str, Any]]
) -> None:
    estate = estate_of({"interfaces": [{"id": f"if-{number}", **one} for number, one in enumerate(given_)]})
    folder = tmp_path_factory.mktemp("out")
    assert set(back(folder, "a.csv", as_csv(estate), "register")) == identities(estate)
    assert set(back(folder, "a.yaml", as_backstage(estate), "backstage")) == identities(estate)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8).map(str.strip))
def test_a_guarded_cell_comes_back_and_is_no_formula(text: str) -> None:
    cell = guarded(text)
    assert unguarded(cell) == text
    assert not re.match(r"[=+\-@]", cell) or re.fullmatch(r"[+-]?[0-9]+(?:\.[0-9]+)?", cell)


def test_no_cell_of_the_register_is_a_formula() -> None:
    estate = estate_of(ESTATE)
    rows = list(csv.reader(io.StringIO(as_csv(estate).decode("utf-8-sig"))))
    assert rows[0][:4] == ["id", "name", "provider", "consumers"] and len(rows) == 5
    assert '\'=HYPERLINK("http://evil")' in rows[4] + rows[3] + rows[2]
    sheet = load_workbook(io.BytesIO(as_xlsx(estate, AS_OF)))["Interfaces"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type in ("s", "inlineStr") for cell in cells)
    assert "key.table" not in table(estate)[0]


def test_a_workbook_carries_the_day_of_the_run_and_no_clock() -> None:
    with zipfile.ZipFile(io.BytesIO(as_xlsx(estate_of(ESTATE), AS_OF))) as archive:
        assert {part.date_time for part in archive.infolist()} == {(2026, 11, 20, 0, 0, 0)}
        assert b"2026-11-20T00:00:00Z" in archive.read("docProps/core.xml")


def test_names_of_a_catalogue_follow_its_rules() -> None:
    ids = ["ok", "a b", "a-b", "x" * 80, "Dup", "dup", "…", "-lead", "if-orders"]
    made = entity_names(ids)
    assert made["ok"] == "ok" and made["if-orders"] == "if-orders" and made["a-b"] == "a-b"
    assert len({name.lower() for name in made.values()}) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?", name) for name in made.values())
    assert entity_names(["a b"])["a b"] == made["a b"]  # whatever else there is


def test_a_catalogue_has_no_loose_end() -> None:
    entities = list(yaml.safe_load_all(as_backstage(estate_of(ESTATE))))
    known = {f"{one['kind'].lower()}:default/{one['metadata']['name']}" for one in entities}
    for one in entities:
        assert one["apiVersion"] == "backstage.io/v1alpha1" and isinstance(one["spec"], dict)
        spec = one["spec"]
        assert spec.get("owner", "group:default/team-erp") in known
        for api in [*spec.get("providesApis", ()), *spec.get("consumesApis", ())]:
            assert f"api:default/{api}" in known
        required = {"Component": {"type", "lifecycle", "owner"}, "API": {"type", "lifecycle", "owner", "definition"},
                    "Group": {"type", "children"}, "Domain": {"owner"}}  # fmt: skip
        assert required[one["kind"]] <= set(spec)
        for key, value in one["metadata"].get("annotations", {}).items():
            assert re.fullmatch(r"retailctl\.io/[A-Za-z0-9._-]{1,63}", key) and isinstance(value, str)


def test_a_calm_architecture_has_the_shape_of_the_specification() -> None:
    document = json.loads(as_calm(estate_of(ESTATE), "Acme"))
    assert document["$schema"] == "https://calm.finos.org/release/1.0/meta/calm.json"
    nodes = {node["unique-id"]: node for node in document["nodes"]}
    kinds = {"actor", "ecosystem", "system", "service", "database", "network", "ldap", "webclient", "data-asset"}
    for node in nodes.values():
        assert {"unique-id", "node-type", "name", "description"} <= set(node) and node["node-type"] in kinds
        assert all(interface["unique-id"] for interface in node.get("interfaces", ()))
    offered = {(id_, one["unique-id"]) for id_, node in nodes.items() for one in node.get("interfaces", ())}
    protocols = {"HTTP", "HTTPS", "FTP", "SFTP", "JDBC", "WebSocket", "SocketIO", "LDAP", "AMQP", "TLS", "mTLS", "TCP"}
    ids = set()
    for relationship in document["relationships"]:
        assert set(relationship) <= {
            "unique-id",
            "description",
            "relationship-type",
            "protocol",
            "metadata",
            "controls",
        }
        assert relationship.get("protocol", "TCP") in protocols
        ends = relationship["relationship-type"]["connects"]
        assert ends["source"]["node"] in nodes
        assert {(ends["destination"]["node"], one) for one in ends["destination"]["interfaces"]} <= offered
        ids.add(relationship["unique-id"])
    assert ids == {"if-orders--shop", "if-orders--lake", "if-pay--odoo"}
    (flow,) = document["flows"]
    assert {"unique-id", "name", "description", "transitions"} <= set(flow)
    assert [(one["relationship-unique-id"], one["sequence-number"]) for one in flow["transitions"]] == [
        ("if-pay--odoo", 1)
    ]
    assert isinstance(document["metadata"], list) and document["metadata"][0]["interfaces-without-provider"] == 1
    assert "planted-pw" not in json.dumps(document)
    assert nodes["psp"]["node-type"] == "ecosystem"
