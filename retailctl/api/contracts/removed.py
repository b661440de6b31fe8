"""A contract document that is gone: judged as the removal of all its operations."""

from __future__ import annotations

from retailctl.api.contracts.called import Called
from retailctl.api.contracts.estate import Workspace, promise_of
from retailctl.api.contracts.remote import RemoteDocuments
from retailctl.api.contracts.sources import Read, open_source
from retailctl.contracts.rules.levels import Levels
from retailctl.contracts.rules.rules import rule
from retailctl.errors import IncompleteError, InputError, Location
from retailctl.model.contract_change import AffectedOperation, ContractChange
from retailctl.model.finding import Finding, fingerprint


def document_removed(
    path: str,
    read: Read,
    revision: str,
    workspace: Workspace,
    levels: Levels,
    remote: RemoteDocuments | None = None,
) -> list[Finding]:
    """One finding with every operation that the document described; none for what was no API document."""
    severity = levels.severity("document-removed")
    if severity is None:
        return []
    try:
        source = open_source(read, path, revision, remote)
    except (InputError, IncompleteError):
        return []
    if source.api.family == "json-schema":  # it may be a part of other documents
        return []
    row = rule("document-removed")
    promise = promise_of(workspace.loaded, path)
    contract = promise.id if promise else path.rpartition("/")[0]
    operations = source.api.operations
    known = workspace.consumers.knows([path])
    consumers = workspace.consumers.of(
        [path], [Called(operation.method, operation.urls) for operation in operations]
    )  # fmt: skip
    subject = f"{contract}: {path}"
    return [
        Finding(
            rule=row.id,
            name=row.docs,
            verdict="fail",
            severity=severity,
            subject=subject,
            message=row.message(path, old=revision, new="", where=contract),
            fix="Put the document back until its sunset has passed, or move its consumers first.",
            locations=(Location(path, 0, 0),),
            owner=promise.owner if promise else None,
            domain=promise.domain if promise else None,
            stage="build",
            fingerprint=fingerprint(row.id, subject),
            change=ContractChange(
                direction="request",
                operation=operations[0].label if operations else "",
                operations=tuple(AffectedOperation(operation.label) for operation in operations),
                area=row.area,
                kind=row.kind,
                action=row.action,
                contract=contract,
                consumers=consumers,
                consumers_known=known,
            ),
        )
    ]
