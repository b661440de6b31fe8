"""From what somebody typed to a relation: a file, a glob, a folder, or ``FILE::TABLE``."""

from __future__ import annotations

import glob
from collections.abc import Callable
from pathlib import Path
from typing import Final

from retailctl.errors import IncompleteError, UsageError
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.sources import databases, texts
from retailctl.parallel.sources.parquet import parquet
from retailctl.parallel.sources.relation import CsvDialect, Relation

Opener = Callable[[DuckEngine, tuple[Path, ...], str, CsvDialect], Relation]
_TABLE_MARK: Final = "::"
_MANY_FILES: Final = 100_000

# One line per kind of file: its name in a plan, its endings, and who reads it.
_KINDS: Final[dict[str, tuple[tuple[str, ...], Opener]]] = {
    "parquet": ((".parquet", ".parq", ".pq"), parquet),
    "csv": ((".csv", ".txt", ".csv.gz", ".txt.gz"), texts.csv),
    "tsv": ((".tsv", ".tsv.gz"), texts.csv),
    "jsonl": ((".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".json"), texts.json_lines),
    "duckdb": ((".duckdb", ".ddb"), databases.duckdb_file),
    "sqlite": ((".sqlite", ".sqlite3", ".db"), databases.sqlite_file),
    "xlsx": ((".xlsx",), databases.workbook),
}
_BY_ENDING: Final[dict[str, Opener]] = {ending: opener for endings, opener in _KINDS.values() for ending in endings}


def open_source(engine: DuckEngine, given: str, dialect: CsvDialect | None = None) -> Relation:
    """Open ``given``. Raises UsageError when there is no such thing or nobody reads it, IncompleteError when it
    cannot be read."""
    name, _, table = given.partition(_TABLE_MARK)
    if "://" in name:
        raise UsageError(
            f"{_without_secret(name)}: only files can be named here", hint="sources of a plan may be servers"
        )
    files = _files(name, tuple(_BY_ENDING))
    if not _known(files[0]):
        raise UsageError(
            f"{files[0].name}: nobody reads this kind of file", hint=f"known endings: {', '.join(sorted(_BY_ENDING))}"
        )
    ending = _ending(files[0])
    strange = next((file for file in files if _ending(file) != ending), None)
    if strange is not None:
        raise UsageError(
            f"{name}: {files[0].name} and {strange.name} are not of one kind",
            hint="name one kind, as in 'orders/*.csv'",
        )
    return opened_by(_BY_ENDING[ending], engine, files, table, dialect or CsvDialect())


def files_of(kind: str, name: str) -> tuple[Path, ...]:
    """The files of a plan's source, whatever their endings are; of a folder those whose ending says the kind.

    Raises UsageError where there is none.
    """
    return _files(name, _KINDS[kind][0])


def open_kind(engine: DuckEngine, kind: str, files: tuple[Path, ...], table: str, dialect: CsvDialect) -> Relation:
    """Open files that are said to be of a kind. Raises as ``open_source``."""
    return opened_by(_KINDS[kind][1], engine, files, table, dialect)


def opened_by(opener: Opener, engine: DuckEngine, files: tuple[Path, ...], table: str, dialect: CsvDialect) -> Relation:
    """What an opener gives; a failure names the file."""
    try:
        return opener(engine, files, table, dialect)
    except IncompleteError as error:
        if files[0].name in error.message:
            raise
        raise IncompleteError(f"{files[0].name} cannot be read: {error.message}", hint=error.hint) from None


def _without_secret(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def _files(name: str, endings: tuple[str, ...]) -> tuple[Path, ...]:
    path = Path(name)
    if path.is_dir():
        files = (file for file in path.rglob("*") if file.is_file() and not _hidden(file, path))
        found = sorted(file for file in files if _ending(file) in endings)
    elif path.is_file():
        found = [path]
    elif path.exists():  # reading from a pipe may never end, and nothing can be read twice
        raise UsageError(f"{name}: neither a file nor a folder", hint="write it into a file first")
    else:
        found = sorted(Path(one) for one in glob.iglob(name, recursive=True) if Path(one).is_file())  # noqa: PTH207 - absolute patterns too
    if not found:
        raise UsageError(
            f"{name}: no such file, and no pattern or folder with a file to compare",
            hint=f"known endings: {', '.join(sorted(endings))}",
        )
    if len(found) > _MANY_FILES:
        raise UsageError(f"{name}: {len(found):,} files, more than {_MANY_FILES:,}")
    return tuple(found)


def _hidden(file: Path, root: Path) -> bool:
    return any(part.startswith((".", "_")) for part in file.relative_to(root).parts)


def _known(file: Path) -> bool:
    return _ending(file) in _BY_ENDING


def _ending(file: Path) -> str:
    """The last one or two endings, in lower case."""
    suffixes = [suffix.lower() for suffix in file.suffixes]
    double = "".join(suffixes[-2:])
    return double if double in _BY_ENDING else (suffixes or [""])[-1]
