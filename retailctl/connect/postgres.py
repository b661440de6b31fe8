"""A session in a PostgreSQL database: one snapshot of the data, a time limit, and no password on a command line.

The password comes from where libpq looks for it: ``PGPASSWORD``, a password file, a service file.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple, Self

from retailctl import __version__
from retailctl.errors import IncompleteError, UsageError

if TYPE_CHECKING:
    import psycopg

OLDEST: Final = 14
SAID: Final = "PostgreSQL stopped"
"""What every failure begins with."""
_EXTRA_HINT: Final = "install it with: pip install 'retailctl[postgres]'"
_PASSWORD_HINT: Final = "leave it out, and put it into PGPASSWORD, or into a password file (PGPASSFILE, ~/.pgpass)"  # noqa: S105
_SECRET: Final = ("password", "sslpassword")
# Classes of SQLSTATE whose messages speak of names and of the server; those of other classes may quote data.
_WITHOUT_DATA: Final = ("08", "25", "28", "3D", "3F", "42", "53", "54", "55", "57", "58")
_HINTS: Final = {
    "08": "check host, port, user, database and password (PGPASSWORD, a password file), then run it again",
    "42501": "the user needs SELECT on the source and TEMPORARY on the database",
    "42P01": "check the name of the table, with its schema",
    "53": "give the server more room for temporary files, then run it again; nothing was written",
    "57014": "raise the time limit, or compare a smaller window",
}
_SHORT: Final = 200
_BATCH: Final = 10_000
_SYNTAX: Final = ("42601", "42703", "42883", "42804", "42846", "42P02", "42702", "42725", "42803")
"""What only the text of a query is to blame for."""


class Setting(NamedTuple):
    """What a session may use: seconds for one statement (0: no limit), memory for one sort or hash table."""

    seconds: int = 3600
    memory: str = "64MB"
    connect_seconds: int = 10


class Described(NamedTuple):
    """A column of a result; ``native`` is PostgreSQL's name of its type, as in ``numeric(12,2)``."""

    name: str
    native: str


