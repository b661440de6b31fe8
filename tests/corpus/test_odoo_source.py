"""Real files of addons and real analyses: what was extracted, counted by hand on two files of each kind."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from retailctl.inventory.addons.csv_records import csv_records
from retailctl.inventory.addons.figures import is_often, schedule_of
from retailctl.inventory.addons.xml_records import xml_records
from retailctl.inventory.upgrade.analysis import FieldChange, ModelChange, RecordChange, changes_of
from retailctl.inventory.upgrade.folder import analyses


def counts(path: Path) -> tuple[Counter[str], Counter[str], Counter[str]]:
    changes = list(changes_of(path.read_text(encoding="utf-8"), path.name))
    return (
        Counter(one.kind for one in changes if isinstance(one, ModelChange)),
        Counter(one.kind for one in changes if isinstance(one, FieldChange)),
        Counter(one.kind for one in changes if isinstance(one, RecordChange)),
    )


@pytest.mark.parametrize(
    ("name", "models", "fields", "records"),
    [
        ("sale", {"gone": 2}, {"del": 8, "new": 7, "other": 1}, {"new": 14, "del": 33, "changed": 3}),
        (
            "point_of_sale",
            {"new": 3},
            {"new": 43, "del": 12, "other": 10, "storage": 1, "selection": 1},
            {"new": 29, "del": 32},
        ),
        ("stock", {"gone": 4, "renamed": 3, "new": 4}, {}, {"new": 51, "del": 60}),
    ],
)
def test_analyses_by_kind_of_line(
    corpus: Path, name: str, models: dict[str, int], fields: dict[str, int], records: dict[str, int]
) -> None:
    found = counts(corpus / "samples/openupgrade" / f"{name}__upgrade_analysis_work.txt")
    assert found[0] == models
    assert not fields or found[1] == fields
    assert not records or found[2] == records


def test_every_line_of_every_analysis_is_read(corpus: Path) -> None:
    found = analyses(corpus / "samples/openupgrade", "", 18, 19)
    written = 0
    for path in sorted((corpus / "samples/openupgrade").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        written += sum(bool(line) and not line.startswith(("#", "---")) for line in lines)
    assert not found.problems and not found.unknown and sum(map(len, found.steps.values())) == written


def test_data_files_of_addons(corpus: Path) -> None:
    folder = corpus / "samples/odoo-addon"
    (cron,) = xml_records((folder / "edi_storage_oca__data__cron.xml").read_bytes(), "cron.xml").records
    assert (cron.xml_id, schedule_of(cron), is_often(cron), cron.line) == (
        "cron_check_storage_pending_input",
        "1h",
        False,
        3,
    )
    (channel,) = xml_records((folder / "queue_job__data__queue_data.xml").read_bytes(), "data.xml").records
    assert (channel.model, channel.xml_id, channel.fields["name"]) == ("queue.job.channel", "channel_root", "root")
    assert (
        xml_records((folder / "connector_ecommerce__data__ecommerce_data.xml").read_bytes(), "data.xml").records == []
    )
    access = csv_records((folder / "queue_job__security__ir.model.access.csv").read_bytes(), "ir.model.access.csv")
    assert access.open_access == 0 and access.records == []
