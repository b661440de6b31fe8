"""The readers, by name of their module. A new source is one file beside this one and one line here."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.reading import Reader

MODULES: Final[tuple[str, ...]] = (
    "crontab",
    "access_log",
    "gateway_log",
    "odoo_log",
    "odoo_records",
    "odoo_data",
    "systemd",
    "n8n",
    "node_red",
    "compose",
    "kubernetes",
    "postman",
    "har",
    "otlp",
    "openapi",
    "asyncapi",
    "wsdl",
    "kong",
    "nginx",
    "envoy",
    "rabbitmq",
    "kafka_connect",
    "kafka_topics",
    "edifact",
    "x12",
    "ubl",
    "sftp_drop",
    "backstage",
    "register",
)  # fmt: skip
_SURE: Final = 0.5
_PROSE: Final = frozenset({".md", ".markdown", ".mdx", ".rst", ".adoc", ".html", ".htm", ".ipynb"})


@cache
def readers() -> tuple[Reader, ...]:
    """All readers in order of the index."""
    return tuple(importlib.import_module(f"retailctl.inventory.readers.{name}").READER for name in MODULES)


def reader_named(name: str) -> Reader | None:
    """The reader of a KIND, or None."""
    return next((reader for reader in readers() if reader.name == name), None)


def reader_for(artefact: Artefact) -> Reader | None:
    """The reader that is surest of a file; of several equally sure ones the first of the index. None: not ours.

    Pages for people are nobody's: a guide that quotes a configuration is no system of the estate.
    Raises what the artefact raises when the file cannot be opened.
    """
    if artefact.suffix in _PROSE or not artefact.head:
        return None
    rated = ((reader.detect(artefact), -number) for number, reader in enumerate(readers()))
    sure, number = max(rated)
    return readers()[-number] if sure >= _SURE else None
