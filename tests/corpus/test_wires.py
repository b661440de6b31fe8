"""Real contracts, gateways, brokers and interchanges: each is read, or refused with a reason and a place."""

from __future__ import annotations

from pathlib import Path

import pytest

from retailctl.errors import InputError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.readers.index import reader_for, reader_named
from retailctl.model.seen import Seen
from tests.unit.inventory.read import errors, read, reading

KINDS = {
    "asyncapi": {"asyncapi"},
    "edi": {"edifact", "x12", "ubl"},
    "envoy": {"envoy"},
    "kafka-connect": {"kafka-connect"},
    "kong": {"kong"},
    "openapi": {"openapi"},
    "rabbitmq": {"rabbitmq"},
    "wsdl": {"wsdl"},
}
OURS = (
    "asyncapi",
    "edifact",
    "envoy",
    "kafka",
    "kafka-connect",
    "kong",
    "nginx",
    "openapi",
    "rabbitmq",
    "sftp",
    "ubl",
    "wsdl",
    "x12",
)
# Schemas without an API around them: not ours unasked, refused when named.
SCHEMAS = frozenset({"openapi/bigcommerce__store_app_uninstalled.yml"})


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("folder", KINDS)
def test_every_sample_is_read_unasked(corpus: Path, folder: str) -> None:
    root = corpus / "samples"
    for path in _files(root / folder):
        name = path.relative_to(root).as_posix()
        artefact = Artefact(root, name)
        reader = reader_for(artefact)
        if name in SCHEMAS:
            assert reader is None, name
            continue
        assert reader is not None, name
        assert reader.name in KINDS[folder], name
        found = read(artefact, reader.name)
        assert errors(found) == [], name
        seen = [one for one in found if isinstance(one, Seen)]
        assert seen, name
        assert all("#L" in one.ref for one in seen), name


def test_every_sample_is_read_or_refused_by_every_reader(corpus: Path) -> None:
    root = corpus / "samples"
    for path in _files(root):
        if path.stat().st_size > 300_000:
            continue
        artefact = Artefact(root, path.relative_to(root).as_posix())
        for kind in OURS:
            reader = reader_named(kind)
            assert reader is not None
            try:
                found = list(reader.read(artefact, reading()))
            except InputError as error:
                assert error.at is not None, (kind, path)
                assert error.at.path, (kind, path)
            else:
                assert found, (kind, path)


def test_both_revisions_of_real_contracts_are_read(corpus: Path) -> None:
    root = corpus / "specpairs"
    kinds = set()
    for path in _files(root):
        artefact = Artefact(root, path.relative_to(root).as_posix())
        reader = reader_for(artefact)
        if reader is not None and reader.name in ("openapi", "asyncapi"):
            kinds.add(reader.name)
            found = read(artefact, reader.name)
            assert any(isinstance(one, Seen) for one in found), path
    assert kinds == {"openapi", "asyncapi"}
