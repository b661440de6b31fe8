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


def test_no_sighting_stands_at_another_interface(observed: dict[str, list[dict[str, Any]]], made: dict[str, Made]) -> None:
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
