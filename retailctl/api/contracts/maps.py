"""The maps of a workspace held against its documents, now and before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from retailctl.api.contracts.estate import Workspace
from retailctl.api.contracts.map_members import Side, Versions, contract_versions, order
from retailctl.api.contracts.pairs import plain_version
from retailctl.api.contracts.remote import RemoteDocuments
from retailctl.contracts.sets.checking import map_problems
from retailctl.contracts.sets.drift import SetFact, set_facts
from retailctl.contracts.sets.mapping import MemberState
from retailctl.errors import IncompleteError, InputError, Location
from retailctl.model.map_file import MapFile
from retailctl.workspace.boundary import validate
from retailctl.workspace.document import Document
from retailctl.workspace.limits import Limits
from retailctl.workspace.revisions import RevisionTree, open_revision

_VERSION: Final = re.compile(r"v?\d+(?:\.\d+)*")
_ENDING: Final = re.compile(r"\.map\.ya?ml$")


@dataclass(frozen=True, slots=True)
class EntityMap:
    """A map with its members as they are. ``bases`` are the members before, by index; ``earlier`` their versions before
    where the bases are of a revision. ``unlisted`` are contracts of the set that the map does not have."""

    path: str
    map: MapFile
    name: str
    states: tuple[MemberState, ...]
    bases: Mapping[int, MemberState]
    earlier: Mapping[int, MemberState]
    unlisted: tuple[str, ...]
    locate: Callable[[str], Location]

    @property
    def contracts(self) -> frozenset[str]:
        """The ids of the contracts in it."""
        return frozenset(member.contract for member in self.map.members if member.contract)

    def facts(self) -> Iterator[SetFact]:
        """What is to be said of it."""
        yield from set_facts(self.map.fields, self.states, self.bases, self.earlier)


@dataclass(slots=True)
class Maps:
    """The maps of a workspace, by path, and what could not be read."""

    maps: list[EntityMap] = field(default_factory=list)
    problems: list[InputError] = field(default_factory=list)
    unreadable: list[IncompleteError] = field(default_factory=list)

    @property
    def mapped(self) -> Mapping[str, frozenset[str]]:
        """Set -> the contracts whose fields are mapped."""
        return {one.name: one.contracts for one in self.maps}


def read_maps(
    workspace: Workspace, stack: ExitStack, against: str | None = None, remote: RemoteDocuments | None = None
) -> Maps:
    """Every map of the workspace that is sound. ``stack`` keeps the revision open.

    Raises what :func:`open_revision` raises for an ``against`` that is no version.
    """
    paths = workspace.session.files.of("map")
    found = Maps()
    if not paths:
        return found
    found.problems += [error for error in workspace.loaded.problems if error.at is not None and error.at.path in paths]
    found.unreadable += [one for one in workspace.loaded.unreadable if one.at is not None and one.at.path in paths]
    contracts = contract_versions(workspace)
    here = Side(_reader(workspace), contracts, remote)
    tree = None
    if against is not None and not _is_version(against, contracts):
        tree = stack.enter_context(open_revision(workspace.session.root, against))
    for path in paths:
        map_ = workspace.loaded.maps.get(path)
        document = workspace.session.documents.read(path) if map_ is not None else None
        if map_ is None or document is None:
            continue
        wrong = [
            InputError(one.code, one.message, at=document.locate(one.pointer), hint=one.hint)
            for one in map_problems(map_)
        ]
        found.problems += wrong
        if not wrong:
            then = _Before(workspace, here, against, tree)
            found.maps.append(_entity_map(path, map_, document, workspace, here, then))
            found.unreadable += then.unreadable
    found.problems += here.problems
    found.unreadable += here.unreadable
    return found


def _entity_map(
    path: str, map_: MapFile, document: Document, workspace: Workspace, here: Side, then: _Before
) -> EntityMap:
    name = map_.set or _ENDING.sub("", PurePosixPath(path).name)
    places: dict[str, int] = {}
    for index, member in enumerate(map_.members):
        places.setdefault(member.contract or f"odoo {member.model}", index)
    states = [here.state(map_, index) for index in range(len(map_.members))]
    states.sort(key=lambda state: (places[state.name], order(state.version)))
    bases, earlier = then.bases(path, map_, states), then.earlier(map_, states)
    listed = {member.contract for member in map_.members}
    unlisted = sorted(
        promise.id for promise in workspace.loaded.promises.values() if promise.set == name and promise.id not in listed
    )
    return EntityMap(path, map_, name, tuple(states), bases, earlier, tuple(unlisted), document.locate)


class _Before:
    """The state of the members before: of the earlier version, of the version named, or at the revision."""

    def __init__(self, workspace: Workspace, here: Side, against: str | None, tree: RevisionTree | None) -> None:
        self._here, self._against, self._tree = here, against, tree
        self._limits = workspace.session.effective.limits
        self._there = Side(_revision_reader(tree, self._limits), here.contracts) if tree is not None else None
        self.unreadable: list[IncompleteError] = []

    def bases(self, path: str, map_: MapFile, states: list[MemberState]) -> dict[int, MemberState]:
        """By index of the member; none for what was not there before."""
        found = {}
        earlier = self._map_then(path) if self._there is not None else None
        for state in states:
            if state.unread:
                continue
            base = self._at_revision(map_, earlier, state) if self._there else self._of_version(map_, state, states)
            if base is not None and not base.unread:
                found[state.index] = base
        return found

    def earlier(self, map_: MapFile, states: list[MemberState]) -> dict[int, MemberState]:
        """The versions before, where the bases are those of a revision."""
        if self._there is None:
            return {}
        found = {state.index: self._of_version(map_, state, states) for state in states if not state.unread}
        return {index: base for index, base in found.items() if base is not None and not base.unread}

    def _of_version(self, map_: MapFile, state: MemberState, states: list[MemberState]) -> MemberState | None:
        versions = list(self._here.contracts.get(state.contract or "", {}))
        position = versions.index(state.version) if state.version in versions else 0
        if self._against is not None and self._there is None:
            wanted = plain_version(self._against)
            earlier = [version for version in versions[:position] if plain_version(version) == wanted]
        else:
            earlier = versions[max(position - 1, 0) : position]
        if not earlier:
            return None
        listed = next((one for one in states if one.name == state.name and one.version == earlier[0]), None)
        return listed or self._here.state(map_, state.index, version=earlier[0], inherited=True)

    def _at_revision(self, map_: MapFile, earlier: MapFile | None, state: MemberState) -> MemberState | None:
        assert self._there is not None  # noqa: S101
        if earlier is not None:
            for index, member in enumerate(earlier.members):
                name = member.contract or f"odoo {member.model}"
                same = plain_version(member.version) in ("", plain_version(state.version))
                if name == state.name and (same or member.contract is None):
                    return self._there.state(earlier, index, version=state.version if member.contract else None)
        if state.contract is None:
            return None
        return self._there.state(map_, state.index, version=state.version, inherited=earlier is None)

    def _map_then(self, path: str) -> MapFile | None:
        """The map at the revision; None where there was none that is sound."""
        assert self._tree is not None  # noqa: S101
        if path not in self._tree.files("contracts"):
            return None
        try:
            found = validate(self._tree.document(path, self._limits).data, MapFile).value
        except InputError:
            return None
        except IncompleteError as error:
            self.unreadable.append(error)
            return None
        return found if found is not None and not any(map_problems(found)) else None


def _is_version(text: str, contracts: Mapping[str, Versions]) -> bool:
    if not _VERSION.fullmatch(text):
        return False
    return any(plain_version(version) == plain_version(text) for versions in contracts.values() for version in versions)


def _reader(workspace: Workspace) -> Callable[[str], Document]:
    return lambda path: workspace.session.documents.read(path, owned=False)


def _revision_reader(tree: RevisionTree, limits: Limits) -> Callable[[str], Document]:
    return lambda path: tree.document(path, limits, owned=False)
