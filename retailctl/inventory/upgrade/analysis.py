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
_SAID: Final = re.compile(r"#|(?:DONE|TODO|NOTHING TO DO)\b")  # comments, some of them without the sign
_MODEL: Final = re.compile(r"^(?:(?P<kind>obsolete|new)\s+)?model\s+(?P<model>[\w.]+)\s*(?P<rest>.*)$", re.IGNORECASE)
_RECORD: Final = re.compile(r"^(?P<kind>NEW|DEL)\s+(?P<model>[\w.]+):\s*(?P<id>[\w.-]+)(?P<rest>.*)$")
_ALTERED: Final = re.compile(r"^(?P<model>[a-z][\w.]*):\s*(?P<id>\w[\w-]*\.[\w.-]+)\s*\(")
_RENAMED: Final = re.compile(r"\brenamed (?P<way>to|from) '?(?P<name>[\w.]+)", re.IGNORECASE)
_MOVED: Final = re.compile(r"\bmoved (?P<way>to|from) (?:module )?'?(?P<name>\w+)", re.IGNORECASE)
_PREVIOUS: Final = re.compile(r"\bpreviously (?:named|called) '?(?P<name>\w+)", re.IGNORECASE)
_NOW: Final = re.compile(r"\b(?P<what>type|relation) is now '?(?P<new>[^'()]+?)'?\s*\('?(?P<old>[^'()]*)'?\)")
_RELATION: Final = re.compile(r"\brelation: (?P<model>[\w.]+)")
_REMOVED: Final = re.compile(r"selection_keys removed:|selection_keys is now|added: .*removed: ")
_STORAGE: Final = ("not stored anymore", "now related", "now a function", "is now computed", "now not stored")
_LONGEST: Final = 400
_LONGEST_LINE: Final = 20_000


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
    """A record of a data file that is new, gone or defined otherwise; ``moved``: it only belongs to another module."""

    model: str
    xml_id: str
    kind: Literal["new", "del", "changed"]
    at: Location
    text: str = ""
    moved: bool = False
    comment: str = ""


Change = FieldChange | ModelChange | RecordChange


@dataclass(frozen=True, slots=True)
class UnknownLine:
    """A line of a form that is not known, or under a heading that is not: what it changes is not known either."""

    at: Location


def changes_of(text: str, path: str) -> Iterator[Change]:
    """Every change of a file, comments attached. Raises InputError for a text that is no analysis at all."""
    return (line for line in lines_of(text, path) if not isinstance(line, UnknownLine))


def lines_of(text: str, path: str) -> Iterator[Change | UnknownLine]:
    """The changes of a file, and every line that tells none. Raises InputError as ``changes_of`` does."""
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
        elif _SAID.match(stripped):
            yield from (replace(change, comment=_comment(change.comment, stripped)) for change in block)
            block, number = [], number + 1
        elif not stripped.strip("-=*"):
            continue
        elif stripped.startswith("---") and stripped.endswith("--"):
            section, module = "", ""
        else:
            at = Location(path, line=line)
            found = _change(module, stripped, at, number) if section and len(stripped) <= _LONGEST_LINE else None
            if found is not None:
                block.append(found)
            else:
                yield UnknownLine(at)
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


def _change(module: str, line: str, at: Location, block: int) -> Change | None:
    """What a line says, by its form: people who comment an analysis move lines, and leave headings out."""
    if (found := _FIELD.match(line)) is not None:
        return _field(found, at, block)
    if (found := _MODEL.match(line)) is not None:
        return _model(found, module, at)
    if (found := _RECORD.match(line)) is not None:
        rest = found["rest"]
        return RecordChange(
            model=found["model"], xml_id=found["id"], kind="new" if found["kind"] == "NEW" else "del", at=at,
            text=line[:_LONGEST], moved="[renamed " in rest or "moved " in rest,
        )  # fmt: skip
    if (found := _ALTERED.match(line)) is not None:
        return RecordChange(
            model=found["model"], xml_id=found["id"], kind="changed", at=at, text=line[:_LONGEST]
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


def _model(found: re.Match[str], module: str, at: Location) -> ModelChange | None:
    rest, word = found["rest"], (found["kind"] or "").lower()
    renamed, moved = _RENAMED.search(rest), _MOVED.search(rest)
    kind: ModelKind = "new" if word == "new" else "gone"
    new = ""
    if not word:  # a model that only changes its module is told without a word before it
        if moved is None:
            return None
        kind, new = "moved", moved["name"] if moved["way"].lower() == "to" else module
    elif kind == "gone" and renamed is not None:
        kind, new = "renamed", renamed["name"]
    elif kind == "gone" and moved is not None:
        kind, new = "moved", moved["name"]
    return ModelChange(module=module, model=found["model"], kind=kind, text=found[0][:_LONGEST], at=at, new=new)
