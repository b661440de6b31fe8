"""The JSON Schema of what :mod:`retailctl.report.change_rows` writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, get_args

from retailctl.model.compatibility import Compatibility, UpgradeFirst
from retailctl.model.contract_change import Bump, Direction, Role, Uses

_TEXT: Final = {"type": "string"}
_MAYBE_TEXT: Final = {"type": ["string", "null"]}
_COUNT: Final = {"type": "integer", "minimum": 0}
_SIDE: Final = {"enum": ["old", "new"]}


OPTIONAL: Final = ("mode", "upgrade_first", "readings", "contracts", "sets")
"""Keys of the summary that a comparison may not have: of events only, or of several contracts only."""


def _say(schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {**schema, "description": description}


def _rows(name: str, description: str) -> dict[str, Any]:
    return {"type": "array", "description": description, "items": {"$ref": f"#/$defs/{name}"}}


def _bump(description: str, *, maybe: bool = False) -> dict[str, Any]:
    return _say({"enum": [*get_args(Bump), None] if maybe else [*get_args(Bump)]}, description)


_COMPATIBLE: Final = _say(
    {"type": ["boolean", "null"]}, "null: nothing breaks for certain, and something could not be decided."
)


def change_properties() -> dict[str, Any]:
    """Schemas of the keys of a finding about a change."""
    return {
        "contract": _say(_MAYBE_TEXT, "Id of the contract; null when two bare documents were compared."),
        "operation": _say(_TEXT, "The first of operations."),
        "direction": _say({"enum": list(get_args(Direction))}, "Which way the changed data flows."),
        "area": _say(_TEXT, "Part of the contract: schema, parameters, paths, security and so on."),
        "kind": _say(_TEXT, "existence, type, values, constraints, requiredness, lifecycle and so on."),
        "action": _say(_TEXT, "add, remove, change, increase, decrease and so on."),
        "old": _say(_TEXT, "The value before, as text; empty if there was none."),
        "new": _say(_TEXT, "The value after, as text; empty if there is none."),
        "operations": _rows("affected_operation", "Every operation that the change reaches."),
        "witness": {"anyOf": [{"$ref": "#/$defs/witness"}, {"type": "null"}]},
        "no_witness": _say(_TEXT, "Why there is no witness; left out where none is needed."),
        "consumers": _rows("affected_consumer", "Consumers of the interface behind the operations."),
        "consumers_known": _say(
            {"type": "boolean"}, "false: no inventory names the contract, so an empty list says nothing."
        ),
        "note": _say(_TEXT, "What else to know, such as verdicts under the other content model."),
    }


def verdict_properties() -> dict[str, Any]:
    """Schemas of the keys of the summary of a comparison."""
    return {
        "compatible": _COMPATIBLE,
        "required_bump": _bump("The version step that the changes ask for."),
        "declared_bump": _bump("The step that the documents declare; null if they declare no versions.", maybe=True),
        "base": _say(_TEXT, "What was compared: the old side."),
        "revision": _say(_TEXT, "What was compared: the new side."),
        "mode": _say({"enum": [*get_args(Compatibility)]}, "The compatibility mode of events and schemas."),
        "upgrade_first": _say({"enum": [*get_args(UpgradeFirst)]}, "Who may move to the new version first."),
        "readings": _rows("reading_verdict", "Every reading that a mode can ask for, under both content models."),
        "contracts": _rows("compared_contract", "One per contract, where several were compared."),
        "sets": _rows("contract_set", "One per set that something was compared of."),
    }


def definitions(say_object: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """The ``$defs`` that the properties above refer to."""
    return {
        "affected_operation": say_object(
            "An operation that a change reaches.", operation=_TEXT, at=_say(_TEXT, "Where in it: 200 application/json.")
        ),
        "witness": say_object(
            "A concrete case that one side accepts and the other refuses, checked before it is shown.",
            kind={"enum": ["instance", "request"]},
            value={"description": "Any JSON value. A number that JSON cannot hold is text."},
            place=_say(_TEXT, "What the value is an instance of: a body, a parameter."),
            pointer=_say(_TEXT, "JSON Pointer of the offending part of the value."),
            accepted_by=_SIDE,
            rejected_by=_SIDE,
            error=_say(_TEXT, "Why it is refused."),
        ),
        "affected_consumer": say_object(
            "A consumer of the changed contract.",
            system=_TEXT,
            interface=_TEXT,
            owner=_MAYBE_TEXT,
            wave=_say(_MAYBE_TEXT, "The migration wave it moves in."),
            processes={"type": "array", "items": _TEXT},
            version=_say(_MAYBE_TEXT, "The version of the contract that it uses."),
            uses=_say({"enum": list(get_args(Uses))}, "Whether it uses the changed part."),
            evidence=_say(_TEXT, "How that is known: declared, or observed."),
            role=_say({"enum": list(get_args(Role))}, "producer: it sends the messages of an event contract."),
        ),
        "compared_contract": say_object(
            "A contract, the versions compared, and what came of it.",
            contract=_TEXT,
            base=_TEXT,
            revision=_TEXT,
            path=_TEXT,
            compatible=_COMPATIBLE,
            required_bump=_bump("The version step that the changes ask for."),
            declared_bump=_bump("The step that is declared.", maybe=True),
            breaking=_COUNT,
            unknown=_COUNT,
            mode=_say({"enum": [*get_args(Compatibility), None]}, "null: an API, which has no mode."),
        ),
        "reading_verdict": say_object(
            "Whether one side can read what the other writes.",
            reading=_say({"enum": ["backward", "forward"]}, "backward: the new side reads data of the old one."),
            content_model=_say({"enum": ["declared", "all", ""]}, "Empty where data has only what is declared."),
            compatible=_COMPATIBLE,
        ),
        "contract_set": say_object(
            "Contracts on one business object: they move together.",
            set=_TEXT,
            required_bump=_bump("That of the worst of its members."),
            contracts={"type": "array", "items": _TEXT},
        ),
    }
