"""Every kind of source gives the same rows, and says what is wrong with it."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from openpyxl import Workbook

from retailctl.errors import IncompleteError, UsageError
from tests.unit.parallel.comparing import between, classes, told

NAMES = ("id", "sku", "qty", "price", "ts", "note")
ROWS = [
    ("a1", "0017", 3, "12.50", "2024-09-01 10:00:00", "x"),
    ("a2", "0018", 1, "0.99", "2024-09-02 23:59:59", None),
    ("a3", "0019", 2, "100.00", "2024-09-03 00:00:00", 'ü, "y"\nz'),
]


def _csv(folder: Path, delimiter: str = ",") -> str:
    def cell(value: object) -> str:
        text = str(value)
        return "" if value is None else '"' + text.replace('"', '""') + '"' if set(text) & set('",\n;') else text

    lines = [delimiter.join(NAMES), *(delimiter.join(map(cell, row)) for row in ROWS)]
    (folder / "a.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return "a.csv"


def _tsv(folder: Path) -> str:
    _csv(folder, "\t")
    return str((folder / "a.csv").rename(folder / "a.tsv").name)


def _gzip(folder: Path) -> str:
    (folder / "a.csv.gz").write_bytes(gzip.compress((folder / _csv(folder)).read_bytes()))
    return "a.csv.gz"


def _jsonl(folder: Path) -> str:
    lines = (json.dumps(dict(zip(NAMES, row, strict=True))) for row in ROWS)
    (folder / "a.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return "a.jsonl"


_TYPES = "id varchar, sku varchar, qty int, price decimal(12,2), ts timestamp, note varchar"


def _parquet(folder: Path) -> str:
    with duckdb.connect() as engine:
        engine.execute(f"create table a ({_TYPES})")
        engine.executemany("insert into a values (?, ?, ?, ?, ?, ?)", ROWS)
        engine.execute(f"copy a to '{folder / 'a.parquet'}' (format parquet)")
    return "a.parquet"


def _duckdb(folder: Path) -> str:
    with duckdb.connect(str(folder / "a.duckdb")) as engine:
        engine.execute(f"create table orders ({_TYPES})")
        engine.executemany("insert into orders values (?, ?, ?, ?, ?, ?)", ROWS)
    return "a.duckdb::orders"


def _sqlite(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "a.sqlite")) as base:
        base.execute("create table orders (id text, sku text, qty int, price text, ts text, note text)")
        base.executemany("insert into orders values (?, ?, ?, ?, ?, ?)", ROWS)
        base.commit()
    return "a.sqlite"


def _xlsx(folder: Path) -> str:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (NAMES, *ROWS):
        sheet.append(list(row))
    book.save(folder / "a.xlsx")
    return "a.xlsx"


def _folder(folder: Path) -> str:
    (folder / "parts").mkdir()
    text = (folder / _csv(folder)).read_text(encoding="utf-8")
    head, _, rest = text.partition("\n")
    first, _, more = rest.partition("\n")
    (folder / "parts" / "1.csv").write_text(f"{head}\n{first}\n", encoding="utf-8")
    (folder / "parts" / "2.csv").write_text(f"{head}\n{more}", encoding="utf-8")
    return "parts"


def _pattern(folder: Path) -> str:
    _folder(folder)
    return "parts/*.csv"


KINDS: dict[str, Callable[[Path], str]] = {
    "csv": _csv, "tsv": _tsv, "gzip": _gzip, "jsonl": _jsonl, "parquet": _parquet, "duckdb": _duckdb,
    "sqlite": _sqlite, "xlsx": _xlsx, "folder": _folder, "pattern": _pattern,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_source_gives_the_same_rows(kind: str, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    report = between(tmp_path, f"other/{_parquet(other)}", f"one/{KINDS[kind](one)}")
    assert classes(report) == {"EQUAL": 3}, report.findings
    assert told(report).rows == {"legacy": 3, "new": 3}


def _no_source(folder: Path) -> str:
    return "none.csv"


def _strange(folder: Path) -> str:
    (folder / "a.docx").write_text("x", encoding="utf-8")
    return "a.docx"


def _mixed(folder: Path) -> str:
    (folder / "mixed").mkdir()
    (folder / "mixed" / "a.csv").write_text("id\n1\n", encoding="utf-8")
    (folder / "mixed" / "b.jsonl").write_text('{"id": 1}\n', encoding="utf-8")
    return "mixed"


def _two_tables(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "b.sqlite")) as base:
        base.execute("create table x (id int)")
        base.execute("create table y (id int)")
    return "b.sqlite"


def _no_table(folder: Path) -> str:
    return _two_tables(folder) + "::z"


def _broken(name: str, content: bytes) -> Callable[[Path], str]:
    def write(folder: Path) -> str:
        (folder / name).write_bytes(content)
        return name

    return write


def _empty_folder(folder: Path) -> str:
    (folder / "empty").mkdir()
    return "empty"


MISTAKES: list[tuple[Callable[[Path], str], type[Exception], str]] = [
    (_no_source, UsageError, "no such file"),
    (_strange, UsageError, "nobody reads this kind of file"),
    (_mixed, UsageError, "not of one kind"),
    (_empty_folder, UsageError, "no such file"),
    (_two_tables, UsageError, "has 2 tables"),
    (_no_table, UsageError, "no table 'z'"),
    (_broken("c.parquet", b"PAR1 nothing"), IncompleteError, "c.parquet"),
    (_broken("c.sqlite", b"SQLite format 3\0" + b"x" * 200), IncompleteError, "SQLite cannot read it"),
    (_broken("c.xlsx", b"PK nothing"), IncompleteError, "not a workbook"),
    (_broken("c.duckdb", b"nothing" * 100), IncompleteError, "duckdb stopped"),
    (_broken("c.jsonl", b'{"id": 1}\n{"id": '), IncompleteError, "duckdb stopped"),
    (_broken("c.csv", b'id,a\n1,x\n2,y,z\n3,"q\n'), IncompleteError, "c.csv"),
    (_broken("d.csv", b"id,ID\n1,2\n"), UsageError, "two columns are called"),
]


@pytest.mark.parametrize(("write", "kind", "expected"), MISTAKES)
def test_what_cannot_be_read_says_why(
    write: Callable[[Path], str], kind: type[Exception], expected: str, tmp_path: Path
) -> None:
    source = write(tmp_path)
    good = _csv(tmp_path)
    with pytest.raises(kind) as caught:
        between(tmp_path, source, good)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    "url", ["https://user:secret@host/a.csv", "s3://bucket/a.parquet", "postgresql://u:secret@h/db"]
)
def test_servers_are_not_asked(url: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        from retailctl import api

        api.parallel_compare(url, url, api.CompareOptions(key=("id",), root=tmp_path))
    assert "secret" not in str(caught.value)


def test_names_with_pattern_characters_are_names(tmp_path: Path) -> None:
    (tmp_path / "orders [2024]?.csv").write_text("id,a\n1,x\n", encoding="utf-8")
    (tmp_path / "orders 2.csv").write_text("id,a\n2,y\n", encoding="utf-8")
    assert classes(between(tmp_path, "orders [2024]?.csv", "orders [2024]?.csv")) == {"EQUAL": 1}


def test_latin_1_is_read_when_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("id,a\n1,Größe\n".encode("latin-1"))
    assert classes(between(tmp_path, "a.csv", "a.csv", encoding="latin-1")) == {"EQUAL": 1}
    with pytest.raises((IncompleteError, UsageError)) as caught:
        between(tmp_path, "a.csv", "a.csv")
    assert "encoding" in str(caught.value)
