"""Cases of tables: what stands in a file that is compared, or is no file at all (``parallel compare``)."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from tests.hostile.case import ANY, Build, Case, write
from tests.hostile.child import DAY, Done

GOOD: Final = b"id,a\n1,x\n2,y\n3,z\n"
SECRET: Final = "S3CRET-VALUE-7781"
_TABLES: Final = '"; drop table l; --'


def compared(old: str = "old.csv", new: str = "new.csv", *more: str, key: str = "id") -> tuple[tuple[str, ...], ...]:
    """One comparison in one thread, as JSON."""
    base = ("parallel", "compare", old, new, "--key", key, "--threads", "1", "--memory", "150MB")
    return ((*base, "-f", "json", "--as-of", DAY, *more),)


def sides(old: bytes | Callable[[], bytes], new: bytes | Callable[[], bytes] = GOOD, ending: str = "csv") -> Build:
    """A builder that writes the two sides."""

    def build(root: Path) -> None:
        made = (side() if callable(side) else side for side in (old, new))
        write(root, dict(zip((f"old.{ending}", f"new.{ending}"), made, strict=True)))

    return build


def both(data: bytes | Callable[[], bytes]) -> Build:
    """The same file on both sides."""
    return sides(data, data)


def parquet(**queries: str) -> Build:
    """Parquet files by name, each from a query."""

    def build(root: Path) -> None:
        import duckdb

        root.mkdir(parents=True, exist_ok=True)
        with duckdb.connect() as engine:
            for name, query in queries.items():
                engine.execute(f"copy ({query}) to '{root / name}.parquet' (format parquet)")

    return build


def cut(keep: int) -> Build:
    """A Parquet file without its end, or with only some of its start."""

    def build(root: Path) -> None:
        parquet(old="select range as id, 'x' as a from range(5000)", new="select range as id, 'x' as a from range(9)")(
            root
        )
        os.truncate(root / "old.parquet", keep)

    return build


def broken_page(root: Path) -> None:
    """A Parquet file whose footer is whole and whose data is not."""
    cut(0)(root)
    parquet(old="select range as id, md5(range::varchar) as a from range(5000)")(root)
    data = bytearray((root / "old.parquet").read_bytes())
    data[100:30_000] = b"\xff" * 29_900
    (root / "old.parquet").write_bytes(data)


def linked(target: str) -> Build:
    """A link where a file should be."""

    def build(root: Path) -> None:
        write(root, {"new.csv": GOOD, "real.csv": GOOD})
        (root / "old.csv").symlink_to(target)

    return build


def pipe(root: Path) -> None:
    """A pipe that nobody writes to."""
    write(root, {"new.csv": GOOD})
    os.mkfifo(root / "old.csv")


def pipe_in_folder(root: Path) -> None:
    """A folder in which a pipe, a link to itself and a link out of it stand beside a good file."""
    write(root, {"new.csv": GOOD, "old/a.csv": GOOD})
    os.mkfifo(root / "old/b.csv")
    (root / "old/c.csv").symlink_to("c.csv")
    (root / "old/up").symlink_to("..")


def folder_as_file(root: Path) -> None:
    """A folder that has the name of a file, and nothing in it."""
    write(root, {"new.csv": GOOD})
    (root / "old.csv").mkdir()


def classes(**expected: int) -> Callable[[Done], None]:
    """The row classes that occur, and no others."""

    def check(done: Done) -> None:
        found = {name: count for name, count in done.report["summary"]["classes"].items() if count}
        assert found == expected

    return check


def wide(done: Done) -> None:
    """Ten thousand columns, of which one differs."""
    assert done.report["summary"]["fields"] == {"c7777": {"VALUE": 1}}


def columns(count: int, value: Callable[[int], str]) -> bytes:
    """One row of many columns."""
    names = ",".join(f"c{number}" for number in range(count))
    return f"id,{names}\n1,{','.join(map(value, range(count)))}\n".encode()


def refused(name: str, build: Build, *says: str, runs: tuple[tuple[str, ...], ...] = (), code: int = 3) -> Case:
    """A case that must end with a message and no value of the data."""
    return Case(f"t-{name}", build, code=code, runs=runs or compared(), says=says, never=(SECRET,))


def fine(name: str, build: Build, code: int, runs: tuple[tuple[str, ...], ...] = (), **expected: int) -> Case:
    """A case that looks bad and can be compared."""
    return Case(f"t-{name}", build, code=code, runs=runs or compared(), check=classes(**expected))


_LONG = b"id,a\n1," + b"x" * (1 << 20) + b"\n2,y\n3,z\n"
_TOO_LONG = b"id,a\n1," + b"x" * (3 << 20) + b"\n2,y\n"
_UNCLOSED = f'id,a\n1,x\n2,"{SECRET}\n3,z\n'.encode()
_NAMES: Mapping[str, Any] = {"sql": _TABLES, "percent": "%s{}", "quote": "it's", "star": "*", "blank": "a b"}
_JSONL = "".join(json.dumps({"id": n, name: "x"}) + "\n" for n, name in enumerate(_NAMES.values())).encode()

_ALL = (
    fine("nul", sides(b"id,a\n1,x\0y\n2,y\n3,z\n"), 1, EQUAL=2, FIELD=1),
    fine("long-line", sides(_LONG), 1, EQUAL=2, FIELD=1),
    refused("too-long-line", sides(_TOO_LONG), "old.csv", "line 2"),
    refused("many-columns", both(lambda: columns(10_000, str)), "10,000 columns", "--only", code=2),
    Case("t-some-of-many-columns", sides(lambda: columns(10_000, str), lambda: columns(10_000, lambda n: str(n + 5 * (n == 7777)))),
         runs=compared("old.csv", "new.csv", "--only", "c7776,c7777"), check=wide),
    refused("unclosed-quote", sides(_UNCLOSED), "old.csv", "quote"),
    refused("other-number-of-columns", sides(f"id,a\n1,x\n2,{SECRET},z\n".encode()), "old.csv", "line 3"),
    refused("not-gzip", sides(GOOD, GOOD, "csv.gz"), "old.csv.gz", runs=compared("old.csv.gz", "new.csv.gz")),
    refused("gzip-cut", sides(lambda: gzip.compress(GOOD * 5000, mtime=0)[:200], gzip.compress(GOOD, mtime=0), "csv.gz"), "old.csv.gz",
            runs=compared("old.csv.gz", "new.csv.gz")),
    refused("gzip-as-csv", sides(gzip.compress(GOOD, mtime=0)), "old.csv", code=ANY),
    fine("gzip-bomb", sides(lambda: gzip.compress(b"id,a\n" + b"1,\n" * 200_000, mtime=0), gzip.compress(b"id,a\n1,\n", mtime=0), "csv.gz"), 1,
         compared("old.csv.gz", "new.csv.gz"), EQUAL=1),
    fine("newline-in-a-name", both(b'id,"a\nb"\n1,x\n2,y\n'), 0, EQUAL=2),
    fine("bom-crlf", sides(b"\xef\xbb\xbfid,a\r\n1,x\r\n2,y\r\n3,z\r\n"), 0, EQUAL=3),
    fine("cr-only", sides(GOOD.replace(b"\n", b"\r")), 0, EQUAL=3),
    fine("no-newline-at-the-end", sides(GOOD[:-1]), 0, EQUAL=3),
    fine("quoted-everything", sides(b'"id","a"\n"1","x"\n"2","y"\n"3","z"\n'), 0, EQUAL=3),
    refused("names-twice", sides(b"id,a,a\n1,x,y\n"), "called 'a'", code=2),
    refused("names-twice-in-case", sides(b"id,a,A\n1,x,y\n"), "called", code=2),
    refused("empty", sides(b""), "old.csv", code=2),
    refused("blank-lines", sides(b"\n\n\n"), "old.csv", code=2),
    fine("names-only", both(b"id,a\n"), 0),
    refused("binary", sides(bytes(range(256)) * 40), "old.csv", code=ANY),
    refused("latin-1", sides("id,a\n1,caf\u00e9\n".encode("latin-1")), "--encoding latin-1"),
    refused("utf-16", sides("id,a\n1,x\n".encode("utf-16")), "old.csv", code=ANY),
    fine("name-is-sql", both(f'id,"{_TABLES.replace(chr(34), chr(34) * 2)}"\n1,x\n'.encode()), 0, EQUAL=1),
    fine("value-is-sql", sides(b"id,a\n1,'; drop table l; --\n2,y\n3,z\n"), 1, EQUAL=2, FIELD=1),
    fine("key-is-sql", both(b"id');--,a\n1,x\n"), 0, compared(key="id');--"), EQUAL=1),
    fine("keys-of-nothing", both(b"id,a\n,x\n,y\n"), 1, KEY_INVALID=4),
    fine("keys-all-the-same", sides(lambda: b"id,a\n" + b"1,x\n" * 20_000, lambda: b"id,a\n" + b"1,y\n" * 20_000), 1, FIELD=20_000),
    refused("numbers-too-large", both(b"id,a\n1,99999999999999999999999999\n"), code=ANY,
            runs=compared("old.csv", "new.csv", "--type", "a=decimal(2)")),
    refused("jsonl-broken", sides(f'{{"id": 1, "a": "{SECRET}"\n'.encode(), b'{"id": 1}\n', "jsonl"), "old.jsonl",
            runs=compared("old.jsonl", "new.jsonl")),
    refused("jsonl-deep", sides(b'{"id": 1, "a": ' + b"[" * 50_000 + b"]" * 50_000 + b"}\n", b'{"id": 1}\n', "jsonl"), code=ANY,
            runs=compared("old.jsonl", "new.jsonl")),
    fine("jsonl-names", sides(_JSONL, _JSONL, "jsonl"), 0, compared("old.jsonl", "new.jsonl"), EQUAL=5),
    refused("parquet-cut", cut(200), "old.parquet", runs=compared("old.parquet", "new.parquet")),
    refused("parquet-empty", cut(0), "old.parquet", runs=compared("old.parquet", "new.parquet")),
    refused("parquet-broken-page", broken_page, "old.parquet", runs=compared("old.parquet", "new.parquet")),
    refused("parquet-is-csv", sides(GOOD, GOOD, "parquet"), "old.parquet", runs=compared("old.parquet", "new.parquet")),
    fine("parquet-names", parquet(**dict.fromkeys(("old", "new"), "select 1 as id, 2 as \"\"\"; drop table l; --\", 3 as \"l\", 4 as \"v0\"")),
         0, compared("old.parquet", "new.parquet"), EQUAL=1),
    fine("parquet-keys-null", parquet(**dict.fromkeys(("old", "new"), "select null::integer as id, range as a from range(9)")),
         1, compared("old.parquet", "new.parquet"), KEY_INVALID=18),
    fine("parquet-nested", parquet(old="select 1 as id, [{'a': [1]}] as a", new="select 1 as id, [{'a': [2]}] as a"),
         1, compared("old.parquet", "new.parquet"), FIELD=1),
    *(refused(f"{kind}-no-database", sides(GOOD, GOOD, kind), f"old.{kind}", runs=compared(f"old.{kind}", f"new.{kind}"))
      for kind in ("duckdb", "sqlite", "xlsx")),
    refused("pipe", pipe, "old.csv", code=2),
    fine("pipe-in-a-folder", pipe_in_folder, 0, compared("old", "new.csv"), EQUAL=3),
    refused("folder-as-file", folder_as_file, "old.csv", code=2),
    refused("no-file", sides(GOOD), "nothing.csv", runs=compared("nothing.csv"), code=2),
    refused("device", linked("/dev/zero"), "old.csv", code=2),
    refused("link-to-nothing", linked("nowhere.csv"), "old.csv", code=2),
    refused("link-to-itself", linked("old.csv"), "old.csv", code=2),
    fine("link-to-a-file", linked("real.csv"), 0, EQUAL=3),
    refused("nul-in-a-name", sides(GOOD), code=2, runs=compared("old\x01.csv")),
    refused("unknown-ending", sides(GOOD, GOOD, "exe"), "old.exe", runs=compared("old.exe", "new.exe"), code=2),
)  # fmt: skip

COSTLY: Final = {
    f"t-{name}" for name in ("too-long-line", "some-of-many-columns", "gzip-bomb", "jsonl-deep", "parquet-broken-page", "pipe",
                             "device", "binary")
}  # fmt: skip
"""What may hang, or take time or memory without end: each runs under limits and guard, in a process of its own."""
MILD: Final = tuple(case for case in _ALL if case.name not in COSTLY)
CASES: Final = tuple(case for case in _ALL if case.name in COSTLY)
