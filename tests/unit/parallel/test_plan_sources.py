"""Every source that a plan may name gives the rows that it should, and says what is wrong with it."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest
from openpyxl import Workbook

from retailctl import api
from retailctl.connect.dbapi import parsed
from retailctl.errors import ConfigError, IncompleteError, RetailctlError, UsageError
from retailctl.parallel.running import run_plan
from retailctl.parallel.sources.statement import select_only
from tests.needs import ROOT
from tests.unit.parallel.comparing import classes
from tests.unit.parallel.running import HEAD, PLAN, line, run, workspace

ROWS = [line("o1"), line("o2", mail=""), line("o3", mail="zoë@shop.example")]
NAMES = HEAD.split(",")
LISTED = f"columns: [{', '.join(NAMES)}]"


def _csv(root: Path, *lines: str, name: str = "old.csv", encoding: str = "utf-8") -> None:
    (root / name).write_bytes("\n".join([*lines, ""]).encode(encoding))


def _skipped(root: Path) -> str:
    _csv(root, 'export of "erp', "second line", HEAD, *ROWS)
    return "csv: old.csv, skip: 2"


def _without_header(root: Path) -> str:
    _csv(root, *ROWS)
    return f"csv: old.csv, {LISTED}"


def _other_names(root: Path) -> str:
    _csv(root, "a,b,c,d,e,f,g", *ROWS)
    return f"csv: old.csv, header: true, {LISTED}"


def _tabs(root: Path) -> str:
    _csv(root, *(row.replace(",", "\t") for row in ROWS), name="old.export")
    return f"tsv: old.export, {LISTED}"


def _several(root: Path) -> str:
    _csv(root, "first", *ROWS[:1], name="old-1.csv")
    _csv(root, "second", *ROWS[1:], name="old-2.csv")
    return f"csv: old-*.csv, skip: 1, {LISTED}"


def _unquoted(root: Path) -> str:
    _csv(root, HEAD, *(row.replace("zoë", '"zoë') for row in ROWS))
    _csv(root, HEAD, *(row.replace("zoë", '"""zoë').replace("example", 'example"') if "zoë" in row else row for row in ROWS),
         name="new.csv")  # fmt: skip
    return 'csv: old.csv, quote: ""'


def _cp1252(root: Path) -> str:
    _csv(root, HEAD, *(row.replace("zoë", "zoë€") for row in ROWS), encoding="cp1252")
    _csv(root, HEAD, *(row.replace("zoë", "zoë€") for row in ROWS), name="new.csv")
    return "csv: old.csv, encoding: cp1252"


def _cp1252_packed(root: Path) -> str:
    _cp1252(root)
    (root / "old.csv.gz").write_bytes(gzip.compress((root / "old.csv").read_bytes()))
    return "csv: old.csv.gz, encoding: cp1252"


def _utf16(root: Path) -> str:
    _csv(root, HEAD, *ROWS, encoding="utf-16")
    return "csv: old.csv, encoding: utf-16"


def _workbook(root: Path) -> str:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["an export"], [None], *([value or None for value in row.split(",")] for row in ROWS)):
        sheet.append(row)
    book.save(root / "old.xlsx")
    return f"xlsx: old.xlsx, skip: 1, {LISTED}"


def _sqlite(root: Path) -> str:
    (root / "old.sqlite").unlink(missing_ok=True)
    with closing(sqlite3.connect(root / "old.sqlite")) as base:
        base.execute("create table orders (order_id, store int, qty int, price text, currency, ts, mail)")
        base.executemany("insert into orders values (?, ?, ?, ?, ?, ?, ?)",
                         [[value or None for value in row.split(",")] for row in [*ROWS, line("test")]])  # fmt: skip
        base.commit()
    return "sqlite: old.sqlite, query: \"select * from orders where order_id <> 'test'; -- for now\""


def _duckdb(root: Path) -> str:
    (root / "old.duckdb").unlink(missing_ok=True)
    _csv(root, HEAD, *ROWS, line("test"))
    with duckdb.connect(str(root / "old.duckdb")) as base:
        base.execute(f"create table orders as from read_csv('{root / 'old.csv'}', all_varchar = true)")
    return "duckdb: old.duckdb, query: \"with x as (select * from orders) select * from x where order_id <> 'test'\""


