"""`contract check --against REF` from the command line, in real repositories."""

from __future__ import annotations

import json
import os
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from retailctl.report.formats import FORMATS
from tests.needs import require
from tests.support import warm
from tests.unit.api.contracts.world import (
    BREAKING,
    DOCUMENT,
    INVENTORY,
    OBSERVED,
    ONE,
    PROMISE,
    TWO,
    build,
    estate,
    interface,
    observed,
    promise,
    seen,
)

pytestmark = pytest.mark.slow
WAIVERS = "policies/waivers.yaml"
WAIVER = """\
waivers:
  - {id: wv-1, rule: RULE, subject: "SUBJECT", owner: team-erp, approved-by: Lead, reason: told everybody, expires: 2026-12-31}
"""


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(
        [str(require("git")), *identity, *arguments], cwd=folder, check=True, capture_output=True, env=environment
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A workspace of one contract with one consumer, committed as the tag ``released``."""
    folder = build(tmp_path / "shop", {INVENTORY: estate(interface())})
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "m")
    git(folder, "tag", "released")
    return folder


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code and both streams of ``retailctl contract check``."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder.parent / "cache")}
    ended = warm.run(("contract", "check", "--as-of", "2026-11-20", *arguments), folder, environment)
    return ended.code, ended.out.decode(), ended.err.decode()


def report(folder: Path, code: int, reference: str = "released") -> dict[str, Any]:
    """The JSON report of a run that ends with this exit code."""
    ended, out, err = run(folder, "--against", reference, "-f", "json")
    assert ended == code, err + out
    found: dict[str, Any] = json.loads(out)
    return found


def told(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(row["rule"], row["verdict"], row["severity"]) for row in found["findings"] if row["severity"] != "info"]


def test_nothing_changed(repository: Path) -> None:
    found = report(repository, 0)
    assert told(found) == []
    assert (found["summary"]["compatible"], found["summary"]["required_bump"]) == (True, "none")


def test_a_break_in_place_fails_and_names_the_consumer(repository: Path) -> None:
    (repository / ONE).write_text(BREAKING)
    found = report(repository, 1)
    (row,) = (row for row in found["findings"] if row["rule"] == "request-parameter-max-decreased")
    assert row["severity"] == "error"
    assert [(one["system"], one["owner"], one["uses"]) for one in row["consumers"]] == [("crm", "team-crm", "yes")]
    assert 50 < row["witness"]["value"] <= 100
    assert (found["summary"]["compatible"], found["summary"]["required_bump"]) == (False, "major")
    assert any(row["rule"].startswith("api-") and "version" in row["rule"] for row in found["findings"])


def test_a_waiver_lets_it_pass_and_stays_visible(repository: Path) -> None:
    (repository / ONE).write_text(BREAKING.replace("1.0.0", "2.0.0"))
    (failed,) = told(report(repository, 1))
    subject = next(row["subject"] for row in report(repository, 1)["findings"] if row["rule"] == failed[0])
    (repository / WAIVERS).parent.mkdir()
    (repository / WAIVERS).write_text(WAIVER.replace("RULE", failed[0]).replace("SUBJECT", subject))
    found = report(repository, 0)
    assert (failed[0], "waived", "error") in told(found)


def test_a_new_major_version_announces_its_breaks(repository: Path) -> None:
    """Against the revision nothing old has changed; against the version before, what breaks is a warning."""
    (repository / TWO).parent.mkdir()
    (repository / TWO).write_text(BREAKING.replace("1.0.0", "2.0.0"))
    found = report(repository, 0)
    assert told(found) == []
    assert any("new since released" in notice for notice in found["notices"])
    code, out, _ = run(repository, "-f", "json")
    assert code == 0
    assert told(json.loads(out)) == [("request-parameter-max-decreased", "fail", "warn")]


def test_a_document_that_is_gone_names_everybody_on_it(repository: Path) -> None:
    (repository / ONE).unlink()
    (repository / PROMISE).unlink()
    found = report(repository, 1)
    (row,) = (row for row in found["findings"] if row["rule"] == "document-removed")
    assert [one["system"] for one in row["consumers"]] == ["crm"]
    assert [one["operation"] for one in row["operations"]] == ["GET /orders", "POST /orders"]


def test_a_contract_that_is_new_is_a_fact(repository: Path) -> None:
    other = repository / "contracts/order/quotes-api/v1/openapi.yaml"
    other.parent.mkdir(parents=True)
    other.write_text(DOCUMENT)
    assert told(report(repository, 0)) == []


@pytest.mark.parametrize("reference", ["no-such-branch", "released~7", "--upload-pack=x", "v9"])
def test_an_unknown_revision_is_a_mistake_of_the_caller(repository: Path, reference: str) -> None:
    code, out, err = run(repository, f"--against={reference}")
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert err.strip()


def test_a_folder_without_git_cannot_be_compared_with_a_revision(tmp_path: Path) -> None:
    code, _, err = run(build(tmp_path / "plain", {}), "--against", "main")
    assert code in (2, 4)
    assert "Traceback" not in err


def as_json(text: str) -> None:
    json.loads(text)


def as_lines(text: str) -> None:
    assert "request-parameter-max-decreased" in text


READERS: dict[str, Callable[[str], object]] = {
    "json": as_json, "sarif": as_json, "gitlab": as_json, "junit": ET.fromstring, "html": as_lines,
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_renders_the_findings(repository: Path, name: str) -> None:
    (repository / ONE).write_text(BREAKING)
    code, out, err = run(repository, "--against", "released", "-f", name)
    assert (code, "Traceback" in err) == (1, False)
    READERS.get(name, as_lines)(out)
    assert "maximum went down from 100 to 50" in out


@pytest.mark.parametrize(
    ("sunset", "code"), [("2026-11-01", 1), ("2027-11-01", 0)], ids=["past its sunset", "before its sunset"]
)
def test_the_lifecycle_is_held_against_logs_in_the_gate_too(repository: Path, sunset: str, code: int) -> None:
    build(repository, {PROMISE: promise(f", sunset: {sunset}"), OBSERVED: observed(seen("2026-11-19"))})
    assert run(repository, "--against", "released")[0] == code


@pytest.mark.parametrize(("asked", "code"), [("orders-api", 1), ("other-api", 0)])
def test_a_contract_is_asked_for_by_its_id_whatever_its_folder_is_called(tmp_path: Path, asked: str, code: int) -> None:
    files = {ONE: "", PROMISE: "", "contracts/order/old-name/contract.yaml": promise()}
    files |= {"contracts/order/orders-api/contract.yaml": promise().replace("orders-api", "other-api")}
    document = "contracts/order/old-name/v1/openapi.yaml"
    folder = build(tmp_path / "shop", {**files, document: DOCUMENT, ONE: DOCUMENT})
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "m")
    (folder / document).write_text(BREAKING)
    assert run(folder, "--against", "main", "--contract", asked)[0] == code
