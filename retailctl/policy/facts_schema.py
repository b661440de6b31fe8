"""Derived facts: what the graph computes for each kind of subject, with type and meaning, as one table.

Facts stand beside the declared fields of a noun (policy.md section 7.2). A fact that cannot be known is left
out, so that a rule which needs it is *unknown*. Types: ``string``, ``int``, ``bool``, ``strings`` (a list),
``double``, ``any``, or a name of :data:`STRUCTS` followed by ``[]``.
"""

from __future__ import annotations

from typing import Final

from retailctl.policy.duty_facts_schema import CREDENTIAL_DUTIES, DOMAIN_DUTIES, INTERFACE_DUTIES, PARTNER_DUTIES
from retailctl.policy.event_facts_schema import EVENT_FACTS
from retailctl.policy.fact import Fact
from retailctl.policy.odoo_facts_schema import ODOO_OF_CREDENTIALS, ODOO_OF_INTERFACES, ODOO_OF_SYSTEMS
from retailctl.policy.run_facts_schema import RUN_FACTS, RUN_FACTS_OF_EVENTS

_WHOLE: Final = "the contract document, with every reference in it followed"
_COMPARED: Final = "a comparison of both versions"

STRUCTS: Final[dict[str, dict[str, Fact]]] = {
    "Hop": {
        "url": Fact("string", "Address of the hop, without user, password and query."),
        "protocol": Fact("string", "Scheme or protocol family of the hop."),
        "environment": Fact("string", "Environment that the hop is deployed in."),
    },
    "CoverageLine": {
        "source": Fact("string", "Source that was looked at."),
        "scope": Fact("string", "System, cluster or host that it covers."),
        "start": Fact("string", "First day of the window, RFC 3339."),
        "end": Fact("string", "Last day of the window, RFC 3339."),
    },
}

