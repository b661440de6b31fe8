"""`inventory odoo` and `inventory scan --live` from end to end: what is printed, what is written, and no secret in it."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import stat
import time
from dataclasses import replace
from pathlib import Path

import pytest

from retailctl.cli.main import main
from retailctl.inventory.odoo.records import OdooRecords
from retailctl.inventory.odoo.saving import as_json, without_secrets
from retailctl.inventory.odoo.seen import found
from retailctl.inventory.reading import Reading
from retailctl.inventory.secret_names import is_print
from tests.acceptance.odoo.conftest import Odoo
from tests.acceptance.odoo.reading import TAKEN, read
from tests.support.fake_odoo.recording import recorded
from tests.support.fake_odoo.server import serving
from tests.support.fake_odoo.synthetic import MARK, synthetic

FORMATS = ("text", "json", "sarif", "junit", "github", "gitlab", "markdown", "html", "csv")


@pytest.mark.parametrize(("version", "key"), [("18.0", False), ("19.0", True)])
def test_no_secret_is_in_any_format_file_or_message(odoo: Odoo, workspace: Path, version: str, key: bool) -> None:
    outputs = [part for name in FORMATS for part in ("-o", f"{name}=report.{name}")]
    with serving(synthetic(version, oca=True)) as server:
        ended = odoo(server, *outputs, "--save", "records.json", key=key)
    assert ended.code == 1, ended.err
    assert {f"report.{name}" for name in FORMATS} <= {path.name for path in workspace.iterdir()}
    assert "api.shop.example" in ended.files
    assert (workspace / "inventories/observed/odoo.yaml").is_file()
    assert MARK not in ended.files, "also held by the fixture, for every run"


def test_transport_its_end_and_coverage_are_told(odoo: Odoo) -> None:
    with serving(synthetic("18.0")) as server:
        old = odoo(server, "--dry-run", "--exit-zero", login="demo").err
    with serving(synthetic("19.0")) as server:
        new = odoo(server, "--dry-run", "--exit-zero", key=True).err
    assert "JSON-RPC" in old
    assert "ends with Odoo 22 (fall 2028), on Odoo Online 21.1 (winter 2027)" in old
    assert "in part: res.users.apikeys (a record rule shows the rows of the account only)" in old
    assert "blocked: ir.cron (the account may not read the model)" in old
    assert "JSON-2" in new
    assert "no end of this transport is announced" in new


def test_the_saved_records_are_private_whole_and_equal_each_time(odoo: Odoo, workspace: Path) -> None:
    with serving(synthetic("18.0")) as server:
        texts = []
        for _ in range(2):
            odoo(server, "--save", "records.json", "--dry-run", "--exit-zero")
            texts.append((workspace / "records.json").read_text("utf-8").replace(f":{server.port}", ""))
    data = json.loads(texts[0])
    assert texts[0] == texts[1]
    assert stat.S_IMODE((workspace / "records.json").stat().st_mode) == 0o600
    assert data["retailctl"] == "odoo-records/v1"
    assert (data["version"], data["transport"], data["account"]) == ("18.0", "jsonrpc", 2)
    assert data["taken"] == "2026-11-20T00:00:00+00:00"
    assert data["companies"] == data["all_companies"] == [1, 2]
    cron = data["records"]["ir.cron"][1]
    assert "https://api.shop.example/orders" in cron["code"]
    assert "'token': 'hmac:" in cron["code"], "that there is a secret, and whether it is another one as well, stays"
    hook = data["records"]["ir.actions.server"][0]["webhook_url"]
    assert hook.startswith("http://hook.example/in/hmac:")


def printed(secret: str) -> str:
    return "hmac:00000000:" + hashlib.sha256(secret.encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("password = 'hunter22'", "password = '«hunter22»'"),
        ('{"api_key": "abc"}', '{"api_key": "«abc»"}'),
        ("os.environ['api_key'] = 'abc12'", "os.environ['api_key'] = '«abc12»'"),
        ("headers={'Authorization': 'Bearer abc123'}", "headers={'Authorization': 'Bearer «abc123»'}"),
        ("https://user:pa55@host/x", "https://user:«pa55»@host/x"),
        ("https://host/x?token=abc&page=2", "https://host/x?token=«abc»&page=2"),
        ("https://hooks.example/T0001/B0a1b2c3d4e5f6", "https://hooks.example/T0001/«B0a1b2c3d4e5f6»"),
        ("see /web/hook/abc for it", "see /web/hook/*** for it"),
        ("key AKIAIOSFODNN7EXAMPLE", "key ***"),
        ("https://post.example/track?number=<number>", "https://post.example/track?number=<number>"),
        ("record.write({'name': 'Fetch orders'})", "record.write({'name': 'Fetch orders'})"),
        ("", ""),
    ],
)
def test_secrets_in_texts_are_replaced_where_they_stand(text: str, clean: str) -> None:
    expected = re.sub("«(.*?)»", lambda found: printed(found[1]), clean)
    assert without_secrets(text, printed) == expected
    assert without_secrets(expected, lambda secret: secret if is_print(secret) else printed(secret)) == expected


@pytest.mark.parametrize(
    "text", ["a" * 300_000, "token='" * 40_000, "http://" * 40_000, "x://" + "/" * 300_000, "?a=" * 90_000]
)
def test_no_text_takes_long(text: str) -> None:
    start = time.process_time()
    without_secrets(text, printed)
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://hook.example/in/some-words-only", "https://hook.example/in/hmac:"),
        ("https://hook.example/services/T01/B02/abc", "https://hook.example/services/hmac:"),
        ("https://hook.example/in?key=abc123", "https://hook.example/in?key=hmac:"),
        ("https://hook.example", "https://hook.example"),
    ],
)
def test_any_part_of_the_path_of_a_webhook_may_be_its_secret(url: str, kept: str) -> None:
    rows = {"ir.actions.server": ({"id": 1, "webhook_url": url},)}
    records = OdooRecords(
        url="https://erp.example", database="shop", version="18.0", transport="jsonrpc", taken=TAKEN, records=rows
    )
    saved = json.loads(as_json(records, printed))["records"]["ir.actions.server"][0]["webhook_url"]
    assert re.fullmatch(re.escape(kept) + "[0-9a-f:]*", saved), saved


def test_the_password_is_in_no_log_whoever_asks_for_debug(odoo: Odoo, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("", "odoorpc", "odoorpc.rpc.jsonrpclib", "httpcore", "urllib3"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        with caplog.at_level(logging.DEBUG), serving(synthetic("18.0")) as server:
            odoo(server, "--dry-run")
            assert server.password not in caplog.text
            assert MARK not in caplog.text
    finally:
        logging.getLogger("").setLevel(logging.WARNING)


def test_proxies_of_the_environment_are_not_used(odoo: Odoo, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.upper(), "http://127.0.0.1:9")
    with serving(synthetic("18.0")) as server:
        assert odoo(server, "--dry-run", "--exit-zero").code == 0


def live(workspace: Path, url: str, **more: object) -> None:
    source = {"id": "erp", "live": "odoo", "url": url, "database": "odoo18", **more}
    (workspace / "retailctl.yaml").write_text(json.dumps({"name": "shop", "sources": [source]}), encoding="utf-8")


def test_a_source_of_the_settings_is_contacted_only_when_it_is_named(
    odoo: Odoo, workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(synthetic("18.0")) as server:
        live(workspace, server.url)
        monkeypatch.setenv("RETAILCTL_ODOO_LOGIN", "admin")
        monkeypatch.setenv("RETAILCTL_ODOO_PASSWORD", server.password)
        assert main(["audit", "--as-of", "2026-11-20", "--exit-zero"]) == 0
        assert main(["inventory", "scan", "--as-of", "2026-11-20"]) == 2
        assert server.paths == []
        assert main(["inventory", "scan", "--live", "erp", "--as-of", "2026-11-20", "--exit-zero"]) == 0
        assert server.logins == 1
        capsys.readouterr()
        assert main(["inventory", "scan", "--live", "other"]) == 2
        assert "live sources are erp" in capsys.readouterr().err
        assert main(["inventory", "scan", "--live", "erp", "--offline"]) == 2
        assert server.logins == 1
    assert (workspace / "inventories/observed/odoo.yaml").is_file()


def test_a_source_of_the_settings_follows_the_same_rules(
    odoo: Odoo, workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RETAILCTL_ODOO_LOGIN", "admin")
    monkeypatch.setenv("RETAILCTL_ODOO_PASSWORD", "marked-Passw0rd")
    for url, more, code, told in (
        ("http://erp.example", {}, 2, "plain http"),
        ("https://a:b@erp.example", {}, 2, "holds a user or password"),
        ("http://127.0.0.1:9", {}, 3, "127.0.0.1:9"),
        ("https://erp.example", {"ca-bundle": "none.pem"}, 2, "cannot be read as certificates"),
        ("https://erp.example", {"password": "x"}, 2, "password"),
    ):
        live(workspace, url, **more)
        assert main(["inventory", "scan", "--live", "erp", "--as-of", "2026-11-20"]) == code, url
        said = "".join(capsys.readouterr())
        assert told in said
        assert "marked-Passw0rd" not in said


@pytest.mark.parametrize("version", ["16.0", "18.0", "19.0"])
def test_a_stock_database_has_nothing_to_report(odoo: Odoo, corpus: Path, version: str) -> None:
    with serving(recorded(corpus / "odoo" / version)) as server:
        ended = odoo(server, "--fail-on", "warn", "-f", "json", "--dry-run", key=version == "19.0")
    failed = [
        one
        for one in json.loads(ended.out)["findings"]
        if one["verdict"] == "fail" and one["severity"] in ("warn", "error")
    ]
    assert (ended.code, failed) == (0, [])


@pytest.mark.parametrize("version", ["16.0", "18.0", "19.0"])
def test_saved_records_show_the_same_as_the_server(version: str) -> None:
    """Whoever reads the file later sees every interface, account and fingerprint that the scan saw."""
    with serving(synthetic(version, oca=True)) as server:
        records, _ = read(server)
    keyed = Reading(as_of=TAKEN.date(), fingerprint=lambda s: s if is_print(s) else printed(s), pseudonym=printed)
    data = json.loads(as_json(records, keyed.fingerprint))
    again = replace(records, records={model: tuple(rows) for model, rows in data["records"].items()})
    there, saved = ({str(one) for one in found(each, keyed)} for each in (records, again))
    assert saved == there
    assert len(there) >= 10


def test_a_saved_dump_scanned_later_gives_the_same_observed_file(
    odoo: Odoo, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    estate = {"credentials": [{"id": "svc-shop", "kind": "service", "human": False}]}
    (workspace / "inventories/shop.yaml").write_text(json.dumps(estate), encoding="utf-8")
    with serving(synthetic("18.0", oca=True)) as server:
        odoo(server, "--save", "records.json", "--exit-zero")
    observed = workspace / "inventories/observed/odoo.yaml"
    live = observed.read_text("utf-8")
    observed.unlink()
    assert main(["inventory", "scan", "records.json", "--as-of", "2026-11-20", "--exit-zero"]) == 0
    assert observed.read_text("utf-8") == live
    assert "svc-shop" in live, "declared as a service account"
    assert "Marc" not in live
    assert MARK not in "".join(capsys.readouterr())
