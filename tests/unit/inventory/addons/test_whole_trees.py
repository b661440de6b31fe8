"""Whole trees: counts as planted and as counted another way, sightings, and nothing secret in any of it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from retailctl.errors import InputError
from retailctl.inventory.addons.figures import row_of, totals_of
from retailctl.inventory.addons.reading import found_of, read_trees
from retailctl.inventory.addons.scan import Scan
from retailctl.inventory.reading import Found, Reading
from retailctl.model.interface_key import HttpKey, JobKey, MailKey
from retailctl.model.seen import Seen
from retailctl.model.sighting import Coverage
from tests.support.addons import Writer
from tests.unit.inventory.addons.naive import count
from tests.unit.inventory.addons.trees import MANIFEST, write

DAY = date(2026, 11, 20)
READING = Reading(
    as_of=DAY, fingerprint=lambda secret: f"hmac:{len(secret)}", pseudonym=lambda name: "anon", system="erp"
)
CONTROLLER = """
from odoo import http
class Pay(http.Controller):
    _hook = '/pay/webhook'
    @http.route(_hook, auth='public', csrf=False, methods=['POST'])
    def hook(self): ...
    @http.route('/pay/form/<int:order>', auth='public', csrf=False, methods=['GET', 'POST'])
    def form(self): ...
    @http.route(build())
    def built(self): ...
    @http.route()
    def again(self): ...
"""
CLIENT = """
import requests
api_key = 'MARK-key-1'
requests.post('http://api.pay.io/v1/charge?key=MARKquery', verify=False)
URL = 'https://user:MARKpw@files.pay.io/x'
HELP = 'https://www.example.com/help'
"""
CRONS = """<odoo>
  <record id="fetch" model="ir.cron"><field name="name">Fetch</field><field name="interval_number">5</field><field name="interval_type">minutes</field>
    <field name="code">requests.get('https://cron.pay.io/in?token=MARKcron')</field></record>
  <record id="other.fetch" model="ir.cron"><field name="active" eval="False"/></record>
  <record id="mail" model="fetchmail.server"><field name="server">Imap.Pay.io</field><field name="password">MARKmail</field></record>