class Database:
    """A connection within one transaction that sees one state of the data; nothing of it is kept."""

    def __init__(
        self, dsn: str, setting: Setting | None = None, *, read_only: bool = False, password: bool = False
    ) -> None:
        """Connect to ``dsn``, a URL or ``key=value`` words.

        Raises UsageError where it holds a password, unless ``password`` says that it comes from a place for one.
        """
        setting = setting or Setting()
        try:
            import psycopg
        except ImportError:
            raise UsageError("PostgreSQL needs psycopg, which is not installed", hint=_EXTRA_HINT) from None
        self._error: type[psycopg.Error] = psycopg.Error
        self._connection = _connect(dsn, setting, password=password)
        self._connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        self._connection.read_only = read_only
        number = self._connection.info.server_version
        self.version = f"{number // 10000}.{number % 10000}"
        if number // 10000 < OLDEST:
            self._connection.close()
            raise UsageError(f"the server is PostgreSQL {self.version}", hint=f"{OLDEST} or newer is needed")
        encoding = self._connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            self._connection.close()
            raise UsageError(f"the database is in {encoding}", hint="texts are compared in UTF8 only")
        milliseconds = setting.seconds * 1000
        for name, value in {
            "statement_timeout": str(milliseconds), "work_mem": setting.memory, "TimeZone": "UTC", "jit": "off",
            "extra_float_digits": "1", "DateStyle": "ISO, YMD", "standard_conforming_strings": "on",
        }.items():  # fmt: skip
            self._set(name, value)

    def _set(self, name: str, value: str) -> None:
        try:
            self._connection.execute("select set_config(%s, %s, false)", (name, value))
        except self._error as error:
            self._connection.close()
            raise UsageError(f"PostgreSQL refuses {name} {value} ({type(error).__name__})") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let the connection go, and all temporary tables with it."""
        self._connection.close()

    def run(self, statement: str) -> psycopg.Cursor[tuple[Any, ...]]:
        """Execute a statement. Raises IncompleteError, which quotes what the server says only where that is no data."""
        try:
            # No parameters, so that a per cent sign is one.
            return self._connection.execute(statement.encode())
        except self._error as error:
            raise told(error) from None

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a result."""
        cursor = self.run(query)
        try:
            return cursor.fetchall()
        except self._error as error:
            raise told(error) from None

    def each(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a result, some at a time: a cursor of the server keeps the others there."""
        try:
            with self._connection.cursor(name="retailctl_rows") as cursor:
                cursor.itersize = _BATCH
                yield from cursor.execute(query.encode())
        except self._error as error:
            raise told(error) from None

    def check(self, query: str) -> None:
        """Let the server read a query as it stands alone, before it is put into another statement.

        Raises UsageError for one that it does not understand, or that names columns which are not there.
        """
        try:
            self._connection.execute(f"prepare retailctl_query as {query}".encode())
            self._connection.execute("deallocate retailctl_query")
        except self._error as error:
            found = told(error)
            if (error.sqlstate or "") in _SYNTAX:
                raise UsageError(found.message, hint="correct the query in the plan") from None
            raise found from None

    def copy(self, query: str, target: BinaryIO) -> None:
        """All rows of a query as CSV in UTF-8, without a line of names. NULL is nothing, an empty text is ``""``."""
        try:
            with self._connection.cursor().copy(
                f"copy ({query}) to stdout (format csv, force_quote *)".encode()
            ) as out:
                target.writelines(out)
        except self._error as error:
            raise told(error) from None

    def described(self, query: str) -> tuple[Described, ...]:
        """The columns of a query, which is planned and not run."""
        found = self.run(f"select * from ({query}) as described limit 0").description or ()  # noqa: S608 - our own
        names = [column.name for column in found]
        types = [f"format_type({column.type_code}, {_modifier(column)})" for column in found]
        if not types:
            return ()
        natives = self.rows(f"select {', '.join(types)}")[0]
        return tuple(Described(name, native) for name, native in zip(names, natives, strict=True))


def _modifier(column: psycopg.Column) -> str:
    """Length, or digits and scale, the way the catalogue keeps them."""
    if column.precision is not None and column.scale is not None:
        return str((column.precision << 16 | column.scale & 0x7FF) + 4)
    return "null"


def _connect(dsn: str, setting: Setting, *, password: bool) -> psycopg.Connection[tuple[Any, ...]]:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        given = conninfo_to_dict(dsn)
    except psycopg.Error:
        # What libpq says quotes the text, and that may hold a password.
        raise UsageError(
            "this names no PostgreSQL database", hint="as in postgresql://user@host/database, or host=... dbname=..."
        ) from None
    if not password and any(given.get(name) for name in _SECRET):
        raise UsageError("a password does not belong on a command line or in a plan", hint=_PASSWORD_HINT)
    given["client_encoding"] = "utf8"
    given.setdefault("connect_timeout", str(setting.connect_seconds))
    given.setdefault("application_name", f"retailctl {__version__}")
    try:
        return psycopg.connect(**given)  # type: ignore[arg-type]  # all of them are texts, for libpq
    except psycopg.Error as error:
        raise told(error) from None


def told(error: psycopg.Error) -> IncompleteError:
    """What happened, in words that hold no data of the source."""
    state = error.sqlstate or ("08000" if type(error).__name__ == "OperationalError" else "")
    name = type(error).__name__
    hint = _HINTS.get(state) or _HINTS.get(state[:2], "")
    if state[:2] not in _WITHOUT_DATA:
        return IncompleteError(f"{SAID} ({name})", hint=hint)
    said = error.diag.message_primary or str(error).partition("\n")[0]
    plain = "".join(letter if letter.isprintable() else " " for letter in said)
    return IncompleteError(f"{SAID} ({name}): {plain[:_SHORT]}", hint=hint)
