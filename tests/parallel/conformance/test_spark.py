"""Spark says what DuckDB says: in this process, and on a master and a worker of its own.

One test, so that one worker of pytest starts one JVM: that takes longer than all the rest.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from retailctl.errors import IncompleteError, UsageError
from retailctl.parallel.engines.spark import SparkEngine
from retailctl.parallel.sources.relation import CsvDialect
from retailctl.parallel.sources.spark import Files, spark_files, spark_parquet, spark_table
from tests.needs import require
from tests.parallel.conformance import checks, pending, runs, scenarios
from tests.parallel.conformance.orders import Orders
from tests.parallel.conformance.places import DuckPlace, SparkPlace

# Few rows: what takes time is compiling, twice over.
_QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
_INTERPRETED = {
    "spark.driver.extraJavaOptions": _QUICK,
    "spark.executor.extraJavaOptions": _QUICK,
    "spark.executor.memory": "700m",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


@pytest.mark.slow
def test_spark_says_what_duckdb_says(
    tmp_path: Path, planted_orders: Orders, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    require("java")
    home = require("spark")
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    with standalone_cluster(home, tmp_path) as master:  # it starts while the first part runs
        in_this_process(tmp_path)
        await_line(tmp_path / "worker.Worker.log", "Successfully registered with master")
        with SparkEngine(tmp_path / "driver", master=master, settings=_INTERPRETED) as engine:
            told = checks.planted(SparkPlace(tmp_path, engine), planted_orders)
    assert repr(told) == repr(checks.planted(DuckPlace(tmp_path), planted_orders))
    assert capfd.readouterr() == ("", "")


def in_this_process(folder: Path) -> None:
    with SparkEngine(folder / "local", master="local[2]", memory="1g", settings=_INTERPRETED) as engine:
        place = SparkPlace(folder, engine)
        assert engine.version.startswith("spark 4.")
        checks.words(place)
        checks.vectors(place)
        assert repr(checks.classes(place)) == repr(checks.classes(DuckPlace(folder)))
        assert pending.looked_up(place) == pending.looked_up(DuckPlace(folder))
        a_source_is_described(engine, folder)
        failures_are_told_without_data(engine)
        with pytest.raises(UsageError, match=r"on local\[2\]"):
            SparkEngine(folder / "other", master="local[1]")
        texts_are_read_as_they_are(engine, folder)
        root = runs.with_files(folder / "a run")
        expected = runs.summary(root)
        runs.everything_is_there(expected)
        # Last: a run stops the session that it has, which is this one.
        assert runs.summary(root, engine="spark", master="local[2]", memory="1GB") == expected


def texts_are_read_as_they_are(engine: SparkEngine, folder: Path) -> None:
    """Nothing at all is NULL and ``""`` is not; numbers keep their places; a row that is too short is no row."""
    written = folder / "te xt {1}.csv"
    written.write_text('a;b;c\n1;;"x ""y"";\nz"\n2;"";\u20ac\n3;NA; \n', encoding="cp1252")
    given = CsvDialect(delimiter=";", encoding="cp1252", null="NA")
    relation = spark_files(engine, "texts", "csv", Files("texts", (written,)), given)
    assert engine.rows(f"select * from {relation.query} as source order by a") == [
        ("1", None, 'x "y";\nz'), ("2", "", "\u20ac"), ("3", None, " ")
    ]  # fmt: skip
    bare = spark_files(
        engine, "bare", "csv", Files("bare", (written,)), replace(given, null="", columns=("x", "y", "z"))
    )
    assert engine.rows(f"select count(*) from {bare.query}") == [(4,)]
    (folder / "lines.jsonl").write_text('{"a": 1.50, "b": null, "c": {"d": [1, 2]}}\n{"a": "x", "c": true}\n')
    lines = spark_files(engine, "lines", "jsonl", Files("lines", (folder / "lines.jsonl",)), CsvDialect())
    assert engine.rows(f"select a, b, c from {lines.query} order by a") == [
        ("1.50", None, '{"d": [1, 2]}'), ("x", None, "true")
    ]  # fmt: skip
    written.write_text("a;b\n1;2\n3\n")
    short = spark_files(engine, "short", "csv", Files("short", (written,)), CsvDialect(";"))
    with pytest.raises(IncompleteError):
        engine.rows(f"select * from {short.query}")
    with pytest.raises(UsageError, match="skips no lines"):
        spark_files(engine, "short", "csv", Files("short", (written,)), CsvDialect(";", skip=1))


def a_source_is_described(engine: SparkEngine, folder: Path) -> None:
    native = "1s as a, 2.50 as b, 1.5f as c, 'x' as d, true as e, date '2024-01-31' as f, current_timestamp() as g, array(1) as h"
    engine.view("described", f"select {native}")
    kinds = ["int", "decimal(2)", "float", "text", "bool", "date", "timestamp", "text"]
    assert [str(column.type) for column in spark_table(engine, "described").columns] == kinds
    relation = spark_parquet(engine, (folder / "scenarios_l.parquet").as_uri())
    assert [column.type for column in relation.columns] == list(scenarios.LEGACY.columns.values())
    with pytest.raises(UsageError, match="names no table"):
        spark_table(engine, "a.")


def failures_are_told_without_data(engine: SparkEngine) -> None:
    with pytest.raises(IncompleteError, match="nowhere"):
        engine.rows("select * from nowhere")
    with pytest.raises(IncompleteError) as caught:
        engine.rows("select cast(v as int) from values ('secret name') as t (v)")
    assert "secret" not in str(caught.value)
    engine.drop("nowhere")


@contextmanager
def standalone_cluster(home: Path, folder: Path) -> Iterator[str]:
    """A master and a worker on the loopback interface; without a folder the worker writes into the package."""
    port = free_port()
    master = f"spark://127.0.0.1:{port}"
    at_home = ("--host", "127.0.0.1", "--webui-port", "0")
    started = [start(home, folder, "master.Master", *at_home, "--port", str(port))]
    try:
        more = ("-c", "2", "-m", "1g", "--work-dir", str(folder / "worker"), master)
        started.append(start(home, folder, "worker.Worker", *at_home, *more))
        yield master
    finally:
        for process in reversed(started):
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def start(home: Path, folder: Path, name: str, *arguments: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_DAEMON_JAVA_OPTS": _QUICK,
        "SPARK_LOCAL_DIRS": str(folder),
    }
    command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *arguments]
    with (folder / f"{name}.log").open("ab") as log:
        return subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log, start_new_session=True)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def await_line(log: Path, text: str) -> None:
    """Wait until a log says something. A port alone listens too early: who calls then is heard 20 seconds later."""
    until = time.monotonic() + 120
    while text not in (log.read_text(encoding="utf-8") if log.exists() else ""):
        if time.monotonic() > until:
            pytest.fail(f"Spark's cluster does not say {text!r}")
        time.sleep(0.05)
