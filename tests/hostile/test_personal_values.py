"""No personal value of the data reaches an output, a log or a file: every verb, every format, every error we know of.

The values are planted in columns that no plan marks, where they belong and where they do not (a name as a price, a
telephone number as a currency). Equal values still have equal pseudonyms, on both sides and in every run.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from retailctl.cli.main import main
from retailctl.report.formats import FORMATS
from tests.support.replay import Asked, Reply, service
from tests.support.replay import workspace as replays

NAME, MAIL, PHONE, ORDER, CARD = (
    "Zebedee Quillfeather", "zebedee@quillfeather.example", "+49 1575 0001234", "ORDQ-77310042", "4929123456780042"
)  # fmt: skip
TRACES = ("quillfeather", "zebedee", "0001234", "77310042", "456780042", "78o0042")
"""What no file may hold, in lower case and without blanks; a part of each value is enough."""
HEAD = "order_id,store,cashier,qty,price,currency,ts,name,mail,phone,card,note"
PLAN = """\
version: 1
entity: order_line
key: [order_id]
sources:
  legacy: {csv: legacy.csv}
  new: {csv: new.csv}
fields:
  - {name: order_id, type: text}
  - {name: store, type: int, pii: none}
  - {name: cashier, type: text}
  - {name: qty, type: int, pii: none}
  - {name: price, type: decimal, scale: 2, severity: money, pii: none}
  - {name: currency, type: text, severity: money}
  - {name: ts, type: timestamp, pii: none}
  - {name: name, type: text}
  - {name: mail, type: text, pii: pseudonym}
  - {name: phone, type: text}
  - {name: card, type: int}
  - {name: note, type: text, pii: drop}
event_time: {field: ts, zone: UTC}
lag: 15m
amount: {field: price, times: qty, currency: currency}
totals:
  - {group_by: [cashier, business_day, currency], measures: [rows, qty, net]}
  - {group_by: [store], measures: [rows]}
dimensions: [cashier, store, currency, hour]
partition_by: [business_day, cashier]
"""


def row(order: str = ORDER, **changed: str) -> str:
    """A row in which every text is somebody's."""
    values = {
        "order_id": order, "store": "7", "cashier": NAME, "qty": "2", "price": "10.00", "currency": "EUR",
        "ts": "2026-11-18 10:00:00", "name": NAME, "mail": MAIL, "phone": PHONE, "card": CARD, "note": NAME,
    }  # fmt: skip
    return ",".join({**values, **changed}.values())


LEGACY = [
    row(), row(f"{ORDER}-gone"), row(f"{ORDER}-mail"), row(f"{ORDER}-card"), row(f"{ORDER}-cut"), row(f"{ORDER}-cur"),
    row(f"{ORDER}-price", price=NAME), row(f"{ORDER}-ts", ts=MAIL), row(f"{ORDER}-qty", qty=PHONE), row(""),
    row(f"{ORDER}-late", ts="2026-11-19 10:00:00"), row(f"{ORDER}-note"), row(f"{ORDER}-cash"), row(f"{ORDER}-twice"),
    *(row(f"{ORDER}-code-{n}", currency=NAME) for n in range(25)),
]  # fmt: skip
NEW = [
    row(), row(f"{ORDER}-extra", ts="2026-11-19 10:00:00"), row(f"{ORDER}-mail", mail=f"x{MAIL}"),
    row(f"{ORDER}-card", card=f"{CARD}1"), row(f"{ORDER}-cut", name=NAME[:18]), row(f"{ORDER}-cur", currency=PHONE),
    row(f"{ORDER}-price"), row(f"{ORDER}-ts"), row(f"{ORDER}-qty"), row(" ", name=PHONE), row(f"{ORDER}-note", note=MAIL),
    row(f"{ORDER}-cash", cashier=MAIL), row(f"{ORDER}-twice"), row(f"{ORDER}-twice"), row(f"{ORDER}-twice", name=MAIL),
    *(row(f"{ORDER}-code-{n}", currency=MAIL) for n in range(25)),
]  # fmt: skip


