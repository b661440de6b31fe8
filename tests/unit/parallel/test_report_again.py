"""``parallel report`` shows a finished run as it was; ``parallel run --rows`` writes what differs, masked."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from retailctl.cli.main import main
from retailctl.report.formats import FORMATS
from tests.unit.parallel.running import line, workspace

MAIL = "grace.hopper@shop.example"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    legacy = [line("o1"), line("o2", mail=MAIL), line("o3"), line("=o4", mail=MAIL)]
    return workspace(tmp_path, legacy, [line("o1", qty=3), line("o2", mail="other@shop.example"), line("o3")])


def called(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["parallel", *arguments])
    return code, *capsys.readouterr()


def test_a_run_is_shown_again_in_every_format(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [part for name in FORMATS for part in ("--output", f"{name}=run.{name}")]
    run = called(capsys, "run", "orders", "--as-of", "2026-11-20", *files)
    assert run[0] == 1
    # Whatever has changed since: a finished run is history.
    (shop / "new.csv").write_text("", encoding="utf-8")
    (name,) = (path.name for path in (shop / ".retailctl" / "runs").iterdir())
    for asked in ("orders", "migrations/w2-orders/parallel/orders.yaml", name):
        files = [part for name in FORMATS for part in ("--output", f"{name}=again.{name}")]
        code, out, _ = called(capsys, "report", asked, *files)
        assert (code, out) == (0, run[1])
        for form in FORMATS:
            assert (shop / f"again.{form}").read_bytes() == (shop / f"run.{form}").read_bytes(), form


def test_the_newest_run_stands_for_its_plan(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "orders", "--as-of", "2026-11-20")
    called(capsys, "run", "orders", "--as-of", "2026-11-21", "--no-record")
    assert json.loads(called(capsys, "report", "orders", "-f", "json")[1])["as_of"] == "2026-11-21"


def test_what_is_there_is_named_where_something_is_not(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = called(capsys, "report", "orders")
    assert code == 2
    assert "no run of migrations/w2-orders/parallel/orders.yaml is kept here" in err
    assert "parallel run orders" in err
    called(capsys, "run", "orders", "--as-of", "2026-11-20")
    code, _, err = called(capsys, "report", "../../etc")
    assert code == 2
    assert "there is no plan '../../etc', nor a finished run of that id" in err
    assert "(migrations/w2-orders/parallel/orders.yaml as of 2026-11-20: fail)" in err


@pytest.mark.parametrize("ending", ["csv", "parquet", "jsonl"])
def test_all_differing_rows_are_written_with_pseudonyms(
    ending: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = shop / f"rows.{ending}"
    assert called(capsys, "run", "orders", "--as-of", "2026-11-20", "--rows", file.name)[0] == 1
    reader = {"csv": "read_csv", "parquet": "read_parquet", "jsonl": "read_json"}[ending]
    with duckdb.connect() as engine:
        columns = 'class, order_id, "class.qty", "class.mail", "legacy.mail", "new.mail"'
        rows = engine.execute(f"select {columns} from {reader}('{file}')").fetchall()
    assert [row[:4] for row in rows] == [
        ("FIELD", "o1", "VALUE", None), ("FIELD", "o2", None, "VALUE"), ("MISSING_IN_NEW", "=o4", None, None)
    ]  # fmt: skip
    assert rows[1][4] == rows[2][4] and rows[1][4].startswith("~"), "equal values, equal pseudonyms"
    assert rows[1][5] not in (rows[1][4], "other@shop.example")
    assert b"shop.example" not in file.read_bytes()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("rows.txt", "rows are written as .csv"),
        ("there.csv", "is there already"),
        ("no/rows.csv", "there is no folder no"),
    ],
)
def test_a_wrong_file_for_rows_is_refused_before_anything_is_read(
    name: str, told: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "there.csv").write_text("", encoding="utf-8")
    (shop / "legacy.csv").unlink()
    code, _, err = called(capsys, "run", "orders", "--rows", name)
    assert code == 2
    assert told in err
    code, _, err = called(capsys, "compare", "legacy.csv", "new.csv", "--key", "order_id", "--rows", name)
    assert (code, told in err) == (2, True)
