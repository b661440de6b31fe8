"""From the files of a workspace to an Estate, with everything that was wrong on the way kept as problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from retailctl.api.contract_documents import consecutive, contract_documents
from retailctl.api.migrating import MigrationFiles, migration_of
from retailctl.api.session import Session
from retailctl.api.version_steps import Remembered
from retailctl.errors import IncompleteError, InputError, Location
from retailctl.inventory.assemble import assemble, declared
from retailctl.inventory.merge import Declared
from retailctl.inventory.references import dangling, duplicate_ids
from retailctl.model.contract_file import ContractFile
from retailctl.model.estate import ContractFact, Covered, Estate, LiteralSecret
from retailctl.model.events_plan import EventPlan
from retailctl.model.inventory_file import KIND_OF_SECTION, InventoryFile
from retailctl.model.map_file import MapFile
from retailctl.model.parallel_plan import TablePlan
from retailctl.model.replay_plan import HttpPlan
from retailctl.model.wave_file import FreezesFile, WaveFile
from retailctl.workspace.boundary import Checked, validate
from retailctl.workspace.document import Document
from retailctl.workspace.problems import SCHEMA
from retailctl.workspace.secrets import secret_places
from retailctl.workspace.versions import contract_version

# Estate files beside inventories that are validated; what they say is used by the capability that they belong to.
_OWNED_FILES: dict[str, type] = {
    "contract": ContractFile, "map": MapFile, "wave": WaveFile, "freezes": FreezesFile, "parallel": TablePlan
}  # fmt: skip


# What these say is what moves: while one of them cannot be read, "no wave moves it" proves nothing.
_MOVING = frozenset({"wave", "parallel"})


@dataclass(slots=True)
class Loaded:
    """An estate as read. ``problems`` become INP findings; ``unreadable`` sources make the run incomplete."""

    estate: Estate = field(default_factory=Estate)
    problems: list[InputError] = field(default_factory=list)
    unreadable: list[IncompleteError] = field(default_factory=list)
    inventories: list[Document] = field(default_factory=list)
    waves: list[WaveFile] = field(default_factory=list)
    promises: dict[str, ContractFile] = field(default_factory=dict)
    maps: dict[str, MapFile] = field(default_factory=dict)
    migration: MigrationFiles = field(default_factory=MigrationFiles)


def load(session: Session, *, for_rules: bool = True) -> Loaded:
    """Read, validate and merge every estate file. One bad file or entry never hides the others.

    Without ``for_rules`` schemas have a format and nothing else, and no versions are held against each other.
    """
    loaded = Loaded()
    files = session.files
    session.documents.prefetch(files.of("inventory"), session.options.jobs)
    items: list[Declared | Covered] = []
    secrets: list[LiteralSecret] = []
    unread = {(path, "*") for path in (*files.outside, *files.unreadable)}
    for path in files.of("inventory"):
        document = _read(loaded, session, path)
        if document is not None:
            loaded.inventories.append(document)
            checked = _validated(loaded, document, InventoryFile)
            sections = (str(problem.path[0]) if problem.path else "" for problem in checked.problems)
            unread.update((path, KIND_OF_SECTION.get(section, "*")) for section in sections)
            items.extend(declared(path, _entries(checked)))
            secrets.extend(secret_places(document))
        else:
            unread.add((path, "*"))
    for kind, file_type in _OWNED_FILES.items():
        for path in files.of(kind):
            document, value = _read(loaded, session, path), None
            if document is not None:
                value = _validated(loaded, document, _plan_type(document) if kind == "parallel" else file_type).value
                secrets.extend(secret_places(document))
                _keep(loaded, document, value)
            if kind in _MOVING and value is None:
                loaded.migration.unread = loaded.migration.unread or path
    for path in files.of("evidence") if for_rules else ():
        document = _read(loaded, session, path)
        if document is not None:
            secrets.extend(secret_places(document))
            loaded.migration.evidence.append(document)
    loaded.problems.extend(_outside(session))
    loaded.unreadable.extend(_unreadable(session))
    contracts = {path: _contract(session, path) for path in (*files.of("document"), *files.of("contract"))}
    estate, duplicates = assemble(items, contracts=contracts, secrets=secrets)

    def read(path: str) -> Document:
        return session.documents.read(path, owned=False)

    documents = contract_documents(contracts, loaded.promises, read, whole=for_rules)
    kept = Remembered(session.documents.cache, session.documents.identity)
    steps = consecutive(documents, read, session.as_of, kept) if for_rules else {}
    migration = migration_of(loaded.migration, estate, loaded.problems)
    loaded.estate = replace(estate, unread=tuple(sorted(unread)), documents=documents, steps=steps, migration=migration)
    loaded.problems.extend(duplicate_ids(duplicates))
    loaded.problems.extend(dangling(loaded.estate))
    return loaded


def _read(loaded: Loaded, session: Session, path: str) -> Document | None:
    try:
        return session.documents.read(path)
    except InputError as error:
        loaded.problems.append(error)
    except IncompleteError as error:
        loaded.unreadable.append(error)
    return None


def _plan_type(document: Document) -> type:
    """Plans of parallel runs say their kind; one that says none is about tables."""
    kind = document.data.get("kind") if isinstance(document.data, Mapping) else None
    return HttpPlan if kind == "http" else EventPlan if kind == "events" else TablePlan


def _validated(loaded: Loaded, document: Document, file_type: type) -> Checked[Any]:
    checked: Checked[Any] = validate(document.data, file_type)
    loaded.problems.extend(problem.as_input_error(document.locate) for problem in checked.problems)
    return checked


def _keep(loaded: Loaded, document: Document, value: Any) -> None:
    """One file that is valid by itself, for the capability that it belongs to."""
    if isinstance(value, ContractFile):
        loaded.promises[document.path] = value
    elif isinstance(value, MapFile):
        loaded.maps[document.path] = value
    elif isinstance(value, WaveFile):
        loaded.waves.append(value)
        loaded.migration.waves[document.path] = value
    elif isinstance(value, TablePlan):
        from retailctl.parallel.plans.checking import plan_problems

        loaded.migration.plans[document.path] = (document, value.covers)
        loaded.problems.extend(problem.as_input_error(document.locate) for problem in plan_problems(value))
    elif isinstance(value, EventPlan):
        from retailctl.parallel.events.checking import event_plan_problems

        loaded.migration.plans[document.path] = (document, value.covers)
        loaded.problems.extend(problem.as_input_error(document.locate) for problem in event_plan_problems(value))
    elif isinstance(value, HttpPlan):
        from retailctl.parallel.replay.plan import plan_problems as replay_problems

        loaded.migration.plans[document.path] = (document, value.covers)
        loaded.problems.extend(
            InputError(SCHEMA, problem.message, at=document.locate(problem.pointer), hint=problem.hint)
            for problem in replay_problems(value)
        )


def _entries(checked: Checked[Any]) -> Iterator[tuple[str, int, Any]]:
    """(section, index in the file, noun) of every entry that is valid."""
    for section in (*KIND_OF_SECTION, "coverage") if checked.value is not None else ():
        for position, noun in enumerate(getattr(checked.value, section) or ()):
            yield section, checked.index(section, position), noun


def _outside(session: Session) -> Iterator[InputError]:
    for path in session.files.outside:
        yield InputError(
            "INP013",
            "the path leaves the workspace; it was not read",
            at=Location(path),
            hint="copy the file into the workspace, or remove the link",
        )


def _unreadable(session: Session) -> Iterator[IncompleteError]:
    for path in session.files.unreadable:
        yield IncompleteError("the folder cannot be listed", at=Location(path), hint="check its permissions")


def _contract(session: Session, path: str) -> ContractFact:
    readable = True

    def content() -> Any:
        nonlocal readable
        try:
            return session.documents.read(path, owned=False).data
        except (InputError, IncompleteError):
            readable = False
            return None  # whether a contract document is sound is for contract lint

    version = contract_version(path, content)
    return ContractFact(path, version, readable)
