"""``inventory scan`` over the raw artefacts of the reference estate: what it recognises, and what it finds."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from retailctl import api
from retailctl.model.report import Report
from tests.needs import ROOT
from tests.reference_estate.artefacts.everything import FOLDER, artefacts, content, estate_of
from tests.reference_estate.artefacts.made import Made

DAY: Final = date(2026, 11, 20)
_REF: Final = re.compile(r"(.+)#L(\d+)")


@pytest.fixture(scope="module")
def made() -> dict[str, Made]:
    return {content(one)[0]: one for one in artefacts(estate_of())}


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """A copy of the estate without anything observed, scanned as its settings say."""
    root = tmp_path_factory.mktemp("scan")
    for name in ("inventories", "contracts", "policies", "migrations", FOLDER):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "retailctl.yaml", root)
    shutil.rmtree(root / "inventories/observed")
    return root, api.inventory_scan(root, [], None, api.AuditOptions(as_of=DAY, use_cache=False))


def _failed(report: Report) -> set[tuple[str, str]]:
    return {(one.rule, one.subject) for one in report.findings if one.verdict == "fail"}


@pytest.fixture(scope="module")
def observed(scanned: tuple[Path, Report]) -> dict[str, list[dict[str, Any]]]:
    """Entries of interfaces by id, of all observed files."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in sorted((scanned[0] / "inventories/observed").glob("*.yaml")):
        for entry in (yaml.safe_load(path.read_text()) or {}).get("interfaces") or ():
            found[entry["id"]].append(entry)
    return found


def test_the_files_are_those_that_the_generator_makes(made: dict[str, Made]) -> None:
    on_disk = {path.relative_to(ROOT).as_posix() for path in (ROOT / FOLDER).rglob("*") if path.is_file()}
    assert on_disk == set(made), "python -m tests.reference_estate.artefacts"
    for path, one in made.items():
        assert (ROOT / path).read_bytes() == content(one)[1], path


def test_almost_every_interface_is_recognised(observed: dict[str, Any], made: dict[str, Made]) -> None:
    declared = set(estate_of().of("interface"))
    about = {id_ for one in made.values() for _, ids in one.truth for id_ in ids.split() if id_}
    assert len(about & declared) / len(declared) >= 0.97, "the artefacts themselves must tell of nearly all"
    assert len(declared & set(observed)) / len(declared) >= 0.95, sorted(declared - set(observed))


def test_no_sighting_stands_at_another_interface(
    observed: dict[str, list[dict[str, Any]]], made: dict[str, Made]
) -> None:
    declared = set(estate_of().of("interface"))
    wrong = []
    for id_, entries in observed.items():
        for sighting in (one for entry in entries for one in entry["sightings"]):
            place = _REF.match(sighting["ref"])
            truth = made[place[1]].about(int(place[2])) if place else None
            if truth is None:
                continue
            meant = set(truth.split())
            stranger = id_ not in declared
            if (meant and stranger and meant & declared) or (not stranger and id_ not in meant):
                wrong.append((id_, sighting["source"], sighting["ref"], truth))
    assert not wrong, "\n".join(map(str, wrong))


# What the machines say and nobody wrote down, or wrote down otherwise.
PLANTED: Final = {
    ("EST101", "if-odoo-orders-v1-create"),  # retired, says the register; the log has calls of this morning
    ("EST101", "if-esb-journals"),  # its owner left the company, says the register
    ("EST104", "if-esb-journals"),
    ("EST101", "if-finance-fx-rates"),  # retries without end, says the inventory; n8n does not retry at all
    ("EST101", "if-lake-demand-forecast"),  # a batch, says the inventory; a job of Odoo asks for it
    ("EST101", "if-wms-stock-snapshot"),
    ("ODO101", "if-lake-demand-forecast"),
    ("ODO113", "cred-odoo-res-users-apikeys-82"),  # a key that never ends
    ("EST103", "if-mail-fernhill-example"),  # the mail relay and the payment provider of Odoo
    ("EST103", "if-stripe-payments"),
    ("OWN-14", "if-odoo-orders-v1-status"),  # a notebook of finance asks for orders; the path does not tell of which
    ("OWN-14", "if-odoo-orders-v2-status"),  # version
    ("OWN-14", "if-odoo-prices"),  # the web shop reads prices that are meant for marketplaces
    ("SEC-06", "cred-04a7811966a5-svc-legacy"),  # password in a crontab of the bus
    ("SEC-06", "cred-rates-x-api-key"),  # API key in an automation
    ("EST103", "if-14-8714321000031-14-8712345000013-invoic-d01b-ean010"),  # a supplier with another version
    ("EST103", "if-esb-04a7811966a5"),  # two jobs of the bus, and what they reach
    ("EST103", "if-esb-4d9cbec9ebc0"),
    ("EST103", "if-finance-pricing"),
    ("EST103", "if-pim-feeds-suppliers-get"),
    ("EST103", "if-n8n-exchange-rates-temporary"),  # the automation that nobody remembers, and what it calls
    ("EST103", "if-rates-bank-example-daily-get"),
    ("EST103", "if-odoo-api-labels-print-post"),  # a tool for labels
    ("EST103", "if-rabbitmq-q-reports-order-confirmed"),  # a queue for reports, and one somebody made for a day
    ("EST103", "if-rabbitmq-q-tmp-order-replay"),
    ("EST103", "if-rabbitmq-shipment-delivery-rescheduled-v1"),  # an event is published; who does is in no file
    ("EST103", "if-reports-fernhill-example-8080-reports-daily-margin-get"),  # a route through the gateway
    ("MIG-01", "estate"),  # documents and traces do not say from when to when they were collected
}


def test_the_planted_disagreements_are_found_and_nothing_else(scanned: tuple[Path, Report]) -> None:
    root, report = scanned
    shutil.move(root / "inventories/observed", root / "seen")
    try:
        rules = tuple(rule.id for rule in report.rules if not rule.id.startswith(("INP", "WAV")))
        before = api.audit(root, api.AuditOptions(as_of=DAY, use_cache=False, rules=rules))
    finally:
        shutil.move(root / "seen", root / "inventories/observed")
    assert _failed(report) - _failed(before) == PLANTED


def test_a_fax_gateway_is_a_register_of_its_own(observed: dict[str, list[dict[str, Any]]]) -> None:
    (entry,) = observed["if-fax-gateway-to-garden-centres"]
    assert entry["sightings"][0]["fields"]["owner"] == "team-erp"


def test_no_password_of_the_artefacts_is_kept(scanned: tuple[Path, Report]) -> None:
    for path in sorted((scanned[0] / "inventories").rglob("*.yaml")):
        if "observed" in path.parts or path.name == "ids.lock.yaml":
            text = path.read_text()
            assert "Winter2019" not in text and "fh-7781" not in text, path
