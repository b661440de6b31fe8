"""The project's own files: locks that bind, a wheel that is whole, nothing of the machine they came from."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.needs import ROOT, require

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9-]*)==[^ ;]+(?: ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


def blocks(lock: Path) -> dict[str, list[str]]:
    """The hash lines under each pin; any other line but a comment is refused."""
    found: dict[str, list[str]] = {}
    pin = ""
    for number, line in enumerate(lock.read_text(encoding="utf-8").splitlines(), 1):
        if line.lstrip().startswith("#"):
            assert not re.search(r"://|\s/", line), f"{lock.name}:{number}: an address or a path"
        elif PIN.match(line):
            pin = line
            found[pin] = []
        else:
            assert HASH.match(line), f"{lock.name}:{number}: neither a pin nor a hash: {line}"
            found[pin].append(line)
    return found


def names(lock: Path) -> set[str]:
    return {match["name"] for match in map(PIN.match, blocks(lock)) if match}


def normalised(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[ <>=!~;\[]", requirement, maxsplit=1)[0]).lower()


def tracked(*folders: str) -> list[Path]:
    options = ("-z", "--cached", "--others", "--exclude-standard", "--")
    listing = [str(require("git")), "ls-files", *options, *folders]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for name in sorted(set(done.stdout.split("\0")) - {""}) if (path := ROOT / name).is_file()]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_pins_and_hashes_and_nothing_else(lock: Path) -> None:
    pins = blocks(lock)
    assert pins
    assert not [pin for pin, hashes in pins.items() if not hashes]


def test_every_declared_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    declared = {normalised(one) for one in project["project"]["dependencies"]}
    assert declared <= names(ROOT / "requirements/base.txt")
    developing = {normalised(one) for group in ("build", "test", "lint") for one in groups[group]}
    assert declared | developing <= names(ROOT / "requirements/dev.txt")


def test_tests_run_on_the_versions_that_users_get() -> None:
    developing = blocks(ROOT / "requirements/dev.txt")
    for lock in ("base.txt", "build.txt"):
        for pin, hashes in blocks(ROOT / "requirements" / lock).items():
            assert developing.get(pin) == hashes, f"{lock} and dev.txt differ: make lock"


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_package(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("retailctl-*-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if not name.partition("/")[0].endswith(".dist-info")}
    assert packed == {path.relative_to(ROOT).as_posix() for path in tracked("retailctl")}


def test_no_file_names_the_machine_it_was_written_on() -> None:
    folders = "|".join(("work", "root", "farm"))
    here = "|".join(re.escape(str(place)) for place in (ROOT, Path.home()) if len(place.parts) > 2)
    paths = re.compile(rf"(?<![\w.$)}}/-])/(?:{folders})/" + (f"|{here}" if here else ""))
    found = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if match := paths.search(line):
                found.append(f"{path.relative_to(ROOT).as_posix()}:{number}: {match[0]}")
    assert found == []
