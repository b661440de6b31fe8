"""Data files of addons that somebody sent without the addon around them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from retailctl.errors import InputError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.readers.index import reader_for
from retailctl.inventory.readers.odoo_data import READER
from retailctl.inventory.reading import Reading
from retailctl.model.interface_key import JobKey
from retailctl.model.seen import Seen

READING = Reading(as_of=date(2026, 11, 20), fingerprint=lambda _: "hmac:k:1", pseudonym=lambda _: "anon-1")
CRON = """\
<?xml version="1.0" encoding="utf-8"?>
<odoo noupdate="1">
  <record id="cron_stock" model="ir.cron">
    <field name="name">Stock to the shop</field>
    <field name="interval_number">10</field>
    <field name="interval_type">minutes</field>
  </record>
</odoo>
"""
ACCESS = """\
id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink
access_all,all,model_x_orders,,1,1,1,0
access_some,some,model_x_orders,base.group_user,1,0,0,0
"""


def read(root: Path, name: str, text: str) -> list[Seen]:
    (root / name).write_text(text)
    artefact = Artefact(root, name)
    assert reader_for(artefact) is READER
    return [one for one in READER.read(artefact, READING) if isinstance(one, Seen)]


def test_a_cron_of_a_data_file_is_a_job(tmp_path: Path) -> None:
    job, system = read(tmp_path, "cron.xml", CRON)
    assert isinstance(job.key, JobKey) and job.key.unit and job.key.unit.endswith(".cron_stock")
    assert (job.ref, job.values["schedule"]) == ("cron.xml#L3", "10m")
    assert system.figures == {"records": 1}


@pytest.mark.parametrize("name", ["ir.model.access.csv", "rights of the shop.csv"])
def test_rows_that_give_everybody_the_right_to_write_are_counted(tmp_path: Path, name: str) -> None:
    (system,) = read(tmp_path, name, ACCESS)
    assert system.figures == {"open_access": 1}


def test_another_list_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,name,perm_read\n1,x,1\n")
    (tmp_path / "b.xml").write_text("<routes/>")
    assert [READER.detect(Artefact(tmp_path, name)) for name in ("a.csv", "b.xml")] == [0.0, 0.0]


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_text('<!DOCTYPE a [<!ENTITY a "b">]><odoo>&a;</odoo>')
    with pytest.raises(InputError):
        list(READER.read(Artefact(tmp_path, "x.xml"), READING))
