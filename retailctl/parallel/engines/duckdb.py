"""DuckDB in this process: out of core, within a memory limit, one folder for what does not fit."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from retailctl.errors import IncompleteError, UsageError
from retailctl.parallel.engines.engine import Copying
from retailctl.parallel.sql.bucket import Step
from retailctl.parallel.sql.duckdb import DuckDialect

if TYPE_CHECKING:
    import duckdb

_EXTRA_HINT = "install it with: pip install 'retailctl[parallel]'"
_UNITS = {"bytes": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
_BUCKET_BYTES = 320  # measured: 256 MB hold 2^18 buckets in two threads, and not 2^20
_BATCH = 10_000
_SHARE = 0.7  # the process takes the limit and some 90 MB besides


class DuckEngine:
    """A connection of its own; ``scratch`` takes what does not fit ``memory`` (bytes, or a text such as "512MB")."""

    def __init__(self, scratch: Path, *, memory: str = "", threads: int = 0) -> None:
        try:
            import duckdb
        except ImportError:
            raise UsageError("comparing needs duckdb, which is not installed", hint=_EXTRA_HINT) from None
        self.dialect = DuckDialect()
        self.version = f"duckdb {duckdb.__version__}"
        self._error: type[Exception] = duckdb.Error
        self._scratch, self._files = scratch, 0
        self._connection: duckdb.DuckDBPyConnection = duckdb.connect(":memory:")
        self._set(scratch, memory or f"{int(_available() * _SHARE) // 1_000_000}MB", threads or os.cpu_count() or 1)

    def _set(self, scratch: Path, memory: str, threads: int) -> None:
        quoted = self.dialect.literal
        for name, value in {
            "threads": str(threads),
            "memory_limit": quoted(memory),
            "temp_directory": quoted(str(scratch)),
            "TimeZone": "'UTC'",
            "preserve_insertion_order": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }.items():
            try:
                self._connection.execute(f"set {name} = {value}")
            except self._error as error:
                raise UsageError(f"duckdb refuses {name} {value}: {_first_line(error)}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()

    @property
    def most_bits(self) -> int:
        """Bits of the most buckets that pass 1 can hold: each thread has a table of them, which is not spilled."""
        limit, unit = self.rows("select current_setting('memory_limit')")[0][0].split()
        threads = int(self.rows("select current_setting('threads')")[0][0])
        memory = float(limit) * _UNITS.get(unit, 1 << 40)
        return max(int(memory / threads / _BUCKET_BYTES).bit_length() - 1, 1)

    def scratch_file(self, ending: str) -> Path:
        """A new name in the scratch folder, which goes with the run."""
        self._files += 1
        return self._scratch / f"source-{self._files}{ending}"

    def make(self, step: Step) -> None:
        """A temporary table."""
        self.run(f"create or replace temp table {step.table} as {step.query}")

    def copying(self, query: str) -> Copying:
        """A file of the scratch folder."""
        file = self.dialect.literal(str(self.scratch_file(".parquet")))

        def make() -> None:
            self.run(f"copy ({query}) to {file} (format parquet, compression lz4)")

        return Copying(f"read_parquet({file})", make)

    def copied(self, query: str) -> str:
        """The rows of a query in a file of the scratch folder, as something to select from."""
        copy = self.copying(query)
        copy.make()
        return copy.relation

    def register(self, file_system: Any) -> None:
        """Let a reader of fsspec open the addresses of its scheme; both sides may ask for the same."""
        protocol = file_system.protocol
        names = {protocol} if isinstance(protocol, str) else set(protocol)
        try:
            if names.isdisjoint(self._connection.list_filesystems()):
                self._connection.register_filesystem(file_system)
        except self._error as error:
            raise IncompleteError(_told(error)) from None

    def queried(self, file: Path, query: str, target: Path) -> None:
        """The rows of a query over another database file, as Parquet in the scratch folder.

        Its connection reads that file only, and writes to the scratch folder only, whatever the query calls.
        """
        import duckdb

        quoted = self.dialect.literal
        memory = self.rows("select current_setting('memory_limit')")[0][0]
        try:
            if [one.type for one in duckdb.extract_statements(query)] != [duckdb.StatementType.SELECT]:
                raise UsageError("the query is no single SELECT", hint="A query of a plan only reads.")
            with duckdb.connect(str(file), read_only=True) as connection:
                for name, value in {
                    "memory_limit": quoted(memory), "temp_directory": quoted(str(self._scratch)), "TimeZone": "'UTC'",
                    "preserve_insertion_order": "false", "allowed_directories": f"[{quoted(str(self._scratch))}]",
                    "enable_external_access": "false", "lock_configuration": "true",
                }.items():  # fmt: skip
                    connection.execute(f"set {name} = {value}")
                connection.execute(f"copy ({query}) to {quoted(str(target))} (format parquet, compression lz4)")
        except self._error as error:
            raise IncompleteError(f"{file.name}: {_told(error)}", hint=_hint(error)) from None

    def texts(self, file: Path, names: Sequence[str]) -> str:
        """A file of CSV that we wrote, without a line of names, as something to select from: all values are texts.

        Nothing is NULL, ``""`` is the empty text.
        """
        quoted = self.dialect.literal
        columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in names)
        return (f"read_csv({quoted(str(file))}, columns = {{{columns}}}, header = false, auto_detect = false, "
                f"delim = ',', quote = '\"', escape = '\"', nullstr = [''], allow_quoted_nulls = false, "
                f"null_padding = false, strict_mode = true)")  # fmt: skip

    def write(self, query: str, target: Path, form: str) -> None:
        """The rows of a query as a file: all of it, or none."""
        draft = target.with_name(f".{target.name}.retailctl-draft")
        try:
            self.run(f"copy ({query}) to {self.dialect.literal(str(draft))} ({form})")
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)

    def view(self, name: str, query: str) -> None:
        """A temporary view."""
        self.run(f"create or replace temp view {name} as {query}")

    def drop(self, *tables: str) -> None:
        """Drop tables, whether they are there or not."""
        for table in tables:
            self.run(f"drop table if exists {table}")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a result."""
        return self.run(query).fetchall()

    def each(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a result, some at a time; nothing else is asked meanwhile."""
        result = self.run(query)
        while rows := result.fetchmany(_BATCH):
            yield from rows

    def run(self, statement: str) -> duckdb.DuckDBPyConnection:
        """Execute a statement. Raises IncompleteError: what the engine says may hold data, so only its kind is told."""
        try:
            return self._connection.execute(statement)
        except self._error as error:
            raise IncompleteError(_told(error), hint=_hint(error)) from None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


_TELLING = ("OutOfMemoryException", "BinderException", "CatalogException")
_FULL = ("No space left", "File too large", "Disk quota exceeded")
_LINE = re.compile(r"CSV Error on Line: (\d+)")
# What the engine says of a line, and how it is told: its own words quote the line, and with it what may not be shown.
_LINES = (
    ("Expected Number of Columns", "it has another number of columns than the first line"),
    ("unicode", "it is not UTF-8; name the encoding with --encoding latin-1"),
    ("unterminated quote", "a quote is not closed"),
    ("Maximum line size", "it is longer than two million characters"),
)


def _told(error: Exception) -> str:
    """What happened, without a value of the data: only messages that cannot hold one are passed on."""
    name, text = type(error).__name__, str(error)
    if any(sign in text for sign in _FULL):
        return "the disk is full"
    line = _LINE.search(text)
    if line:
        what = next((words for sign, words in _LINES if sign.lower() in text.lower()), "it cannot be parsed")
        return f"line {int(line[1]):,}: {what}"
    if "invalid utf" in text.lower() or "not utf-8 encoded" in text.lower():
        return "it is not UTF-8; name the encoding with --encoding latin-1"
    return f"duckdb stopped ({name}): {_first_line(error)}" if name in _TELLING else f"duckdb stopped ({name})"


def _hint(error: Exception) -> str:
    text = str(error)
    if type(error).__name__ == "OutOfMemoryException" or any(sign in text for sign in _FULL):
        return "give it more memory (--memory) or a larger disk (--scratch), then run it again; nothing is lost"
    return ""


def _available() -> int:
    """Bytes of memory that are free for use now."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
