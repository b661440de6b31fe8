"""XML and CSV data files: records, crons, what may be kept of them, and files that are broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from retailctl.errors import InputError
from retailctl.inventory.addons.csv_records import csv_records
from retailctl.inventory.addons.figures import is_inactive, is_often, schedule_of
from retailctl.inventory.addons.xml_records import xml_records
from tests.unit.inventory.addons.trees import module, row

CRON = """<?xml version="1.0"?>
<odoo><data noupdate="1">
  <record id="fetch" model="ir.cron">
    <field name="name">Fetch orders</field>
    <field name="model_id" ref="model_till"/>
    <field name="interval_number">{number}</field>
    <field name="interval_type">{unit}</field>
    {more}
  </record>
</data></odoo>"""


def cron(number: str = "5", unit: str = "minutes", more: str = "") -> str:
    return CRON.format(number=number, unit=unit, more=more)


@pytest.mark.parametrize(
    ("text", "schedule", "often", "inactive"),
    [
        (cron(), "5m", True, False),
        (cron("15"), "15m", True, False),
        (cron("16"), "16m", False, False),
        (cron("1", "hours"), "1h", False, False),
        (cron("2", "weeks", '<field name="active" eval="False"/>'), "2w", False, True),
        (cron("1", "months", '<field name="active">False</field>'), "1 months", False, True),
        (cron("1", "days", '<field name="active" eval="0"/>'), "1d", False, True),
        (
            cron().replace('<field name="interval_number">5</field>', '<field name="interval_number" eval="10"/>'),
            "10m",
            True,
            False,
        ),
        (cron("a few"), None, False, False),
        (cron("²"), None, False, False),
    ],
)
def test_crons_tell_when_they_run(text: str, schedule: str | None, often: bool, inactive: bool) -> None:
    (record,) = xml_records(text.encode(), "till/data/crons.xml").records
    assert (schedule_of(record), is_often(record), is_inactive(record)) == (schedule, often, inactive)
    assert (record.line, record.xml_id, record.fields["name"]) == (3, "fetch", "Fetch orders")


def test_data_and_demo_come_from_the_manifest(tmp_path: Path) -> None:
    found = row(
        tmp_path,
        {
            "data/crons.xml": cron(),
            "demo/crons.xml": cron(),
            "data/left_out.xml": cron(),
            "tests/crons.xml": cron(),
            "static/crons.xml": cron(),
        },
    )
    assert (found["crons"], found["crons_in_data"], found["crons_in_demo"]) == (3, 1, 1)


def test_only_allowed_fields_are_kept_and_addresses_lose_their_secrets() -> None:
    text = """<odoo>
      <record id="hook" model="ir.actions.server"><field name="name">Tell</field><field name="webhook_url">https://u:MARKpw@hooks.shop.io/x?k=MARKq</field>
        <field name="code">requests.post("http://old.shop.io/in?token=MARKt", auth="MARKa")</field></record>
      <record id="mail" model="ir.mail_server"><field name="smtp_host">mail.shop.io</field><field name="smtp_pass">MARKsmtp1</field></record>
      <record id="key" model="ir.config_parameter"><field name="key">pay.api_key</field><field name="value">MARKvalue1</field></record>
      <record id="on" model="ir.config_parameter"><field name="key">pay.token_endpoint</field><field name="value">MARKother</field></record>
      <record id="p" model="payment.provider"><field name="code">stripe</field><field name="stripe_secret_key">MARKstripe</field></record>
    </odoo>"""
    found = xml_records(text.encode(), "a.xml", "data", lambda value: f"fp{len(value)}")
    assert "MARK" not in repr(found)
    assert [(url.host, url.plain_http) for url in found.records[0].urls] == [
        ("old.shop.io", True),
        ("hooks.shop.io", False),
    ]
    secrets = [(record.model, secret.name, secret.secret) for record in found.records for secret in record.secrets]
    assert secrets == [
        ("ir.mail_server", "smtp_pass", "fp9"),
        ("ir.config_parameter", "pay.api_key", "fp10"),
        ("payment.provider", "stripe_secret_key", "fp10"),
    ]


@pytest.mark.parametrize(
    ("data", "message", "line"),
    [
        (b"", "is empty", 0),
        (b" \n ", "is empty", 0),
        (b"<odoo>\n<record>\n</odoo>", "mismatched tag", 3),
        (b"<odoo>\n<a b=1/></odoo>", "not well-formed", 2),
        (b"plain text", "syntax error", 1),
        (b"<!DOCTYPE a [\n<!ENTITY b 'c'>\n]><a>&b;</a>", "declares XML entities", 2),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "declares XML entities", 1),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "encoding is not known", 0),
        (b'<?xml version="1.0" encoding="utf-8"?><a>\xff</a>', "not well-formed", 1),
    ],
)
def test_broken_files_are_told_with_their_place(data: bytes, message: str, line: int) -> None:
    with pytest.raises(InputError) as told:
        xml_records(data, "till/data/a.xml")
    assert message in str(told.value) and told.value.hint
    assert told.value.at is not None and told.value.at.path == "till/data/a.xml" and told.value.at.line == line


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_encodings_that_a_file_declares_are_read(encoding: str) -> None:
    text = cron().replace('version="1.0"', f'version="1.0" encoding="{encoding}"').replace("Fetch", "Hämta")
    assert xml_records(text.encode(encoding), "a.xml").records[0].fields["name"] == "Hämta orders"


def test_nesting_without_end_and_text_without_end_are_harmless() -> None:
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    assert xml_records(deep, "a.xml").records == []
    long = cron(more='<field name="code">' + "x" * 3_000_000 + "</field>")
    assert "x" * 100 not in repr(xml_records(long.encode(), "a.xml"))


def test_views_inside_records_do_not_end_them() -> None:
    text = '<odoo><record id="a" model="ir.cron"><field name="arch"><form><record model="ir.cron"/></form></field><field name="name">A</field></record><record id="b" model="ir.cron"/></odoo>'
    assert [(one.xml_id, one.fields.get("name")) for one in xml_records(text.encode(), "a.xml").records] == [
        ("a", "A"),
        ("b", None),
    ]


def test_rows_of_access_that_let_everybody_write(tmp_path: Path) -> None:
    text = "id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink\na,a,m,,1,0,0,0\nb,b,m,,1,1,0,0\nc,c,m,base.group_user,1,1,1,1\n"
    assert row(tmp_path, {"security/ir.model.access.csv": text})["open_access"] == 1
    rows = b'<odoo><record id="a" model="ir.model.access"><field name="perm_write" eval="1"/></record></odoo>'
    assert xml_records(rows, "a.xml").open_access == 1


def test_crons_in_csv_are_crons() -> None:
    text = "id,name,interval_number,interval_type,model_id/id,active\nfetch,Fetch,10,minutes,model_till,0\n"
    (record,) = csv_records(b"\xef\xbb\xbf" + text.encode(), "till/data/ir.cron.csv").records
    assert (record.line, schedule_of(record), is_inactive(record)) == (2, "10m", True)


def test_csv_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    facts = module(tmp_path, {"data/ir.cron.csv": b"id\n\xff", "data/res.country.csv": b"\xff"})
    assert [str(problem.at) for problem in facts.problems] == ["till/data/ir.cron.csv"]