class World:
    """A workspace, its scratch folder and everything that a command may write to."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self.capsys = root, capsys
        self.scratch, self.outputs = root / "scratch", root / "outputs"
        folder = root / "migrations" / "w2-orders" / "parallel"
        for made in (folder, self.scratch, self.outputs):
            made.mkdir(parents=True)
        (root / "retailctl.yaml").write_text("name: shop\n", encoding="utf-8")
        (folder / "orders.yaml").write_text(PLAN, encoding="utf-8")
        self.write("legacy.csv", LEGACY)
        self.write("new.csv", NEW)

    def write(self, name: str, rows: list[str]) -> None:
        (self.root / name).write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")

    def call(self, *arguments: str, report: bool = True, scratch: bool = True) -> tuple[int, str]:
        """Exit code and both streams of a command that says all it can, in every format that it has."""
        formats = [part for name in FORMATS for part in ("-o", f"{name}={self.outputs / name}")] if report else []
        where = ["--scratch", str(self.scratch)] if scratch else []
        code = main(["parallel", *arguments, "-vv", "--color", "never", *formats, *where])
        said = "".join(self.capsys.readouterr())
        assert "internal error" not in said
        assert not traces(said), said
        self.sweep()
        return code, said

    def sweep(self) -> None:
        """Nothing of the data is in any file but the data."""
        for file in (path for path in self.root.rglob("*") if path.is_file()):
            if file.parent not in (self.root, self.root / "captures"):
                assert not traces(content(file)), file
        assert list(self.scratch.iterdir()) == []


def content(file: Path) -> str:
    """What a file says; of a Parquet file its rows, as its bytes may be packed."""
    text = file.read_bytes().decode("utf-8", "replace")
    if file.suffix == ".parquet":
        with duckdb.connect() as engine:
            text += repr(engine.execute(f"select * from read_parquet('{file}', hive_partitioning = false)").fetchall())
    return text


def traces(text: str) -> list[str]:
    squeezed = re.sub(r"[\s,'_]|%20|\\u0020", "", text.lower())
    return [trace for trace in TRACES if trace in squeezed]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[World]:
    (tmp_path / "shop").mkdir()
    monkeypatch.chdir(tmp_path / "shop")
    for name in ("HOME", "XDG_CACHE_HOME", "RETAILCTL_CACHE_DIR", "TMPDIR"):
        monkeypatch.setenv(name, str(tmp_path / "shop" / name.lower()))
        (tmp_path / "shop" / name.lower()).mkdir()
    made = World(tmp_path / "shop", capsys)
    yield made
    made.sweep()


def test_the_sweep_finds_what_is_there(tmp_path: Path) -> None:
    """A sweep that sees nothing would find nothing."""
    with duckdb.connect() as engine:
        engine.execute(f"copy (select '{MAIL}' as mail) to '{tmp_path / 'a.parquet'}' (format parquet, codec zstd)")
    assert traces(content(tmp_path / "a.parquet")) == ["quillfeather", "zebedee"]
    for value in (
        NAME,
        PHONE,
        ORDER,
        CARD,
        NAME.upper(),
        PHONE.replace(" ", ""),
        f"{int(CARD):,}",
        NAME.replace(" ", "%20"),
    ):
        assert traces(value), value


def test_runs_of_a_plan_and_what_they_leave(world: World) -> None:
    run = ("run", "orders", "--as-of", "2026-11-20")
    code, said = world.call(*run, "--rows", "outputs/rows.parquet")
    assert code == 1
    first = json.loads((world.outputs / "json").read_text(encoding="utf-8"))["summary"]
    assert {name for name, count in first["classes"].items() if count} >= {
        "MISSING_IN_NEW", "PENDING", "REJECTED", "KEY_INVALID", "FIELD", "EQUAL"
    }  # fmt: skip
    assert world.call("report", "orders", scratch=False)[0] == 0
    assert world.call("trend", "orders", report=False, scratch=False)[0] == 0
    assert world.call("plan", "check", "orders", report=False, scratch=False)[0] == 0
    for ending in ("csv", "jsonl"):
        assert world.call(*run, "--no-record", "--rows", f"outputs/rows.{ending}")[0] == 1
    with duckdb.connect() as engine:
        shown = dict(engine.execute(
            """select order_id, ["legacy.name", "new.name", "legacy.cashier", "new.cashier", "legacy.mail", "new.mail"]
            from read_parquet('outputs/rows.parquet') where class = 'FIELD'"""
        ).fetchall())  # fmt: skip
    names = {pair for key in shown for pair in shown[key][:2]}
    alike = {key: value for key, value in shown.items() if value[0] == value[1]}
    assert all(re.fullmatch("~[0-9a-f]{16}", name) for name in names)
    assert alike and all(value[0] == value[2] for value in alike.values()), "one person in two columns is one pseudonym"
    keys = set(re.findall("~[0-9a-f]{16}", said))
    again = world.call(*run)[1]
    assert set(re.findall("~[0-9a-f]{16}", again)) == keys, "and the same one in the next run"


def test_a_quick_look_at_two_files(world: World) -> None:
    compare = ("compare", "legacy.csv", "new.csv", "--key", "order_id")
    assert world.call(*compare, "--rows", "outputs/rows.jsonl")[0] == 1
    assert world.call(*compare, "--type", "price=decimal(2)", "--type", "name=int", "--type", "mail=timestamp")[0] == 1
    assert world.call(*compare, "--tolerance", "card=1")[0] == 1
    code, said = world.call("compare", "legacy.csv", "new.csv", "--key", "name,mail")
    assert (code, "DUPLICATE" in said or "duplicate" in said) == (1, True)


def test_a_plan_is_proposed_without_a_value(world: World) -> None:
    code, said = world.call("plan", "init", "--from", "legacy.csv", "--from", "new.csv", report=False, scratch=False)
    assert (code, "entity" in said) == (0, True)


def _headless(root: Path) -> None:
    (root / "new.csv").write_text("\n".join(NEW[:5]) + "\n", encoding="utf-8")


def _quoted(root: Path) -> None:
    with (root / "new.csv").open("a", encoding="utf-8") as stream:
        stream.write(f'"{NAME}"x,{MAIL},"{PHONE}\n{NAME},1,2\n')


def _wide(root: Path) -> None:
    with (root / "new.csv").open("a", encoding="utf-8") as stream:
        stream.write(f"{row()},{NAME},{MAIL}\n")


def _short(root: Path) -> None:
    with (root / "new.csv").open("a", encoding="utf-8") as stream:
        stream.write(f"{NAME},{MAIL}\n")


def _bytes(root: Path) -> None:
    with (root / "new.csv").open("ab") as stream:
        stream.write(f"{NAME},{MAIL},".encode() + b"\xff\xfe\xc3\x28\n")


def _long(root: Path) -> None:
    with (root / "new.csv").open("a", encoding="utf-8") as stream:
        stream.write(row(name=f"{NAME} " * 200_000) + "\n")


CSV: dict[str, Callable[[Path], None]] = {
    "no header": _headless,
    "quotes": _quoted, "too wide": _wide, "too short": _short, "not utf-8": _bytes, "too long": _long
}  # fmt: skip


@pytest.mark.parametrize("name", CSV)
def test_a_broken_file_is_not_quoted(name: str, world: World) -> None:
    CSV[name](world.root)
    for asked in (("run", "orders"), ("compare", "legacy.csv", "new.csv", "--key", "order_id")):
        code, said = world.call(*asked)
        assert code in (1, 2, 3), said
    world.call("plan", "init", "--from", "legacy.csv", "--from", "new.csv", report=False, scratch=False)
    world.call("plan", "check", "orders", report=False, scratch=False)


def _duck(root: Path) -> None:
    with duckdb.connect(str(root / "new.duckdb")) as engine:
        engine.execute(f"create table t as select '{ORDER}' as order_id, '{NAME}' as name")
        engine.execute("create view orders as select order_id, cast(name as integer) as name from t")


def _sqlite(root: Path) -> None:
    connection = sqlite3.connect(root / "new.sqlite")
    connection.execute("create table orders (order_id text, name text)")
    connection.execute("insert into orders values (?, cast(? as text))", (ORDER, NAME.encode() + b"\xff"))
    connection.commit()
    connection.close()


def _lines(root: Path) -> None:
    (root / "new.jsonl").write_text(
        json.dumps({"order_id": ORDER, "name": NAME}) + f'\n{{"order_id": "{MAIL}", "name": \n{NAME}\n',
        encoding="utf-8",
    )


def _parquet(root: Path) -> None:
    (root / "new.parquet").write_bytes(b"PAR1" + NAME.encode() * 50 + b"PAR1")


SOURCES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a view that cannot be cast": (_duck, "new.duckdb::orders"),
    "bytes that are no text": (_sqlite, "new.sqlite::orders"),
    "a torn line": (_lines, "new.jsonl"),
    "no Parquet": (_parquet, "new.parquet"),
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_that_fails_is_not_quoted(name: str, world: World) -> None:
    make, source = SOURCES[name]
    make(world.root)
    code, said = world.call("compare", "legacy.csv", source, "--key", "order_id")
    assert code in (1, 2, 3), said
    world.call("plan", "init", "--from", "legacy.csv", "--from", source, report=False, scratch=False)


@pytest.mark.parametrize("name", ["a view that cannot be cast", "bytes that are no text", "a torn line"])
def test_a_run_that_fails_leaves_no_value(name: str, world: World) -> None:
    make, source = SOURCES[name]
    make(world.root)
    file, _, table = source.partition("::")
    kind = file.rpartition(".")[2]
    given = f"{{{kind}: {file}{f', table: {table}' if table else ''}}}"
    plan = world.root / "migrations" / "w2-orders" / "parallel" / "orders.yaml"
    few = re.sub(r"  - \{name: (?!order_id|name).*\n", "", PLAN.replace("new: {csv: new.csv}", f"new: {given}"))
    plan.write_text(few[: few.index("event_time")], encoding="utf-8")
    assert world.call("run", "orders")[0] in (1, 2, 3)
    world.call("resume", "orders", report=False)
    world.call("plan", "check", "orders", report=False, scratch=False)


def _answer(asked: Asked) -> Reply:
    person = {
        "by_mail": {MAIL: 1},
        "name": NAME,
        "mail": MAIL,
        "phones": [PHONE],
        "card": int(CARD),
        "orders": [{"id": ORDER, "no": 1}],
    }
    return Reply(person, headers=(("Set-Cookie", f"who={MAIL}"), ("X-Person", NAME)))


def _other(asked: Asked) -> Reply:
    if asked.path.endswith("/9"):
        return Reply(f"{NAME} <{MAIL}>".encode(), 500, (("Content-Type", "text/plain"),))
    person = {
        "name": MAIL,
        "mail": NAME,
        "phones": [PHONE, CARD],
        "card": CARD,
        "orders": [{"id": f"{ORDER}1", "no": 1}],
    }
    return Reply(person, headers=(("Location", f"/people/{MAIL}"),))


def test_answers_of_services_are_not_quoted(world: World) -> None:
    requests = [
        {"url": f"https://shop.example/people/{number}?mail={MAIL}", "headers": {"Authorization": f"Bearer {ORDER}", "Cookie": MAIL}}
        for number in range(60)
    ]  # fmt: skip
    with service(_answer) as old, service(_other) as other:
        replays(world.root, old.url, other.url, requests)
        (world.root / "migrations" / "w2-orders" / "parallel" / "orders.yaml").unlink()
        code, said = world.call("replay", "orders", scratch=False)
        assert code == 1, said
    assert world.call("replay", "orders", scratch=False)[0] == 3, "nobody answers"


STREAM = """\
kind: events
entity: order
legacy: {jsonl: captures/legacy.jsonl}
new: {jsonl: captures/new.jsonl}
envelope: cloudevents
key: order_id
order_by: seq
lag: 5m
event_time: {field: at, zone: UTC}
fields:
  - {name: order_id, legacy: order.id, new: order.id}
  - {name: seq, type: int, pii: none}
  - {name: total, type: decimal, scale: 2, pii: none}
  - {name: at, type: timestamp, pii: none}
  - {name: name}
  - {name: subject, legacy: '@subject', new: '@subject'}
  - {name: note, pii: drop}
