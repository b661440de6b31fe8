"""Sets of contracts: one business object over several protocols moves together (contracts.md section 4.10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from retailctl.api.contracts.comparing import highest
from retailctl.api.contracts.estate import Workspace
from retailctl.contracts.rules.levels import SEVERITIES, Levels
from retailctl.contracts.rules.rules import rule
from retailctl.model.contract_change import ComparedContract, ContractChange, ContractSet
from retailctl.model.contract_facts import ContractDocument
from retailctl.model.contract_file import ContractFile
from retailctl.model.finding import Finding, fingerprint

OUT_OF_STEP: Final = "contract-set-out-of-step"


def sets_of(workspace: Workspace, compared: Iterable[ComparedContract]) -> tuple[ContractSet, ...]:
    """The sets that something was compared of, by name; the bump of a set is that of its worst member."""
    rows = list(compared)
    found = []
    for name, members in sorted(_members(workspace).items()):
        mine = [row.required_bump for row in rows if row.contract in members]
        if mine:
            found.append(ContractSet(name=name, required_bump=highest(mine), contracts=tuple(sorted(members))))
    return tuple(found)


def with_two_versions(documents: Iterable[ContractDocument]) -> set[str]:
    """The contracts that have a later version: those that moved, where versions are held against each other."""
    versions: dict[str, set[str | None]] = defaultdict(set)
    for document in documents:
        versions[document.contract].add(document.version)
    return {contract for contract, found in versions.items() if len(found) > 1}


def out_of_step(
    workspace: Workspace,
    compared: Iterable[ComparedContract],
    moved: Collection[str],
    levels: Levels,
    mapped: Mapping[str, Collection[str]] | None = None,
) -> Iterator[Finding]:
    """A member breaks and another one did not move: it still describes the object as it was.

    ``moved`` are the contracts with a change, compared or not. One finding per member that stayed behind. ``mapped``
    are the contracts of a set whose fields are in its map: between those the fields decide, which says more.
    """
    severity = SEVERITIES[levels.of(OUT_OF_STEP)]
    if severity is None:
        return
    breaking = {row.contract for row in compared if row.breaking}
    row = rule(OUT_OF_STEP)
    for name, members in sorted(_members(workspace).items()):
        by_field = set((mapped or {}).get(name, ()))
        for contract in sorted(members.keys() - breaking - set(moved)):
            broken = sorted(one for one in breaking & members.keys() if not {one, contract} <= by_field)
            if not broken:
                continue
            path, promise = members[contract]
            subject = f"{name}: {contract}"
            message = row.message(", ".join(broken), where=contract, new=name)
            yield Finding(
                rule=row.id,
                name=row.docs,
                verdict="fail",
                severity=severity,
                subject=subject,
                message=message,
                fix=f"Move {contract} in the same release, or take it out of the set.",
                locations=(workspace.session.documents.read(path, owned=False).locate("/set"),),
                owner=promise.owner,
                domain=promise.domain,
                stage="build",
                fingerprint=fingerprint(row.id, subject),
                change=ContractChange(area=row.area, kind=row.kind, action=row.action, contract=contract),
            )


def _members(workspace: Workspace) -> dict[str, dict[str, tuple[str, ContractFile]]]:
    """Set -> contract -> its promise and where that stands."""
    found: dict[str, dict[str, tuple[str, ContractFile]]] = defaultdict(dict)
    for path, promise in workspace.loaded.promises.items():
        if promise.set:
            found[promise.set][promise.id] = path, promise
    return found
