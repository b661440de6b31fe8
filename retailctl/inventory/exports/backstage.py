"""The estate as a Backstage catalogue: one YAML stream of entities, which the reader of catalogues reads back.

Systems are Components, interfaces and events APIs, teams Groups, domains Domains. What a catalogue has no word for is
an annotation under ``retailctl.io/``: among them the key, which is the identity.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from retailctl.inventory.catalogue import ANNOTATION
from retailctl.inventory.exports.names import entity_names
from retailctl.inventory.observed_text import value
from retailctl.model.estate import Estate
from retailctl.model.interface import Interface

_LIFECYCLE: Final = {"active": "production", "deprecated": "deprecated", "planned": "experimental"}
_TYPES: Final = {"http": "openapi", "soap": "wsdl", "kafka": "asyncapi", "amqp": "asyncapi", "mqtt": "asyncapi", "jms": "asyncapi"}  # fmt: skip # noqa: E501
_NOBODY: Final = "unowned"
_TAG: Final = re.compile(r"[a-z0-9+#]+(?:-[a-z0-9+#]+)*")
_ATTRIBUTES: Final = ("domain", "mode", "direction", "disposition", "schedule", "capability", "pattern", "connector", "contract", "replaced_by", "lifecycle")  # fmt: skip # noqa: E501


def as_backstage(estate: Estate) -> bytes:
    """The catalogue as one file. Names follow Backstage's rules; where an id does not, an annotation keeps it."""
    names = {kind: entity_names(_ids(estate, kind)) for kind in ("system", "interface", "team", "domain")}
    entities = [*_groups(estate, names), *_domains(estate, names), *_components(estate, names), *_apis(estate, names)]
    return "---\n".join(map(_yaml, entities)).encode("utf-8", "backslashreplace")


def _ids(estate: Estate, kind: str) -> set[str]:
    """Every id of a kind that an entity will be named after, referenced ones too: a catalogue takes no loose end."""
    found = set(estate.of(kind))
    interfaces = [entry.noun for entry in estate.of("interface").values()]
    if kind == "system":
        found |= {one.provider for one in interfaces if one.provider}
        found |= {consumer.system for one in interfaces for consumer in one.consumers or ()}
    if kind == "team":
        owned = ("system", "interface", "domain")
        found |= {e.noun.owner for of in owned for e in estate.of(of).values() if e.noun.owner} | {_NOBODY}
    return found


Names = Mapping[str, Mapping[str, str]]


def _groups(estate: Estate, names: Names) -> Iterator[dict[str, Any]]:
    for id_, name in sorted(names["team"].items()):
        entry = estate.of("team").get(id_)
        title = entry.noun.name if entry is not None else None
        yield _entity("Group", name, id_, title, {"type": "team", "children": []})


def _domains(estate: Estate, names: Names) -> Iterator[dict[str, Any]]:
    for id_, entry in estate.of("domain").items():
        spec = {"owner": _owner(entry.noun.owner, names)}
        yield _entity("Domain", names["domain"][id_], id_, entry.noun.name, spec, {"owner": entry.noun.owner})


def _components(estate: Estate, names: Names) -> Iterator[dict[str, Any]]:
    offered: dict[str, list[str]] = {}
    used: dict[str, list[str]] = {}
    for id_, entry in estate.of("interface").items():
        api = names["interface"][id_]
        if entry.noun.provider:
            offered.setdefault(entry.noun.provider, []).append(api)
        for system in dict.fromkeys(consumer.system for consumer in entry.noun.consumers or ()):
            used.setdefault(system, []).append(api)
    for id_, name in sorted(names["system"].items()):
        found = estate.of("system").get(id_)
        noun = found.noun if found is not None else None
        lifecycle = noun.lifecycle if noun is not None else None
        owner = noun.owner if noun is not None else None
        spec: dict[str, Any] = {
            "type": (noun.kind if noun is not None else None) or "unknown",
            "lifecycle": _LIFECYCLE.get(lifecycle or "", lifecycle or "unknown"),
            "owner": _owner(owner, names),
        }
        spec |= {"providesApis": sorted(offered[id_])} if id_ in offered else {}
        spec |= {"consumesApis": sorted(used[id_])} if id_ in used else {}
        more = {"owner": owner, "lifecycle": lifecycle}
        yield _entity("Component", name, id_, noun.name if noun is not None else None, spec, more)


def _apis(estate: Estate, names: Names) -> Iterator[dict[str, Any]]:
    for id_, entry in estate.of("interface").items():
        one: Interface = entry.noun
        more: dict[str, Any] = {"owner": one.owner, **{name: getattr(one, name) for name in _ATTRIBUTES}}
        if one.classification is not None:
            more["classification.criticality"] = one.classification.criticality
            more["classification.latency"] = one.classification.latency
        if one.key is not None:
            told = {f.name: getattr(one.key, f.name) for f in fields(one.key)}
            kept = {name: value for name, value in sorted(told.items()) if value is not None}
            more["key"] = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
        protocol = one.key.protocol if one.key is not None else ""
        spec = {
            "type": _TYPES.get(protocol, protocol or "unknown"),
            "lifecycle": _LIFECYCLE.get(one.lifecycle or "", one.lifecycle or "unknown"),
            "owner": _owner(one.owner, names),
            "definition": f"The contract is {one.contract}." if one.contract else "No contract is declared.",
        }
        yield _entity("API", names["interface"][id_], id_, one.name, spec, more)


def _owner(owner: str | None, names: Names) -> str:
    return f"group:default/{names['team'][owner or _NOBODY]}"


def _entity(
    kind: str, name: str, id_: str, title: str | None, spec: Mapping[str, Any], more: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    told = {"id": id_ if kind == "API" or name != id_ else None, **(more or {})}
    annotations = {f"{ANNOTATION}{key}": value for key, value in told.items() if value}
    meta: dict[str, Any] = {"name": name, **({"title": title} if title else {})}
    meta |= {"annotations": annotations} if annotations else {}
    return {"apiVersion": "backstage.io/v1alpha1", "kind": kind, "metadata": meta, "spec": dict(spec)}


def _yaml(entity: Mapping[str, Any], indent: str = "") -> str:
    """Block mappings with quoted texts: JSON strings are YAML strings."""
    lines = []
    for key, item in entity.items():
        if isinstance(item, Mapping) and item:
            lines.append(f"{indent}{key}:\n{_yaml(item, indent + '  ')}")
        elif isinstance(item, list) and item:
            lines.append(f"{indent}{key}:\n" + "".join(f"{indent}  - {value(one)}\n" for one in item))
        else:
            lines.append(f"{indent}{key}: {value(item)}\n")
    return "".join(lines)
