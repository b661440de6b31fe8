"""`retailctl inventory odoo-log` from the command line to the observed file."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import yaml

from retailctl.cli import progress
from retailctl.cli.main import main

UUID = "6a1f7f9c-1111-4222-8333-444455556666"
SECRETS = (UUID, "s3cr3tVALUE99", "10.1.2.3", "anna.jansen")
FORMATS = ("text", "json", "sarif", "html", "csv")


def line(path: str, client: str = "10.1.2.3 - -") -> str:
    return (
        f"2026-11-20 16:04:33,156 24989 INFO shop werkzeug: {client} [20/Nov/2026 16:04:33] "
        f'"POST {path} HTTP/1.1" 200 - 3 0.002 0.005\n'
    )


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RETAILCTL_CACHE_DIR", str(tmp_path.parent / "cache"))
    (tmp_path / "inventories").mkdir()
    (tmp_path / "retailctl.yaml").write_text("name: Test\n")
    (tmp_path / "inventories/erp.yaml").write_text(
        "systems:\n"
        "  - {id: erp, owner: team-erp, environment: prod, lifecycle: active}\n"
        "  - {id: wms, owner: team-erp, environment: prod, lifecycle: active, aliases: [10.0.0.5]}\n"
        "teams: [{id: team-erp, active: true}]\n"
        "interfaces:\n"
        "  - id: if-orders\n"
        "    key: {protocol: rpc, provider: erp, database: erp, model: sale.order, method: search_read}\n"
        "    provider: erp\n"
        "    owner: team-erp\n"
    )
    rows = [
        line("/jsonrpc#sale.order.search_read", "10.0.0.5 - -"),
        line("/json/2/sale.order/search_read", "10.1.2.3 - anna.jansen"),
        line(f"/web/hook/{UUID}"),
        line("/web/x?token=s3cr3tVALUE99"),
    ]
    (tmp_path / "odoo.log").write_text("".join(rows[:2]))
    (tmp_path / "odoo.log.1.gz").write_bytes(gzip.compress("".join(rows[2:]).encode(), mtime=0))
    return tmp_path


def run(*words: str) -> int:
    return main(
        ["inventory", "odoo-log", "odoo.log", "odoo.log.1.gz", "--system", "erp", "--as-of", "2026-11-21", *words]
    )


def test_declared_interfaces_get_their_calls_and_callers(logs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("-f", "json", "--exit-zero") == 0
    scan = json.loads(capsys.readouterr().out)["summary"]["scan"]
    assert [(one["source"], one["files"], one["declared"], one["observed"]) for one in scan["sources"]] == [
        ("odoo-log", 2, 1, 2)
    ]
    observed = yaml.safe_load((logs / "inventories/observed/odoo-log.yaml").read_text())
    assert [(row["scope"], str(row["window"]["from"])) for row in observed["coverage"]] == [("erp", "2026-11-20")]
    entries = {row["id"]: row for row in observed["interfaces"]}
    orders = entries["if-orders"]
    assert "wms" in {row["system"] for row in orders["consumers"]} and len(orders["consumers"]) == 2
    told = orders["sightings"][0]["fields"]
    assert (told["count"], told["legacy_calls"], told["protocols"]) == (2, 1, {"json2": 1, "jsonrpc": 1})
    assert {row["key"]["address"] for row in entries.values() if "key" in row} == {"/web/hook", "/web/x"}


@pytest.mark.parametrize("form", FORMATS)
def test_no_secret_and_no_person_reaches_an_output(logs: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    run("-f", form, "-vv", "--exit-zero")
    told = "".join(capsys.readouterr())
    told += "".join(path.read_text() for path in logs.rglob("*.yaml"))
    assert "if-orders" in told and (logs / "inventories/observed/odoo-log.yaml").exists()
    assert [secret for secret in SECRETS if secret in told] == []


def test_a_dry_run_writes_nothing(logs: Path) -> None:
    run("--dry-run", "--exit-zero")
    assert not (logs / "inventories/observed").exists()


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("inventories",), 2, "inventories is a folder"),
        (("missing.log",), 2, "there is no missing.log"),
        (("retailctl.yaml",), 1, "no line is a request in an Odoo server log"),
    ],
)
def test_what_cannot_be_read(
    logs: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, told: str
) -> None:
    assert main(["inventory", "odoo-log", *words]) == code
    assert told in " ".join("".join(capsys.readouterr()).split())


def test_an_interrupted_scan_leaves_no_half_file(
    logs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("--exit-zero")
    before = {path: path.read_bytes() for path in logs.rglob("*") if path.is_file()}

    def stop(self: progress.Read, more: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(progress.Read, "__call__", stop)
    assert run("--exit-zero") == 130
    assert {path: path.read_bytes() for path in logs.rglob("*") if path.is_file()} == before


def test_bytes_read_are_shown_against_those_on_disk(logs: Path) -> None:
    size = progress.size_of([logs / "odoo.log", logs / "odoo.log.1.gz"])
    assert size == sum((logs / name).stat().st_size for name in ("odoo.log", "odoo.log.1.gz"))
    assert progress.size_of([logs]) == progress.size_of([logs / "missing"]) == 0
    read = progress.Read(4_000_000)
    assert str(read) == ""
    read(1_000_000)
    assert str(read) == " 1 MB [#####...............] 25 %"
    read(9_000_000)  # unpacked
    assert str(read) == " 10 MB"
