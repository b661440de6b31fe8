"""JSON Schemas of the files people write, made from the models that validate them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema

from retailctl.errors import UsageError
from retailctl.model.contract_file import ContractFile
from retailctl.model.events_plan import EventPlan
from retailctl.model.evidence_file import AnyEvidence
from retailctl.model.fields import as_text
from retailctl.model.governance_files import BaselineFile, SettingsFile, WaiversFile
from retailctl.model.inventory_file import InventoryFile
from retailctl.model.map_file import MapFile
from retailctl.model.parallel_plan import TablePlan
from retailctl.model.policy_file import PolicyFile
from retailctl.model.replay_plan import HttpPlan
from retailctl.model.wave_file import FreezesFile, WaveFile
from retailctl.workspace.boundary import adapter
from retailctl.workspace.problems import suggestion
from retailctl.workspace.schema_examples import EXAMPLES

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
BASE: Final = "https://retailctl.dev/schemas/v1/"
_SCALAR: Final = ["string", "number", "boolean"]


@dataclass(frozen=True, slots=True)
class FileKind:
    """A file that has a schema: its title and type. No type: another part of retailctl makes the schema."""

    title: str
    type: Any = None


KINDS: Final[Mapping[str, FileKind]] = {
    "baseline": FileKind("retailctl baseline (policies/baseline.json)", BaselineFile),
    "contract": FileKind("retailctl contract (contract.yaml)", ContractFile),
    "events": FileKind("retailctl plan over events (migrations/<wave>/parallel/*.yaml, kind: events)", EventPlan),
    "evidence": FileKind("retailctl evidence (migrations/<wave>/evidence/*.yaml)", AnyEvidence),
    "freezes": FileKind("retailctl freeze windows (migrations/freezes.yaml)", FreezesFile),
    "inventory": FileKind("retailctl inventory (inventories/*.yaml)", InventoryFile),
    "map": FileKind("retailctl map of a contract set (contracts/**/*.map.yaml)", MapFile),
    "parallel": FileKind("retailctl plan of a parallel run (migrations/<wave>/parallel/*.yaml)", TablePlan),
    "policy": FileKind("retailctl policy (policies/*.yaml)", PolicyFile),
    "replay": FileKind("retailctl replay plan (migrations/<wave>/parallel/*.yaml, kind: http)", HttpPlan),
    "report": FileKind("retailctl report (JSON output)"),
    "settings": FileKind("retailctl settings (retailctl.yaml)", SettingsFile),
    "waivers": FileKind("retailctl waivers (policies/waivers.yaml)", WaiversFile),
    "wave": FileKind("retailctl migration wave (migrations/<wave>/wave.yaml)", WaveFile),
}


def file_schema(kind: str, *, others: Mapping[str, Callable[[], dict[str, Any]]] | None = None) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a kind of file; equal on every run.

    ``others`` makes the schemas of kinds that are no file of the workspace ("report"). Raises UsageError
    for a kind without a schema.
    """
    known = KINDS.get(kind)
    made = (others or {}).get(kind)
    if known is None or (known.type is None and made is None):
        names = [name for name, each in KINDS.items() if each.type is not None or name in (others or {})]
        raise UsageError(f"there is no schema named {kind[:40]!r}", hint=suggestion(kind, names))
    body = made() if made else adapter(known.type).json_schema(schema_generator=_Generator)
    head = {"$schema": DIALECT, "$id": f"{BASE}{kind}.json", "title": known.title}
    examples = {"examples": [EXAMPLES[kind]]} if kind in EXAMPLES else {}
    return head | {key: value for key, value in body.items() if key not in head} | examples


class _Generator(GenerateJsonSchema):
    """What an editor should accept is what the reader accepts, which is more than the Python types say."""

    def function_before_schema(self, schema: Any) -> dict[str, Any]:
        """Add the short forms a converter takes: numbers as text, a name for a mapping, one for a list."""
        inner = self.generate_inner(schema["schema"])
        convert = schema["function"]["function"]
        if convert is as_text:
            return inner | {"type": _SCALAR} if inner.get("type") == "string" else inner
        short: list[dict[str, Any]] = []
        if convert("x") != "x":
            short.append({"type": "string"})
        if convert({}) != {}:
            short += [each["items"] for each in inner.get("anyOf", [inner]) if each.get("type") == "array"]
        return {"anyOf": [*inner.get("anyOf", [inner]), *short]} if short else inner

    def generate(self, schema: Any, mode: Any = "validation") -> dict[str, Any]:
        """Return the schema without what only repeats the names or belongs to OpenAPI."""
        cleaned: dict[str, Any] = _clean(super().generate(schema, mode))
        return cleaned


def _clean(node: Any, *, names: bool = False) -> Any:
    """Drop made-up titles, null defaults and ``discriminator``; ``names``: the keys are those of the file."""
    if isinstance(node, list):
        return [_clean(each) for each in node]
    if not isinstance(node, dict):
        return node.replace("``", "`") if isinstance(node, str) else node
    if names:
        return {key: _clean(value) for key, value in node.items()}
    drop = {"title", "discriminator"} | ({"default"} if node.get("default", 0) is None else set())
    kept = {key: value for key, value in node.items() if key not in drop}
    return _flat({key: _clean(value, names=key in ("properties", "$defs")) for key, value in kept.items()})


def _flat(node: dict[str, Any]) -> dict[str, Any]:
    """Write "X or null" as one schema: editors then show the place inside X where something is wrong."""
    options = node.get("anyOf", [])
    if len(options) != 2 or options[1] != {"type": "null"} or "type" not in options[0]:
        return node
    kind = options[0]["type"]
    flat: dict[str, Any] = options[0] | {"type": [*(kind if isinstance(kind, list) else [kind]), "null"]}
    if "enum" in flat:
        flat["enum"] = [*flat["enum"], None]
    if "const" in flat:
        flat["enum"] = [flat.pop("const"), None]
    return flat | {key: value for key, value in node.items() if key != "anyOf"}
