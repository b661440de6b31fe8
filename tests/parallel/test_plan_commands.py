from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import typer

from retailctl import api
from retailctl.cli.console import Console
from retailctl.cli.parallel_plan import app
from retailctl.errors import ConfigError, RetailctlError, UsageError
from tests.parallel.orders import COLUMNS, LEGACY, NEW, PLAN, problems_of

PLACE = "migrations/w2/parallel/orders.yaml"
OPTIONS = api.AuditOptions(use_cache=False, no_config=True)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for folder in ("inventories", "exports", "lake", "migrations/w2/parallel"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "exports/orders-1.csv").write_text(LEGACY)
    (tmp_path / "lake/orders.csv").write_text(",".join(COLUMNS) + "\n" + NEW)
    (tmp_path / PLACE).write_text(PLAN.replace("parquet: lake/orders.parquet", "csv: lake/orders.csv"))
    return tmp_path


def ran(*arguments: str, cwd: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit code of a command, as the root command gives it."""
    monkeypatch.chdir(cwd)
    console = Console({})
    try:
        return int(typer.main.get_command(app).main(list(arguments), standalone_mode=False, obj=console) or 0)
    except RetailctlError as error:
        console.error(error)
        return error.exit_code


def test_a_plan_is_told_in_words(workspace: Path) -> None:
    page = api.parallel_plan_check("orders", workspace, OPTIONS)
    assert page["problems"] == page["rejected"] == page["notices"] == []
    fields = {row["field"]: row for row in page["fields"]}
    assert (
        fields["order_id"]["legacy"] == "ORDNO: without outer blanks, filled to 9 characters with 0, with 'SO' in front"
    )
    assert fields["price"]["compared"] == "within 0 minor units"
    assert fields["ts"]["legacy"].endswith("local time of Europe/Berlin; a repeated hour is rejected")
    assert fields["customer"]["values"] == "pseudonym"
    assert page["gates"][1] == "unexplained, severity money: at most 50ppm"
    assert page["accepted"] == [
        "class ROUNDING, field price (team-erp: Rounded per line.) until 2025-03-31, at most 500 rows"
    ]
    assert page["not_compared"] == {"legacy": [], "new": []}


def test_rows_are_shown_before_and_after_and_persons_as_pseudonyms(workspace: Path) -> None:
    page = api.parallel_plan_check(PLACE, workspace, OPTIONS)
    rows = {side: [{one["field"]: (one["before"], one["after"]) for one in row} for row in page["samples"][side]]
            for side in ("legacy", "new")}  # fmt: skip
    first = next(row for row in rows["legacy"] if row["line_no"] == ("2", "2"))
    assert first["order_id"] == (" 17 ", "SO000000017")
    assert first["currency"] == ("gbp", "GBP")
    same = next(row for row in rows["new"] if row["line_no"] == ("2", "2"))
    assert re.fullmatch("[0-9a-f]{16}", str(first["customer"][0]))
    assert first["customer"] == same["customer"]
    assert first["price"][1] == same["price"][1] != first["price"][0]
    assert not re.search(r"C0000660\d|1\.?234,?\.?50", json.dumps(page["samples"]))
    empty = next(row for row in rows["legacy"] if row["line_no"] == ("1", "1") and row["store"][1] == "1")
    assert empty["customer"] == (None, None)


def test_what_is_never_kept_is_not_shown_either(workspace: Path) -> None:
    path = workspace / PLACE
    path.write_text(path.read_text().replace("severity: customer}", "severity: customer, pii: drop}"))
    page = api.parallel_plan_check("orders", workspace, OPTIONS)
    shown = {
        one[when]
        for rows in page["samples"].values()
        for row in rows
        for one in row
        if one["field"] == "customer"
        for when in ("before", "after")
    }
    assert shown == {"(never kept)", None}


def test_rejected_values_of_the_sample_are_counted(workspace: Path) -> None:
    (workspace / "exports/orders-1.csv").write_text(LEGACY.replace("eur;80", "usd;80").replace("0,01;pln", "x;pln"))
    page = api.parallel_plan_check("orders", workspace, OPTIONS)
    assert [(row["side"], row["field"], row["reason"], row["rows"]) for row in page["rejected"]] == [
        ("legacy", "currency", "UNMAPPED_CODE", 1), ("legacy", "price", "NOT_A_NUMBER", 1)]  # fmt: skip
    assert page["problems"] == []


@pytest.mark.parametrize(
    ("before", "after", "told", "code"),
    [
        ("legacy: MENGE", "legacy: MENGEN", f"{PLACE}:12:41: qty: the legacy source has no column MENGEN", 2),
        ("lag: 15m", "lag: soon", f"{PLACE}:21:1: lag is no duration", 2),
        ("legacy: LINENR", "legacy: WAEHR", "rejected, legacy line_no: 4 of the first 10,000 rows: the value is not a number", 0),
        ("exports/orders-*.csv", "exports/none.csv", "legacy: not looked at: exports/none.csv: no such file", 0),
        ("csv: exports/orders-*.csv, delimiter: \";\"", "postgres: LEGACY_PG, table: t", "legacy: not looked at: the environment variable LEGACY_PG is not set", 0),
    ],
)  # fmt: skip
def test_check_says_what_is_wrong_and_where(
    before: str,
    after: str,
    told: str,
    code: int,
    workspace: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = workspace / PLACE
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after, 1))
    assert ran("check", "orders", cwd=workspace, monkeypatch=monkeypatch) == code
    assert told in capsys.readouterr().out


def test_a_link_that_leads_out_is_not_followed(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "orders-2.csv"
    outside.write_text(LEGACY)
    (workspace / "exports/orders-2.csv").symlink_to(outside)
    page = api.parallel_plan_check("orders", workspace, OPTIONS)
    assert page["notices"] == ["legacy: not looked at: exports/orders-*.csv leaves the workspace"]
    assert "legacy" not in page["samples"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("order", "Did you mean orders?"), ("elsewhere/x.yaml", "A plan is a file"), ("../x.yaml", "A plan is a file")],
)
def test_a_plan_that_is_not_there(name: str, hint: str, workspace: Path) -> None:
    with pytest.raises(UsageError) as told:
        api.parallel_plan_check(name, workspace, OPTIONS)
    assert told.value.hint.startswith(hint)


def test_a_name_in_two_waves_is_no_name(workspace: Path) -> None:
    (workspace / "migrations/w3/parallel").mkdir(parents=True)
    (workspace / "migrations/w3/parallel/orders.yaml").write_text(PLAN)
    with pytest.raises(UsageError, match="2 waves have a plan orders"):
        api.parallel_plan_check("orders", workspace, OPTIONS)


def test_a_file_that_is_no_yaml_is_told_with_its_line(workspace: Path) -> None:
    (workspace / PLACE).write_text("entity: [\n")
    with pytest.raises(ConfigError) as told:
        api.parallel_plan_check("orders", workspace, OPTIONS)
    assert told.value.at is not None
    assert told.value.at.path == PLACE


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n",
        "fields: []\n",
        "kind: http\n",
        "{}\n",
        "entity: e\nkey: [a]\nsources: {legacy: {}, new: {}}\nfields: [{name: a, legacy: {normalisers: [{}]}}]\n",
    ],
)
def test_a_plan_that_is_not_understood_still_has_a_page(text: str, workspace: Path) -> None:
    (workspace / PLACE).write_text(text)
    page = api.parallel_plan_check("orders", workspace, OPTIONS)
    assert page["problems"]
    assert "fields" not in page


def sides(folder: Path, rows: int = 900) -> tuple[Path, Path]:
    """The same orders in two forms, as ``init`` meets them; the new side in another order and with some faults."""
    legacy = ["ORDNO;POS;FILIALE;PREIS;STAT;ZEIT;REST"]
    new = []
    states = {"10": "new", "20": "picked", "30": "shipped"}
    for n in range(rows):
        order, line, state = n // 3, n % 3 + 1, ("10", "20", "30", "30")[n * 7 % 4]
        cents, minute = n * 977 % 80_000 + 10_000, n * 13 % 1440
        legacy.append(f"{order};{line};{n % 40:04d};{cents // 100}.{n % 10}00,{cents % 100:02d};{state};"
                      f"{n % 28 + 1:02d}.07.2024 {minute // 60:02d}:{minute % 60:02d}:00;x{n}")  # fmt: skip
        utc = (minute - 120) % 1440
        day = n % 28 + 1 - (minute < 120)
        stamp = f"2024-07-{day:02d} " if day else "2024-06-30 "
        price = f"{cents // 100}{n % 10}00.{(cents + (n % 97 == 0)) % 100:02d}"
        new.append(f"SO{order:06d},{line},{n % 40},{price},{states[state]},{stamp}{utc // 60:02d}:{utc % 60:02d}:00")
    (folder / "old.csv").write_text("\n".join(legacy) + "\n")
    (folder / "new.csv").write_text("order_id,line_no,store,price,status,ts\n" + "\n".join(reversed(new)) + "\n")
    return folder / "old.csv", folder / "new.csv"


def test_init_finds_key_columns_types_steps_and_codes(workspace: Path) -> None:
    old, new = sides(workspace)
    text = api.parallel_plan_init([str(old), str(new)], workspace, OPTIONS, entity="order_line")
    assert problems_of(text) == ()
    for line in (
        "entity: order_line",
        "key: [order_id, line_no]",
        "  legacy: {csv: old.csv}",
        "  - {name: order_id, legacy: {col: ORDNO, normalisers: [{pad: {width: 6}}, {prefix: SO}]}}",
        "  - {name: line_no, type: int, legacy: POS}",
        "  - {name: store, type: int, legacy: FILIALE}",
        "  - {name: price, type: decimal, scale: 2, legacy: {col: PREIS, normalisers: [{decimal: de}]}, severity: money}",
        "  - {name: status, legacy: {col: STAT, normalisers: [{map: {'10': new, '20': picked, '30': shipped}}]}}",
        "  - {name: ts, type: timestamp, legacy: {col: ZEIT, normalisers: [{date_format: '%d.%m.%Y %H:%M:%S'}, {tz: Europe/Berlin}]}}",
        "# Only the legacy side has: REST.",
        "  # equal in all 900 rows with equal keys",
    ):  # fmt: skip
        assert f"{line}\n" in text
    assert re.search(r"# equal in 98\.\d+ % of 900 rows with equal keys\n  - \{name: price", text)


def test_a_proposal_is_a_plan_that_checks(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sides(workspace)
    target = "migrations/w2/parallel/proposed.yaml"
    arguments = ("init", "--from", "old.csv", "--from", "new.csv", "--save", target)
    assert ran(*arguments, cwd=workspace, monkeypatch=monkeypatch) == 0
    written = (workspace / target).read_text()
    assert ran("check", "proposed", cwd=workspace, monkeypatch=monkeypatch) == 0
    assert "rejected, " not in capsys.readouterr().out
    assert ran(*arguments, cwd=workspace, monkeypatch=monkeypatch) == 2
    assert "never overwrites" in capsys.readouterr().err
    assert (workspace / target).read_text() == written
    assert ran(*arguments[:5], cwd=workspace, monkeypatch=monkeypatch) == 0
    assert capsys.readouterr().out == written


def test_values_of_single_rows_never_get_into_a_proposal(workspace: Path) -> None:
    people = [f"P{n},Person {n}" for n in range(40)]
    (workspace / "a.csv").write_text("id,who\n" + "\n".join(people) + "\n")
    (workspace / "b.csv").write_text("id,alias\n" + "\n".join(f"P{n},Alias {n}" for n in range(40)) + "\n")
    text = api.parallel_plan_init([str(workspace / "a.csv"), str(workspace / "b.csv")], workspace, OPTIONS)
    assert "key: [id]" in text
    assert "Person" not in text
    assert "Alias" not in text


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["one.csv"], "a plan has two sides"),
        (["a.csv", "b.csv", "c.csv"], "a plan has two sides"),
        (["none.csv", "lake/orders.csv"], "no such file"),
    ],
)
def test_init_says_what_it_needs(
    given: list[str], message: str, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace)
    with pytest.raises(UsageError, match=message):
        api.parallel_plan_init(given, workspace, OPTIONS)


def test_sides_that_have_nothing_in_common(workspace: Path) -> None:
    (workspace / "a.csv").write_text("x\n" + "\n".join(f"left {n}" for n in range(30)) + "\n")
    (workspace / "b.csv").write_text("y\n" + "\n".join(f"right {n}" for n in range(30)) + "\n")
    with pytest.raises(UsageError, match="no column in common"):
        api.parallel_plan_init([str(workspace / "a.csv"), str(workspace / "b.csv")], workspace, OPTIONS)


@pytest.mark.parametrize("odd", ["a: b", "[x]", "# y", "'", '"', "a\tb", "ü,ß"])
def test_odd_names_make_a_plan_that_can_be_read(odd: str, workspace: Path) -> None:
    quoted = '"' + odd.replace('"', '""') + '"'
    for name in ("a.csv", "b.csv"):
        (workspace / name).write_text(f"id,{quoted}\n" + "\n".join(f"{n},v{n % 7}" for n in range(60)) + "\n")
    text = api.parallel_plan_init([str(workspace / "a.csv"), str(workspace / "b.csv")], workspace, OPTIONS, entity=odd)
    assert problems_of(text) == ()
    assert "key: [id]" in text


SCHEMA = """\
openapi: 3.0.3
info: {title: t, version: "1"}
paths: {}
components:
  schemas:
    Order:
      type: object
      required: [order_ref]
      properties:
        placed_at: {type: string, format: date-time}
        occurred: {type: boolean}
        order_ref: {type: string}
        net_price: {type: number}
        tax_amount: {type: string}
        hour: {type: integer}
        buyer: {type: object, properties: {name: {type: string}}}
        lines: {type: array, items: {type: object, properties: {sku: {type: string}}}}
        currency: {type: string}
"""


def test_a_contract_gives_fields_types_and_what_is_left_to_do(workspace: Path) -> None:
    folder = workspace / "contracts/order/orders-api"
    (folder / "v1").mkdir(parents=True)
    (folder / "contract.yaml").write_text("id: orders-api\nkind: openapi\nversions: [{version: v1}]\n")
    (folder / "v1/openapi.yaml").write_text(SCHEMA)
    text = api.parallel_plan_init(["orders-api:Order"], workspace, OPTIONS)
    assert problems_of(text) == ()
    fields = re.findall(r"^  - (\{name.*)$", text, re.MULTILINE)
    assert fields == [
        "{name: placed_at, type: timestamp}",
        "{name: occurred, type: bool}",
        "{name: order_ref}",
        "{name: net_price, type: decimal, scale: 2, severity: money}",
        "{name: tax_amount, type: decimal, scale: 2, severity: money}",
        "{name: currency, severity: money}",
        "{name: buyer_name, severity: customer}",
    ]
    assert "key: [order_ref]" in text
    assert "# Not in the plan, as their items are rows of their own: lines.\n" in text
    assert "amount: {field: net_price, currency: currency}\n" in text
    with pytest.raises(UsageError, match="no schema that is read"):
        api.parallel_plan_init(["orders-api:Orders"], workspace, OPTIONS)
