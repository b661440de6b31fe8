"""A private PostgreSQL server, and a folder for files."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.needs import require
from tests.parallel.conformance.orders import Orders, orders

pytest.register_assert_rewrite("tests.parallel.conformance.checks")

_OWNER = "postgres"
"""Whom the Debian package makes: the server does not run as root."""
_LOCALE = ("--locale=C", "--locale-provider=icu", "--icu-locale=en")
"""An order of texts that is not that of their bytes: no result may depend on it."""


@pytest.fixture(scope="session")
def postgres_dsn() -> Iterator[str]:
    """A database of this session alone, behind a socket in a folder that only its owner may enter."""
    programs = require("postgres")
    as_owner = {"user": _OWNER, "group": _OWNER, "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: the name of a socket has 107 bytes
    try:
        if as_owner:
            shutil.chown(folder, _OWNER, _OWNER)

        def run(*command: str) -> None:
            # To a file, as the server keeps what it is given for as long as it runs.
            with (folder.parent / f"{folder.name}.log").open("ab") as log:
                subprocess.run(command, check=True, cwd=folder, stdout=log, stderr=log, timeout=120, **as_owner)  # type: ignore[call-overload]

        data = str(folder / "data")
        run(str(programs / "initdb"), "-D", data, "-U", "retail", "-A", "trust", "-E", "UTF8", "-N", *_LOCALE)
        control = (str(programs / "pg_ctl"), "-D", data, "-w")
        run(*control, "-o", f"-k {folder} -h '' -F", "start")
        try:
            yield f"host={folder} user=retail dbname=postgres client_encoding=utf8"
        finally:
            run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_name(f"{folder.name}.log").unlink(missing_ok=True)


@pytest.fixture(scope="session")
def planted_orders() -> Orders:
    """Some 5,000 order lines with planted differences."""
    return orders()
