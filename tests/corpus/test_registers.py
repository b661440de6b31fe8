"""Registers and catalogues of the corpus: read, or refused with a located reason."""

from __future__ import annotations

import pytest

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.readers.index import reader_for
from tests.needs import require
from tests.unit.inventory.read import errors, read, seen

# File -> kind it is taken for, and names of systems and interfaces in it, checked by hand.
FILES = {
    "register/register_leanix_export_shape.csv": ("register", ["8BY8 to Microsoft Purview", "Workday → Aviva", "Nightly stock to marketplace"]),
    "backstage/catalog-info.yaml": ("backstage", ["backstage-demo", "demo-graphql"]),
    "backstage/mcp-server-api.yaml": ("backstage", ["github-mcp-server"]),
    "backstage/app-config.yaml": ("", []),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_what_people_keep_is_read_or_refused(name: str) -> None:
    kind, names = FILES[name]
    artefact = Artefact(require("corpus") / "samples", name)
    reader = reader_for(artefact)
    assert (reader.name if reader is not None else "") == kind
    found = read(artefact, kind or "backstage")
    assert [one.name for one in (*seen(found, "system"), *seen(found))] == names
    assert errors(found) == ([] if kind else [f"{name}: is no catalogue: no document in it is an entity"])
