"""``contract list`` and ``contract show``: the contracts of a workspace, their versions and who is on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from retailctl.api.contracts.estate import Workspace, open_workspace, promise_of
from retailctl.api.contracts.options import ContractOptions
from retailctl.errors import UsageError
from retailctl.model.contract_facts import ContractDocument


def contract_list(root: Path | None, options: ContractOptions) -> list[dict[str, Any]]:
    """One row per document: contract, version, format, owner, lifecycle, operations, consumers."""
    workspace = open_workspace(root, options)
    return [_row(workspace, document) for document in workspace.loaded.estate.documents.values()]


def contract_show(root: Path | None, name: str, options: ContractOptions) -> dict[str, Any]:
    """One contract by id, or by the path of a document: versions, operations, interfaces and consumers."""
    workspace = open_workspace(root, options)
    documents = [
        document
        for document in workspace.loaded.estate.documents.values()
        if name in (document.contract, document.path)
    ]
    if not documents:
        raise UsageError(f"no contract {name!r}", hint="`retailctl contract list` shows them")
    promise = promise_of(workspace.loaded, documents[0].path)
    return {
        "id": documents[0].contract,
        "name": promise.name if promise else None,
        "domain": documents[0].domain,
        "owner": documents[0].owner,
        "provider": documents[0].provider,
        "compatibility": promise.compatibility if promise else None,
        "versions": [_version(workspace, document) for document in documents],
    }


def _row(workspace: Workspace, document: ContractDocument) -> dict[str, Any]:
    consumers = workspace.consumers.of([document.path], [])
    return {
        "id": document.contract,
        "version": document.version,
        "format": document.format,
        "domain": document.domain,
        "owner": document.owner,
        "lifecycle": document.lifecycle,
        "sunset": document.sunset.isoformat() if document.sunset else None,
        "operations": len(document.operations),
        "consumers": len({one.system for one in consumers}),
        "path": document.path,
    }


def _version(workspace: Workspace, document: ContractDocument) -> dict[str, Any]:
    consumers = workspace.consumers.of([document.path], [])
    return {
        **_row(workspace, document),
        "operations": [f"{one.method} {one.path}" for one in document.operations],
        "problem": document.problem or None,
        "consumers": [
            {
                "system": one.system,
                "interface": one.interface,
                "owner": one.owner,
                "wave": one.wave,
                "processes": list(one.processes),
                "evidence": one.evidence,
            }
            for one in consumers
        ],
    }
