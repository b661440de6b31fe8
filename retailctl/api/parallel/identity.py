"""What a run is of: its plan, window and inputs, with engine and tool. The same of all is the same run."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from retailctl import __version__
from retailctl.api.identity import tool_identity
from retailctl.api.parallel.options import RunOptions
from retailctl.api.parallel.sealing import digest
from retailctl.api.session import Session
from retailctl.errors import ConfigError, IncompleteError, Location
from retailctl.parallel.columns import SIDES, Side
from retailctl.parallel.run_folder import RunFolder, manifests, removed
from retailctl.parallel.sources import Relation
from retailctl.parallel.window import Span
from retailctl.workspace.content import content_of
from retailctl.workspace.lock import STATE_FOLDER, locked

RUNS: Final = "runs"
_JUDGED: Final = frozenset({"gates", "accepted", "note", "covers", "totals", "dimensions"})
"""Keys of a plan that do not change which rows differ, and how."""
_KEPT: Final = 10
"""Run folders of a plan; older ones are removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """``inputs`` has name, size and digest of each file of a side.

    ``asked`` is what the command line said of window and engine, ``work`` the digest of all that decides which rows
    differ.
    """

    path: str
    plan_sha256: str
    at: str
    window: Mapping[str, str]
    inputs: Mapping[str, list[dict[str, Any]]]
    engine: str
    tool: str = __version__
    key: str = ""
    work: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The name of the run: eight hexadecimal digits."""
        return digest([self.plan_sha256, self.at, dict(self.window), dict(self.inputs), self.engine, self.tool])[:8]

    @property
    def plan(self) -> str:
        """The bare name of the plan."""
        return PurePosixPath(self.path).stem

    @property
    def sealed(self) -> dict[str, dict[str, Any]]:
        """What evidence says of the inputs of each side."""
        return {
            side: {"files": len(files), "bytes": sum(one["bytes"] for one in files), "digest": digest(files)}
            for side, files in self.inputs.items()
        }

    def manifest(self) -> dict[str, Any]:
        """All of it, for the folder of the run."""
        return {"run": self.id, **json.loads(json.dumps(asdict(self)))}


def identity_of(
    session: Session, path: str, relations: Mapping[Side, Relation], span: Span, engine: str, key: str,
    options: RunOptions,
) -> Identity:  # fmt: skip
    """The identity of a run that is to be. Every file is read once, at the price of some tenths of comparing it.

    Raises IncompleteError for a file that cannot be read.
    """
    data: Any = session.documents.read(path).data
    window = {name: end.isoformat() + "Z" for name, end in (("from", span.start), ("to", span.end)) if end is not None}
    inputs: dict[str, list[dict[str, Any]]] = {side: _inputs(relations[side], session.root) for side in SIDES}
    rows = {name: value for name, value in data.items() if name not in _JUDGED}
    return Identity(
        path=path, plan_sha256=digest(data), at=session.as_of.isoformat(), window=window, inputs=inputs, engine=engine,
        key=key, work=digest([rows, window, inputs, engine, key, tool_identity()]),
        asked={"from": options.start, "to": options.end, "engine": options.engine, "master": options.master},
    )  # fmt: skip


def _inputs(relation: Relation, root: Path) -> list[dict[str, Any]]:
    """Name, size and content of the files of a side. A server cannot tell whether it is as it was: each time new."""
    if not relation.files:
        return [{"name": relation.label, "bytes": 0, "digest": f"read anew {secrets.token_hex(8)}"}]
    return sorted((_input(file, root) for file in relation.files), key=lambda one: str(one["name"]))


def _input(file: Path, root: Path) -> dict[str, Any]:
    try:
        content = content_of(file)
    except OSError as error:
        raise IncompleteError(f"{file.name} cannot be read ({error.strerror or type(error).__name__})") from None
    real = file.resolve()
    name = real.relative_to(root.resolve()).as_posix() if real.is_relative_to(root.resolve()) else file.name
    return {"name": name, **content._asdict()}


Stamps = Mapping[Path, tuple[int, int, int]]


def stamps(relations: Mapping[Side, Relation]) -> Stamps:
    """Size, time of change and number of each file, to tell afterwards whether it stayed what it was."""
    found = {}
    for relation in relations.values():
        for file in relation.files:
            try:
                status = file.stat()
            except OSError:
                raise _gone(file) from None
            found[file] = (status.st_size, status.st_mtime_ns, status.st_ino)
    return found


def check_unchanged(before: Stamps, relations: Mapping[Side, Relation], folder: RunFolder) -> None:
    """Raise IncompleteError where a file was replaced, written or removed while it was compared.

    Nobody knows then of which state of it the answers are: they go.
    """
    try:
        now = stamps(relations)
        changed = next((file for file, stamp in now.items() if before[file] != stamp), None)
        if changed is not None:
            raise _gone(changed)
    except IncompleteError:
        folder.forget()
        raise


def _gone(file: Path) -> IncompleteError:
    hint = "run it again when nobody writes there; nothing was recorded"
    return IncompleteError(f"{file.name} was changed or removed while it was compared", hint=hint)


def runs_folder(root: Path) -> Path:
    """Where the run folders of a workspace are."""
    return root / STATE_FOLDER / RUNS


def last_differing(root: Path, identity: Identity) -> int | None:
    """How many rows differed in the newest finished run of the plan; None where there is none."""
    for path, manifest in manifests(runs_folder(root)):
        if manifest.get("path") == identity.path and manifest.get("run") != identity.id:
            finished = RunFolder.seen(path, manifest).finished
            if finished is not None and isinstance(finished.get("differing"), int):
                return int(finished["differing"])
    return None


@contextmanager
def run_folder(root: Path, identity: Identity, scratch: Path, *, durable: bool = True) -> Iterator[RunFolder]:
    """The folder of a run, for this process alone; with what other runs know of the same rows.

    Where nothing is to be recorded (``durable`` is false) and the workspace cannot be written, it is in ``scratch``.
    Raises IncompleteError where the same run is under way in another process.
    """
    runs, manifest = runs_folder(root), identity.manifest()
    with ExitStack() as stack:
        path = runs / identity.id
        try:
            if (root / STATE_FOLDER).is_symlink():
                raise ConfigError("is a symbolic link; local state stays in the workspace", at=Location(STATE_FOLDER))
            for inner in (runs.parent, runs, path):
                inner.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            if durable:
                reason = error.strerror or type(error).__name__
                raise IncompleteError(f"the run cannot be kept: {reason}", at=Location(f"{STATE_FOLDER}/{RUNS}"),
                                      hint="check the permissions, or add --no-record") from None  # fmt: skip
            path = scratch / identity.id
            path.mkdir(mode=0o700)
        stack.enter_context(locked(path / "lock", f"parallel run {identity.plan}"))
        folder = RunFolder.opened(path, manifest)
        known = manifests(runs)
        if not folder.parts:
            same = (other for other, said in known if said.get("work") == identity.work and other != path)
            for other in list(same)[:1]:
                folder.adopt(other)
        _pruned([other for other, said in known if said.get("path") == identity.path and other != path])
        yield folder


def _pruned(others: list[Path]) -> None:
    """Remove the oldest folders of a plan, but for one that is in use."""
    for path in others[_KEPT - 1 :]:
        try:
            with locked(path / "lock", "parallel run: remove"):
                removed(path)
        except IncompleteError:
            continue
