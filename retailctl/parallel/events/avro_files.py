"""Avro object container files as messages: the schema is in the file, blocks are taken apart here, under limits.

The library reads whole files as well, but believes what a block says of its size once it is unpacked, and follows types
that contain themselves as deep as the data goes. So it is given one record of a block at a time, of types that end.
"""

from __future__ import annotations

import bz2
import io
import json
import lzma
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final

from retailctl.errors import IncompleteError
from retailctl.model.event_message import LARGEST, Message
from retailctl.parallel.events.envelopes import TOO_DEEP, Fault
from retailctl.parallel.events.paths import Number

_MAGIC: Final = b"Obj\x01"
_SYNC: Final = 16
_LARGEST_BLOCK: Final = 8 * LARGEST
"""Bytes of a block, packed or unpacked: writers make blocks of some kilobytes."""
_LARGEST_HEADER: Final = 1 << 20
_DEEPEST: Final = 200
_UNPACK: Final[dict[str, Callable[[], Any]]] = {
    "deflate": lambda: zlib.decompressobj(-15), "bzip2": bz2.BZ2Decompressor, "xz": lzma.LZMADecompressor
}  # fmt: skip


class BrokenAvroError(ValueError):
    """A file that cannot be read on, in words."""


def avro_messages(file: Path) -> Iterator[Message | Fault]:
    """The records of a file, each as plain values. Raises IncompleteError, with the number of the event after which a
    file breaks; OSError where it cannot be opened."""
    count = 0
    with file.open("rb") as stream:
        try:
            for record in _records(stream):
                count += 1
                yield _message(record)
        except OSError:
            raise
        except BrokenAvroError as error:
            raise IncompleteError(f"{file.name} {error} (after event {count:,})", hint=_HINT) from None
        except Exception as error:  # noqa: BLE001 - a broken block raises whatever its bytes lead to
            told = f"{file.name} breaks after event {count:,} ({type(error).__name__})"
            raise IncompleteError(told, hint=_HINT) from None


_HINT: Final = "capture it again, as an object container file with deflate; nothing was compared"


def _records(stream: IO[bytes]) -> Iterator[Any]:
    from fastavro import parse_schema, schemaless_reader

    if stream.read(len(_MAGIC)) != _MAGIC:
        raise BrokenAvroError("is no Avro file with its schema")
    header = _header(stream)
    codec = header.get(b"avro.codec", b"null").decode("ascii", "replace")
    if codec != "null" and codec not in _UNPACK:
        raise BrokenAvroError(
            f"is packed with {codec[:20] if codec.isprintable() else 'an unknown codec'}, unread here"
        )
    raw = json.loads(header[b"avro.schema"])
    _shallow(raw)
    schema: Any = parse_schema(raw)
    _ending(schema, {}, ())
    sync = stream.read(_SYNC)
    if len(sync) < _SYNC:
        raise BrokenAvroError("ends within its header")
    while (count := _long(stream)) is not None:
        data = _block(stream, codec)
        if stream.read(_SYNC) != sync:
            raise BrokenAvroError("has a block without its end")
        if not 0 <= count <= len(data):
            raise BrokenAvroError("has a block that claims more events than it holds")
        records = io.BytesIO(data)
        for _ in range(count):
            yield schemaless_reader(records, schema, None)


def _block(stream: IO[bytes], codec: str) -> bytes:
    size = _long(stream)
    if size is None or not 0 <= size <= _LARGEST_BLOCK:
        raise BrokenAvroError(f"has a block of more than {_LARGEST_BLOCK >> 20} MiB")
    data = stream.read(size)
    if len(data) < size:
        raise BrokenAvroError("ends within a block")
    if codec == "null":
        return data
    unpacked: bytes = _UNPACK[codec]().decompress(data, _LARGEST_BLOCK + 1)
    if len(unpacked) > _LARGEST_BLOCK:
        raise BrokenAvroError(f"has a block of more than {_LARGEST_BLOCK >> 20} MiB")
    return unpacked


def _header(stream: IO[bytes]) -> dict[bytes, bytes]:
    """What stands before the first block."""
    found: dict[bytes, bytes] = {}
    while count := _long(stream) or 0:
        if count < 0:
            _long(stream)  # the size of this part in bytes
        for _ in range(abs(count)):
            name = _bytes(stream)
            found[name] = _bytes(stream)
    return found


def _bytes(stream: IO[bytes]) -> bytes:
    size = _long(stream)
    data = stream.read(size) if size is not None and 0 <= size <= _LARGEST_HEADER else b""
    if size is None or len(data) != size:
        raise BrokenAvroError("ends within its header")
    return data


def _long(stream: IO[bytes]) -> int | None:
    """A number in Avro's zigzag form; None at the end of the file."""
    value = shift = 0
    while (byte := stream.read(1)) and shift < 70:
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return (value >> 1) ^ -(value & 1)
        shift += 7
    if shift:
        raise BrokenAvroError("ends within a number")
    return None


def _shallow(raw: Any, depth: int = 0) -> None:
    """Raise BrokenAvroError for a schema that is nested too deeply for the library, which follows it in C."""
    if depth > _DEEPEST:
        raise BrokenAvroError("has a schema that is nested too deeply")
    for inner in raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ():
        _shallow(inner, depth + 1)


def _ending(schema: Any, named: dict[str, Any], within: tuple[str, ...]) -> bool:
    """Whether a value of a type has bytes. Raises BrokenAvroError for types that need not end: one that contains
    itself, or lists of values without bytes, of which a few bytes claim billions."""
    if isinstance(schema, list):
        for branch in schema:
            _ending(branch, named, within)
        return True
    if isinstance(schema, str):
        if schema in within:
            raise BrokenAvroError("has a type that contains itself, which captures may not")
        return _ending(named[schema], named, within) if schema in named else schema != "null"
    kind, name = schema["type"], str(schema.get("name", ""))
    if kind == "array" and not _ending(schema["items"], named, within):
        raise BrokenAvroError("has lists of values without bytes")
    if kind == "map":
        _ending(schema["values"], named, within)
    if kind in ("record", "error"):
        named[name] = schema
        wide = [_ending(field["type"], named, (*within, name)) for field in schema["fields"]]  # all are looked at
        return any(wide)
    if kind in ("enum", "fixed"):
        named[name] = schema
        return bool(kind == "enum" or schema["size"])
    return bool(kind in ("array", "map") or _ending(kind, named, within))


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
