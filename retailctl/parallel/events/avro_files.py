"""Avro object container files as messages: the schema is in the file, and only the reader of the library is used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from retailctl.errors import IncompleteError
from retailctl.model.event_message import Message
from retailctl.parallel.events.envelopes import TOO_DEEP, Fault
from retailctl.parallel.events.paths import Number

_MAGIC: Final = b"Obj\x01"


def avro_messages(file: Path) -> Iterator[Message | Fault]:
    """The records of a file, each as plain values. Raises IncompleteError, with the number of the event at which a
    file breaks; OSError where it cannot be opened."""
    from fastavro import reader

    with file.open("rb") as stream:
        if stream.read(len(_MAGIC)) != _MAGIC:
            hint = "Avro captures are object container files, with their schema; single messages are none."
            raise IncompleteError(f"{file.name} is no Avro file", hint=hint)
        stream.seek(0)
        count = 0
        try:
            for record in reader(stream):
                count += 1
                yield _message(record)
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001 - a broken block raises whatever its bytes lead to
            told = f"{file.name} breaks after event {count:,} ({type(error).__name__})"
            raise IncompleteError(told, hint="capture it again; nothing was compared") from None


def _message(record: Any) -> Message | Fault:
    try:
        return Message(plain(record), decoded=True)
    except RecursionError:
        return Fault(TOO_DEEP)


def plain(value: Any) -> Any:
    """A decoded value in the terms of JSON: numbers as they would be written, times in UTC, bytes as hexadecimals."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, int | Decimal):
        return Number(f"{value:f}" if isinstance(value, Decimal) else value)
    if isinstance(value, float):
        return Number(repr(value))
    return _other(value)


def _other(value: Any) -> str:
    if isinstance(value, datetime):
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return aware.isoformat().replace("+00:00", "Z")
    if isinstance(value, date | time):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)