KINDS: tuple[Callable[[Path], str], ...] = (
    _skipped, _without_header, _other_names, _tabs, _several, _unquoted, _cp1252, _cp1252_packed, _utf16, _workbook,
    _sqlite, _duckdb,
)  # fmt: skip


def planned(root: Path, source: str, rows: list[str] | None = None) -> Path:
    """The workspace with a plan whose legacy side is this source; what a kind has written stays."""
    kept = (root / "new.csv").read_bytes() if (root / "new.csv").exists() else None
    plan = PLAN.replace("{csv: legacy.csv}", f"{{{source}}}")
    workspace(root, ROWS, ROWS if rows is None else rows, plan)
    if kept is not None:
        (root / "new.csv").write_bytes(kept)
    return root


@pytest.mark.parametrize("kind", KINDS)
def test_every_source_of_a_plan_gives_its_rows(kind: Callable[[Path], str], tmp_path: Path) -> None:
    root = planned(tmp_path, kind(tmp_path))
    report = run(root, record=False)
    assert classes(report) == {"EQUAL": 3}
    page = api.parallel_plan_check("orders", root, api.AuditOptions(use_cache=False))
    assert (page["problems"], page["notices"], len(page["samples"]["legacy"])) == ([], [], 3)


def test_columns_without_names_are_numbered(tmp_path: Path) -> None:
    _csv(tmp_path, *(row.replace(",", ";") for row in ROWS), name="legacy.csv")
    workspace(tmp_path, ROWS, ROWS)
    _csv(tmp_path, *(row.replace(",", ";") for row in ROWS), name="legacy.csv")
    plan = PLAN.replace("{csv: legacy.csv}", "{csv: legacy.csv, header: false}")
    for number, name in enumerate(NAMES, start=1):
        plan = plan.replace(f"{{name: {name},", f"{{name: {name}, legacy: column{number},")
    (tmp_path / "migrations/w2-orders/parallel/orders.yaml").write_text(plan)
    assert classes(run(tmp_path, record=False)) == {"EQUAL": 3}


def _short(root: Path) -> str:
    _csv(root, HEAD)
    return "csv: old.csv, skip: 5"


def _few_names(root: Path) -> str:
    _csv(root, *ROWS)
    return "csv: old.csv, columns: [order_id, store]"


def _wrong_bytes(root: Path) -> str:
    (root / "old.csv").write_bytes(f"{HEAD}\n{ROWS[0]}\n".encode() + b"secret \x81 value,1,1,1,EUR,,\n")
    return "csv: old.csv, encoding: cp1252"


def _gone_table(root: Path) -> str:
    _sqlite(root)
    return "sqlite: old.sqlite, query: select * from gone"


def _calls(root: Path) -> str:
    _sqlite(root)
    return 'sqlite: old.sqlite, query: "select * from pragma_database_list"'


def _reads_files(root: Path) -> str:
    _duckdb(root)
    return f"duckdb: old.duckdb, query: \"select * from read_text('{root / 'retailctl.yaml'}')\""


def _two_bases(root: Path) -> str:
    _duckdb(root)
    (root / "old2.duckdb").write_bytes((root / "old.duckdb").read_bytes())
    return "duckdb: old*.duckdb, query: select 1"


def _store(root: Path) -> str:
    return "parquet: s3://bucket/orders.parquet"


