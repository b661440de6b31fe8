"""``contract map``: a business object across the contracts that carry it, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from retailctl.api.contracts.comparing import levels_of
from retailctl.api.contracts.estate import Workspace, governed_report, open_workspace
from retailctl.api.contracts.map_findings import map_findings
from retailctl.api.contracts.maps import EntityMap, Maps, read_maps
from retailctl.api.contracts.options import ContractOptions
from retailctl.api.contracts.remote import remote_documents
from retailctl.api.memory import without_collection
from retailctl.contracts.sets.mapping import Carried, MemberState, other_fields
from retailctl.contracts.sets.paths import parse, plain, shown
from retailctl.errors import Location, UsageError
from retailctl.model.report import Report
from retailctl.workspace.problems import suggestion

SCHEMA: Final = "retailctl.map/v1"


def contract_map(
    root: Path | None, wanted: str | None, options: ContractOptions, *, field: str | None = None
) -> tuple[dict[str, Any], Report]:
    """The maps of a workspace as plain data, and the report on them with waivers and baseline.

    ``wanted`` is an entity, a set, a contract or the path of a map; ``field`` a field of the entity. Raises UsageError
    for one that is in no map.
    """
    with ExitStack() as stack, without_collection():
        workspace = open_workspace(root, options)
        levels = levels_of(options, workspace.session)
        remote = remote_documents(options, workspace.session.effective.limits)
        maps = read_maps(workspace, stack, options.against, remote)
        _choose(maps, wanted, workspace)
        names = _fields(maps.maps, field) if field is not None else None
        findings = [
            one
            for one in map_findings(maps, workspace, levels)
            if names is None or any(name in one.subject for name in names)
        ]
        report = governed_report(
            workspace.session, workspace.loaded, findings, "contract map", options, None, maps.problems,
            files=len(maps.maps), unreadable=maps.unreadable, complete=False,
        )  # fmt: skip
        page = {
            "schema": SCHEMA,
            "maps": [_map(one, names) for one in maps.maps],
            "findings": [
                {
                    "rule": one.rule,
                    "verdict": one.verdict,
                    "severity": one.severity,
                    "subject": one.subject,
                    "message": one.message,
                    "fix": one.fix,
                    "place": _place(one.locations[0]) if one.locations else None,
                }
                for one in report.findings
            ],
        }
    return page, report


def _choose(maps: Maps, wanted: str | None, workspace: Workspace) -> None:
    """Leave the maps that are asked for. One that is wrong stays a problem, whatever was asked for."""
    if wanted is None:
        return
    plain_ = plain((wanted,))
    kept = [
        one
        for one in maps.maps
        if wanted in (one.path, one.name, *one.contracts) or plain((one.map.entity,)) == plain_
    ]  # fmt: skip
    if not kept and not (maps.problems and wanted in workspace.session.files.of("map")):
        known = sorted({name for one in maps.maps for name in (one.map.entity, one.name, *one.contracts)})
        where = suggestion(wanted, known) or "A map is a file such as contracts/order/order.map.yaml."
        unmapped = sorted(promise.id for promise in workspace.loaded.promises.values() if promise.set == wanted)
        if unmapped:
            where = f"The set has no map yet: `retailctl contract map init {' '.join(unmapped)}` proposes one."
        raise UsageError(f"no map has an entity, set or contract {wanted[:60]!r}", hint=where)
    maps.maps[:] = kept


def _fields(maps: Iterable[EntityMap], wanted: str) -> frozenset[str]:
    """The fields of that name in any spelling, with those inside of it."""
    known = [name for one in maps for name in one.map.fields]
    try:
        path = plain(parse(wanted))
    except ValueError as error:
        raise UsageError(f"--field: {error}", hint="such as lines[].quantity") from None
    found = frozenset(name for name in known if plain(parse(name))[: len(path)] == path)
    if not found:
        raise UsageError(f"no entity has a field {wanted[:60]!r}", hint=suggestion(wanted, known[:500]))
    return found


def _map(one: EntityMap, names: frozenset[str] | None) -> dict[str, Any]:
    return {
        "entity": one.map.entity,
        "set": one.name,
        "domain": one.map.domain,
        "owner": one.map.owner,
        "path": one.path,
        "members": [_member(state, names) for state in one.states],
        "unlisted": list(one.unlisted),
        "fields": [
            {
                "field": name,
                "type": field.type,
                "unit": field.unit,
                "required": field.required,
                "key": field.key,
                "note": field.note,
                "members": [_carried(state, state.fields[name]) for state in one.states if name in state.fields],
            }
            for name, field in one.map.fields.items()
            if names is None or name in names
        ],
    }


def _member(state: MemberState, names: frozenset[str] | None) -> dict[str, Any]:
    return {
        "member": state.label,
        "name": state.name,
        "version": state.version or None,
        "kind": "contract" if state.contract is not None else "odoo",
        "path": state.path or None,
        "at": state.at or None,
        "unread": state.unread or None,
        "other_fields": list(other_fields(state)) if names is None else [],
    }


def _carried(state: MemberState, one: Carried) -> dict[str, Any]:
    place = state.place_of(one)
    return {
        "member": state.label,
        "status": one.status,
        "path": shown(one.path) or None,
        "type": one.type or None,
        "unit": one.unit or None,
        "required": one.required,
        "marks": list(one.marks),
        "reason": one.reason or None,
        "place": _place(place) if place is not None else None,
    }


def _place(place: Location) -> dict[str, Any]:
    return {"path": place.path, "line": place.line, "column": place.column, "pointer": place.pointer}
