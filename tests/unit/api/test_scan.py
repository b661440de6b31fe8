"""``inventory scan`` through the api: what is read, what is refused, what is written, and when nothing is."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from retailctl import api
from retailctl.errors import ConfigError, UsageError
from retailctl.model.report import Report
from retailctl.model.scan_summary import ScanSummary

INVENTORY = """\
systems:
  - {id: odoo, kind: erp, aliases: [erp-1]}
interfaces:
  - {id: if-odoo-backup, key: {protocol: cron, provider: odoo, host: odoo, unit: 2b04d1d0f2a5}, provider: odoo}
"""
TAB = "0 2 * * * /opt/backup.sh --keep 7\n*/5 * * * * /opt/poll.sh\n"
OBSERVED = "inventories/observed/cron.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "inventories").mkdir()
    (tmp_path / "inventories/estate.yaml").write_text(INVENTORY)
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports/erp.crontab").write_text(TAB)
    return tmp_path


def scan(root: Path, *paths: str, **more: object) -> Report:
    options = api.ScanOptions(**{"system": "erp-1", **more})  # type: ignore[arg-type]
    return api.inventory_scan(
        root, [root / path for path in paths], options, api.AuditOptions(as_of=date(2026, 11, 20), use_cache=False)
    )


def summary(report: Report) -> ScanSummary:
    assert report.summary.scan is not None
    return report.summary.scan


def codes(report: Report) -> list[str]:
    return sorted(finding.rule for finding in report.findings if finding.rule.startswith("INP"))


def test_a_folder_is_read_and_written_down(root: Path) -> None:
    report = scan(root, "exports")
    told = summary(report)
    assert [(one.source, one.files, one.sightings) for one in told.sources] == [("cron", 1, 2)]
    assert told.written == (OBSERVED, "inventories/ids.lock.yaml")
    text = (root / OBSERVED).read_text()
    assert 'ref: "exports/erp.crontab#L2"' in text and "- {source: cron, scope: odoo, window:" in text
    assert "systems:" not in text, "erp-1 is an alias of a declared system"


def test_the_report_in_json_follows_its_schema(root: Path) -> None:
    from jsonschema import Draft202012Validator

    from retailctl.report.json_report import document

    data = json.loads(json.dumps(document(scan(root, "exports"))))
    Draft202012Validator(api.schema("report")).validate(data)
    assert data["summary"]["scan"]["sources"][0]["source"] == "cron"


def test_the_second_scan_writes_the_same_bytes(root: Path) -> None:
    scan(root, "exports")
    before = {path: path.read_bytes() for path in (root / "inventories").rglob("*.yaml")}
    scan(root, "exports")
    assert {path: path.read_bytes() for path in (root / "inventories").rglob("*.yaml")} == before


def test_a_dry_run_judges_and_writes_nothing(root: Path) -> None:
    report = scan(root, "exports", dry_run=True)
    assert summary(report).written == () and summary(report).observed_interfaces
    assert not (root / OBSERVED).exists() and not (root / "inventories/ids.lock.yaml").exists()


def test_other_sources_keep_their_files(root: Path) -> None:
    other = root / "inventories/observed/kong.yaml"
    other.parent.mkdir()
    other.write_text("interfaces:\n  - {id: if-odoo-backup, sightings: [{source: kong}]}\n")
    scan(root, "exports")
    assert other.exists() and (root / OBSERVED).exists()


def test_out_names_another_folder(root: Path) -> None:
    report = scan(root, "exports", out=root / "elsewhere")
    assert (root / "elsewhere/cron.yaml").exists() and not (root / OBSERVED).exists()
    assert summary(report).written[0] == "elsewhere/cron.yaml"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("notes.txt", b"nothing that anybody reads\n", "INP017"),
        ("empty.csv", b"", "INP010"),
        ("broken.json", b'{"a": ', "INP001"),
        ("broken.yaml", b"a: [1\n", "INP001"),
        ("twice.yaml", b"a: 1\na: 2\n", "INP007"),
        ("cut.crontab.gz", gzip.compress(TAB.encode() * 9, mtime=0)[:30], "INP001"),
    ],
)
def test_a_file_that_is_named_is_read_or_refused_with_its_place(
    root: Path, name: str, content: bytes, code: str
) -> None:
    (root / name).write_bytes(content)
    report = scan(root, name)
    assert codes(report) == [code] and report.summary.exit_code == 1
    assert all(name in str(finding.locations[0]) for finding in report.findings if finding.rule == code)


def test_in_a_folder_what_nobody_knows_is_counted(root: Path) -> None:
    (root / "exports/notes.txt").write_text("nothing\n")
    (root / "exports/broken.json").write_text('{"a": ')
    (root / "exports/node_modules").mkdir()
    (root / "exports/node_modules/x.crontab").write_text(TAB)
    (root / "exports/.hidden.crontab").write_text(TAB)
    report = scan(root, "exports")
    assert summary(report).unrecognised == 1 and summary(report).refused == 1
    assert codes(report) == ["INP001"]
    assert summary(report).sources[0].files == 1


def test_links_are_not_followed(root: Path, tmp_path: Path) -> None:
    (root / "exports/link.crontab").symlink_to(root / "exports/erp.crontab")
    (root / "exports/up").symlink_to(root)
    assert summary(scan(root, "exports")).sources[0].files == 1


def test_a_kind_can_be_named(root: Path) -> None:
    (root / "jobs").write_text("# nothing but\n0 1 * * * root /opt/x\n")
    assert summary(scan(root, "jobs", kind="cron")).sources[0].sightings == 1
    with pytest.raises(UsageError, match="there is no reader 'crom'"):
        scan(root, "jobs", kind="crom")


def test_a_packed_file_is_read(root: Path) -> None:
    (root / "old.crontab.gz").write_bytes(gzip.compress(TAB.encode(), mtime=0))
    assert summary(scan(root, "old.crontab.gz")).sources[0].sightings == 2


def test_nothing_to_scan_is_a_mistake(root: Path) -> None:
    with pytest.raises(UsageError, match="nothing to scan"):
        scan(root)
    with pytest.raises(UsageError, match="there is no "):
        scan(root, "nowhere")


def test_the_settings_name_sources(root: Path) -> None:
    (root / "retailctl.yaml").write_text(
        "sources:\n  - {id: jobs, path: exports/erp.crontab, as: cron, system: erp-1}\n"
        "  - {id: prod, live: odoo, url: https://erp.example, database: prod}\n"
    )
    assert summary(scan(root)).sources[0].sightings == 2


def test_a_workspace_does_not_choose_files_outside(root: Path, tmp_path: Path) -> None:
    (root / "retailctl.yaml").write_text("sources:\n  - {id: jobs, path: ../../etc/crontab}\n")
    with pytest.raises(ConfigError, match="leaves the workspace"):
        scan(root)


def test_the_workspace_is_no_source_of_itself(root: Path) -> None:
    report = scan(root, ".")
    assert [one.source for one in summary(report).sources] == ["cron"]


def test_a_person_decides_about_look_alikes(root: Path) -> None:
    (root / "inventories/estate.yaml").write_text(
        INVENTORY + "  - {id: if-odoo-poll-orders, name: poll orders, provider: odoo}\n"
    )
    (root / "exports/erp.crontab").write_text(TAB)
    merges = root / "inventories/merges.yaml"
    report = scan(root, "exports")
    assert summary(report).suggested == 0 and not merges.exists(), "a digest looks like nothing"
    lock = (root / "inventories/ids.lock.yaml").read_text()
    observed = next(line.split(": ")[1] for line in lock.splitlines() if "job odoo" in line)
    merges.write_text(f"# ours\nmerges:\n  - {{observed: {observed}, same_as: if-odoo-poll-orders, decision: same}}\n")
    report = scan(root, "exports")
    assert "id: if-odoo-poll-orders" in (root / OBSERVED).read_text()
    assert merges.read_text().startswith("# ours\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("merges: {a: b}\n", "is not a list"),
        ("merges:\n  - {observed: a}\n", "has no observed and same_as"),
        ("merges:\n  - {observed: a, same_as: b, decision: maybe}\n", "decision is 'maybe'"),
        (
            "merges:\n  - {observed: a, same_as: b, decision: same}\n  - {observed: a, same_as: c, decision: same}\n",
            "two",
        ),
    ],
)
def test_decisions_that_cannot_be_followed_end_the_scan(root: Path, text: str, message: str) -> None:
    (root / "inventories/merges.yaml").write_text(text)
    with pytest.raises(ConfigError, match=message):
        scan(root, "exports")


def test_a_column_map_must_be_one(root: Path) -> None:
    (root / "columns.yaml").write_text("owner: [a, b]\n")
    with pytest.raises(ConfigError, match="is no column map"):
        scan(root, "exports", column_map=root / "columns.yaml")