MISTAKES: list[tuple[Callable[[Path], str], type[RetailctlError], str]] = [
    (_short, UsageError, "5 lines are to be skipped, and it has 2"),
    (_few_names, UsageError, "its first line has 7 columns, and 2 are named"),
    (_wrong_bytes, IncompleteError, "old.csv: line 3 is not written in cp1252"),
    (_gone_table, IncompleteError, "no such table: gone"),
    (_calls, IncompleteError, "old.sqlite: SQLite cannot read it"),
    (_reads_files, IncompleteError, "old.duckdb: duckdb stopped"),
    (_two_bases, UsageError, "a query is of one database file, and these are 2"),
    (_store, UsageError, "pip install s3fs"),
    (lambda root: "postgres: NO_SUCH_PG, table: t", UsageError, "NO_SUCH_PG is not set"),
    (lambda root: "adbc: NO_SUCH_DB, table: t", UsageError, "NO_SUCH_DB is not set"),
    (lambda root: "sqlite: old.sqlite, query: drop table orders", ConfigError, "the query has DROP: it would write"),
    (lambda root: "csv: old.csv, columns: [a, A]", ConfigError, "names one twice"),
    (lambda root: "csv: old.csv, columns: []", ConfigError, "columns names none"),
    (lambda root: "csv: gone.csv", UsageError, "gone.csv: no such file"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "kind", "expected"), MISTAKES)
