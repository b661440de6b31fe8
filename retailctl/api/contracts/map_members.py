"""The members of a map: which document each of them is, on one side of a comparison, and its fields."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from retailctl.api.contracts.estate import Workspace, promise_of
from retailctl.api.contracts.pairs import plain_version
from retailctl.api.contracts.remote import RemoteDocuments
from retailctl.api.contracts.sources import Read, open_library
from retailctl.contracts.sets.languages import (
    NotThereError,
    Opened,
    UnreadError,
    open_schema,
    require_readable,
)
from retailctl.contracts.sets.mapping import MemberState, Said, carried_fields
from retailctl.errors import IncompleteError, InputError
from retailctl.model.map_file import MapFile, MapMember

Versions = Mapping[str, tuple[str, ...]]
"""Version -> the paths of its documents, oldest version first."""


def contract_versions(workspace: Workspace) -> dict[str, Versions]:
    """Every contract of a workspace with its documents in any schema language."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    estate = workspace.loaded.estate
    for path in workspace.session.files.of("document"):
        document, fact = estate.documents.get(path), estate.contracts.get(path)
        promise = None if document is not None else promise_of(workspace.loaded, path)
        folders = path.split("/")[:-1]
        name = folders[-2] if len(folders) >= 4 else folders[-1]
        contract = document.contract if document is not None else promise.id if promise is not None else name
        found[contract][(fact.version if fact is not None else None) or ""].append(path)
    return {
        contract: {version: tuple(paths) for version, paths in sorted(versions.items(), key=lambda row: order(row[0]))}
        for contract, versions in found.items()
    }


def order(version: str) -> tuple[tuple[int, ...], str]:
    """Sorts versions by their numbers; one without a number is older than all others."""
    return tuple(int(part[:9]) for part in re.findall(r"\d+", version)), version


class Side:
    """The documents of one side: as they are here, or at a revision of git. ``problems`` are what could not be read."""

    def __init__(self, read: Read, contracts: Mapping[str, Versions], remote: RemoteDocuments | None = None) -> None:
        self.contracts = contracts
        self.problems: list[InputError] = []
        self.unreadable: list[IncompleteError] = []
        self._read, self._remote = read, remote
        self._opened: dict[tuple[str, str, str], Opened] = {}

    def state(self, map_: MapFile, index: int, *, version: str | None = None, inherited: bool = False) -> MemberState:
        """A member of a map; ``version`` is another one than the map says."""
        member = map_.members[index]
        said = Said(member, f"/members/{index}")
        if member.contract is None:
            name = f"odoo {member.model}"
            fields = carried_fields(map_.fields, said, None)
            return MemberState(name=name, version=member.version or "", index=index, fields=fields)
        versions = self.contracts.get(member.contract, {})
        chosen = _chosen(versions, version or member.version)
        name, shown = member.contract, version or member.version or chosen or ""
        if chosen is None:
            lacks = f"no version {shown} of it" if versions else "no contract of that id"
            return MemberState(
                name=name, version=shown, index=index, contract=name, unread=lacks, missing=True,
                known=tuple(versions) if versions else tuple(sorted(self.contracts)), inherited=inherited,
            )  # fmt: skip
        return self._read_member(map_, index, member, said, chosen, versions[chosen], inherited=inherited)

    def _read_member(
        self,
        map_: MapFile,
        index: int,
        member: MapMember,
        said: Said,
        version: str,
        paths: tuple[str, ...],
        *,
        inherited: bool,
    ) -> MemberState:
        name = member.contract or ""
        known: list[str] = []
        unread, missing = "no document of that name", True
        path = paths[0]
        for path in _named(paths, member.document):
            try:
                opened = self._open(path, member.at or "", map_.entity)
            except NotThereError as problem:
                known += problem.known
                unread, missing = f"no {member.at or map_.entity} in it", True
                continue
            except UnreadError as problem:
                unread, missing = f"{problem} are not read", False
                continue
            except (InputError, IncompleteError) as error:
                self._note(error)
                unread, missing = "it cannot be read", False
                continue
            fields = carried_fields(map_.fields, said, opened.root, inherited=inherited)
            return MemberState(
                name=name, version=version, index=index, fields=fields, contract=name,
                path=path, at=member.at or "", inherited=inherited, root=opened.root, locate=opened.locate,
            )  # fmt: skip
        return MemberState(
            name=name, version=version, index=index, contract=name, path=path, at=member.at or "", unread=unread,
            missing=missing, known=tuple(known), inherited=inherited,
        )  # fmt: skip

    def _open(self, path: str, at: str, entity: str) -> Opened:
        key = (path, at, entity)
        if key not in self._opened:
            require_readable(path)
            self._opened[key] = open_schema(open_library(self._read, path, self._remote), at, entity)
        return self._opened[key]

    def _note(self, error: InputError | IncompleteError) -> None:
        if isinstance(error, IncompleteError):
            self.unreadable.append(error)
        elif not any(known.at == error.at and known.code == error.code for known in self.problems):
            self.problems.append(error)


def _chosen(versions: Versions, wanted: str | None) -> str | None:
    if wanted is None:
        return list(versions)[-1] if versions else None
    return next((version for version in versions if plain_version(version) == plain_version(wanted)), None)


def _named(paths: tuple[str, ...], document: str | None) -> tuple[str, ...]:
    if document is None:
        return paths
    return tuple(path for path in paths if path == document or path.endswith(f"/{document}"))
