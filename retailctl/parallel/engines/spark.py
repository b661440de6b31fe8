"""Spark, for those who outgrow one machine: in this process's own local cluster, or on the master of another."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from retailctl.errors import IncompleteError, UsageError
from retailctl.parallel.engines.engine import Copying
from retailctl.parallel.sql.bucket import Step
from retailctl.parallel.sql.spark import SparkDialect

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

LOCAL: Final = "local[*]"
_EXTRA_HINT: Final = "install it with: pip install 'retailctl[spark]'"
_JAVA_HINT: Final = "install a Java runtime, 17 or newer, or name one in JAVA_HOME"
_BROADCAST: Final = 4_000_000
# What the meaning of a statement depends on, whatever a cluster sets by itself.
_MEANING: Final = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "false",
    "spark.sql.variable.substitute": "false",
    "spark.sql.legacy.javaCharsets": "true",  # or cp1252 is none
    "spark.sql.timestampType": "TIMESTAMP_LTZ",
    # Decimals keep their places where they are reckoned with or compared; what does not fit is an error, and never a
    # rounded number: 12.5 would be equal to 13.
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.legacy.decimal.retainFractionDigitsOnTruncate": "true",
    "spark.sql.legacy.parquet.nanosAsLong": "false",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
}
_LOGGERS: Final = ("SQLQueryContextLogger", "py4j")
"""Of Python, these two write every failure to standard error, with what it quotes."""
_SHORT: Final = 200
_TELLING: Final = ("AnalysisException", "ParseException")


class SparkEngine:
    """A session; ``scratch`` takes what does not fit the memory of this machine, and what Spark has to say.

    ``settings`` are Spark's own, for a cluster: memory of executors, credentials of a store.
    """

    def __init__(
        self, scratch: Path, *, master: str = LOCAL, memory: str = "", settings: Mapping[str, str] | None = None
    ) -> None:
        try:
            from py4j.protocol import Py4JError
            from pyspark.errors import PySparkException
        except ImportError:
            raise UsageError("Spark needs pyspark, which is not installed", hint=_EXTRA_HINT) from None
        if not _java():
            raise UsageError("Spark needs Java, which is not there", hint=_JAVA_HINT)
        self.dialect = SparkDialect()
        self._errors = (PySparkException, Py4JError)
        self._tables: dict[str, DataFrame] = {}
        self._copies = 0
        self._session = _session(scratch, master, memory, dict(settings or {}))
        self.version = f"spark {self._session.version}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._tables.clear()
        self._session.stop()

    def make(self, step: Step) -> None:
        """The rows of a query, kept by the executors. A view alone would be evaluated again at each use."""
        with self._watched():
            # A checkpoint also forgets how the rows came about: plans would grow with each step.
            table = self._session.sql(step.query).localCheckpoint(eager=True)
            if len(table.columns) == 1 and table.count() < _BROADCAST:
                table = table.hint("broadcast")
            table.createOrReplaceTempView(step.table)
            self._tables[step.table] = table

    def copying(self, query: str) -> Copying:
        """A table of its own name."""
        self._copies += 1
        table = f"copy_{self._copies}"
        return Copying(table, lambda: self.make(Step(table, query)))

    def view(self, name: str, query: str) -> None:
        """A temporary view."""
        with self._watched():
            self._session.sql(query).createOrReplaceTempView(name)

    def read(
        self, view: str, kind: str, paths: Sequence[str], options: Mapping[str, str], names: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Files under the name of a view, and its columns; with ``names`` these are its columns, and all are text."""
        with self._watched():
            reader = self._session.read.format(kind).options(**options)
            if names:
                from pyspark.sql.types import StringType, StructField, StructType

                reader = reader.schema(StructType([StructField(name, StringType()) for name in names]))
            frame = reader.load(list(paths))
            frame.createOrReplaceTempView(view)
            return tuple(frame.columns)

    def drop(self, *tables: str) -> None:
        """Drop temporary tables, whether they are there or not. Their rows go when Java collects its garbage."""
        with self._watched():
            for table in tables:
                self._session.catalog.dropTempView(table)
                self._tables.pop(table, None)

    def described(self, query: str) -> tuple[tuple[str, str], ...]:
        """Names and types of what a query gives; it is not run."""
        with self._watched():
            return tuple(self._session.sql(query).dtypes)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a result."""
        with self._watched():
            return [tuple(row) for row in self._session.sql(query).collect()]

    def each(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a result, one partition at a time."""
        with self._watched():
            for row in self._session.sql(query).toLocalIterator():
                yield tuple(row)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Raises IncompleteError: what Spark says may hold data, so mostly only its kind is told."""
        try:
            yield
        except self._errors as error:
            raise IncompleteError(_told(error), hint=_hint(str(error))) from None
        except OSError as error:
            raise IncompleteError(f"Spark's driver is gone ({type(error).__name__})") from None


def _java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return (Path(home) / "bin" / "java").exists() if home else shutil.which("java") is not None


def _session(scratch: Path, master: str, memory: str, settings: dict[str, str]) -> SparkSession:
    from pyspark.sql import SparkSession

    given = {
        "spark.app.name": "retailctl",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(scratch),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.sql.catalogImplementation": "in-memory",
    }
    if _here(master):
        # Nobody outside this machine has business with the driver.
        given |= {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1",
                  "spark.sql.shuffle.partitions": str(4 * (os.cpu_count() or 1))}  # fmt: skip
    if memory:
        given["spark.driver.memory"] = _jvm_memory(memory)
    builder = SparkSession.builder.master(master)
    for name, value in (given | settings | _MEANING).items():
        builder = builder.config(name, value)
    scratch.mkdir(parents=True, exist_ok=True)
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        with _quiet(scratch / "spark.log"):
            session = builder.getOrCreate()
        session.sparkContext.setLogLevel("OFF")
    except Exception as error:  # noqa: BLE001 - a JVM that does not come up raises whatever it likes
        hint = f"check that {master} is a master that answers, the memory, and Java"
        raise IncompleteError(f"Spark does not start ({_cause(error)})", hint=hint) from None
    at = session.sparkContext.master
    if at != master:
        raise UsageError(f"this process has a Spark session on {at} already", hint="stop it, or name that master")
    return session


def _cause(error: Exception) -> str:
    """What the JVM says of itself: no row has been read yet."""
    said = next((line[2:] for line in str(error).splitlines() if line.startswith(": ")), "") or type(error).__name__
    return "".join(letter if letter.isprintable() else " " for letter in said)[:_SHORT]


def _jvm_memory(given: str) -> str:
    """``512MB`` as the JVM says it: 512m."""
    return re.sub(r"(?i)(?<=[kmgt])i?b$", "", given.strip().replace(" ", "")).lower()


def _here(master: str) -> bool:
    return master.startswith("local") or urlsplit(master).hostname in ("127.0.0.1", "localhost", "::1")


@contextmanager
def _quiet(log: Path) -> Iterator[None]:
    """The JVM inherits what is standard error while it starts: a file, for it may say anything at any time."""
    sys.stderr.flush()
    kept = os.dup(2)
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.dup2(target, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(target)


def _told(error: Exception) -> str:
    name = type(error).__name__
    if name not in _TELLING:
        return f"Spark stopped ({name})"
    return f"Spark stopped ({name}): {str(error).partition(chr(10))[0]}"


def _hint(text: str) -> str:
    if "No space left" in text or "OutOfMemoryError" in text:
        return "give it more memory (--memory) or a larger disk (--scratch), then run it again; nothing was written"
    return ""
