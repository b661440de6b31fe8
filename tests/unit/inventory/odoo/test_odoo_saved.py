"""Saved records are read as those of the server; what must not stand in such a file is dropped and reported."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from retailctl.errors import InputError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.odoo.saving import as_json
from retailctl.inventory.readers.index import reader_for, reader_named
from retailctl.inventory.reading import Found
from retailctl.model.seen import Seen
from tests.support.odoo_estate import MARK, READING, healthy, records, seen
from tests.support.odoo_mess import messy


def read(tmp_path: Path, text: str, *, name: str = "shop.json") -> list[Found]:
    (tmp_path / name).write_text(text, "utf-8")
    artefact = Artefact(tmp_path, name)
    reader = reader_named("odoo-records")
    assert reader is not None
    return list(reader.read(artefact, READING))


def plain(**changes: Any) -> dict[str, Any]:
    given = records(healthy())
    return {"retailctl": "odoo-records/v1", **asdict(given), "taken": given.taken.isoformat()} | changes


def test_what_was_saved_is_told_as_it_was_told_live(tmp_path: Path) -> None:
    given = records(healthy())
    found = read(tmp_path, as_json(given, READING.fingerprint))
    assert [one for one in found if isinstance(one, Seen)] == seen(given)


def test_prints_of_secrets_survive_saving(tmp_path: Path) -> None:
    given = records(messy())
    found = [one for one in read(tmp_path, as_json(given, READING.fingerprint)) if isinstance(one, Seen)]
    live = {one.secret for one in seen(given) if one.secret and one.ref.endswith(("ir.cron:102", "server:111"))}
    assert live and live <= {one.secret for one in found}


def test_the_file_is_known_by_what_it_says_of_itself(tmp_path: Path) -> None:
    (tmp_path / "anything.json").write_text(json.dumps(plain()), "utf-8")
    reader = reader_for(Artefact(tmp_path, "anything.json"))
    assert reader is not None and reader.name == "odoo-records"


def test_a_field_that_must_not_be_read_is_dropped_and_reported_once(tmp_path: Path) -> None:
    rows = healthy()
    rows["ir.mail_server"] = [{**rows["ir.mail_server"][0], "id": n, "smtp_pass": MARK} for n in (1, 2)]
    rows["ir.config_parameter"][0]["value"] = MARK
    found = read(tmp_path, json.dumps(plain(records=rows), indent=1))
    errors = [one for one in found if isinstance(one, InputError)]
    assert sorted(error.message.split(",")[0] for error in errors) == [
        "ir.config_parameter has the field value",
        "ir.mail_server has the field smtp_pass",
    ]
    assert all(error.at is not None and error.at.line > 1 and error.hint for error in errors)
    assert MARK not in repr(found) + "".join(map(str, errors))
    assert any(isinstance(one, Seen) and one.ref.endswith("ir.mail_server:2") for one in found)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"retailctl": "odoo-records/v2"}, "is of version odoo-records/v2; odoo-records/v1 is read"),
        ({"retailctl": 7}, "is no file of Odoo records; odoo-records/v1 is read"),
        ({"database": ""}, "database is missing or cannot be read"),
        ({"taken": "yesterday"}, "taken is missing or cannot be read"),
        ({"records": []}, "records is no mapping of models"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as raised:
        read(tmp_path, json.dumps(plain(**changes)))
    assert raised.value.message == message
    assert raised.value.at is not None and raised.value.at.path == "shop.json" and raised.value.hint


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"ir.cron": {"id": 1}}, "is no list of records"),
        ({"ir.cron": ["x", {"id": 7}]}, "is no record"),
    ],
)
def test_a_part_that_cannot_be_used_leaves_the_rest(tmp_path: Path, rows: dict[str, Any], message: str) -> None:
    found = read(tmp_path, json.dumps(plain(records=healthy() | rows)))
    assert [one.message for one in found if isinstance(one, InputError)] == [message]
    assert any(isinstance(one, Seen) and one.kind == "credential" for one in found)


def test_many_mistakes_are_told_as_a_number(tmp_path: Path) -> None:
    found = read(tmp_path, json.dumps(plain(records={"ir.cron": ["x"] * 50})))
    messages = [one.message for one in found if isinstance(one, InputError)]
    assert len(messages) == 21 and messages[-1] == "30 more mistakes like these"
