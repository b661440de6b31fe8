"""Any database that has a Python driver: ADBC or DB-API 2.0 (PEP 249), by the name of its module.

The address is ``module=NAME;key=value;...``: the module, and what its ``connect`` takes. A value that holds a semicolon
stands in braces (``password={a;b}``), as in connection strings of ODBC.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

from retailctl.errors import IncompleteError, UsageError

_PAIR: Final = re.compile(r"\s*([A-Za-z_]\w*)\s*=\s*(?:\{((?:[^}]|\}\})*)\}|([^;]*))\s*(?:;|\Z)")
_MODULE: Final = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*\Z")
_NUMBERS: Final = frozenset({"port", "timeout", "connect_timeout", "login_timeout"})
_TRUTHS: Final = {"true": True, "false": False}
_BATCH: Final = 10_000
_SHORT: Final = 200
_HINT: Final = "write it as module=sqlite3;database=/data/shop.db"
# What these say is of names and of the server; others, such as DataError, quote values.
_WITHOUT_DATA: Final = frozenset({"OperationalError", "ProgrammingError", "NotSupportedError", "DatabaseError"})


def parsed(address: str) -> tuple[str, dict[str, Any]]:
    """The module and the arguments of an address. Raises UsageError, which never repeats it: it may hold a password."""
    arguments: dict[str, Any] = {}
    at = 0
    while at < len(address):
        pair = _PAIR.match(address, at)
        if pair is None:
            raise UsageError("the address is not key=value;key=value", hint=_HINT)
        name, braced, plain = pair.groups()
        arguments[name] = braced.replace("}}", "}") if braced is not None else _value(name, plain.strip())
        at = pair.end()
    module = str(arguments.pop("module", ""))
    if not _MODULE.match(module):
        raise UsageError("the address names no module", hint=_HINT)
    return module, arguments


def _value(name: str, text: str) -> Any:
    if name in _NUMBERS and text.isascii() and text.isdigit():
        return int(text)
    return _TRUTHS.get(text.lower(), text)


class Driver:
    """A connection that reads and never commits. Raises IncompleteError for what fails, without a word of the address
    or of the data."""

    def __init__(self, address: str) -> None:
        """Connect. Raises UsageError for an address or a module that is none."""
        self.module, arguments = parsed(address)
        self._secrets = sorted((str(value) for value in arguments.values() if len(str(value)) > 2), key=len)[::-1]
        try:
            module = importlib.import_module(self.module)
        except ImportError:
            raise UsageError(
                f"there is no module {self.module}", hint="install the driver, or correct module="
            ) from None
        connect = getattr(module, "connect", None)
        if connect is None:
            hint = f"name the one of DB-API, such as {self.module}.dbapi"
            raise UsageError(f"the module {self.module} has no connect()", hint=hint)
        try:
            self._connection = connect(**arguments)
        except TypeError:
            hint = "each key=value but module goes to connect() of the driver, under that name"
            raise UsageError(f"{self.module} does not take these arguments", hint=hint) from None
        except Exception as error:  # noqa: BLE001 - drivers have no base class in common
            raise IncompleteError(
                f"{self.module} does not connect ({type(error).__name__})", hint="check address, user and password"
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(Exception):  # what is read is read; a connection that breaks now is gone as well
            self._connection.close()

    def rows(self, query: str) -> tuple[list[str], Iterator[Sequence[Any]]]:
        """Names of the columns, and all rows in batches."""
        try:
            cursor = self._connection.cursor()
            cursor.execute(query)
            names = [str(column[0]) for column in cursor.description or ()]
        except Exception as error:  # noqa: BLE001 - as above
            raise self._told(error) from None
        return names, self._batches(cursor)

    def _batches(self, cursor: Any) -> Iterator[Sequence[Any]]:
        while True:
            try:
                rows = cursor.fetchmany(_BATCH)
            except Exception as error:  # noqa: BLE001 - as above
                raise self._told(error) from None
            if not rows:
                return
            yield from rows

    def _told(self, error: Exception) -> IncompleteError:
        name = type(error).__name__
        if name not in _WITHOUT_DATA:
            return IncompleteError(f"{self.module} stopped ({name})")
        said = str(error).partition("\n")[0]
        for secret in self._secrets:
            said = said.replace(secret, "***")
        plain = "".join(letter if letter.isprintable() else " " for letter in said)
        return IncompleteError(f"{self.module} stopped ({name}): {plain[:_SHORT]}")