</odoo>"""
TREE: dict[str, str | bytes] = {
    "till/__manifest__.py": MANIFEST,
    "till/controllers/pay.py": CONTROLLER,
    "till/models/client.py": CLIENT,
    "till/data/crons.xml": CRONS,
    "till/demo/crons.xml": CRONS.replace("fetch", "demo"),
    "till/broken.py": "def (",
    "quiet/__manifest__.py": MANIFEST,
    "quiet/models/help.py": "URL = 'https://docs.pay.io'\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return write(tmp_path, TREE)


def seen(found: list[Found]) -> dict[object, Seen]:
    return {one.key or one.kind: one for one in found if isinstance(one, Seen)}


@pytest.mark.parametrize("seed", range(4))
def test_counts_are_as_planted_and_as_counted_another_way(tmp_path: Path, seed: int) -> None:
    planted = Writer(tmp_path, seed).tree(8, 40, 24, 60_000, 40_000)
    totals = totals_of(row_of(facts) for facts in Scan(tmp_path).modules())
    assert {name: totals[name] for name in planted.counts} == dict(planted.counts)
    assert totals["auth"] == dict(planted.auth)
    other = count(tmp_path)
    flat = {**totals, **{f"auth {auth}": number for auth, number in totals["auth"].items()}}
    assert {name: flat[name] for name in other} == dict(other)


def test_routes_become_interfaces_of_the_system(tree: Path) -> None:
    found = seen(list(read_trees([(tree, "addons")], READING)))
    hook = found[HttpKey(protocol="http", provider="erp", method="POST", address="/pay/webhook")]
    assert (hook.provider, hook.ref) == ("erp", "addons/till/controllers/pay.py#L5")
    assert hook.figures["exposed"] is True and hook.figures["webhook_like"] is True and "open" not in hook.figures
    assert "pattern" not in hook.values, "a path only reads like a webhook's"
    for method in ("GET", "POST"):
        form = found[HttpKey(protocol="http", provider="erp", method=method, address="/pay/form/{order}")]
        assert form.figures["open"] is True and form.values["connector"] == "till"
    assert sum(isinstance(key, HttpKey) and key.provider == "erp" for key in found) == 3


def test_hosts_become_interfaces_that_the_system_consumes(tree: Path) -> None:
    found = seen(list(read_trees([(tree, "")], READING)))
    called = found[HttpKey(protocol="http", provider="api.pay.io", method="POST", address="/v1/charge")]
    assert [consumer.name for consumer in called.consumers] == ["erp"] and called.provider == "api.pay.io"
    assert called.figures == {"module": "till", "calls": 1, "no_timeout": True, "verify_off": True}
    assert called.values["endpoints"] == [{"url": "http://api.pay.io/v1/charge"}], "SEC-12 reads the scheme of these"
    mentioned = found[HttpKey(protocol="http", provider="files.pay.io")]
    assert mentioned.confidence < called.confidence and "endpoints" not in mentioned.values
    assert HttpKey(protocol="http", provider="api.pay.io") not in found, "it is called, and more is known of it"
    assert HttpKey(protocol="http", provider="docs.pay.io") not in found, "a module that calls nobody only has a link"
    assert found[HttpKey(protocol="http", provider="cron.pay.io", address="/in")].ref == "till/data/crons.xml#L3"
    assert MailKey(protocol="smtp", provider="imap.pay.io", host="imap.pay.io") in found


def test_crons_become_jobs_by_their_whole_id_and_demo_ones_do_not(tree: Path) -> None:
    found = seen(list(read_trees([(tree, "")], READING)))
    jobs = {key.unit: one for key, one in found.items() if isinstance(key, JobKey)}
    assert sorted(filter(None, jobs)) == ["other.fetch", "till.fetch"]
    assert (jobs["till.fetch"].values["schedule"], jobs["till.fetch"].values["mode"]) == ("5m", "batch")
    assert jobs["other.fetch"].figures["active"] is False and "schedule" not in jobs["other.fetch"].values


def test_credentials_come_only_when_asked_for_and_as_fingerprints(tree: Path) -> None:
    without = list(read_trees([(tree, "")], READING))
    assert not [one for one in without if isinstance(one, Seen) and one.kind == "credential"]
    found = [
        one
        for one in read_trees([(tree, "")], READING, literals=True)
        if isinstance(one, Seen) and one.kind == "credential"
    ]
    assert [(one.name, one.secret, one.values) for one in found] == [
        ("till:password", "hmac:8", {"vault": "none"}),
        ("till:api_key", "hmac:10", {"vault": "none"}),
    ]
    assert all(one.confidence < 0.5 for one in found)


@pytest.mark.parametrize("literals", [False, True])
def test_no_secret_is_in_anything_found(tree: Path, literals: bool) -> None:
    assert "MARK" not in repr(list(read_trees([(tree, "")], READING, literals=literals)))
    assert "MARK" not in repr(list(Scan(tree).modules()))


def test_coverage_system_and_problems_come_with_it(tree: Path) -> None:
    found = list(read_trees([(tree, "")], READING))
    (coverage,) = [one for one in found if isinstance(one, Coverage)]
    assert (coverage.source, coverage.scope) == ("odoo-addons", "erp")
    (system,) = [one for one in found if isinstance(one, Seen) and one.kind == "system"]
    assert system.name == "erp" and system.figures["modules"] == 2
    assert [str(one.at) for one in found if isinstance(one, InputError)] == ["till/broken.py:1"]
    assert list(found_of(iter(()), READING)) == []


def test_the_same_tree_gives_the_same_in_whatever_order_it_is_named(tree: Path) -> None:
    both = list(map(repr, read_trees([(tree / "till", "till"), (tree / "quiet", "quiet")], READING)))
    turned = list(map(repr, read_trees([(tree / "quiet", "quiet"), (tree / "till", "till")], READING)))
    assert sorted(both[:-2]) == sorted(turned[:-2])
    assert json.dumps([row_of(facts) for facts in Scan(tree).modules()]) == json.dumps(
        [row_of(facts) for facts in Scan(tree).modules()]
    )


@pytest.mark.parametrize(
    ("methods", "wanted"),
    [
        ("['GET', 'OPTIONS']", {"GET"}),
        ("['OPTIONS']", {"OPTIONS"}),
        ("['HEAD', 'POST', 'OPTIONS']", {"POST"}),
        ("ask()", {None}),
    ],
)
def test_what_only_goes_before_a_call_is_no_interface(tmp_path: Path, methods: str, wanted: set[str | None]) -> None:
    code = f"from odoo import http\n@http.route('/a', methods={methods})\ndef a(): ...\n"
    write(tmp_path, {"till/__manifest__.py": MANIFEST, "till/a.py": code})
    found = seen(list(read_trees([(tmp_path, "")], READING)))
    assert {key.method for key in found if isinstance(key, HttpKey)} == wanted


def test_what_several_modules_declare_or_call_has_no_one_module_as_connector(tmp_path: Path) -> None:
    route = "from odoo import http\nclass A(http.Controller):\n    @http.route({!r}, methods=[{!r}])\n    def f(self): ...\n"
    call = "import requests\nrequests.get('https://api.both.io/v1', timeout=5)\n"
    files = {
        f"{name}/controllers.py": route.format(path, method) + call + route.format(f"/{name}", "GET")
        for name, path, method in (("till", "/pay/<int:order>", "GET"), ("shop", "/pay/<int:sale>", "POST"))
    }
    write(tmp_path, {"till/__manifest__.py": MANIFEST, "shop/__manifest__.py": MANIFEST, **files})
    found = [one for one in read_trees([(tmp_path, "src")], READING) if isinstance(one, Seen) and one.key is not None]
    told = {
        (str(one.figures["module"]), getattr(one.key, "address", None)): one.values.get("connector") for one in found
    }
    assert told[("till", "/till")] == "till" and told[("shop", "/shop")] == "shop"
    shared = {place: value for place, value in told.items() if place[1] not in ("/till", "/shop")}
    assert len(shared) == 4 and set(shared.values()) == {None}
