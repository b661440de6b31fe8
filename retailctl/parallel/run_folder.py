"""What a run keeps while it is under way, in ``.retailctl/runs/<run-id>``: whoever is stopped goes on from there.

``manifest.json`` says what the run is of. ``run.jsonl`` is its journal: one line per step that is done, each on the
disk before the next begins; a line that a crash has torn is as if it were not there. ``evidence/part=N.parquet`` are
the differing rows of some partitions each, with pseudonyms in place of personal values; a part counts once its line
with its digest is in the journal. Everything in the folder can be made again from the sources.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from retailctl.errors import IncompleteError, Location
from retailctl.workspace.atomic import write_atomic
from retailctl.workspace.content import content_of

Rows = list[tuple[Any, ...]]

MANIFEST: Final = "manifest.json"
JOURNAL: Final = "run.jsonl"
RESULT: Final = "result.json"
EVIDENCE: Final = "evidence"
_BUCKETS: Final = "buckets.parquet"
_FINISHED: Final = "finished"
_MARKS: Final[Mapping[str, Callable[[str], Any]]] = {
    "decimal": Decimal, "moment": datetime.fromisoformat, "day": date.fromisoformat
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """Differing rows of some partitions in a file; ``families`` counts their keys."""

    number: int
    partitions: tuple[str, ...]
    families: int
    digest: str


@dataclass(slots=True)
class RunFolder:
    """The state of one run. ``answers`` are results of small queries by what led to them.

    ``whole`` counts the bytes of the journal that are not torn.
    """

    path: Path
    manifest: Mapping[str, Any]
    answers: dict[str, Rows] = field(default_factory=dict)
    parts: dict[int, Part] = field(default_factory=dict)
    buckets: bool = False
    finished: Mapping[str, Any] | None = None
    whole: int = 0

    @classmethod
    def opened(cls, path: Path, manifest: Mapping[str, Any]) -> RunFolder:
        """The folder of a run, made where it is not there. One of another manifest is emptied first.

        Raises IncompleteError where it cannot be written.
        """
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.mkdir(mode=0o700, exist_ok=True)
            if _read_manifest(path) != dict(manifest):
                _emptied(path)
                write_atomic(path / MANIFEST, json.dumps(dict(manifest), indent=1, sort_keys=True) + "\n", mode=0o600)
            (path / EVIDENCE).mkdir(mode=0o700, exist_ok=True)
            folder = cls.seen(path, manifest)
            journal = path / JOURNAL
            if journal.exists() and journal.stat().st_size != folder.whole:
                os.truncate(journal, folder.whole)
        except OSError as error:
            raise _unusable(path, error) from None
        return folder

    @classmethod
    def seen(cls, path: Path, manifest: Mapping[str, Any]) -> RunFolder:
        """The folder of a run as it is, to be read only."""
        folder = cls(path, manifest)
        folder._load()
        return folder

    def _load(self) -> None:
        """Take over what the journal says is done, as far as it is still there."""
        journal = self.path / JOURNAL
        whole = 0
        for line in journal.read_bytes().splitlines(keepends=True) if journal.exists() else ():
            step = _step(line)
            if step is None:
                break  # torn by a crash: nothing after it was begun
            try:
                self._take(step)
            except (KeyError, TypeError, ValueError, ArithmeticError):
                break  # not of this tool, or of another version of it
            whole += len(line)
        self.whole = whole

    def _take(self, step: Mapping[str, Any]) -> None:
        match step["step"]:
            case "rows":
                self.answers[step["key"]] = [tuple(map(_value, row)) for row in step["rows"]]
            case "buckets":
                self.buckets = _digest(self.path / _BUCKETS) == step["digest"]
            case "part":
                part = Part(step["number"], tuple(step["partitions"]), step["families"], step["digest"])
                if _digest(self.part_file(part.number)) == part.digest:
                    self.parts[part.number] = part
            case "finished":
                self.finished = step

    def part_file(self, number: int) -> Path:
        """Where the rows of a part are."""
        return self.path / EVIDENCE / f"part={number:04d}.parquet"

    @property
    def bucket_file(self) -> Path:
        """Where the differing buckets of pass 1 are: numbers, and no values of the data."""
        return self.path / _BUCKETS

    def answer(self, key: str, rows: Rows) -> None:
        """Keep the result of a query."""
        self.answers[key] = rows
        self._append({"step": "rows", "key": key, "rows": [list(map(_plain, row)) for row in rows]})

    def buckets_done(self) -> None:
        """Pass 1 is done."""
        self.buckets = True
        self._append({"step": "buckets", "digest": _settled(self.bucket_file)})

    def part_done(self, number: int, partitions: Sequence[str], families: int) -> None:
        """A part is done."""
        part = Part(number, tuple(partitions), families, _settled(self.part_file(number)))
        self.parts[number] = part
        self._append({"step": "part", "number": number, "partitions": list(partitions), "families": families,
                      "digest": part.digest})  # fmt: skip

    def finish(self, **told: Any) -> None:
        """The run is done, and what it said is in ``result.json``."""
        if self.finished is None or {**self.finished, **told} != dict(self.finished):
            self.finished = {"step": _FINISHED, **told}
            self._append(self.finished)

    def forget(self) -> None:
        """Let go what was found out; the journal begins anew."""
        try:
            _emptied(self.path)
        except OSError as error:
            raise _unusable(self.path, error) from None

    def adopt(self, other: Path) -> None:
        """Begin with what another run has found out of the same rows."""
        found = RunFolder.seen(other, {})
        try:
            if found.buckets:
                _linked(found.bucket_file, self.bucket_file)
                self.buckets_done()
            for part in found.parts.values():
                _linked(found.part_file(part.number), self.part_file(part.number))
                self.part_done(part.number, part.partitions, part.families)
        except OSError as error:
            raise _unusable(self.path, error) from None
        for key, rows in found.answers.items():
            self.answer(key, rows)

    def _append(self, step: Mapping[str, Any]) -> None:
        line = json.dumps(step, sort_keys=True, ensure_ascii=True) + "\n"
        try:
            descriptor = os.open(self.path / JOURNAL, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(descriptor, line.encode("ascii"))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise _unusable(self.path, error) from None


def manifests(runs: Path) -> list[tuple[Path, Mapping[str, Any]]]:
    """Every run folder with its manifest, the newest first."""
    try:
        found = [(path.stat().st_mtime_ns, path.name, path) for path in runs.iterdir() if path.is_dir()]
    except OSError:
        return []
    read = ((path, _read_manifest(path)) for _, _, path in sorted(found, reverse=True))
    return [(path, manifest) for path, manifest in read if manifest is not None]


def removed(path: Path) -> None:
    """Let a run folder go."""
    shutil.rmtree(path, ignore_errors=True)


def _read_manifest(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _emptied(path: Path) -> None:
    for inner in path.iterdir():
        if inner.name != "lock":
            shutil.rmtree(inner) if inner.is_dir() and not inner.is_symlink() else inner.unlink()


def _step(line: bytes) -> dict[str, Any] | None:
    if not line.endswith(b"\n"):
        return None
    try:
        step = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return step if isinstance(step, dict) and "step" in step else None


def _digest(file: Path) -> str:
    try:
        return content_of(file).digest
    except OSError:
        return ""


def _settled(file: Path) -> str:
    """The digest of a file that is on the disk now, whatever happens to the machine."""
    try:
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
        file.chmod(0o600)
    except OSError as error:
        raise _unusable(file, error) from None
    return _digest(file)


def _linked(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:  # no links here, or not from there
        shutil.copyfile(source, target)


def _unusable(path: Path, error: OSError) -> IncompleteError:
    reason = error.strerror or type(error).__name__
    return IncompleteError(
        f"the run cannot be kept: {reason}",
        at=Location(path.as_posix()),
        hint="free some space, or check the permissions, then run it again: what is done is not done twice",
    )


def _plain(value: Any) -> Any:
    """A value of a result for the journal: what JSON has no type for is told by a mark."""
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value


def _value(plain: Any) -> Any:
    if not isinstance(plain, dict):
        return plain
    ((mark, text),) = plain.items()
    return _MARKS[mark](text)
