"""What the files declare: packages, messages and enums that came or went, services and their methods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from retailctl.contracts.api.model import Place
from retailctl.contracts.compatibility.change import ReadingChange
from retailctl.contracts.protobuf.model import Enum, Message, Service
from retailctl.contracts.protobuf.reading import ProtoTree
from retailctl.contracts.protobuf.readings.facts import BACKWARD, BOTH, NOTHING, Focus, Pair, moved
from retailctl.contracts.protobuf.rules.declarations import rpc_part

Named = Message | Enum
_GONE: Final = "nobody can write or read the message with the version that does not declare it"
_NAMED: Final = "the bytes of a message do not hold its name: Any, JSON with @type and the paths of services do"
_CALL: Final = "a call is broken, not a datum: clients and servers do not find or understand the method"
_PARTS: Final = {
    "request": "rpc-same-request-type",
    "response": "rpc-same-response-type",
    "client_streaming": "rpc-same-client-streaming",
    "server_streaming": "rpc-same-server-streaming",
    "idempotency_level": "rpc-same-idempotency-level",
}


def packages(old: ProtoTree, new: ProtoTree) -> Mapping[str, str]:
    """Old package -> new package of the files that moved: the root files are one another's, all others by path."""
    pairs = [(old.root, new.root)] if old.root and new.root else []
    pairs += [(path, path) for path in old.files.keys() & new.files.keys() if path not in (old.root, new.root)]
    found = {}
    for before, after in pairs:
        packages_ = old.files[before].package, new.files[after].package
        if packages_[0] != packages_[1]:
            found[packages_[0]] = packages_[1]
    return found


def package_changes(old: ProtoTree, new: ProtoTree, pair: Pair) -> Iterator[ReadingChange]:
    """Root files and files of the same path that are in another package."""
    focus = Focus(reason=_NAMED)
    for before, after in sorted(packages(old, new).items()):
        old_file = next(file for file in old.files.values() if file.package == before)
        new_file = next(file for file in new.files.values() if file.package == after)
        yield ReadingChange(
            id="proto-file-same-package",
            subject=new_file.path,
            pointer="/package",
            what=new_file.path,
            old=before or "nothing",
            new=after or "nothing",
            broken=BOTH,
            old_place=Place(old_file.path, "/package"),
            new_place=Place(new_file.path, "/package"),
            witness=lambda reading: pair.show(focus, reading),
        )


def came_and_went(pair: Pair, old: Mapping[str, Named], new: Mapping[str, Named]) -> Iterator[ReadingChange]:
    """Types that only one side has; of nested ones the outermost is told. ``old`` is by its name on the new side."""
    focus = Focus(reason=_GONE)
    for name in sorted(old.keys() - new.keys()):
        one = old[name]
        if name.rpartition(".")[0] in old.keys() - new.keys() or _is_entry(one):
            continue
        if isinstance(one, Enum):
            yield pair.change("enum-removed", one, old=one, told=(one.full_name, "", ""), focus=focus)
        else:
            broken = BACKWARD if pair.view.declared else NOTHING
            yield pair.change(
                "message-no-delete", one, old=one, told=(one.full_name, "", ""), broken=broken, focus=focus
            )
    for name in sorted(new.keys() - old.keys()):
        one = new[name]
        if name.rpartition(".")[0] in new.keys() - old.keys() or _is_entry(one):
            continue
        kind = "enum" if isinstance(one, Enum) else "message"
        yield pair.change(f"{kind}-added", one, new=one, told=(one.full_name, "", ""), focus=focus)


def _is_entry(one: Named) -> bool:
    return isinstance(one, Message) and one.is_map_entry


def service_changes(pair: Pair, moves: Mapping[str, str]) -> Iterator[ReadingChange]:
    """Services and methods that came, went or changed what they take and give."""
    before = {
        moved(one.full_name, file.package, moves): (one, file.package)
        for file in pair.old.files.values()
        for one in file.services
    }
    after = {one.full_name: one for file in pair.new.files.values() for one in file.services}
    focus = Focus(reason=_CALL)
    gone = BACKWARD if pair.view.declared else NOTHING
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            one = before[name][0]
            yield pair.change("service-no-delete", one, old=one, told=(one.full_name, "", ""), broken=gone, focus=focus)
        elif name not in before:
            yield pair.change("service-added", after[name], new=after[name], told=(name, "", ""), focus=focus)
        else:
            yield from _methods(pair, *before[name], after[name], moves)


def _methods(pair: Pair, old: Service, package: str, new: Service, moves: Mapping[str, str]) -> Iterator[ReadingChange]:
    focus = Focus(reason=_CALL)
    before, after = {one.name: one for one in old.rpcs}, {one.name: one for one in new.rpcs}
    gone = BACKWARD if pair.view.declared else NOTHING
    for name, one in before.items():
        if name not in after:
            yield pair.change("rpc-no-delete", new, old=one, old_file=old.file, broken=gone, focus=focus)
            continue
        for part, id_ in _PARTS.items():
            said = rpc_part(one, part), rpc_part(after[name], part)
            if part in ("request", "response"):
                said = moved(said[0], package, moves), said[1]
            if said[0] != said[1]:
                yield pair.change(
                    id_,
                    new,
                    old=one,
                    new=after[name],
                    old_file=old.file,
                    told=(after[name].full_name, *said),
                    broken=NOTHING if part == "idempotency_level" else BOTH,
                    focus=focus,
                )
    for name, one in after.items():
        if name not in before:
            yield pair.change("rpc-added", new, new=one, focus=focus)