dimensions: [name]
"""


def _event(seq: int, minute: int, **changed: object) -> str:
    data = {
        "order": {"id": ORDER}, "seq": seq, "total": "10.00", "name": NAME, "note": MAIL, "at": "2026-11-18T10:00:00Z", **changed
    }  # fmt: skip
    return json.dumps(
        {"specversion": "1.0", "id": f"{ORDER}-{seq}", "type": "order.changed", "source": f"/people/{MAIL}",
         "subject": MAIL, "time": f"2026-11-18T10:{minute:02}:00Z", "data": data}
    )  # fmt: skip


def test_events_are_not_quoted(world: World) -> None:
    (world.root / "captures").mkdir(exist_ok=True)
    streams = {
        "legacy": [_event(n, n) for n in range(1, 9)],
        "new": [_event(2, 3), _event(1, 4), _event(3, 5, name=MAIL), _event(3, 6, name=PHONE), _event(4, 7),
                _event(5, 50), _event(5, 50), f'{{"id": "{NAME}", "specver', f'{{"specversion": "1.0", "id": "{MAIL}"}}',
                json.dumps([NAME]), _event(9, 9, order={"id": f"{ORDER}-x"}), _event(8, 8, total=NAME)],
    }  # fmt: skip
    for side, lines in streams.items():
        (world.root / "captures" / f"{side}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    plan = world.root / "migrations" / "w2-orders" / "parallel" / "stream.yaml"
    plan.write_text(STREAM, encoding="utf-8")
    code, said = world.call("run", "stream", "--as-of", "2026-11-20", "--rows", "outputs/events.parquet")
    assert code in (1, 3), said
    assert world.call("report", "stream", scratch=False)[0] == 0
    assert world.call("trend", "stream", report=False, scratch=False)[0] == 0
    assert world.call("plan", "check", "stream", report=False, scratch=False)[0] == 0
