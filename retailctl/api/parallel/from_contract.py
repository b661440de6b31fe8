"""``plan init --from CONTRACT``: the fields of a schema as those of a plan; where both sides are is left to say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from retailctl.api.contracts.estate import open_workspace
from retailctl.api.contracts.map_members import contract_versions
from retailctl.api.contracts.map_proposal import Chosen, choose_schema
from retailctl.api.contracts.options import ContractOptions
from retailctl.api.options import AuditOptions
from retailctl.contracts.sets.paths import shown
from retailctl.errors import UsageError
from retailctl.parallel.columns import Type
from retailctl.parallel.plans.names import DERIVED, NET, ROWS
from retailctl.parallel.plans.proposing import Proposal, ProposedField, names_money

_TYPES: Final = {
    "string": Type(), "integer": Type("int"), "number": Type("decimal", 2), "decimal": Type("decimal", 2),
    "boolean": Type("bool"), "date": Type("date"), "datetime": Type("timestamp"), "time": Type(), "bytes": Type(),
}  # fmt: skip
_IDS: Final = ("id", "number", "no", "ref", "key", "code")
_MOST: Final = 200


def proposed_from_contract(name: str, root: Path | None, options: AuditOptions, entity: str) -> Proposal:
    """A plan over the plain fields of ``CONTRACT[@VERSION][:SCHEMA]``. Raises UsageError where there are none."""
    workspace = open_workspace(root, ContractOptions(run=options))
    contracts = contract_versions(workspace)
    if name.partition(":")[0].partition("@")[0] not in contracts:
        hint = "Name two sources, --from legacy.csv --from new.parquet, or a contract of the workspace."
        raise UsageError(f"a plan has two sides, and {name[:80]} is no contract", hint=hint)
    chosen = choose_schema(workspace, contracts, name)
    fields = tuple(_fields(chosen))[:_MOST]
    if not fields:
        raise UsageError(f"{name[:80]} has no plain fields", hint="Name a schema of an object: CONTRACT:SCHEMA.")
    return Proposal(
        entity or chosen.at.rpartition("/")[2] or chosen.contract,
        chosen.label,
        {"legacy": {"csv": "exports/legacy.csv"}, "new": {"csv": "exports/new.csv"}},
        fields,
        _key(chosen, fields),
        (
            "To do: where both sides are read, and the names of their columns where they differ.",
            "The key is a guess from the names of fields.",
            *_lists(chosen),
        ),
    )


def _fields(chosen: Chosen) -> Iterator[ProposedField]:
    taken: set[str] = set(DERIVED) | {NET, ROWS}
    for way, node in chosen.fields.values():
        kinds = [kind for kind in node.types if kind != "null"]
        if len(kinds) != 1 or kinds[0] not in _TYPES or _nested(way):
            continue
        name = shown(way).replace(".", "_")[:128]
        if name in taken:
            continue
        taken.add(name)
        type, note = _TYPES[kinds[0]], ""
        if kinds[0] == "string" and names_money(name):
            type, note = Type("decimal", 2), "text in the contract; the scale is a guess"
        elif type.kind == "decimal":
            note = "the scale is a guess"
        yield ProposedField(name, type, name, name, reason=note)


def _nested(way: Sequence[str]) -> bool:
    """Whether a field is below a list or a map: such values are rows of their own."""
    return any(mark in shown(tuple(way)) for mark in ("[]", "{}"))


def _key(chosen: Chosen, fields: Sequence[ProposedField]) -> tuple[str, ...]:
    names = [one.name for one in fields if one.type.kind in {"text", "int"}]
    object_ = "".join(sign for sign in chosen.at.rpartition("/")[2].casefold() if sign.isalnum())
    own = [name for name in names if object_ and name.casefold().replace("_", "") in {object_ + end for end in _IDS}]
    ids = [name for name in names if name.casefold() == "id"]
    ends = [name for name in names if name.casefold().endswith(_IDS)]
    return tuple([*own, *ids, *ends, *names, fields[0].name][:1])


def _lists(chosen: Chosen) -> Iterator[str]:
    lists = dict.fromkeys(shown(tuple(way)).partition("[]")[0] for way, _ in chosen.fields.values() if _nested(way))
    if lists:
        yield f"Not in the plan, as their items are rows of their own: {', '.join(list(lists)[:20])}."
