"""From the files of a workspace to an Estate, with everything that was wrong on the way kept as problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from retailctl.errors import IncompleteError, InputError, Location
from retailctl.inventory.assemble import assemble, declared
from retailctl.inventory.merge import Declared
from retailctl.inventory.references import dangling, duplicate_ids
from retailctl.model.contract_file import ContractFile
from retailctl.model.estate import ContractFact, Covered, Estate, LiteralSecret
from retailctl.model.wave_file import FreezesFile, WaveFile
from retailctl.workspace.boundary import inventory_entries, validate
from retailctl.workspace.discovery import WorkspaceFiles
from retailctl.workspace.document import Document
from retailctl.workspace.documents import Documents
from retailctl.workspace.secrets import secret_places
from retailctl.workspace.versions import contract_version

_OWNED_FILES: dict[str, type] = {"contract": ContractFile, "wave": WaveFile, "freezes": FreezesFile}


@dataclass(slots=True)
class Loaded:
    """An estate as read. ``problems`` become INP findings; ``unreadable`` sources make the run incomplete."""

    root: Path
    files: WorkspaceFiles
    documents: Documents
    estate: Estate = field(default_factory=Estate)
    problems: list[InputError] = field(default_factory=list)
    unreadable: list[IncompleteError] = field(default_factory=list)


def load(root: Path, files: WorkspaceFiles, documents: Documents) -> Loaded:
    """Read, validate and merge every estate file. One bad file or entry never hides the others."""
    loaded = Loaded(root, files, documents)
    items: list[Declared | Covered] = []
    secrets: list[LiteralSecret] = []
    for path in files.of("inventory"):
        document = _read(loaded, path)
        if document is None:
            continue
        entries, problems = inventory_entries(document)
        loaded.problems.extend(problems)
        items.extend(declared(path, entries))
        secrets.extend(secret_places(document))
    for kind, file_type in _OWNED_FILES.items():
        for path in files.of(kind):
            document = _read(loaded, path)
            if document is not None:
                _, problems = validate(document, file_type)
                loaded.problems.extend(problems)
                secrets.extend(secret_places(document))
    loaded.problems.extend(_outside(files.outside))
    estate, duplicates = assemble(items, contracts=_contracts(loaded), secrets=secrets)
    loaded.estate = estate
    loaded.problems.extend(duplicate_ids(duplicates))
    loaded.problems.extend(dangling(estate))
    return loaded


def _read(loaded: Loaded, path: str) -> Document | None:
    try:
        return loaded.documents.read(path)
    except InputError as error:
        loaded.problems.append(error)
    except IncompleteError as error:
        loaded.unreadable.append(error)
    return None


def _outside(paths: Iterable[str]) -> Iterator[InputError]:
    for path in paths:
        yield InputError(
            "INP013",
            "the path leaves the workspace; it was not read",
            at=Location(path),
            hint="copy the file into the workspace, or remove the link",
        )


def _contracts(loaded: Loaded) -> dict[str, ContractFact]:
    """Every contract document by path; the version is the folder's, else the one that the document states."""
    facts: dict[str, ContractFact] = {}
    for path in loaded.files.of("contract-document"):
        facts[path] = ContractFact(path, contract_version(path, lambda: _foreign(loaded, path)))  # noqa: B023
    return facts


def _foreign(loaded: Loaded, path: str) -> Any:
    try:
        return loaded.documents.read(path, owned=False).data
    except (InputError, IncompleteError):
        return None
