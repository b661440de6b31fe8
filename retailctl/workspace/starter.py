"""The workspace that ``retailctl init`` writes: small, valid, with help from the editor at once."""

from __future__ import annotations

import json
from typing import Final

from retailctl.errors import UsageError
from retailctl.workspace.schemas import KINDS, file_schema

_SCHEMA_LINE: Final = "# yaml-language-server: $schema="

_SETTINGS: Final = """\
# Every key is optional; `retailctl doctor` shows the values in force and where they come from.
name: {name}
fail-on: error
packs:
  - retailctl:standard
  - policies/estate.yaml
"""

_SYSTEMS: Final = """\
# What runs, and who answers for it. One file per system or domain; all files are read together.
teams:
  - id: team-erp
    name: ERP
    active: true
  - id: team-shop
    name: Online shop
    active: true

systems:
  - id: erp
    kind: erp
    role: record
    layer: business
    owner: team-erp
    environment: prod
    lifecycle: active
  - id: storefront
    kind: storefront
    role: engagement
    layer: channel
    owner: team-shop
    environment: prod
    lifecycle: active

domains:
  - id: order
    owner: team-erp
    system_of_record: erp
    writers: [erp]
"""

_ORDERS: Final = """\
# What systems offer each other. An interface belongs to its provider; consumers are listed on it.
interfaces:
  - id: if-erp-orders
    key: {protocol: http, provider: erp, method: POST, address: /orders, version: v1}
    provider: erp
    consumers:
      - {system: storefront, identity: svc-storefront}
    domain: order
    mode: sync
    pattern: rest
    connector: storefront-app
    endpoints:
      - {environment: prod, url: https://erp.invalid/api/v1/orders}
    contract: contracts/order/order-api/v1/openapi.yaml
    mediation: [validate, throttle]    # what stands in between: the gateway holds payloads against the contract
    operations: [create]
    owner: team-erp
    lifecycle: active
    classification: {criticality: A, latency: real_time, rto_minutes: 60, rpo_minutes: 5}
    resilience:
      retry: {max: 5, backoff: exponential}
      idempotency_key: source_order_id
    disposition: retain

credentials:
  # The identity, never the secret: that stays in the vault.
  - id: svc-storefront
    kind: service
    used_by: [if-erp-orders]
    environments: [prod]
    scopes: ["order:create"]
    vault: kv/storefront/erp
    human: false
"""

_POLICY: Final = """\
# Your own rules and settings, on top of the standard pack.
schema: retailctl/policy/v1
name: estate
extends: retailctl:standard
severity: {}
params:
  # Domains that must have a system of record. Add customer, product, inventory, pricing, finance as you list them.
  OWN-02: {mandatory: [order]}
rules: {}
"""

_WAIVERS: Final = """\
# Findings that somebody accepted, until a day. `retailctl waiver add` appends here.
waivers: []
"""

_FREEZES: Final = """\
# Days on which nothing in scope may change; first and last day inclusive.
freezes:
  - id: christmas
    from: 2026-11-20
    to: 2027-01-06
    note: Peak trading
"""

_CONTRACT: Final = """\
# The promise around the versions of a contract.
id: order-api
kind: openapi
domain: order
owner: team-erp
provider: erp
lifecycle: active
compatibility: BACKWARD
consumers: [storefront]
versions:
  - version: 1.0.0
    lifecycle: active
"""

_OPENAPI: Final = """\
openapi: 3.1.0
info:
  title: Order API
  version: 1.0.0
  description: Takes orders from sales channels.
servers:
  - url: https://erp.invalid/api/v1
security:
  - oauth2: [order:create]
paths:
  /orders:
    post:
      operationId: createOrder
      summary: Place an order
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: "#/components/schemas/Order"
      responses:
        "201":
          description: The order was taken.
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/Receipt"
        "429":
          description: More calls than agreed.
          headers:
            Retry-After:
              description: Seconds to wait.
              schema:
                type: integer
          content:
            application/problem+json:
              schema:
                $ref: "#/components/schemas/Problem"
        4XX:
          $ref: "#/components/responses/Failed"
        5XX:
          $ref: "#/components/responses/Failed"
components:
  securitySchemes:
    oauth2:
      type: oauth2
      flows:
        clientCredentials:
          tokenUrl: https://login.invalid/token
          scopes:
            order:create: Place orders
  responses:
    Failed:
      description: The order was not taken.
      content:
        application/problem+json:
          schema:
            $ref: "#/components/schemas/Problem"
  schemas:
    Problem:
      type: object
      description: What went wrong, in the form of RFC 9457.
      required: [type, title, status]
      properties:
        type:
          type: string
        title:
          type: string
        status:
          type: integer
    Receipt:
      type: object
      required: [order_ref]
      properties:
        order_ref:
          type: string
          description: Number of the order in the ERP.
    Order:
      type: object
      required: [source_order_id, lines]
      properties:
        source_order_id:
          type: string
          description: Number of the order in the channel; a repeated order is recognised by it.
        lines:
          type: array
          items:
            type: object
            required: [sku, quantity]
            properties:
              sku:
                type: string
              quantity:
                type: integer
                minimum: 1
"""

_GITIGNORE: Final = """\
# Local state of retailctl; it can always be made again.
.retailctl/
.*.retailctl-draft
"""

_FILES: Final = (
    ("retailctl.yaml", "settings", _SETTINGS),
    ("inventories/systems.yaml", "inventory", _SYSTEMS),
    ("inventories/orders.yaml", "inventory", _ORDERS),
    ("policies/estate.yaml", "policy", _POLICY),
    ("policies/waivers.yaml", "waivers", _WAIVERS),
    ("migrations/freezes.yaml", "freezes", _FREEZES),
    ("contracts/order/order-api/contract.yaml", "contract", _CONTRACT),
)


def init_files(name: str) -> dict[str, str]:
    """Return the files of a new workspace, by path; ``name`` is that of the estate.

    Raises UsageError for an empty name, one of more than 100 characters, or one with line breaks or control
    characters.
    """
    if not name.strip() or len(name) > 100 or not name.isprintable():
        raise UsageError("the name of the estate is not usable", hint="Give 1 to 100 printable characters.")
    files: dict[str, str] = {}
    for path, kind, text in _FILES:
        up = "../" * path.count("/")
        quoted = json.dumps(name.strip(), ensure_ascii=False)
        body = text.replace("{name}", quoted) if kind == "settings" else text
        files[path] = f"{_SCHEMA_LINE}{up}schemas/{kind}.schema.json\n{body}"
    files["contracts/order/order-api/v1/openapi.yaml"] = _OPENAPI
    files[".gitignore"] = _GITIGNORE
    for kind, each in KINDS.items():
        if each.type is not None:
            schema = json.dumps(file_schema(kind), indent=2, ensure_ascii=False)
            files[f"schemas/{kind}.schema.json"] = schema + "\n"
    return dict(sorted(files.items()))
