"""One analysis file: changed models, fields and records of one module, line by line.

``upgrade_analysis.txt`` is written by a program, ``upgrade_analysis_work.txt`` is a copy in which people write
comments: a comment is about the lines above it, up to the comment before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from retailctl.errors import InputError, Location
from retailctl.workspace.input_codes import SYNTAX

FieldKind = Literal["new", "del", "type", "relation", "renamed", "required", "selection", "storage", "other"]
ModelKind = Literal["new", "gone", "renamed", "moved"]

_HEAD: Final = re.compile(r"^-{2,3}\s*(models|fields|xml records) in module '?([^'\s]+)'?\s*-{2,3}\s*$", re.IGNORECASE)
_NOTHING: Final = re.compile(r"^-{2,3}\s*nothing has changed", re.IGNORECASE)
_FIELD: Final = re.compile(
    r"^(?P<module>[\w.-]+)\s*/\s*(?P<model>[\w.]+)\s*/\s*(?P<field>\w+)\s*(?:\((?P<type>[\w ]*)\))?\s*:\s*(?P<what>.*)$"
)
_MODEL: Final = re.compile(r"^(?P<kind>obsolete|new)\s+model\s+(?P<model>[\w.]+)\s*(?P<rest>.*)$", re.IGNORECASE)
_RECORD: Final = re.compile(r"^(?P<kind>NEW|DEL)\s+(?P<model>[\w.]+):\s*(?P<id>[\w.-]+)(?P<rest>.*)$")
_RENAMED: Final = re.compile(r"\brenamed (?P<way>to|from) '?(?P<name>[\w.]+)", re.IGNORECASE)
_MOVED: Final = re.compile(r"\bmoved (?:to|from) (?:module )?'?(?P<name>\w+)", re.IGNORECASE)
_PREVIOUS: Final = re.compile(r"\bpreviously (?:named|called) '?(?P<name>\w+)", re.IGNORECASE)
_NOW: Final = re.compile(r"\b(?P<what>type|relation) is now '?(?P<new>[^'()]+?)'?\s*\('?(?P<old>[^'()]*)'?\)")
_RELATION: Final = re.compile(r"\brelation: (?P<model>[\w.]+)")
_REMOVED: Final = re.compile(r"selection_keys removed:|selection_keys is now|added: .*removed: ")
_STORAGE: Final = ("not stored anymore", "now related", "now a function", "is now computed", "now not stored")
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One line about a field. ``new`` is the new type, relation or name; ``text`` the line behind the colon."""

    module: str
    model: str
    field: str
    type: str
    kind: FieldKind
    text: str
    at: Location
    relation: str = ""
    new: str = ""
    comment: str = ""
    block: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChange:
    """One line about a model; ``new`` is its new name, or the module it moved to."""

    module: str
    model: str
    kind: ModelKind
    text: str
    at: Location
    new: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange:
    """A record of a data file that is new or gone; ``moved`` tells that it only belongs to another module now."""

    model: str
    xml_id: str
    kind: Literal["new", "del"]
    at: Location
    text: str = ""
    moved: bool = False
    comment: str = ""


Change = FieldChange | ModelChange | RecordChange


def changes_of(text: str, path: str) -> Iterator[Change]:
    """Every change of a file, comments attached. Raises InputError for a text that is no analysis at all."""
    section, module = "", ""
    block: list[Change] = []
    number = 0
    known = False
    for line, raw in enumerate(text.splitlines(), 1):
        stripped = raw.strip()
        head = _HEAD.match(stripped)
        if head is not None:
            yield from block
            block, number, known = [], number + 1, True
            section, module = head[1].lower(), head[2]
        elif _NOTHING.match(stripped):
            known = True
        elif stripped.startswith("#"):
            yield from (replace(change, comment=_comment(change.comment, stripped)) for change in block)
            block, number = [], number + 1
        elif stripped and len(stripped) <= 20_000:
            found = _change(section, module, stripped, Location(path, line=line), number)
            if found is not None:
                block.append(found)
    yield from block
    if not known:
        raise InputError(
            SYNTAX,
            "is no analysis of an upgrade: no line such as ---Fields in module 'sale'---",
            at=Location(path),
            hint="take the files as OpenUpgrade writes them",
        )


def _comment(before: str, line: str) -> str:
    return f"{before} {line.lstrip('# ')}".strip()[:_LONGEST]


def _change(section: str, module: str, line: str, at: Location, block: int) -> Change | None:
    if section.startswith("field"):
        found = _FIELD.match(line)
        return _field(found, at, block) if found is not None else None
    if section.startswith("model"):
        found = _MODEL.match(line)
        return _model(found, module, at) if found is not None else None
    if section.startswith("xml"):
        found = _RECORD.match(line)
        if found is not None:
            rest = found["rest"]
            return RecordChange(
                model=found["model"], xml_id=found["id"], kind="new" if found["kind"] == "NEW" else "del", at=at,
                text=line[:_LONGEST], moved="[renamed " in rest or "moved " in rest,
            )  # fmt: skip
    return None


def _field(found: re.Match[str], at: Location, block: int) -> FieldChange | None:
    what = found["what"].strip()
    kind, new = _kind_of(what)
    # A field that a module only alters has no type of its own, and is not gone with that module.
    if kind in ("new", "del") and (found["type"] in ("False", None) or "mode: modify" in what):
        kind = "other"
    relation = _RELATION.search(what)
    return FieldChange(
        module=found["module"],
        model=found["model"],
        field=found["field"],
        type=(found["type"] or "").strip(),
        kind=kind,
        text=what[:_LONGEST],
        at=at,
        relation=relation["model"] if relation is not None else "",
        new=new,
        block=block,
    )


def _kind_of(what: str) -> tuple[FieldKind, str]:
    first = what.partition(" ")[0]
    if first == "NEW":
        return "new", ""
    if first == "DEL":
        return "del", ""
    if (now := _NOW.search(what)) is not None:
        return ("type" if now["what"] == "type" else "relation"), now["new"].strip()
    if (renamed := _RENAMED.search(what)) is not None and renamed["way"].lower() == "to":
        return "renamed", renamed["name"]
    if "now required" in what or "is now required" in what:
        return "required", ""
    if _REMOVED.search(what):
        return "selection", ""
    return ("storage" if any(word in what for word in _STORAGE) else "other"), ""


def _model(found: re.Match[str], module: str, at: Location) -> ModelChange:
    rest = found["rest"]
    renamed, moved = _RENAMED.search(rest), _MOVED.search(rest)
    kind: ModelKind = "new" if found["kind"].lower() == "new" else "gone"
    new = ""
    if kind == "gone" and renamed is not None:
        kind, new = "renamed", renamed["name"]
    elif kind == "gone" and moved is not None:
        kind, new = "moved", moved["name"]
    return ModelChange(module=module, model=found["model"], kind=kind, text=found[0][:_LONGEST], at=at, new=new)
