"""File drops: the same folder in the words of Odoo, Camel, rclone, WinSCP, lftp and of the server itself."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.unit.inventory.read import artefact, kind_of, seen
from tests.unit.inventory.wires.rows import figures, read_text, refusal, rows, table

ODOO = """\
<odoo><data noupdate="1">
  <record id="store" model="fs.storage">
    <field name="name">EDI</field><field name="code">edi</field><field name="protocol">sftp</field>
    <field name="options">{"host": "files.example", "port": 2222, "username": "shop", "password": "Dr7planted"}</field>
    <field name="directory_path">/shop</field>
  </record>
  <record id="backend" model="edi.backend">
    <field name="storage_id" ref="store"/>
    <field name="input_dir_pending">in/pending</field>
    <field name="output_dir_pending">out</field>
  </record>
  <record id="old" model="storage.backend">
    <field name="name">Old</field><field name="backend_type">sftp</field><field name="sftp_server">old.example</field>
    <field name="sftp_login">u</field><field name="sftp_password">${OLD_PASSWORD}</field><field name="directory_path">/x/</field>
  </record>
</data></odoo>
"""
CSV = "id,name,code,protocol,options,directory_path\na,EDI,edi,ftp,\"{'host': 'files.example', 'username': 'shop', 'password': 'Dr7planted'}\",/in\n"
CAMEL = """\
<routes xmlns="http://camel.apache.org/schema/spring">
  <route id="orders">
    <from uri="sftp://shop@files.example:2222/in?password=RAW(Dr7planted)&amp;antInclude=ORDERS_*.edi&amp;delay=60000"/>
    <to uri="direct:next"/>
    <to uri="ftp:old.example/out?username=u&amp;fileName=STOCK.csv"/>
    <toD uri="file:data/inbox?fileName=x.csv"/>
  </route>
</routes>
"""
YAML = """\
- route:
    id: prices
    from:
      uri: "sftp:files.example:2222/prices"
      parameters: {username: shop, password: "{{sftp.password}}", include: "P.*"}
      steps:
        - to: {uri: "file:/srv/prices"}
        - to: "log:done"
"""
RCLONE = (
    "[partner]\ntype = sftp\nhost = files.example\nport = 2222\nuser = shop\npass = Dr7planted\n\n[box]\ntype = drive\n"
)
WINSCP = "[Sessions\\Partner%20EDI]\nHostName=files.example\nPortNumber=2222\nUserName=shop\nPassword=Dr7planted\nRemoteDirectory=/in\n[Sessions\\Old]\nHostName=old.example\nFSProtocol=5\n"
LFTP = """\
#!/bin/sh
lftp -u shop,Dr7planted sftp://files.example:2222 <<EOF
cd /in
mget -E ORDERS_*.edi -o /tmp
put /tmp/stock.csv -o /out/STOCK.csv
mirror -R ./labels /labels
EOF
"""
SCRIPT = 'option batch abort\nopen sftp://shop:Dr7planted@files.example:2222/ -hostkey="*"\nput C:\\out\\*.csv /in/\nget /out/a.xml\nexit\n'
SSHD = "Port 22\nSubsystem sftp internal-sftp\nMatch User partner\n  ChrootDirectory /srv/partner\n  ForceCommand internal-sftp\nMatch Group staff\n  X11Forwarding no\n"
HOST: Final = "sftp files.example:2222 host=files.example:2222"

CASES = {
    "odoo": ("storage.xml", ODOO, f"""
        L9 interface {HOST.replace("L9", "")} directory=/shop/in/pending
        L10 interface {HOST} directory=/shop/out
        L2 interface sftp old.example host=old.example directory=/x
    """.replace("L9 ", "L7 ").replace("L10 ", "L7 ").replace("L2 ", "L12 ") + "L7 credential shop"),
    "csv": ("fs.storage.csv", CSV, "L2 interface ftp files.example host=files.example directory=/in\nL2 credential shop"),
    "camel": ("routes.xml", CAMEL, f"""
        L3 interface {HOST} directory=/in pattern=ORDERS_*.edi
        L3 credential shop
        L5 interface ftp old.example host=old.example directory=/out pattern=STOCK.csv
        L6 interface file routes.xml host=routes.xml directory=data/inbox pattern=x.csv
    """),
    "yaml": ("routes.yaml", YAML, f"""
        L3 interface {HOST} directory=/prices pattern=P.*
        L7 interface file routes.yaml host=routes.yaml directory=/srv/prices
    """),
    "rclone": ("rclone.conf", RCLONE, f"L1 interface {HOST}\nL1 credential shop"),
    "winscp": ("WinSCP.ini", WINSCP, f"""
        L1 interface {HOST} directory=/in
        L1 credential shop
        L7 interface ftp old.example host=old.example
    """),
    "lftp": ("pull.sh", LFTP, f"""
        L4 interface {HOST} directory=/in pattern=ORDERS_*.edi
        L2 credential shop
        L5 interface {HOST} directory=/out pattern=STOCK.csv
        L6 interface {HOST} directory=/labels
    """),
    "script": ("push.txt", SCRIPT, f"""
        L3 interface {HOST} directory=/in pattern=*.csv
        L2 credential shop
        L4 interface {HOST} directory=/out pattern=a.xml
    """),
    "sshd": ("sshd_config", SSHD, "L3 interface sftp sshd_config host=sshd_config directory=/srv/partner < partner(partner)"),
    "vsftpd": ("vsftpd.conf", "local_enable=YES\nlocal_root=/srv/ftp\n", "L2 interface ftp vsftpd.conf host=vsftpd.conf directory=/srv/ftp"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "expected"), CASES.values(), ids=CASES)
def test_what_is_dropped_where(tmp_path: Path, name: str, text: str, expected: str) -> None:
    found = read_text(tmp_path, name, "sftp", text)
    assert sorted(rows(found)) == sorted(table(expected))
    assert "Dr7planted" not in repr(found)
    assert kind_of(artefact(tmp_path, name, text)) == "sftp"


def test_ways(tmp_path: Path) -> None:
    found = read_text(tmp_path, "pull.sh", "sftp", LFTP, system="erp")
    assert [one.values["direction"] for one in seen(found)] == ["out", "in", "in"], "seen from the server"
    assert [one.consumers[0].name for one in seen(found)] == ["erp"] * 3
    assert seen(found)[0].consumers[0].identity == "shop"
    camel = read_text(tmp_path, "routes.xml", "sftp", CAMEL)
    assert [one.figures["way"] for one in seen(camel)] == ["read", "write", "write"]
    assert figures(camel, 1)["clear_text"] is True
    assert figures(camel)["delay"] == "60000"


def test_two_tools_with_one_password_share_a_fingerprint(tmp_path: Path) -> None:
    secrets = {
        one.secret
        for name, text, _ in CASES.values()
        for one in seen(read_text(tmp_path, name, "sftp", text), "credential")
    }
    assert len(secrets) == 1


@pytest.mark.parametrize(
    ("name", "text"), [("a.xml", "<odoo/>"), ("a.csv", "a,b\n"), ("a.txt", "hello"), ("a.yaml", "a: 1\n"), ("a.sh", "")]
)
def test_refused(tmp_path: Path, name: str, text: str) -> None:
    assert "is no configuration of file transfers" in refusal(tmp_path, name, "sftp", text)
