"""``contract map init``: a map to start from, made of the documents of some contracts. What it cannot know it asks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from retailctl.api.contracts.estate import Workspace, open_workspace
from retailctl.api.contracts.map_members import Versions, contract_versions
from retailctl.api.contracts.options import ContractOptions
from retailctl.api.contracts.pairs import plain_version
from retailctl.api.contracts.sources import open_library
from retailctl.contracts.sets.fields import FieldNode, every_field
from retailctl.contracts.sets.languages import NotThereError, UnreadError, open_schema
from retailctl.contracts.sets.paths import Path as FieldPath
from retailctl.contracts.sets.paths import plain, shown
from retailctl.contracts.sets.types import type_text
from retailctl.errors import UsageError
from retailctl.workspace.problems import suggestion

_NAMED: Final = re.compile(r"(?P<contract>[^@:]+)(?:@(?P<version>[^:]+))?(?::(?P<at>.+))?")
_PLAIN: Final = re.compile(r"[A-Za-z_][\w.\[\]{}$-]*")
_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_TYPES: Final = frozenset({
    "string", "integer", "number", "decimal", "boolean", "date", "datetime", "time", "bytes", "object", "array",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chosen:
    """A schema that somebody named, and its fields by path with plain names: the path as written, and the field."""

    contract: str
    version: str
    at: str
    fields: dict[FieldPath, tuple[FieldPath, FieldNode]]

    @property
    def label(self) -> str:
        """How people name it."""
        return f"{self.contract} {self.version}".rstrip()


def propose_map(root: Path | None, names: Sequence[str], options: ContractOptions) -> str:
    """A map of these contracts as YAML; each name is ``CONTRACT[@VERSION][:SCHEMA]``.

    Fields that at least two of them have, by equal names, are those of the entity. Raises UsageError for a name that
    leads to no schema, and for fewer than two.
    """
    if len(names) < 2:
        raise UsageError("a map needs two contracts", hint="such as orders-api:Order order-events:OrderConfirmed")
    workspace = open_workspace(root, options)
    contracts = contract_versions(workspace)
    members: list[Chosen] = []
    for name in names:
        members.append(choose_schema(workspace, contracts, name, members))
    sets = {p.set for p in workspace.loaded.promises.values() if p.id in {one.contract for one in members}}
    return "\n".join(_lines(members, next(iter(sets), None) if len(sets) == 1 else None)) + "\n"


def choose_schema(
    workspace: Workspace, contracts: dict[str, Versions], name: str, before: Sequence[Chosen] = ()
) -> Chosen:
    """The schema that ``CONTRACT[@VERSION][:SCHEMA]`` names; of several the one most like those ``before``.

    Raises UsageError for a name that leads to none, or to several.
    """
    found = _NAMED.fullmatch(name)
    contract = found["contract"] if found else name
    versions = contracts.get(contract)
    if versions is None:
        raise UsageError(f"no contract {contract[:60]!r}", hint=suggestion(contract, sorted(contracts)))
    wanted = found["version"] if found else None
    version = next((one for one in reversed(list(versions)) if plain_version(one) == plain_version(wanted)), None)
    if wanted is None:
        version = list(versions)[-1]
    if version is None:
        raise UsageError(f"{contract} has no version {str(wanted)[:40]!r}", hint=suggestion(str(wanted), versions))
    schemas = list(_schemas(workspace, versions[version], (found["at"] if found else None) or "", before))
    if not schemas:
        raise UsageError(f"{name[:80]}: no schema that is read", hint="name one: CONTRACT:SCHEMA")
    at, fields = max(schemas, key=lambda row: _likeness(row[1], before))
    if before and not (found and found["at"]) and not _likeness(fields, before):
        hint = (
            f"it has {', '.join(sorted(one for one, _ in schemas)[:12])}" if len(schemas) > 1 else "Is it the object?"
        )
        raise UsageError(f"{name[:80]} shares no field with the others; name the schema: CONTRACT:SCHEMA", hint=hint)
    if not before and len(schemas) > 1:
        names = ", ".join(sorted({one for one, _ in schemas})[:12])
        raise UsageError(f"{contract} has several schemas; name one: {contract}:SCHEMA", hint=f"it has {names}")
    return Chosen(contract, version, at, fields)


def _likeness(fields: dict[FieldPath, tuple[FieldPath, FieldNode]], before: Sequence[Chosen]) -> int:
    return sum(path in other.fields for other in before for path in fields)


def _schemas(
    workspace: Workspace, paths: Sequence[str], at: str, before: Sequence[Chosen]
) -> Iterator[tuple[str, dict[FieldPath, tuple[FieldPath, FieldNode]]]]:
    """The schema of that name, or all there are."""
    for path in paths:
        for name in [at] if at else _names(workspace, path):
            try:
                library = open_library(lambda one: workspace.session.documents.read(one, owned=False), path)
                node = open_schema(library, name, "").root
            except (NotThereError, UnreadError):
                continue
            yield name, {plain(way): (way, field) for way, field in every_field(node)}


def _names(workspace: Workspace, path: str) -> list[str]:
    """The names of the schemas in a document; "" where it is one itself."""
    library = open_library(lambda one: workspace.session.documents.read(one, owned=False), path)
    try:
        open_schema(library, "", "\0")
    except NotThereError as problem:
        return list(problem.known)
    except UnreadError:
        return []
    return [""]


def _lines(members: Sequence[Chosen], set_: str | None) -> Iterator[str]:
    first = members[0]
    carriers = Counter(path for one in members for path in one.fields)
    shared = [path for path in dict.fromkeys(p for one in members for p in one.fields) if carriers[path] > 1]
    yield "# Made by `retailctl contract map init`. To be added: units of amounts, and why a member lacks a field."
    yield f"entity: {_text(first.at or set_ or first.contract)}"
    if set_:
        yield f"set: {_text(set_)}"
    yield "fields:"
    for path in shared:
        yield from _field(path, [one for one in members if path in one.fields], members)
    yield "members:"
    for one in members:
        yield f"  - contract: {_text(one.contract)}"
        yield f"    version: {_text(one.version)}"
        if one.at:
            yield f"    at: {_text(one.at)}"
        alone = [shown(way) for path, (way, _) in one.fields.items() if carriers[path] == 1]
        if alone:
            yield f"    # not in the entity: {_comment(', '.join(alone))}"


def _field(path: FieldPath, carriers: Sequence[Chosen], members: Sequence[Chosen]) -> Iterator[str]:
    way, _ = carriers[0].fields[path]
    types = {one.label: one.fields[path][1].types for one in carriers}
    units = {one.fields[path][1].unit for one in carriers} - {""}
    same = next(iter(types.values())) if len(set(types.values())) == 1 else ()
    told = [f"type: {kind}" for kind in same if same == (kind,) and kind in _TYPES]
    if len(units) == 1:
        told.append(f"unit: {_text(next(iter(units)), in_braces=True)}")
    notes = []
    if len(set(types.values())) > 1:
        notes.append("types: " + ", ".join(f"{name} {type_text(kinds) or 'not said'}" for name, kinds in types.items()))
    missing = [one.label for one in members if path not in one.fields]
    if missing:
        notes.append(f"not in {', '.join(missing)}")
    comment = f"  # {_comment('; '.join(notes))}" if notes else ""
    yield f"  {_text(shown(way))}: {{{', '.join(told)}}}{comment}"


def _text(text: str, *, in_braces: bool = False) -> str:
    """A scalar of YAML; in quotes wherever it could be taken for something else."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS and not (in_braces and not text.isidentifier()):
        return text
    safe = (char if char.isprintable() and char not in '"\\' else f"\\U{ord(char):08x}" for char in text)
    return f'"{"".join(safe)}"'


def _comment(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)
