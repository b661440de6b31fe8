"""Changes of contracts as rows of the JSON report.

Reports of other commands have none of these keys: what they wrote yesterday they write today.
"""

from __future__ import annotations

from typing import Any

from retailctl.model.compatibility import upgrade_first
from retailctl.model.contract_change import (
    AffectedConsumer,
    ChangeWitness,
    ComparedContract,
    ContractChange,
    ContractSet,
    ContractVerdict,
    ReadingVerdict,
)
from retailctl.report.instances import plain


def change_row(change: ContractChange) -> dict[str, Any]:
    """The keys that a finding about a change of a contract has beside the common ones."""
    return {
        "contract": change.contract,
        "operation": change.operation,
        "direction": change.direction,
        "area": change.area,
        "kind": change.kind,
        "action": change.action,
        "old": change.old,
        "new": change.new,
        "operations": [{"operation": row.operation, "at": row.at} for row in change.operations],
        "witness": change.witness and _witness_row(change.witness),
        **({"no_witness": change.no_witness} if change.no_witness else {}),
        "consumers": [_consumer_row(row) for row in change.consumers],
        "consumers_known": change.consumers_known,
        "note": change.note,
    }


def verdict_row(verdict: ContractVerdict) -> dict[str, Any]:
    """The keys that the summary of a comparison has beside the common ones."""
    return {
        "compatible": verdict.compatible,
        "required_bump": verdict.required_bump,
        "declared_bump": verdict.declared_bump,
        "base": verdict.base,
        "revision": verdict.revision,
        **({"mode": verdict.mode, "upgrade_first": upgrade_first(verdict.mode)} if verdict.mode else {}),
        **({"readings": [_reading_row(row) for row in verdict.readings]} if verdict.readings else {}),
        **({"contracts": [_contract_row(row) for row in verdict.contracts]} if verdict.contracts else {}),
        **({"sets": [_set_row(row) for row in verdict.sets]} if verdict.sets else {}),
    }


def _witness_row(witness: ChangeWitness) -> dict[str, Any]:
    return {
        "kind": witness.kind,
        "value": plain(witness.value),
        "place": witness.place,
        "pointer": witness.pointer,
        "accepted_by": witness.accepted_by,
        "rejected_by": witness.rejected_by,
        "error": witness.error,
    }


def _consumer_row(row: AffectedConsumer) -> dict[str, Any]:
    return {
        "system": row.system,
        "interface": row.interface,
        "owner": row.owner,
        "wave": row.wave,
        "processes": list(row.processes),
        "version": row.version,
        "uses": row.uses,
        "evidence": row.evidence,
        "role": row.role,
    }


def _set_row(row: ContractSet) -> dict[str, Any]:
    return {"set": row.name, "required_bump": row.required_bump, "contracts": list(row.contracts)}


def _contract_row(row: ComparedContract) -> dict[str, Any]:
    return {
        "contract": row.contract,
        "base": row.base,
        "revision": row.revision,
        "path": row.path,
        "compatible": row.compatible,
        "required_bump": row.required_bump,
        "declared_bump": row.declared_bump,
        "breaking": row.breaking,
        "unknown": row.unknown,
        "mode": row.mode,
    }


def _reading_row(row: ReadingVerdict) -> dict[str, Any]:
    return {
        "reading": row.reading,
        "content_model": row.content_model,
        "compatible": row.compatible,
    }
