"""Captured files: what is read, in which order, and what a broken one says."""

from __future__ import annotations

import gzip
import io
import zlib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import fastavro
import pytest

from retailctl.errors import IncompleteError, UsageError
from retailctl.model.event_message import LARGEST, Message
from retailctl.parallel.events.captures import capture_files, file_messages
from retailctl.parallel.events.envelopes import Fault
from retailctl.parallel.events.paths import text_of

SCHEMA: dict[str, Any] = {
    "type": "record", "name": "Order", "fields": [
        {"name": "id", "type": "string"},
        {"name": "total", "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
        {"name": "note", "type": ["null", "string"], "default": None},
        {"name": "lines", "type": {"type": "array", "items": "long"}},
        {"name": "raw", "type": "bytes"},
    ],
}  # fmt: skip


def record(number: int) -> dict[str, Any]:
    at = datetime(2026, 11, 20, 10, number % 60, tzinfo=UTC)
    return {
        "id": f"o{number}",
        "total": Decimal("12.50"),
        "at": at,
        "note": None,
        "lines": [1, 2**60],
        "raw": b"\x01\xff",
    }


def avro_file(path: Path, count: int = 3, **more: Any) -> Path:
    with path.open("wb") as stream:
        fastavro.writer(stream, fastavro.parse_schema(SCHEMA), map(record, range(count)), **more)
    return path


def bodies(kind: str, *files: Path) -> list[Any]:
    return [one.reason if isinstance(one, Fault) else one.body for one in file_messages(kind, files)]


def test_lines_are_messages_in_the_order_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_bytes(b'{"n":3}\r\n\n  \n{"n":4}')
    (tmp_path / "a.jsonl").write_bytes(b'{"n":1}\n{"n":2}\n')
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(b'{"n":5}\n', mtime=0))
    (tmp_path / "notes.txt").write_bytes(b"no capture\n")
    files = capture_files(tmp_path, "jsonl", ".")
    assert [file.name for file in files] == ["a.jsonl", "b.jsonl", "c.jsonl.gz"]
    assert bodies("jsonl", *files) == [b'{"n":%d}' % number for number in range(1, 6)]
    assert capture_files(tmp_path, "jsonl", "[ab].jsonl") == files[:2]


def test_a_line_that_is_too_long_is_one_fault_and_costs_no_memory(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b'"' + b"x" * (LARGEST + 10) + b'"\n{"n":2}\n' + b"y" * (3 * LARGEST))
    assert bodies("jsonl", file) == ["TOO_LARGE", b'{"n":2}', "TOO_LARGE"]
    file.write_bytes(b"x" * LARGEST + b"\n" + b"z" * LARGEST)
    assert [len(body) for body in bodies("jsonl", file)] == [LARGEST, LARGEST]


def test_avro_records_are_plain_values(tmp_path: Path) -> None:
    (message,) = file_messages("avro", (avro_file(tmp_path / "a.avro", 1, codec="deflate"),))
    assert isinstance(message, Message) and message.decoded
    assert {name: text_of(value) for name, value in message.body.items()} == {
        "id": "o0", "total": "12.50", "at": "2026-11-20T10:00:00Z", "note": None, "lines": "[1,1152921504606846976]",
        "raw": "01ff",
    }  # fmt: skip


