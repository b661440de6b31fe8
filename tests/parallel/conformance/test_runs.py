"""The same run on each engine: the same figures, causes, pseudonyms and verdict. (Spark: test_spark.py, with its JVM.)"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from retailctl import api
from retailctl.errors import IncompleteError, RetailctlError
from retailctl.parallel.engines.postgres import PostgresEngine
from retailctl.parallel.sql.bucket import Step
from tests.parallel.conformance import runs
from tests.parallel.conformance.places import PostgresPlace, Table


def test_inside_postgresql_and_brought_here(postgres_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = runs.summary(runs.with_files(tmp_path / "files"))
    runs.everything_is_there(expected)
    given, place = runs.data(), PostgresPlace(postgres_dsn)
    place.load("exported", Table({f'"{name}"': type for name, type in given.legacy.columns.items()}, given.legacy.rows))
    place.load("received", given.new)
    for name in ("LEGACY_PG", "NEW_PG"):
        monkeypatch.setenv(name, f"{postgres_dsn} password=hunter2")
    root = runs.workspace(
        tmp_path / "tables", "{postgres: LEGACY_PG, table: exported}", '{postgres: NEW_PG, query: "select * from received;"}'
    )  # fmt: skip
    monkeypatch.setenv("RETAILCTL_KEY", "")
    key = tmp_path / "files" / ".retailctl" / "key"
    (root / ".retailctl").mkdir(mode=0o700, exist_ok=True)
    (root / ".retailctl" / "key").write_bytes(key.read_bytes())
    (root / ".retailctl" / "key").chmod(0o600)
    assert runs.summary(root, engine="postgres") == expected
    assert runs.summary(root) == expected


@pytest.mark.parametrize(
    ("legacy", "new", "options", "expected"),
    [
        ("{csv: a.csv}", "{postgres: NEW_PG, table: t}", {"engine": "postgres"}, "and legacy is csv a.csv"),
        ("{postgres: LEGACY_PG, table: t}", "{postgres: NEW_PG, table: t}", {"engine": "postgres"}, "two addresses"),
        ("{sqlite: a.db, table: t}", "{csv: a.csv}", {"engine": "spark"}, "and legacy is sqlite a.db"),
        ("{csv: a.csv}", "{csv: a.csv}", {"master": "local[1]"}, "add --engine spark"),
        ("{csv: a.csv}", "{csv: a.csv}", {"engine": "oracle"}, "no engine 'oracle'"),
        ("{csv: a.csv}", "{postgres: NEW_PG, table: t}", {"offline": True}, "postgres NEW_PG needs the network"),
        ("{parquet: 's3://b/a'}", "{csv: a.csv}", {"offline": True}, "parquet s3://b/a needs the network"),
        (
            "{csv: a.csv}",
            "{csv: a.csv}",
            {"offline": True, "engine": "spark", "master": "spark://h:1"},
            "cluster needs the network",
        ),
    ],
)
def test_an_engine_that_cannot_reach_a_side(
    legacy: str, new: str, options: dict[str, Any], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEGACY_PG", "host=a dbname=d password=hunter2")
    monkeypatch.setenv("NEW_PG", "host=b dbname=d password=hunter2")
    root = runs.workspace(tmp_path, legacy, new)
    with pytest.raises(RetailctlError) as caught:
        api.parallel_run("orders", root, api.AuditOptions(use_cache=False), api.RunOptions(**options))
    assert expected in str(caught.value)
    assert caught.value.exit_code == 2
    assert "hunter2" not in str(caught.value)


def test_a_server_that_is_stopped_while_it_compares(
    postgres_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    with psycopg.connect(postgres_dsn, autocommit=True) as other:
        other.execute("drop table if exists exported, received")
    given, place = runs.data(), PostgresPlace(postgres_dsn)
    place.load("exported", Table({f'"{name}"': type for name, type in given.legacy.columns.items()}, []))
    place.load("received", Table(given.new.columns, []))
    monkeypatch.setenv("SHOP_PG", f"{postgres_dsn} password=hunter2")
    plain = PostgresEngine.make

    def killed(self: PostgresEngine, step: Step) -> None:
        with psycopg.connect(postgres_dsn, autocommit=True) as other:
            other.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and state like 'idle in%'"
            )
        plain(self, step)

    monkeypatch.setattr(PostgresEngine, "make", killed)
    root = runs.workspace(tmp_path, "{postgres: SHOP_PG, table: exported}", "{postgres: SHOP_PG, table: received}")
    with pytest.raises(IncompleteError, match=r"of SHOP_PG: PostgreSQL stopped \(\w+\)") as caught:
        api.parallel_run("orders", root, api.AuditOptions(use_cache=False), api.RunOptions(engine="postgres"))
    assert "hunter2" not in str(caught.value)
    assert not (root / "migrations/w2-orders/evidence").exists()
