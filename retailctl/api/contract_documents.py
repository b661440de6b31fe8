"""The contract documents of a workspace as facts for the rules, and the steps between their versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any, Literal

from retailctl.api.promised_events import promised_events
from retailctl.api.version_steps import Read, Remembered, step_between
from retailctl.errors import IncompleteError, InputError
from retailctl.graph.contract_facts import is_new_major, versions_in_order
from retailctl.model.contract_facts import ContractDocument, VersionStep
from retailctl.model.contract_file import ContractFile, ContractVersion
from retailctl.model.estate import ContractFact
from retailctl.workspace.formats import READ, schema_language


def contract_documents(
    facts: Mapping[str, ContractFact], promises: Mapping[str, ContractFile], read: Read, *, whole: bool = True
) -> dict[str, ContractDocument]:
    """Facts of every document of ``facts`` that is YAML, JSON, Avro or Protobuf, by path and in order of path.

    ``promises`` are the ``contract.yaml`` files by path; ``read`` raises InputError or IncompleteError for a document
    that cannot be read. One of Avro or Protobuf, or that was to be an API as far as ``contract.yaml`` tells, then has a
    problem. Unless the ``whole`` document is asked for, schemas that stand alone have a format and nothing else.
    """
    of_folder = {path.rpartition("/")[0]: (path, promise) for path, promise in promises.items()}
    found: dict[str, ContractDocument] = {}
    for path in sorted(facts):
        if path in promises or path.endswith(("/contract.yaml", "/contract.yml")):
            continue
        if path.endswith(READ):
            where, promise = _promise(path, of_folder)
            known = _known(path, facts[path], where, promise)
            form = None if whole else schema_language(path)  # told by the name: nobody has to read it
            found[path] = replace(known, format=form) if form else _document(path, known, promise, read, whole=whole)
    return found


def consecutive(
    documents: Mapping[str, ContractDocument], read: Read, as_of: date, kept: Remembered | None = None
) -> dict[str, VersionStep]:
    """The step to each version of an API or event contract that has one before it, by path of the document.

    The two are compared only where the answer matters: a new major version may break whom it likes.
    ``kept`` are the answers of earlier runs.
    """
    steps = {}
    lines = [*versions_in_order(documents).values(), *versions_in_order(documents, events=True).values()]
    for line in lines:
        for before, after in pairwise(line):
            step = VersionStep(
                contract=after.contract,
                path=after.path,
                from_version=before.version or "",
                to_version=after.version or "",
                mode=after.compatibility if after.is_events else None,
            )
            sound = not (before.problem or after.problem or before.unresolved or after.unresolved)
            matters = sound and not is_new_major(step)
            steps[after.path] = step_between(step, before, read, as_of, kept) if matters else step
    return steps


def _document(
    path: str, known: ContractDocument, promise: ContractFile | None, read: Read, *, whole: bool
) -> ContractDocument:  # fmt: skip
    from retailctl.contracts.facts import contract_document
    from retailctl.contracts.references import Library
    from retailctl.contracts.schema_documents import schema_format

    try:
        form = None if whole else schema_format(read(path).data, path)
        if form is not None:
            return replace(known, format=form)
        return contract_document(Library(read, path), known)
    except (InputError, IncompleteError) as error:
        language = schema_language(path)
        if language is not None:
            return replace(known, format=language, problem=error.message)
        problem = error.message if promise is None or promise.kind == "openapi" else ""
        return replace(known, problem=problem)


def _promise(
    path: str, of_folder: Mapping[str, tuple[str, ContractFile]]
) -> tuple[str, ContractFile] | tuple[Literal[""], None]:
    """The ``contract.yaml`` of the folder of the document or of one above it, with its path."""
    folder = path
    while "/" in folder:
        folder = folder.rpartition("/")[0]
        if folder in of_folder:
            return of_folder[folder]
    return "", None


def _known(path: str, fact: ContractFact, where: str, promise: ContractFile | None) -> ContractDocument:
    folders = path.split("/")[:-1]
    nested = len(folders) >= 4  # contracts/<domain>/<contract>/<version>
    about: dict[str, Any] = {
        "contract": promise.id if promise else folders[-2] if nested else folders[-1],
        "domain": promise.domain if promise and promise.domain else folders[1] if nested else None,
    }
    if promise is not None:
        version = _version(fact.version, promise.versions or ())
        about |= {
            "kind": promise.kind,
            "provider": promise.provider,
            "owner": promise.owner,
            "lifecycle": (version.lifecycle if version else None) or promise.lifecycle,
            "sunset": version.sunset if version else None,
            "listed_consumers": promise.consumers,
            "compatibility": promise.compatibility,
            "promise": where,
            "promised": promised_events(promise, where),
        }
    return ContractDocument(path=path, version=fact.version, **about)


def _version(version: str | None, listed: Iterable[ContractVersion]) -> ContractVersion | None:
    """The entry of ``versions`` for a folder: ``v1`` and ``1`` are the same."""
    wanted = (version or "").lstrip("vV")
    return next((one for one in listed if one.version.lstrip("vV") == wanted), None)