def test_a_broken_block_says_after_which_event(tmp_path: Path) -> None:
    file = avro_file(tmp_path / "a.avro", 4000)
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2] + b"\xff" * 200)
    with pytest.raises(IncompleteError, match=r"a\.avro ends within a block \(after event 1,\d+\)") as caught:
        bodies("avro", file)
    assert caught.value.exit_code == 3 and caught.value.hint


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.avro", b'{"n": 1}', "is no Avro file"),
        ("a.avro", b"Obj\x01\xff\xff\xff", "ends within a number"),
        ("a.jsonl.gz", b"no archive", "is a broken archive"),
        ("a.jsonl.gz", gzip.compress(b'{"n":1}\n' * 9999, mtime=0)[:60], "is a broken archive"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(IncompleteError, match=message) as caught:
        bodies("avro" if name.endswith("avro") else "jsonl", tmp_path / name)
    assert name in caught.value.message and str(tmp_path) not in str(caught.value)


def container(schema: Any, *blocks: bytes, codec: str = "null") -> bytes:
    """A file as an attacker writes it; a block is a count, a size and bytes, all as given."""
    stream = io.BytesIO()
    fastavro.writer(stream, fastavro.parse_schema(schema), [], sync_marker=SYNC, codec="null")
    head = stream.getvalue()[: -len(SYNC)].replace(b"\x08null", bytes([2 * len(codec)]) + codec.encode())
    return head + SYNC + b"".join(block + SYNC for block in blocks)


def number(value: int) -> bytes:
    """A number as Avro writes it."""
    zigzag, written = value << 1 if value >= 0 else (-value << 1) - 1, bytearray()
    while zigzag > 0x7F:
        written.append(zigzag & 0x7F | 0x80)
        zigzag >>= 7
    return bytes([*written, zigzag])


SYNC = b"0123456789abcdef"
ITSELF = {"type": "record", "name": "N", "namespace": "shop", "fields": [{"name": "next", "type": ["null", "N"]}]}
NOTHINGS = {"type": "record", "name": "N", "fields": [{"name": "a", "type": {"type": "array", "items": "null"}}]}
EMPTY = {"type": "record", "name": "E", "fields": []}
BOMB = zlib.compressobj(9, wbits=-15)
PACKED = BOMB.compress(bytes(65 << 20)) + BOMB.flush()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (container(SCHEMA, number(1) + number(2**40) + b"x"), "has a block of more than 64 MiB"),
        (container(SCHEMA, number(1) + number(-5) + b"x"), "has a block of more than 64 MiB"),
        (container(SCHEMA, number(2**60) + number(3) + b"xyz"), "claims more events than it holds"),
        (
            container("long", number(1) + number(len(PACKED)) + PACKED, codec="deflate"),
            "has a block of more than 64 MiB",
        ),
        (container(ITSELF, number(1) + number(9) + b"\x02" * 8 + b"\x00"), "has a type that contains itself"),
        (container(NOTHINGS, number(1) + number(9) + number(2**50) + b"\x00"), "has lists of values without bytes"),
        (container({"type": "array", "items": EMPTY}), "has lists of values without bytes"),
        (container("null", number(2**50) + number(0)), "claims more events than it holds"),
        (container("long", number(1) + number(1) + b"\x02", codec="zstandard"), "is packed with zstandard"),
        (b"Obj\x01" + number(1) + number(2**50), "ends within its header"),
        (container("long")[:-3], "ends within its header"),
        (container("long", number(1) + number(1) + b"\x02")[:-3], "has a block without its end"),
    ],
)
def test_a_file_that_claims_what_it_does_not_hold_is_not_believed(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.avro").write_bytes(content)
    with pytest.raises(IncompleteError, match=message):
        bodies("avro", tmp_path / "a.avro")


def test_a_schema_that_is_too_deep_is_not_followed(tmp_path: Path) -> None:
    schema = b'{"type":"array","items":' * 5000 + b'"long"' + b"}" * 5000
    header = number(1) + number(11) + b"avro.schema" + number(len(schema)) + schema + b"\x00"
    (tmp_path / "a.avro").write_bytes(b"Obj\x01" + header + SYNC)
    with pytest.raises(IncompleteError, match="after event 0"):
        bodies("avro", tmp_path / "a.avro")
    shallow = schema.replace(b'{"type":"array","items":' * 4700, b"").replace(b"}" * 4700, b"", 1)
    header = number(1) + number(11) + b"avro.schema" + number(len(shallow)) + shallow + b"\x00"
    (tmp_path / "a.avro").write_bytes(b"Obj\x01" + header + SYNC)
    with pytest.raises(IncompleteError, match="nested too deeply"):
        bodies("avro", tmp_path / "a.avro")


@pytest.mark.parametrize("codec", ["null", "deflate", "bzip2", "xz"])
def test_every_codec_of_the_standard_library_is_read(tmp_path: Path, codec: str) -> None:
    file = avro_file(tmp_path / "a.avro", 5000, codec=codec)
    assert [body["id"] for body in bodies("avro", file)] == [f"o{n}" for n in range(5000)]


def test_captures_are_in_the_workspace(tmp_path: Path) -> None:
    root, outside = tmp_path / "shop", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "a.jsonl").write_text("{}\n", encoding="utf-8")
    (root / "link.jsonl").symlink_to(outside / "a.jsonl")
    with pytest.raises(UsageError, match="leaves the workspace"):
        capture_files(root, "jsonl", "*.jsonl")
    with pytest.raises(UsageError, match="there is no such capture"):
        capture_files(root, "avro", "*.avro")
