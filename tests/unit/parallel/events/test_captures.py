"""Captured files: what is read, in which order, and what a broken one says."""

from __future__ import annotations

import gzip
import io
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
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(b'{"n":5}\n'))
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
    with pytest.raises(IncompleteError, match=r"a\.avro breaks after event [\d,]+ \(") as caught:
        bodies("avro", file)
    assert caught.value.exit_code == 3 and caught.value.hint


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.avro", b'{"n": 1}', "is no Avro file"),
        ("a.avro", b"Obj\x01\xff\xff\xff", "breaks after event 0"),
        ("a.jsonl.gz", b"no archive", "is a broken archive"),
        ("a.jsonl.gz", gzip.compress(b'{"n":1}\n' * 9999)[:60], "is a broken archive"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(IncompleteError, match=message) as caught:
        bodies("avro" if name.endswith("avro") else "jsonl", tmp_path / name)
    assert name in caught.value.message and str(tmp_path) not in str(caught.value)


def test_a_block_that_claims_to_be_huge_is_not_believed(tmp_path: Path) -> None:
    stream = io.BytesIO()
    fastavro.writer(stream, fastavro.parse_schema(SCHEMA), [], sync_marker=b"0123456789abcdef")
    (tmp_path / "a.avro").write_bytes(stream.getvalue() + b"\x02\xfe\xff\xff\xff\xff\xff\xff\x01" + b"x" * 50)
    with pytest.raises(IncompleteError, match="breaks after event 0"):
        bodies("avro", tmp_path / "a.avro")


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
