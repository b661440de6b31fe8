"""An engine whose parts are not installed says which one, and how to get it."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from retailctl.errors import UsageError
from retailctl.parallel.engines.postgres import PostgresEngine
from retailctl.parallel.engines.spark import SparkEngine


def test_psycopg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UsageError, match=r"psycopg.*\n.*pip install 'retailctl\[postgres\]'"):
        PostgresEngine("host=localhost")


def test_pyspark(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    with pytest.raises(UsageError, match=r"pyspark.*\n.*pip install 'retailctl\[spark\]'"):
        SparkEngine(tmp_path)


@pytest.mark.parametrize("home", ["", "empty"])
def test_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: str) -> None:
    for module, name in (("pyspark.errors", "PySparkException"), ("py4j.protocol", "Py4JError")):
        installed = ModuleType(module)
        setattr(installed, name, type(name, (Exception,), {}))
        monkeypatch.setitem(sys.modules, module.partition(".")[0], ModuleType(module.partition(".")[0]))
        monkeypatch.setitem(sys.modules, module, installed)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / home) if home else "")
    with pytest.raises(UsageError, match=r"needs Java.*\n.*JAVA_HOME"):
        SparkEngine(tmp_path)
