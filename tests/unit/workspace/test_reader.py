"""Opening files safely, choosing the format, and the form for the cache."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from retailctl.errors import IncompleteError, InputError
from retailctl.workspace.document import Document
from retailctl.workspace.input_codes import FIX, INPUT_CODES
from retailctl.workspace.limits import Limits
from retailctl.workspace.reader import file_sha256, parse_bytes, read_document, text_loader


def code_of(root: Path, name: str, **options: object) -> str:
    with pytest.raises(InputError) as caught:
        read_document(root, name, **options)  # type: ignore[arg-type]
    assert caught.value.at is not None
    assert caught.value.at.path == name
    assert str(root) not in str(caught.value)
    assert "secret" not in str(caught.value)
    return caught.value.code


def test_reads_by_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.YML").write_text("x: 0o7", encoding="utf-8")
    (tmp_path / "b.json").write_text('{"x": 7}', encoding="utf-8")
    assert read_document(tmp_path, "a.YML").data == read_document(tmp_path, "b.json").data == {"x": 7}
    (tmp_path / "c.txt").write_text("x: 7", encoding="utf-8")
    assert code_of(tmp_path, "c.txt") == "INP017"


def test_sha256_is_that_of_the_bytes(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbfx: 1\r\n"
    (tmp_path / "a.yaml").write_bytes(data)
    expected = hashlib.sha256(data).hexdigest()
    assert read_document(tmp_path, "a.yaml").sha256 == file_sha256(tmp_path, "a.yaml") == expected


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.yaml").open("wb") as stream:
        stream.truncate(2 << 30)
    with pytest.raises(InputError, match=r"2,147,483,648 bytes; 33,554,432 are allowed") as caught:
        read_document(tmp_path, "a.yaml")
    assert caught.value.code == "INP002"


def test_size_limit_is_exact(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("x: 12345", encoding="utf-8")
    assert read_document(tmp_path, "a.yaml", limits=Limits(file_bytes=8)).data == {"x": 12345}
    assert code_of(tmp_path, "a.yaml", limits=Limits(file_bytes=7)) == "INP002"


@pytest.mark.parametrize("name", ["../outside.yaml", "sub/../../outside.yaml"])
def test_paths_that_leave_the_root(tmp_path: Path, name: str) -> None:
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (tmp_path / "outside.yaml").write_text("secret: 1", encoding="utf-8")
    assert code_of(root, name) == "INP013"


def test_absolute_path(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_document(tmp_path, "/etc/passwd.yaml")
    assert caught.value.code == "INP013"


def test_links_out_of_the_root_are_refused_and_links_inside_are_read(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.yaml").write_text("secret: 1", encoding="utf-8")
    (root / "a.yaml").write_text("x: 1", encoding="utf-8")
    (root / "file.yaml").symlink_to(tmp_path / "outside" / "a.yaml")
    (root / "folder").symlink_to(tmp_path / "outside")
    (root / "sub" / "inside.yaml").symlink_to(root / "a.yaml")
    (root / "broken.yaml").symlink_to(tmp_path / "outside" / "nothing.yaml")
    assert [code_of(root, name) for name in ("file.yaml", "folder/a.yaml", "broken.yaml")] == ["INP013"] * 3
    assert read_document(root, "sub/inside.yaml").data == {"x": 1}


def test_a_loop_of_links(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to(tmp_path / "b.yaml")
    (tmp_path / "b.yaml").symlink_to(tmp_path / "a.yaml")
    assert code_of(tmp_path, "a.yaml") == "INP014"


def test_pipes_and_folders_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    assert code_of(tmp_path, "pipe.yaml") == "INP014"
    assert code_of(tmp_path, "folder.yaml") == "INP014"


def test_a_missing_file_is_incomplete(tmp_path: Path) -> None:
    with pytest.raises(IncompleteError, match="No such file") as caught:
        read_document(tmp_path, "a.yaml")
    assert str(tmp_path) not in str(caught.value)


def test_a_file_without_permission_is_incomplete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yaml").write_text("x: 1", encoding="utf-8")

    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied", str(tmp_path / "a.yaml"))

    monkeypatch.setattr("retailctl.workspace.reader.os.open", denied)
    with pytest.raises(IncompleteError, match="Permission denied") as caught:
        read_document(tmp_path, "a.yaml")
    assert str(tmp_path) not in str(caught.value)


def test_places_that_need_the_text_are_unknown_after_a_change(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text('{"x":\n 1,\n "y": 2}', encoding="utf-8")
    kept, changed = read_document(tmp_path, "a.json"), read_document(tmp_path, "b.json")
    (tmp_path / "b.json").write_text('{"q": 0}', encoding="utf-8")
    assert (kept.locate("/y").line, changed.locate("/y").line) == (3, 0)
    assert changed.locate("/y").path == "b.json"


CACHED = {
    "a.yaml": (
        b"id: 010\nv: 1.10\nl: [x, {k: TRUE}, .nan, 0.5]\nn:\nbig: 123456789012345678901234567890\n'\xc3\xa9': 1\n"
    ),
    "b.json": b'{"v": 1.10, "l": ["x", {"k": true}], "n": null}',
}


@pytest.mark.parametrize("name", sorted(CACHED))
def test_cache_round_trip(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(CACHED[name])
    fresh = read_document(tmp_path, name)
    encoded = fresh.encode()
    assert encoded is not None
    back = Document.decode(encoded, load=text_loader(tmp_path, name, fresh.sha256))
    assert repr(back.data) == repr(fresh.data)
    assert (back.path, back.sha256, back.format) == (fresh.path, fresh.sha256, fresh.format)
    assert back.data["v"].text == "1.10"
    for pointer in ("", "/v", "/l/1/k", "/n", "/l/zzz"):
        assert back.locate(pointer) == fresh.locate(pointer)
        assert back.locate_value(pointer) == fresh.locate_value(pointer)


def test_cache_keeps_notices_and_positions_without_the_text() -> None:
    fresh = parse_bytes("a.yaml", b"a: !Ref x\nb:\n  - c", owned=False)
    encoded = fresh.encode()
    assert encoded is not None
    back = Document.decode(encoded)
    assert back.notices == fresh.notices
    assert (back.locate("/b/0"), back.locate_value("/b/0")) == (fresh.locate("/b/0"), fresh.locate("/b/0"))


def test_documents_with_aliases_are_not_cached() -> None:
    assert parse_bytes("a.yaml", b"a: &a [1]\nb: *a").encode() is None


@pytest.mark.parametrize("data", [b"", b"\n", b"x", b"{}\n", b"0" * 64 + b"\n{}\n[]", b"\xff\xfe\x00"])
def test_bytes_that_are_no_cached_document(data: bytes) -> None:
    with pytest.raises(ValueError, match="cached document"):
        Document.decode(data)


@pytest.mark.parametrize(
    "content", [b"", b"{}\n[]", b"[]\n[]", b'{"schema": "retailctl.document/1"}\n[]', b"[" * 50_000, b"1\n"]
)
def test_wellformed_digest_around_nonsense(content: bytes) -> None:
    with pytest.raises(ValueError):
        Document.decode(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)


def test_every_code_is_one_complete_row() -> None:
    assert len(FIX) == len(INPUT_CODES) == len({row.name for row in INPUT_CODES})
    assert [row.id for row in INPUT_CODES] == sorted(row.id for row in INPUT_CODES)
    assert all(row.title and row.why.endswith(".") and row.fix.endswith(".") for row in INPUT_CODES)
    reserved = {
        "INP020": "wrong-field",
        "INP021": "unknown-key",
        "INP022": "duplicate-id",
        "INP023": "dangling-reference",
    }
    assert {row.id: row.name for row in INPUT_CODES if row.id in reserved} == reserved