def test_a_source_that_cannot_be_read_says_why(
    source: Callable[[Path], str], kind: type[RetailctlError], expected: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setitem(sys.modules, "fsspec", None)
    root = planned(tmp_path, source(tmp_path))
    with pytest.raises(kind) as caught:
        run(root)
    assert expected in str(caught.value)
    assert "secret" not in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
    assert not (root / "migrations/w2-orders/evidence").exists()


READ = [
    ("select 1", "select 1"),
    (" SELECT a, ';' -- it is one\n from t ; ", "SELECT a, ';'    from t"),
    ("with x as (select 1) select * from x /* ; drop */", "with x as (select 1) select * from x"),
    ("select \"a;b\", 'it''s (', $$)$$, $q$'$q$ from t", "select \"a;b\", 'it''s (', $$)$$, $q$'$q$ from t"),
    ("select E'\\';' , updated from deleted", "select E'\\';' , updated from deleted"),
]
REFUSED = [
    ("", "does not begin"),
    ("-- select", "does not begin"),
    ("delete from t", "does not begin|DELETE"),
    ("explain select 1", "does not begin"),
    ("with x as (delete from t returning *) select * from x", "DELETE: it would write"),
    ("with x as (select 1) insert into t select 1", "INTO: it would write"),
    ("select 1; select 2", "more than one statement"),
    ("select * into t from x", "INTO"),
    ("select 1) to program 'rm' --", "closes a bracket"),
    ("select (1", "does not close all its brackets"),
    ("select 'a", "quote that is not closed"),
    ('select "a', "quote that is not closed"),
    ("select " + "1" * 100_001, "is too long"),
]


@pytest.mark.parametrize(("query", "kept"), READ)
def test_a_query_that_reads(query: str, kept: str) -> None:
    assert select_only(query) == kept


@pytest.mark.parametrize(("query", "why"), REFUSED)
def test_a_query_that_does_not_only_read(query: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        select_only(query)


ADDRESSES = [
    ("module=sqlite3;database=/a b/c.db", ("sqlite3", {"database": "/a b/c.db"})),
    ("module = a.dbapi ; password={p;w}}=d} ; port=1433 ; uri=true;", ("a.dbapi", {"password": "p;w}=d", "port": 1433, "uri": True})),
    ("module=m;uri=postgresql://u:p@h/db?x=1", ("m", {"uri": "postgresql://u:p@h/db?x=1"})),
]  # fmt: skip


@pytest.mark.parametrize(("text", "parts"), ADDRESSES)
def test_the_address_of_a_driver(text: str, parts: tuple[str, dict[str, object]]) -> None:
    assert parsed(text) == parts


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    _sqlite(tmp_path)
    monkeypatch.setenv("LEGACY_DB", f"module=sqlite3;database=file:{tmp_path / 'old.sqlite'}?mode=ro;uri=true")
    return tmp_path


@pytest.mark.parametrize("of", ["table: main.orders", "query: select * from orders where store > 0"])
def test_any_database_with_a_driver(of: str, shop: Path) -> None:
    root = planned(shop, f"adbc: LEGACY_DB, {of}", [*ROWS, line("test")])
    assert classes(run(root, record=False)) == {"EQUAL": 4}


@pytest.mark.parametrize(
    ("address", "of", "expected"),
    [
        ("hunter2", "table: orders", "not key=value"),
        ("database=hunter2", "table: orders", "names no module"),
        ("module=no_such_driver;password=hunter2", "table: orders", "there is no module no_such_driver"),
        ("module=json;password=hunter2", "table: orders", "json has no connect"),
        ("module=sqlite3;password=hunter2", "table: orders", "sqlite3 does not take these arguments"),
        ("module=sqlite3;database=/hunter2/gone.db", "table: orders", "sqlite3 does not connect"),
        ("", "table: gone", "no such table: gone"),
        ("", 'table: "a b"', "no plain word"),
        ("", "query: select gone from orders", "no such column: gone"),
    ],
)
def test_a_driver_that_fails(address: str, of: str, expected: str, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if address:
        monkeypatch.setenv("LEGACY_DB", address)
    with pytest.raises((UsageError, IncompleteError)) as caught:
        run(planned(shop, f"adbc: LEGACY_DB, {of}"))
    assert expected in str(caught.value)
    assert "LEGACY_DB" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_plan_is_proposed_from_a_server(shop: Path) -> None:
    workspace(shop, ROWS, ROWS)
    text = api.parallel_plan_init(
        ["adbc:LEGACY_DB::orders", str(shop / "new.csv")], shop, api.AuditOptions(use_cache=False)
    )
    assert "legacy: {adbc: LEGACY_DB, table: orders}\n" in text
    assert "key: [order_id]" in text


def test_a_file_that_goes_while_it_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with duckdb.connect() as engine:
        _csv(tmp_path, HEAD, *ROWS)
        engine.execute(f"copy (from read_csv('{tmp_path / 'old.csv'}')) to '{tmp_path / 'old.parquet'}'")

    def gone(*arguments: Any) -> Any:
        (tmp_path / "old.parquet").unlink()
        return run_plan(*arguments)

    monkeypatch.setattr("retailctl.api.parallel.running.run_plan", gone)
    root = planned(tmp_path, "parquet: old.parquet")
    with pytest.raises(IncompleteError, match=r"^old.parquet of the legacy side has gone"):
        run(root)
    assert not (root / "migrations/w2-orders/evidence").exists()


def test_the_command_says_which_engine_cannot_reach_a_side(tmp_path: Path) -> None:
    workspace(tmp_path, ROWS, ROWS)
    command = [sys.executable, "-m", "retailctl", "parallel", "run", "orders", "--engine", "postgres"]
    ended = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    assert ended.returncode == 2
    assert "--engine postgres compares inside one server, and legacy is csv legacy.csv" in ended.stderr


class Store:
    """What fsspec calls a file system, over a folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def glob(self, address: str) -> list[str]:
        return [f"bucket/{file.name}" for file in self.folder.glob(address.rpartition("/")[2])]

    def get_file(self, address: str, target: str) -> None:
        shutil.copyfile(self.folder / address.rpartition("/")[2], target)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("shop://bucket/part-*.csv", None),
        ("shop://bucket/gone.csv", "gone.csv cannot be read (FileNotFoundError)"),
        ("shop://bucket/gone-*.csv", "gone-*.csv: no such file"),
        ("other://bucket/a.csv", "nobody reads other://"),
        ("s3://bucket/a.csv", "pip install s3fs"),
    ],
)
def test_files_of_an_object_store(
    address: str, expected: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def file_system(scheme: str) -> Store:
        if scheme == "s3":
            raise ImportError(scheme)
        if scheme != "shop":
            raise ValueError(scheme)
        return Store(tmp_path / "bucket")

    fsspec = ModuleType("fsspec")
    fsspec.filesystem = file_system  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "fsspec", fsspec)
    (tmp_path / "bucket").mkdir()
    _csv(tmp_path / "bucket", HEAD, *ROWS[:1], name="part-1.csv")
    _csv(tmp_path / "bucket", HEAD, *ROWS[1:], name="part-2.csv")
    root = planned(tmp_path, f"csv: '{address}'")
    if expected is None:
        assert classes(run(root, record=False)) == {"EQUAL": 3}
        return
    with pytest.raises((UsageError, IncompleteError)) as caught:
        run(root)
    assert expected in str(caught.value)
