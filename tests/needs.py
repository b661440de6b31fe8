"""What a test needs of the machine. A missing part skips the test and is named; in CI that skip is a failure.

The corpus is the exception: it does not ship with the project, so its tests may always be skipped.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _program(*names: str) -> Path | None:
    found = next(filter(None, map(shutil.which, names)), None)
    return Path(found) if found else None


def _corpus() -> Path | None:
    path = Path(os.environ.get("RETAILCTL_CORPUS") or ROOT.parent / "shared" / "corpus")
    return path if path.is_dir() else None


def _postgres() -> Path | None:
    """The folder of the server's programs; Debian keeps them off the path, one folder per version."""
    on_path = _program("initdb")
    folders = [on_path.resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))[::-1]
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


def _spark() -> Path | None:
    found = find_spec("pyspark")
    return Path(found.origin).parent if found and found.origin else None


def _rabbitmq() -> Path | None:
    """The folder of the server's own programs: those on the path of Debian insist on another user and its service."""
    folders = sorted(Path("/usr/lib/rabbitmq").glob("**/bin"))
    on_path = _program("rabbitmq-server")
    folders += [on_path.resolve().parent] if on_path else []
    return next((folder for folder in folders if (folder / "rabbitmq-server").exists()), None)


# part -> where it is, and what to do where it is not
PARTS: dict[str, tuple[Callable[[], Path | None], str]] = {
    "chromium": (lambda: _program(*BROWSERS), "install Chromium or Chrome"),
    "corpus": (_corpus, "put it in ../shared/corpus or name it in RETAILCTL_CORPUS"),
    "git": (lambda: _program("git"), "install git"),
    "java": (lambda: _program("java"), "install a Java runtime, 17 or newer"),
    "postgres": (_postgres, "install the PostgreSQL server"),
    "rabbitmq": (_rabbitmq, "install rabbitmq-server"),
    "spark": (_spark, "install requirements/spark.txt, as make does where there is Java"),
}
OPTIONAL = frozenset({"corpus"})


def require(part: str) -> Path:
    """The place of one part of the machine; where it is missing, the test ends here."""
    find, advice = PARTS[part]
    if (path := find()) is not None:
        return path
    reason = f"needs {part}: {advice}"
    if os.environ.get("RETAILCTL_REQUIRE_ALL") == "1" and part not in OPTIONAL:
        pytest.fail(f"{reason} (RETAILCTL_REQUIRE_ALL=1)", pytrace=False)
    pytest.skip(reason)