FACTS: Final[dict[str, dict[str, Fact]]] = {
    "interface": {
        "owner_status": Fact(
            "string",
            "active, inactive or missing: the owner as a team; absent without any team.",
            "interface.owner, team.active",
        ),
        "contract_resolves": Fact(
            "bool",
            "The contract path leads to a contract file of the workspace.",
            "interface.contract",
        ),
        "contract_version": Fact(
            "string",
            "Version that the contract file declares.",
            "the contract document",
        ),
        "contract_kind": Fact(
            "string",
            "api or other: what the contract document is; none where there need be none.",
            "interface.contract, or interface.key.protocol and classification.criticality",
        ),
        "plugins": Fact(
            "strings",
            "Plug-ins that the gateway runs on the interface or on all of its provider.",
            "a sighting of the gateway with its plugins, on the interface or its provider",
        ),
        "sampled_days": Fact(
            "int",
            "Days since sampled payloads were held against the contract.",
            "a dated sighting with schema_errors: sampled payloads held against the contract",
        ),
        "schema_errors": Fact(
            "int",
            "Payloads of the last sample that did not fit the contract.",
            "a dated sighting with schema_errors: sampled payloads held against the contract",
        ),
        "upstream": Fact(
            "bool",
            "The provider is a partner or a rented platform: others decide what it answers.",
            "interface.provider, system.kind",
        ),
        "provider_kind": Fact(
            "string",
            "Kind of the providing system.",
            "interface.provider, system.kind",
        ),
        "provider_layer": Fact(
            "string",
            "Layer of the providing system.",
            "interface.provider, system.layer",
        ),
        "partner_edge": Fact(
            "bool",
            "The provider or a consumer is a partner.",
            "interface.provider, interface.consumers",
        ),
        "schedule_minutes": Fact(
            "int",
            "Interval of the schedule in minutes.",
            "interface.schedule",
        ),
        "event_alternative": Fact(
            "bool",
            "The provider publishes an event or webhook in the same domain.",
            "event.publisher and event.domain of its provider",
        ),
        "cleartext_urls": Fact(
            "strings",
            "scheme://host of the endpoints that are not encrypted, redacted.",
            "interface.endpoints, interface.key.protocol",
        ),
        "insecure": Fact(
            "bool",
            "At least one endpoint, key or hop is clear text; absent without any address.",
            "interface.endpoints, interface.key.protocol",
        ),
        "effect": Fact(
            "string",
            "read or write: whether it changes records at the provider.",
            "interface.operations, interface.key",
        ),
        "used_operations": Fact(
            "strings",
            "Operations that were declared or seen in use.",
            "interface.operations, interface.key",
        ),
        **INTERFACE_DUTIES,
        **RUN_FACTS,
        **ODOO_OF_INTERFACES,
    },
    "flow": {
        "id": Fact("string", "Interface, direction and domain."),
        "interface": Fact("string", "Interface that the flow runs over."),
        "provider": Fact("string", "System that offers the interface."),
        "consumers": Fact("strings", "Systems on the other side."),
        "direction": Fact("string", "in or out, seen from the provider."),
        "domain": Fact("string", "Body of mastered data that it carries."),
        "owner": Fact("string", "Team that answers for the interface."),
        "criticality": Fact("string", "A, B or C."),
        "data_classes": Fact("strings", "Data classes carried, propagated over the graph."),
        "hops": Fact("Hop[]", "Endpoints on the way."),
        "effect": Fact("string", "read or write."),
        "mode": Fact("string", "sync, async, batch or poll."),
        "idempotency_key": Fact("string", "Field by which the receiver knows a repeated message."),
    },
    "event": {**EVENT_FACTS, **RUN_FACTS_OF_EVENTS},
    "contract": {
        "id": Fact("string", "Path of the document in the workspace."),
        "name": Fact("string", "Name of the contract: its folder."),
        "version": Fact("string", "Version: the folder, else as the document declares.", "the contract document"),
        "format": Fact("string", "openapi, swagger, or unknown while it cannot be read."),
        "domain": Fact("string", "Body of mastered data: contract.yaml, else the folder."),
        "provider": Fact("string", "System that offers it.", "contract.yaml"),
        "owner": Fact("string", "Team that answers for it.", "contract.yaml"),
        "lifecycle": Fact("string", "planned, active, deprecated or retiring: this version's.", "contract.yaml"),
        "operations": Fact("strings", "Operations as METHOD /path.", _WHOLE),
        "untyped_operations": Fact("strings", "Operations without a request or a response schema.", _WHOLE),
        "operations_without_errors": Fact("strings", "Operations without a 4xx or a 5xx with a schema.", _WHOLE),
        "error_schemas": Fact("strings", "Schemas that errors are told in, the most used first.", _WHOLE),
        "unlimited_operations": Fact("strings", "Operations without a 429 and a header that tells the limit.", _WHOLE),
        "unthrottled_interfaces": Fact(
            "strings",
            "Interfaces under this contract whose gateway runs no limit.",
            "for each interface under it: its mediation, the plugins of its gateway, or that its provider is upstream",
        ),
        "open_operations": Fact("strings", "Operations that do not say how a caller signs in.", _WHOLE),
        "deprecated_without_sunset": Fact("strings", "What is deprecated and has no last day.", _WHOLE),
        "unlisted_consumers": Fact(
            "strings",
            "Consumers of a version that ends whom contract.yaml does not name.",
            "consumers in contract.yaml, interface.consumers",
        ),
        "successor": Fact("bool", "An earlier version stands beside it."),
        "previous": Fact("string", "The version before it."),
        "new_major": Fact("bool", "Its major version is higher than that of the version before it."),
        "breaking": Fact("bool", "It breaks somebody who keeps to the version before it.", _COMPARED),
        "required_bump": Fact("string", "major, minor, patch or none: what the changes ask for.", _COMPARED),
        "first_breaking": Fact("string", "What breaks first.", _COMPARED),
    },
    "domain": {
        "known_writers": Fact(
            "strings",
            "Systems that are declared or seen to write the domain.",
            "domain.writers",
        ),
        "second_writers": Fact(
            "strings",
            "Writers that are neither the record nor covered by the sync rule.",
            "domain.writers, domain.system_of_record",
        ),
        **DOMAIN_DUTIES,
    },
    "credential": {
        "systems": Fact(
            "strings",
            "Systems that use it.",
            "credential.used_by, consumers of those interfaces",
        ),
        "owners": Fact(
            "strings",
            "Owners of the interfaces that use it.",
            "credential.used_by, owners of those interfaces",
        ),
        "granted_operations": Fact(
            "strings",
            "Operations that its scopes allow.",
            "credential.scopes, credential.operations",
        ),
        "used_operations": Fact(
            "strings",
            "Operations of the interfaces that use it.",
            "credential.used_by, operations of those interfaces",
        ),
        "excess_operations": Fact(
            "strings",
            "Granted and not used; absent while either side is unknown.",
            "credential.scopes, credential.used_by, operations of those interfaces",
        ),
        "wildcard_scopes": Fact(
            "strings",
            "Scopes that allow everything, such as .* or an admin group.",
            "credential.scopes",
        ),
        "rotated_days": Fact(
            "int",
            "Days since the last rotation.",
            "credential.last_rotated",
        ),
        **ODOO_OF_CREDENTIALS,
        **CREDENTIAL_DUTIES,
    },
    "system": {
        "interfaces": Fact("strings", "Interfaces that it provides."),
        "consumes": Fact("strings", "Interfaces that it consumes."),
        **ODOO_OF_SYSTEMS,
    },
    "estate": {
        "id": Fact("string", "Name of the estate."),
        "counts": Fact("any", "Number of entries by kind."),
        "coverage": Fact("CoverageLine[]", "Coverage statements of the inventory."),
    },
    "team": {},
    "partner": {**PARTNER_DUTIES},
    "process": {},
    "capability": {},
}


def is_fact(kind: str, field: str) -> bool:
    """Whether ``field`` of ``kind`` is derived and so has no place of its own in a file."""
    return field in FACTS.get(kind, {})


def needs_of(path: str) -> str:
    """What has to be declared before the fact at ``interface.insecure`` is known; empty for a declared field."""
    kind, _, field = path.partition(".")
    fact = FACTS.get(kind, {}).get(field.partition(".")[0].removesuffix("[]"))
    return fact.needs if fact else ""
