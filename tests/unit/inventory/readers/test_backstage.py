"""Catalogues: entities as systems, interfaces, teams and domains; relations that lead nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from retailctl.inventory.catalogue import dangling, full_ref, is_name
from retailctl.model.interface_key import HttpKey
from tests.unit.inventory.read import artefact, coverage, errors, kind_of, read, seen

CATALOGUE = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: orders-service, title: Orders}
spec:
  type: service
  owner: team-erp
  lifecycle: production
  system: shop
  providesApis: [orders-api]
  consumesApis: [api:partners/rates-api, default/stock-api]
  dependsOn: [resource:default/orders-db]
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: orders-api}
spec: {type: openapi, owner: user:jan.devries, lifecycle: deprecated, definition: "{}"}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: web}
spec: {type: website, owner: group:web/team, consumesApis: [orders-api]}
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: orders-db}
spec: {type: database, owner: team-erp}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: team-erp}
spec: {type: team, children: []}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: jan.devries}
spec: {profile: {email: jan.devries@acme.example}, memberOf: [team-erp]}
---
apiVersion: backstage.io/v1alpha1
kind: Domain
metadata: {name: order}
spec: {owner: team-erp}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: shop}
spec: {owner: team-erp, domain: order}
---
apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: more}
spec: {targets: [./other.yaml, "https://git.example/x/catalog-info.yaml"]}
---
apiVersion: v1
kind: Service
metadata: {name: not-of-this-catalogue}
"""


def test_entities_of_one_file(tmp_path: Path) -> None:
    one = artefact(tmp_path, "catalog-info.yaml", CATALOGUE)
    assert kind_of(one) == "backstage"
    found = read(one, "backstage")
    orders, web, database = seen(found, "system")
    assert (orders.name, orders.ref, dict(orders.values)) == (
        "orders-service", "catalog-info.yaml#L3", {"owner": "team-erp", "lifecycle": "active", "kind": "service"},
    )  # fmt: skip
    assert (web.name, web.values["owner"], database.values["kind"]) == ("web", "web/team", "database")
    apis = {one.name: one for one in seen(found)}
    assert set(apis) == {"orders-api", "partners/rates-api", "stock-api"}
    api = apis["orders-api"]
    assert (api.key, api.provider, [c.name for c in api.consumers]) == (None, "orders-service", ["web"])
    assert api.values["lifecycle"] == "deprecated" and api.values["pattern"] == "rest"
    assert api.values["owner"].startswith("anon-")
    rates = apis["partners/rates-api"]
    assert ([c.name for c in rates.consumers], rates.ref, rates.confidence) == (
        ["orders-service"],
        "catalog-info.yaml#L10",
        0.5,
    )
    assert [one.name for one in seen(found, "team")] == ["team-erp"]
    assert [one.name for one in seen(found, "domain")] == ["order"]
    assert [one.name for one in seen(found, "capability")] == ["shop"]
    assert "jan.devries" not in repr(found) and "not-of-this-catalogue" not in repr(found)
    assert [one.source for one in coverage(found)] == ["backstage"] and errors(found) == []


def test_a_relation_is_looked_for_in_all_files_of_the_scan(tmp_path: Path) -> None:
    first = artefact(tmp_path, "a/catalog-info.yaml", CATALOGUE)
    alone = [f"{one.at.line if one.at else 0} {one.message.split(',')[0]}" for one in dangling([first])]
    assert alone == [
        "10 relation to api:partners/rates-api", "10 relation to api:default/stock-api", "21 relation to group:web/team"
    ]  # fmt: skip
    rates = "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: rates-api, namespace: partners}\nspec: {type: openapi}\n"
    second = artefact(tmp_path, "b/catalog-info.yaml", rates)
    broken = artefact(tmp_path, "c/catalog-info.yaml", "kind: [")
    assert len(list(dangling([first, second, broken]))) == 2
    assert len(list(dangling([second, broken, first]))) == 2


def test_an_api_with_a_remote_has_a_key(tmp_path: Path) -> None:
    text = (
        "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: tools}\n"
        "spec: {type: mcp-server, lifecycle: production, owner: a/b, remotes: [{type: http, url: 'https://t:pw-secret@mcp.example/x/'}]}\n"
    )
    (api,) = seen(found := read(artefact(tmp_path, "x.yaml", text), "backstage"))
    assert api.key == HttpKey(protocol="http", provider="mcp.example", address="/x/")
    assert "pw-secret" not in repr(found)


@pytest.mark.parametrize(
    "text", ["app: {title: Backstage, baseUrl: 'https://backstage.io/'}\n", "a: 1\n", "- backstage.io/x\n"]
)
def test_what_is_no_catalogue_is_refused(tmp_path: Path, text: str) -> None:
    one = artefact(tmp_path, "app-config.yaml", text)
    assert kind_of(one) != "backstage"
    assert errors(read(one, "backstage")) == ["app-config.yaml: is no catalogue: no document in it is an entity"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("metadata: {}", "c.yaml:1: entity has no name that Backstage takes"),
        ("metadata: {name: a b}", "c.yaml:1: entity has no name that Backstage takes"),
        ("metadata: {name: a}\nspec: [1]", "c.yaml:4:1: spec of the entity is not a mapping"),
        ("metadata: {name: a}\nspec: {owner: 'a b'}", "c.yaml:4:8: owner: 'a b' is no reference to an entity"),
        (
            'metadata: {name: a, annotations: {retailctl.io/key: \'{"protocol": "ftpx"}\'}}',
            "c.yaml:3:35: annotation is no key of an interface",
        ),
    ],
)
def test_broken_entities_are_told_with_their_place(tmp_path: Path, text: str, said: str) -> None:
    found = read(artefact(tmp_path, "c.yaml", f"apiVersion: backstage.io/v1alpha1\nkind: API\n{text}\n"), "backstage")
    assert [one.partition(" ")[2] for one in errors(found)] == [said.partition(" ")[2]]
    assert all(one.startswith("c.yaml:") for one in errors(found))


def test_a_file_that_cannot_be_parsed_says_so(tmp_path: Path) -> None:
    one = artefact(tmp_path, "catalog-info.yaml", "apiVersion: backstage.io/v1alpha1\nkind: [\n")
    assert kind_of(one) == "backstage"
    assert errors(read(one, "backstage"))


def test_references_and_names_as_the_catalogue_has_them() -> None:
    assert full_ref("Component:ns/X", "api") == "component:ns/x"
    assert full_ref("x", "api", "ns") == "api:ns/x"
    assert full_ref("a b", "api") is None
    assert (
        is_name("a" * 63)
        and is_name("a.b_c-d")
        and not is_name("a" * 64)
        and not is_name("-a")
        and not is_name("")
        and not is_name(7)
    )
