"""OpenAPI and Swagger: one interface per operation, with the base path of the server in its address."""

from __future__ import annotations

from pathlib import Path

from retailctl.model.seen import Seen
from tests.unit.inventory.read import artefact as made
from tests.unit.inventory.read import coverage, errors, kind_of, seen
from tests.unit.inventory.wires.rows import figures, read_text, refusal, rows, table

SWAGGER = """\
swagger: "2.0"
info: {title: Seller stock, version: v1}
host: seller-eu.example
basePath: /
schemes: [http, https]
securityDefinitions:
  key: {type: apiKey, in: header, name: X-Key}
security: [{key: []}]
paths:
  /stock/v1/summaries:
    x-sandbox: {dynamic: {}}
    get: {operationId: getSummaries, tags: [stock], responses: {}}
  /stock/v1/items:
    post: {operationId: createItem, security: [], responses: {}}
  "/stock/v1/items/{sku}":
    delete: {operationId: deleteItem, deprecated: true, responses: {}}
"""

OPENAPI = """\
openapi: 3.1.0
info: {title: Orders, version: 2.3.0}
servers:
  - {url: "https://{region}.orders.example:8443/api", variables: {region: {default: eu}}}
  - {url: "https://sandbox.orders.example/api"}
components:
  securitySchemes:
    login: {type: http, scheme: bearer}
    oauth: {type: oauth2, flows: {}}
  pathItems:
    Ping: {get: {operationId: ping, security: [{}, {login: []}]}}
paths:
  /orders:
    parameters: []
    get: {security: [{oauth: ["orders:read"]}], callbacks: {changed: {}}}
    post:
      servers: [{url: "https://intake.orders.example/v3"}]
  /ping: {$ref: "#/components/pathItems/Ping"}
  /far: {$ref: "other.yaml#/x"}
  orders: {}
webhooks:
  order.shipped:
    post: {operationId: onShipped, tags: [orders]}
"""


def test_swagger(tmp_path: Path) -> None:
    found = read_text(tmp_path, "stock.yaml", "openapi", SWAGGER)
    assert rows(found) == table("""
        L12 interface http seller-eu.example address=/stock/v1/summaries method=GET v1
        L14 interface http seller-eu.example address=/stock/v1/items method=POST v1
        L16 interface http seller-eu.example address=/stock/v1/items/{sku} method=DELETE v1
    """)
    assert figures(found)["auth"] == ["apiKey"]
    assert figures(found)["operation_id"] == "getSummaries"
    assert figures(found, 1)["auth"] == ["none"]
    assert [one.values.get("lifecycle") for one in seen(found)] == [None, None, "deprecated"]
    assert seen(found)[0].values["endpoints"] == [
        {"url": "https://seller-eu.example/stock/v1/summaries"}, {"url": "http://seller-eu.example/stock/v1/summaries"},
    ]  # fmt: skip
    assert not coverage(found), "a contract does not tell what is used"


def test_openapi_3(tmp_path: Path) -> None:
    found = read_text(tmp_path, "orders.yaml", "openapi", OPENAPI)
    assert rows(found) == table("""
        L15 interface http eu.orders.example:8443 address=/api/orders method=GET v2
        L16 interface http intake.orders.example address=/v3/orders method=POST v3
        L18 interface http eu.orders.example:8443 address=/api/ping method=GET v2
        L23 event order.shipped
    """)
    assert figures(found)["scopes"] == ["orders:read"]
    assert figures(found)["callbacks"] == ["changed"]
    assert figures(found, 2)["auth"] == ["bearer", "none"]
    assert seen(found, "event")[0].values == {"publisher": "eu.orders.example:8443"}
    assert [error.partition(": ")[2] for error in errors(found)] == [
        "a path item in another place was not followed", "a path must start with /",
    ]  # fmt: skip
    assert "orders.yaml:20" in errors(found)[1]


def test_a_document_without_a_server_is_of_whom_the_user_says_else_of_its_title(tmp_path: Path) -> None:
    text = (
        'openapi: 3.0.0\ninfo: {title: Gift cards, version: "1"}\nservers: [{url: /gift}]\npaths: {/cards: {get: {}}}\n'
    )
    assert rows(read_text(tmp_path, "a.yaml", "openapi", text)) == [
        "L4 interface http Gift cards address=/gift/cards method=GET v1"
    ]
    named = read_text(tmp_path, "a.yaml", "openapi", text, system="odoo")
    assert rows(named) == ["L4 interface http odoo address=/gift/cards method=GET v1"]


def test_a_server_of_an_environment(tmp_path: Path) -> None:
    text = "openapi: 3.0.0\ninfo: {}\nservers: [{url: 'https://${HOST}/'}]\npaths: {/a: {get: {}}}\n"
    assert "http ${HOST} address=/a" in rows(read_text(tmp_path, "a.yaml", "openapi", text))[0]
    known = read_text(tmp_path, "a.yaml", "openapi", text, variables={"HOST": "shop.example"})
    assert rows(known) == ["L4 interface http shop.example address=/a method=GET"]


def test_what_is_no_openapi_is_refused(tmp_path: Path) -> None:
    schema = "type: object\nproperties: {id: {type: string}}\n"
    assert kind_of(made(tmp_path, "schema.yaml", schema)) == ""
    assert "schema.yaml:1: is no OpenAPI document" in refusal(tmp_path, "schema.yaml", "openapi", schema)
    assert "neither JSON nor YAML" in refusal(tmp_path, "a.txt", "openapi", "hello")
    assert "OpenAPI 9.9.9 is not read" in refusal(tmp_path, "a.yaml", "openapi", "openapi: 9.9.9\npaths: {}\n")


def test_wrong_types_are_located_and_the_rest_is_read(tmp_path: Path) -> None:
    text = "openapi: 3.0.0\ninfo: []\nservers: 7\npaths:\n  /a: {get: 3, post: {tags: 4, security: yes}}\n  /b: []\n  7: {}\n"
    found = read_text(tmp_path, "a.yaml", "openapi", text, system="x")
    assert rows(found) == ["L5 interface http x address=/a method=POST"]
    assert [error.rpartition(": ")[2] for error in errors(found)] == [
        "info is no mapping", "servers is no list", "get is no mapping", "is no mapping of operations",
        "a path must start with /",
    ]  # fmt: skip
    assert all(isinstance(one.key, object) for one in found if isinstance(one, Seen))
